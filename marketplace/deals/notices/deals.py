"""What the people in a deal are told: one kind of notice, and a sentence for each event."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.deals.models import Deal, DealMember, Milestone
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify

DEAL: Final = "deal.changed"
EVENTS: Final[dict[str, str | Promise]] = {
    "seated": _("Bạn tham gia giao dịch"),
    "completed": _("Giao dịch đã thanh lý"),
    "terminated": _("Giao dịch đã dừng"),
    "requested": _("Bên giao đề nghị thanh toán một mốc"),
    "paid": _("Một mốc đã được thanh toán"),
    "reversed": _("Khoản thanh toán của một mốc bị hoàn lại"),
    "delivered": _("Bên giao báo đã bàn giao, chờ nghiệm thu"),
    "accepted": _("Một mốc đã được nghiệm thu"),
    "returned": _("Bên nhận đề nghị bổ sung trước khi nghiệm thu"),
}


def register_deal_notices() -> None:
    register_kind(NoticeKind(DEAL, _("Giao dịch"), "deal_changed", transactional=True))


def tell_both(deal: Deal, event: str, *, by: Any, key: str = "") -> None:
    """Everybody in the deal but the one who did it."""
    _tell(deal, event, by=by, key=key or event)


def tell_side(deal: Deal, side: Organization, event: str, *, by: Any, key: str = "") -> None:
    """The people of one side but the one who did it."""
    _tell(deal, event, by=by, key=key or event, side=side)


def tell_milestone(milestone: Milestone, event: str, *, by: Any) -> None:
    # A milestone may be asked for, paid back and asked for again: each time is told.
    key = f"{event}:{milestone.number}:{milestone.content_version}"
    tell_both(milestone.deal, event, by=by, key=key)


def tell_person(deal: Deal, person: User, event: str, *, key: str) -> None:
    notify(
        kind=DEAL,
        recipient=person,
        dedupe_key=f"deal:{deal.public_id}:{key}",
        context={"event": event, "title": deal.title},
        url=deal.get_absolute_url(),
    )


def _tell(deal: Deal, event: str, *, by: Any, key: str, side: Organization | None = None) -> None:
    seats = DealMember.objects.filter(deal=deal, left_at=None)
    if side is not None:
        seats = seats.filter(organization=side)
    people = User.objects.filter(is_active=True, pk__in=seats.values("user"))
    for person in people.exclude(pk=getattr(by, "pk", None) or 0).order_by("pk"):
        tell_person(deal, person, event, key=key)
