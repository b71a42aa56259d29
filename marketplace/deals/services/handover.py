"""Seats in deals that run pass to a colleague when somebody leaves their organisation.

A signature does not pass on: who leads a side names who signs, so its seat goes on as a negotiator's.
"""

from django.db import transaction
from django.db.models import QuerySet

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.deals.models import Deal, DealMember, MemberRole
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked, subject_of


def count_charge(organization: Organization, person: User) -> int:
    return _seats(organization, person).count()


@transaction.atomic
def pass_on_charge(organization: Organization, leaver: User, successor: User) -> int:
    """Where the successor already sits for the other side, the seat is given up and its managers are called."""
    seats = list(_seats(organization, leaver).select_related("deal").order_by("deal_id"))
    return sum(_pass_on(locked(seat.deal), seat, successor) for seat in seats)


def _seats(organization: Organization, person: User) -> QuerySet[DealMember]:
    return DealMember.objects.filter(
        deal__in=Deal.objects.running(), organization=organization, user=person, left_at=None
    )


def _pass_on(deal: Deal, seat: DealMember, successor: User) -> int:
    open_seats = DealMember.objects.filter(deal=deal, left_at=None)
    if not deal.is_running or not open_seats.filter(pk=seat.pk).exists():
        return 0
    open_seats.filter(pk=seat.pk).update(left_at=clock.now())
    side = open_seats.filter(organization=seat.organization_id)
    leads_on = side.filter(role=MemberRole.LEAD).exists()
    held = open_seats.filter(user=successor).first()
    if held is None:
        role = _role_for(MemberRole(seat.role))
        held = DealMember.objects.create(
            deal=deal, user=successor, organization=seat.organization, role=role
        )
        notices.tell_person(deal, successor, "seated", key=f"seated:{held.key}")
    elif held.organization_id != seat.organization_id:
        if not leads_on:
            notices.tell_managers(deal, seat.organization)
        held = None
    elif seat.role == MemberRole.LEAD and not leads_on:
        side.filter(pk=held.pk).update(role=MemberRole.LEAD)
    to = held.key if held else ""
    audit.record("deal.seat_passed_on", subject_of(deal), by="accounts", seat=seat.key, to=to)
    return 1


def _role_for(role: MemberRole) -> MemberRole:
    return MemberRole.NEGOTIATOR if role == MemberRole.SIGNATORY else role
