"""What both sides and staff are told about expressions of interest."""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.cases.models import Case
from marketplace.cases.officers import officers
from marketplace.deals.models import ExpressionOfInterest
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify, retire_notices

CHANGED: Final = "interest.changed"
REMINDER: Final = "interest.reminder"
LATE: Final = "interest.late"


def register_interest_notices() -> None:
    register_kind(NoticeKind(CHANGED, _("Đề nghị kết nối"), "interest_changed", transactional=True))
    register_kind(
        NoticeKind(REMINDER, _("Nhắc trả lời đề nghị kết nối"), "interest_reminder", digest=False)
    )
    register_kind(
        NoticeKind(
            LATE, _("Đề nghị kết nối quá hạn trả lời"), "interest_late", digest=False, desk=True
        )
    )


def tell_received(expression: ExpressionOfInterest) -> None:
    _tell(expression, expression.receiver, event="received", key="sent")


def tell_introduced(expression: ExpressionOfInterest) -> None:
    """The asker, for which an officer spoke."""
    _tell(expression, expression.asker, event="introduced", key="introduced")


def tell_asker(expression: ExpressionOfInterest) -> None:
    """How it ended."""
    _ended(expression)
    _tell(expression, expression.asker, event=expression.state, key=expression.state)


def tell_receiver(expression: ExpressionOfInterest) -> None:
    """That nobody waits for an answer any more."""
    _ended(expression)
    _tell(expression, expression.receiver, event=expression.state, key=expression.state)


def tell_mediated(expression: ExpressionOfInterest) -> None:
    for side in (expression.asker, expression.receiver):
        _tell(expression, side, event="mediated", key=f"mediated:{expression.due_on}")


def tell_reminder(expression: ExpressionOfInterest) -> None:
    _tell(
        expression,
        expression.receiver,
        event="reminder",
        key=f"reminder:{expression.due_on}",
        kind=REMINDER,
    )


def tell_late(expression: ExpressionOfInterest) -> None:
    """Staff: the case's officer, or everybody who takes cases while nobody has it. The asker reads that
    staff have been called."""
    key = f"late:{expression.due_on}"
    for side in (expression.asker, expression.receiver):
        _tell(expression, side, event="late", key=key)
    case = Case.objects.filter(kind="interest", subject=expression.public_id).first()
    staff = [case.officer] if case is not None and case.officer is not None else officers()
    for person in staff:
        notify(
            kind=LATE,
            recipient=person,
            dedupe_key=_key(expression, key),
            context=_context(expression, expression.asker, event="late"),
            url=expression.get_absolute_url(),
        )


def _ended(expression: ExpressionOfInterest) -> None:
    retire_notices(_key(expression, "sent"))


def _key(expression: ExpressionOfInterest, key: str) -> str:
    return f"interest:{expression.public_id}:{key}"


def _tell(
    expression: ExpressionOfInterest,
    side: Organization,
    *,
    event: str,
    key: str,
    kind: str = CHANGED,
) -> None:
    """The people of one side who write for it, but for the one who did it."""
    did_it = {
        "received": expression.sent_by_id,
        "accepted": expression.ended_by_id,
        "declined": expression.ended_by_id,
        "withdrawn": expression.ended_by_id,
    }.get(event)
    writing = Membership.objects.filter(organization=side, role__in=Membership.EDITING_ROLES)
    told = Q(pk__in=writing.values("user"))
    if side.pk == expression.asker_id and _reads(expression.sent_by, expression):
        told |= Q(pk=expression.sent_by_id)  # a broker that asked for it
    people = User.objects.filter(told, is_active=True).exclude(pk=did_it or 0)
    for person in people.order_by("pk"):
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=_key(expression, key),
            context=_context(expression, side, event=event),
            url=expression.get_absolute_url(),
        )


def _reads(person: User | None, expression: ExpressionOfInterest) -> bool:
    rows = ExpressionOfInterest.objects.visible_to(person) if person is not None else None
    return rows is not None and rows.filter(pk=expression.pk).exists()


def _context(expression: ExpressionOfInterest, side: Organization, *, event: str) -> dict[str, str]:
    asks = side.pk == expression.asker_id
    other = expression.receiver if asks else expression.asker
    named = not asks or expression.receiver_is_named
    return {
        "event": event,
        "asks": "1" if asks else "",
        "title": expression.title,
        "other": str(other) if named else "",
        "due": f"{expression.due_on:%d/%m/%Y}",
        "reason": expression.decline_reason,
    }
