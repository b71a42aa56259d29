"""Who sits in a deal, and for which side. Entry points authorize."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.models import Deal, DealMember, MemberRole
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked_running, subject_of


@transaction.atomic
def seat_person(
    deal: Deal, *, person: User, organization: Organization, role: MemberRole, by: User
) -> DealMember:
    """A side takes one of its people into the deal, or gives them another role.

    Raises:
        DomainError: the person does not belong to that side, or sits on the other one.
        InvalidTransition: the deal has ended.
    """
    row = locked_running(deal)
    if organization.pk not in (row.buyer_id, row.seller_id):
        raise DomainError(_("Tổ chức này không phải là một bên của giao dịch."))
    if not Membership.objects.filter(user=person, organization=organization).exists():
        raise DomainError(_("Người này không thuộc tổ chức của bạn."))
    seat = DealMember.objects.filter(deal=row, user=person, left_at=None).first()
    if seat is not None and seat.organization_id != organization.pk:
        raise DomainError(_("Người này đang tham gia cho bên kia."))
    if seat is None:
        try:
            with transaction.atomic():
                seat = DealMember.objects.create(
                    deal=row, user=person, organization=organization, role=role, added_by=by
                )
        except IntegrityError as error:  # seated at the same moment
            raise InvalidTransition(_("Người này đã tham gia giao dịch.")) from error
        notices.tell_person(row, person, "seated", key=f"seated:{seat.key}")
    else:
        DealMember.objects.filter(pk=seat.pk).update(role=role)
        seat.role = role
    audit.record("deal.seated", subject_of(row), by=by, seat=seat.key, role=str(role))
    return seat


@transaction.atomic
def unseat_person(seat: DealMember, *, by: User) -> None:
    """Takes a person out of the deal. The last one who leads a side stays, or nobody would answer.

    Raises:
        InvalidTransition: the person has left already.
        DomainError: nobody else leads that side.
    """
    row = locked_running(seat.deal)
    present = DealMember.objects.filter(deal=row, organization=seat.organization_id, left_at=None)
    leads = present.filter(role=MemberRole.LEAD).exclude(pk=seat.pk)
    if not present.filter(pk=seat.pk).exists():
        raise InvalidTransition(_("Người này đã rời giao dịch."))
    if seat.role == MemberRole.LEAD and not leads.exists():
        raise DomainError(_("Chọn một người phụ trách khác trước."))
    present.filter(pk=seat.pk).update(left_at=clock.now())
    audit.record("deal.unseated", subject_of(row), by=by, seat=seat.key)


def leave_deals(user: Any) -> None:
    """With a closed account its seats are given up; what it did stays, without a name."""
    left = DealMember.objects.filter(user=user, left_at=None).update(left_at=clock.now())
    if left:
        audit.record("deal.person_left", "deal", by="privacy.close", left=left)
