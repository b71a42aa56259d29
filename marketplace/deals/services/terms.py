"""Terms: offered, answered by another version, accepted by both in exactly one wording."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.currencies import currencies
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.contents import edition_on
from marketplace.deals.models import ContractRecord, Deal, SheetAcceptance, TermSheet
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.disclosure import StaleText
from marketplace.deals.services.rows import locked_running, move, subject_of
from marketplace.deals.states import (
    CONTRACT_TRANSITIONS,
    SHEET_TRANSITIONS,
    ContractState,
    DealState,
    SheetState,
)
from marketplace.taxonomy.choices import choices

PRICE_FORMS = "price-forms"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A payment of the plan, in the currency's smallest unit; `due_on` as an ISO date or empty."""

    title: str
    amount: int
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    price_form: str
    contents: dict[str, str]
    plan: Sequence[PlanLine]
    currency: str = "VND"

    def as_json(self) -> dict[str, Any]:
        return {
            "price_form": self.price_form,
            "currency": self.currency,
            "contents": {
                code: text.strip() for code, text in self.contents.items() if text.strip()
            },
            "plan": [asdict(line) for line in self.plan],
        }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the terms in a form that does not depend on the order in which they were written."""
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


@transaction.atomic
def offer_terms(
    deal: Deal, terms: Terms, *, side: Organization, answers: int = 0, by: User
) -> TermSheet:
    """Offers a version of the terms; where one was on the table, this one takes its place.

    Args:
        deal: in talks.
        terms: what is offered.
        side: who offers, and is bound by it if the other side accepts.
        answers: number of the newest version that the person had read.
        by: who writes.

    Raises:
        DomainError: something that every contract needs is missing.
        StaleText: there is a newer version than the one that this answers.
        InvalidTransition: terms are agreed already, or the deal has ended.
    """
    row = locked_running(deal)
    if row.state != DealState.TALKING:
        raise InvalidTransition(_("Điều khoản đã thống nhất. Muốn sửa, hãy mở lại đàm phán trước."))
    check_terms(terms)
    newest = row.sheets.order_by("-number").first()
    if newest is not None and newest.number != answers:
        raise StaleText(_("Bên kia vừa gửi bản mới hơn. Hãy đọc bản đó trước."))
    content = terms.as_json()
    if newest is not None and newest.state == SheetState.OFFERED:
        if newest.sha256 == digest_of(content):
            raise DomainError(_("Bản này giống hệt bản trước; hãy chấp thuận thay vì gửi lại."))
        own = newest.organization_id == side.pk
        _move(newest, SheetState.WITHDRAWN if own else SheetState.COUNTERED, by=by)
    made = TermSheet.objects.create(
        deal=row,
        number=(newest.number if newest else 0) + 1,
        organization=side,
        made_by=by,
        content=content,
        sha256=digest_of(content),
    )
    SheetAcceptance.objects.create(
        sheet=made, organization=side, accepted_by=by, sha256=made.sha256
    )
    _record("offered", made, by, side)
    notices.tell_side(row, row.other(side), "offered", by=by, key=f"offered:{made.number}")
    return made


@transaction.atomic
def accept_terms(sheet: TermSheet, *, side: Organization, sha256: str, by: User) -> None:
    """The other side agrees to exactly this version: the terms stand.

    Raises:
        StaleText: it is not the text that was read.
        DomainError: it is the side's own offer.
        InvalidTransition: a newer version has taken its place, or it was withdrawn or accepted.
    """
    row = locked_running(sheet.deal)
    current = TermSheet.objects.get(pk=sheet.pk)
    if current.sha256 != sha256:
        raise StaleText(_("Văn bản đã thay đổi. Hãy đọc lại rồi chấp thuận."))
    if current.organization_id == side.pk:
        raise DomainError(_("Đây là bản của chính tổ chức bạn; bên kia mới chấp thuận được."))
    _move(sheet, SheetState.ACCEPTED, by=by)
    SheetAcceptance.objects.create(
        sheet=sheet, organization=side, accepted_by=by, sha256=sheet.sha256
    )
    move(row, DealState.AGREED, by=by)
    _record("accepted", sheet, by, side)
    notices.tell_both(row, "agreed", by=by, key=f"agreed:{sheet.number}")


@transaction.atomic
def withdraw_terms(sheet: TermSheet, *, side: Organization, by: User) -> None:
    """Who offered takes it back while nobody has accepted."""
    locked_running(sheet.deal)
    if sheet.organization_id != side.pk:
        raise DomainError(_("Chỉ bên gửi rút lại được bản này."))
    _move(sheet, SheetState.WITHDRAWN, by=by)
    _record("withdrawn", sheet, by, side)


@transaction.atomic
def reopen_terms(deal: Deal, *, side: Organization, by: User) -> None:
    """Before there is a contract either side may open the talks again; a draft of it is discarded.

    Raises InvalidTransition where no terms stand, or the contract was confirmed.
    """
    row = locked_running(deal)
    if row.state != DealState.AGREED:
        raise InvalidTransition(_("Chưa có điều khoản thống nhất, hoặc hợp đồng đã xác nhận."))
    sheet = row.sheets.get(state=SheetState.ACCEPTED)
    _move(sheet, SheetState.REOPENED, by=by)
    for draft in ContractRecord.objects.filter(deal=row, state=ContractState.DRAFT):
        transition(draft, ContractState.DISCARDED, table=CONTRACT_TRANSITIONS, by=by)
    move(row, DealState.TALKING, by=by)
    deal.refresh_from_db()
    _record("reopened", sheet, by, side)
    notices.tell_both(row, "reopened", by=by, key=f"reopened:{sheet.number}")


def check_terms(terms: Terms) -> None:
    """Raises DomainError where something that every contract needs is missing."""
    if terms.price_form not in dict(choices(PRICE_FORMS)):
        raise DomainError(_("Chọn phương thức thanh toán."))
    if terms.currency not in currencies():
        raise DomainError(_("Chọn đồng tiền trong danh sách."))
    for content in edition_on(clock.today()).contents:
        if content.required and not terms.contents.get(content.code, "").strip():
            raise DomainError(_("Hãy ghi: %(what)s.") % {"what": content.label})
    if not terms.plan:
        raise DomainError(_("Cần ít nhất một mốc thanh toán."))
    for line in terms.plan:
        if not line.title.strip() or line.amount <= 0:
            raise DomainError(_("Mỗi mốc cần nội dung và số tiền lớn hơn 0."))
        if line.due_on:
            date.fromisoformat(line.due_on)


def _move(sheet: TermSheet, to: SheetState, *, by: User) -> None:
    row = TermSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if to not in SHEET_TRANSITIONS.get(row.state, frozenset()):
        raise InvalidTransition(
            _("Không làm được nữa: bản %(number)s %(state)s.")
            % {"number": row.number, "state": str(row.get_state_display()).lower()}
        )
    transition(row, to, table=SHEET_TRANSITIONS, by=by)
    sheet.refresh_from_db()


def _record(act: str, sheet: TermSheet, by: User, side: Organization) -> None:
    audit.record(
        f"terms.{act}", subject_of(sheet.deal), by=by, version=sheet.number, sha256=sheet.sha256,
        side=side.public_id,
    )  # fmt: skip
