"""Cases of deals: staff look after each until it has ended."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.deals.models import Deal, DealMember
from marketplace.deals.models.deals import CASE


def _rows() -> QuerySet[Any]:
    return Deal.objects.with_sides()


def _running() -> QuerySet[Any]:
    return Deal.objects.with_sides().running()


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
