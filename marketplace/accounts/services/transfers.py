"""An organisation changes hands: one owner offers it, the other person takes it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts import notices
from marketplace.accounts.models import (
    Membership,
    Organization,
    OwnershipTransfer,
    Role,
    TransferState,
    User,
)
from marketplace.accounts.services.members import (
    NotAllowed,
    ensure_may_assign,
    hand_over,
    lock_organization,
)
from marketplace.accounts.states import TRANSFER_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition


@transaction.atomic
def offer_ownership(
    organization: Organization, *, taker: Membership, by: User, role_after: str = Role.MANAGER
) -> OwnershipTransfer:
    """An owner offers the organisation to a colleague; nothing changes before they accept."""
    organization = lock_organization(organization)
    ensure_may_assign(by, organization, Role.OWNER)
    member = organization.memberships.filter(pk=taker.pk, user__is_active=True).first()
    if member is None or member.user_id == by.pk or member.is_owner:
        raise DomainError(_("Hãy chọn một đồng nghiệp chưa là chủ tài khoản."))
    if role_after == Role.OWNER:
        raise DomainError(_("Hãy chọn vai trò của bạn sau khi chuyển."))
    try:
        with transaction.atomic():
            transfer = OwnershipTransfer.objects.create(
                organization=organization, giver=by, taker=member.user, role_after=role_after
            )
    except IntegrityError as error:
        raise DomainError(
            _(
                "Đang có một lần chuyển quyền chờ trả lời. Hãy rút lại trước khi chuyển cho người khác."
            )
        ) from error
    subject = f"organization:{organization.public_id}"
    audit.record("transfer.offered", subject, by=by, transfer=transfer.public_id)
    notices.tell_of_transfer(transfer, to=transfer.taker)
    return transfer


@transaction.atomic
def accept_ownership(transfer: OwnershipTransfer, *, by: User) -> None:
    """The colleague takes it: owner from now on, and the giver what they chose to be."""
    organization = lock_organization(transfer.organization)
    _ensure(transfer.taker_id == by.pk)
    members = {
        member.user_id: member
        for member in organization.memberships.select_related("user").filter(
            user__in=[transfer.giver_id, transfer.taker_id]
        )
    }
    giver, taker = members.get(transfer.giver_id), members.get(transfer.taker_id)
    if giver is None or taker is None or not giver.is_owner:
        raise InvalidTransition(
            _("Lần chuyển quyền này không còn hiệu lực. Hãy hỏi chủ tài khoản của tổ chức.")
        )
    _end(transfer, TransferState.DONE, by=by)
    hand_over(organization, giver, taker, role=transfer.role_after)
    notices.tell_of_transfer(transfer, to=transfer.giver)


@transaction.atomic
def decline_ownership(transfer: OwnershipTransfer, *, by: User) -> None:
    _ensure(transfer.taker_id == by.pk)
    _end(transfer, TransferState.DECLINED, by=by)
    notices.tell_of_transfer(transfer, to=transfer.giver)


@transaction.atomic
def withdraw_ownership(transfer: OwnershipTransfer, *, by: User) -> None:
    _ensure(transfer.giver_id == by.pk)
    _end(transfer, TransferState.WITHDRAWN, by=by)
    notices.retire_transfer(transfer)


def _ensure(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed


def _end(transfer: OwnershipTransfer, state: str, *, by: User) -> None:
    transition(transfer, state, table=TRANSFER_TRANSITIONS, by=by)
    OwnershipTransfer.objects.filter(pk=transfer.pk).update(ended_at=clock.now())
