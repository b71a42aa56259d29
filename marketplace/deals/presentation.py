"""What the page of a deal shows of it, from rows that were fetched already."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.deals.kinds import steps_of
from marketplace.deals.models import Deal, DealStep, Milestone
from marketplace.deals.states import DealState, MilestoneState, WorkState

_AGREED = (DealState.AGREED, DealState.CONTRACTED, DealState.COMPLETED)
_CONTRACTED = (DealState.CONTRACTED, DealState.COMPLETED)


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    code: str
    label: str
    is_done: bool
    is_left_out: bool
    #: People tick it off; the others follow from what was done.
    by_hand: bool
    is_next: bool = False


def facts_of(
    deal: Deal, milestones: Iterable[Milestone], *, has_nda: bool, has_offer: bool
) -> set[str]:
    """Names of facts, as the data of the steps has them."""
    rows = [one for one in milestones if one.state != MilestoneState.CANCELLED]
    found = {
        "opened": True,
        "nda": has_nda,
        "offered": has_offer,
        "agreed": deal.state in _AGREED,
        "contracted": deal.state in _CONTRACTED,
        "first_paid": any(one.state == MilestoneState.PAID for one in rows),
        "delivered": bool(rows) and all(one.work != WorkState.OPEN for one in rows),
        "accepted": bool(rows) and all(one.work == WorkState.ACCEPTED for one in rows),
        "completed": deal.state == DealState.COMPLETED,
    }
    return {name for name, holds in found.items() if holds}


def checklist(deal: Deal, ticked: Iterable[DealStep], facts: set[str]) -> list[ChecklistItem]:
    """The steps of the deal's kind, in the edition of its day, with the one that comes next."""
    rows = {step.code: step for step in ticked}
    items: list[ChecklistItem] = []
    passed = 0
    for step in steps_of(deal.kind, deal.opened_on):
        row = rows.get(step.code)
        left_out = row is not None and row.is_left_out
        done = step.fact in facts if step.fact else row is not None and not left_out
        items.append(ChecklistItem(step.code, step.label, done, left_out, not step.fact))
        passed = len(items) if step.fact and done else passed
    # After a signed contract nobody is sent back to a talk that was never ticked off: what lies before a step
    # that has come true is next only where nothing else is open.
    order = [*range(passed, len(items)), *range(passed)]
    waiting = [at for at in order if not (items[at].is_done or items[at].is_left_out)]
    if waiting and deal.is_running:
        items[waiting[0]] = replace(items[waiting[0]], is_next=True)
    return items


def tabs_of(deal: Deal, current: str) -> list[dict[str, Any]]:
    """The pages of a deal, with how many questions wait for an answer."""
    base = deal.get_absolute_url()
    pages = [
        ("", _("Tổng quan")),
        ("hoi-dap/", _("Hỏi đáp")),
        ("bao-mat/", _("Bảo mật")),
        ("dieu-khoan/", _("Điều khoản")),
        ("hop-dong/", _("Hợp đồng")),
        ("khieu-nai/", pgettext("giao dịch", "Khiếu nại")),
    ]
    counts = {"hoi-dap/": deal.questions.open().count() or None}
    return [
        {
            "label": label,
            "url": f"{base}{path}",
            "current": path == current,
            "count": counts.get(path),
        }
        for path, label in pages
    ]
