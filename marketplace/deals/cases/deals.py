"""Cases of deals: staff look after each until it has ended."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.deals.models import Deal, DealMember, Dispute, DisputeEntry
from marketplace.deals.models.deals import CASE
from marketplace.deals.states import ENDED_DEALS


def _rows() -> QuerySet[Any]:
    return Deal.objects.with_sides()


def _running() -> QuerySet[Any]:
    """Until they have ended, and as long as something is disputed."""
    disputed = Q(pk__in=Dispute.objects.open().values("deal"))
    return Deal.objects.with_sides().filter(~Q(state__in=ENDED_DEALS) | disputed)


def _facts(deal: Deal) -> Facts:
    codes = getattr(deal.origin.subject, "field_codes", None) or []
    return Facts(
        title=deal.title,
        organization_id=deal.seller_id,
        province_code=deal.seller.province_code,
        field_codes=list(codes),
    )


def _people(deal: Deal) -> QuerySet[User]:
    seats = DealMember.objects.filter(deal=deal, left_at=None)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True)


def _events(deal: Deal) -> Sequence[Event]:
    names = {"buyer": deal.buyer.name, "seller": deal.seller.name}
    url = deal.get_absolute_url()
    events = [
        Event(deal.opened_at, _("%(seller)s và %(buyer)s mở giao dịch") % names, url=url),
        *(
            Event(milestone.paid_at, _("Đã thanh toán mốc %(n)s") % {"n": milestone.number})
            for milestone in deal.milestones.all()
            if milestone.paid_at
        ),
        *(
            Event(
                one.at,
                _("Khiếu nại: %(what)s") % {"what": one.get_kind_display()},
                one.text,
                url=url,
            )
            for one in DisputeEntry.objects.filter(dispute__deal=deal).order_by("at", "pk")
        ),
    ]
    if deal.ended_at:
        events.append(Event(deal.ended_at, str(deal.get_state_display())))
    return events


def register_deals() -> None:
    register_case_kind(
        CaseKind(
            code=CASE,
            label=gettext_lazy("Giao dịch"),
            rows=_rows,
            running=_running,
            facts_of=_facts,
            events_of=_events,
            people_of=_people,
        )
    )
