"""The buyer's plan of what it makes ready: begun with the contract, kept by the buyer. Entry points authorize."""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.models import Deal, DealMember, ReadinessItem
from marketplace.deals.notices import deals as notices
from marketplace.deals.preparing import edition_on
from marketplace.deals.services.rows import locked_running, subject_of
from marketplace.deals.states import READINESS_TRANSITIONS, DealState, ReadinessState

STAGE: Final = "deals.readiness"
MOST_OF_OWN: Final = 50
#: What the buyer adds of its own stands after the list.
_LAST: Final = 1000


@transaction.atomic
def plan_readiness(deal: Deal, *, by: User) -> int:
    """Writes the list of the deal's kind as its plan; what is there already stays. Returns how many were added.

    Raises InvalidTransition where there is no contract in force.
    """
    row = locked_running(deal)
    if row.state != DealState.CONTRACTED:
        raise InvalidTransition(_("Kế hoạch chuẩn bị lập khi hợp đồng đã có hai bên xác nhận."))
    today = clock.today()
    known = set(row.readiness.exclude(code="").values_list("code", flat=True))
    made = [
        ReadinessItem(deal=row, code=one.code, listed_on=today, position=number, by=by)
        for number, one in enumerate(edition_on(today).items)
        if row.kind in one.kinds and one.code not in known
    ]
    ReadinessItem.objects.bulk_create(made)
    if made:
        audit.record("readiness.planned", subject_of(row), by=by, items=len(made))
    return len(made)


@transaction.atomic
def add_preparation(deal: Deal, *, title: str, by: User) -> ReadinessItem:
    """Something of the buyer's own.

    Raises:
        DomainError: it says nothing, stands there already, or there are too many.
        InvalidTransition: there is no contract in force.
    """
    row = locked_running(deal)
    said = title.strip()[:300]
    own = row.readiness.filter(code="")
    if row.state != DealState.CONTRACTED:
        raise InvalidTransition(_("Kế hoạch chuẩn bị lập khi hợp đồng đã có hai bên xác nhận."))
    if not said:
        raise DomainError(_("Hãy ghi việc cần chuẩn bị."))
    if own.filter(title=said).exists():
        raise DomainError(_("Việc này đã có trong kế hoạch."))
    if own.count() >= MOST_OF_OWN:
        raise DomainError(_("Kế hoạch đã có %(most)s việc thêm.") % {"most": MOST_OF_OWN})
    made = ReadinessItem.objects.create(
        deal=row, title=said, listed_on=clock.today(), position=_LAST, by=by
    )
    audit.record("readiness.added", subject_of(row), by=by, item=made.key)
    return made


@transaction.atomic
def assign_preparation(
    item: ReadinessItem,
    *,
    person: User | None = None,
    due_on: date | None = None,
    note: str = "",
    by: User,
) -> None:
    """Who makes it ready, and by when.

    Raises:
        DomainError: the person does not sit in the deal for the buyer.
        InvalidTransition: it is done or left out, or the deal has ended.
    """
    row = _locked(item)
    if row.state != ReadinessState.PLANNED:
        raise _too_late(row)
    seats = DealMember.objects.filter(
        deal=row.deal, organization=row.deal.buyer_id, left_at=None, user=person
    )
    if person is not None and not seats.exists():
        raise DomainError(_("Chỉ giao cho người tham gia giao dịch cho bên nhận."))
    is_new = person is not None and person.pk != row.person_id
    row.person, row.due_on, row.note, row.by = person, due_on, note.strip()[:500], by
    row.save(update_fields=["person", "due_on", "note", "by"])
    audit.record("readiness.assigned", subject_of(row.deal), by=by, item=row.key)
    if is_new and person is not None and person.pk != by.pk:
        notices.tell_person(row.deal, person, "prepares", key=f"prepares:{row.key}:{person.pk}")
    item.refresh_from_db()


@transaction.atomic
def move_preparation(item: ReadinessItem, *, to: ReadinessState, by: User) -> None:
    """Done, not needed here, or open again.

    Raises InvalidTransition where it stands there already, or the deal has ended.
    """
    row = _locked(item)
    if to not in READINESS_TRANSITIONS[ReadinessState(row.state)]:
        raise _too_late(row)
    done_at = clock.now() if to == ReadinessState.DONE else None
    transition(row, to, table=READINESS_TRANSITIONS, by=by, also={"done_at": done_at, "by": by})
    audit.record("readiness.moved", subject_of(row.deal), by=by, item=row.key, to=str(to))
    item.refresh_from_db()


def remind_batch(limit: int = 50) -> int:
    """Reminds of what is to be ready soon; each item once of each day that was set for it."""
    keys = ReadinessItem.objects.to_be_reminded().order_by("due_on", "pk")
    return sum(_remind(pk) for pk in keys.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _remind(pk: int) -> int:
    rows = ReadinessItem.objects.to_be_reminded().filter(pk=pk)
    row = rows.select_for_update(of=("self",)).select_related("deal__buyer", "person").first()
    # The condition is in the UPDATE too: of two workers that wake at once one has it.
    if row is None or not rows.update(reminded_of=F("due_on")):
        return 0
    key = f"prepare_due:{row.key}:{row.due_on}"
    seats = row.deal.members.filter(left_at=None, organization=row.deal.buyer_id, user=row.person)
    if row.person is not None and seats.exists():
        notices.tell_person(row.deal, row.person, "prepare_due", key=key)
    else:
        notices.tell_side(row.deal, row.deal.buyer, "prepare_due", by=STAGE, key=key)
    return 1


def _locked(item: ReadinessItem) -> ReadinessItem:
    locked_running(item.deal)
    rows = ReadinessItem.objects.select_for_update(of=("self",)).select_related("deal")
    found: ReadinessItem = rows.get(pk=item.pk)
    return found


def _too_late(row: ReadinessItem) -> InvalidTransition:
    return InvalidTransition(
        _("Không làm được nữa: việc này %(state)s.")
        % {"state": str(row.get_state_display()).lower()}
    )
