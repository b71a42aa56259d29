"""Roles in an organisation: given, changed, taken away. An organisation is never without an owner.

Each change locks the organisation's row first, so that two owners who leave at the same moment come one
after the other, and the second is told that they are the last. (SQLite writes one at a time anyway.)
"""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts import notices
from marketplace.accounts.handover import pass_on_charges
from marketplace.accounts.models import (
    MemberInvitationState,
    Membership,
    Organization,
    OwnershipTransfer,
    Role,
    TransferState,
    User,
)
from marketplace.accounts.states import MEMBER_INVITATION_TRANSITIONS, TRANSFER_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition


class NotAllowed(DomainError):
    """The person's role in the organisation does not reach that far."""

    def __init__(self) -> None:
        super().__init__(
            _("Vai trò của bạn trong tổ chức chưa đủ để làm việc này. Hãy nhờ chủ tài khoản.")
        )


class LastOwner(DomainError):
    """The organisation would have no owner left."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Đây là chủ tài khoản duy nhất của tổ chức. Hãy chuyển quyền chủ tài khoản cho người khác trước."
            )
        )


def lock_organization(organization: Organization) -> Organization:
    """The row, held until the end of the transaction: who joins, leaves or changes roles waits here."""
    rows = Organization.objects.select_for_update(of=("self",))
    return rows.get(pk=organization.pk)


def standing_of(user: User, organization: Organization) -> Membership:
    """The person's membership as it is now; NotAllowed where there is none (any more)."""
    found = Membership.objects.filter(user=user, organization=organization).first()
    if found is None:
        raise NotAllowed
    return found


def ensure_may_assign(by: User, organization: Organization, *roles: str) -> Membership:
    """The standing of who acts; NotAllowed unless it lets them give and take all of these roles."""
    own = standing_of(by, organization)
    if not set(roles) <= set(own.assignable_roles):
        raise NotAllowed
    return own


def find_member(organization: Organization, reference: str) -> Membership | None:
    """The membership an address names (`Membership.reference`)."""
    members = organization.memberships.select_related("user", "organization").order_by("pk")
    return next((member for member in members if member.reference == reference), None)


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: User) -> Membership:
    """Gives a member another role. Raises NotAllowed, LastOwner, InvalidTransition (gone meanwhile)."""
    organization = lock_organization(membership.organization)
    current = _still_there(membership)
    ensure_may_assign(by, organization, current.role, role)
    if current.role == role:
        return current
    if current.is_owner:
        _ensure_another_owner(organization, current)
    _set_role(organization, current, role, by=by)
    if by.pk != current.user_id:
        notices.tell_of_change(current, what="role")
    return current


@transaction.atomic
def remove_member(
    membership: Membership, *, by: User, successor: Membership | None = None
) -> Organization:
    """Ends a membership: one's own (leaving) or a colleague's, whose role one may take away.

    What the person was in charge of passes to `successor`, or else to whoever removes them, or else
    to an owner.
    """
    organization = lock_organization(membership.organization)
    current = _still_there(membership)
    leaves = current.user_id == by.pk
    if not leaves:
        ensure_may_assign(by, organization, current.role)
    if current.is_owner:
        _ensure_another_owner(organization, current)
    heir = _heir(organization, current, by=by, wished=successor)
    passed = pass_on_charges(organization, leaver=current.user, successor=heir)
    _end_standing(organization, current.user, by=by)
    current.delete()
    _log("membership.left" if leaves else "membership.removed", organization, current, by=by,
         passed_on=passed)  # fmt: skip
    notices.tell_of_removal(organization, current, heir=heir, by=by, passed_on=passed)
    return organization


@transaction.atomic
def set_own_approval(organization: Organization, *, wanted: bool, by: User) -> None:
    """Whether what its people submit waits for one of its managers first."""
    changed = Organization.objects.filter(pk=organization.pk, approves_own_listings=not wanted)
    if changed.update(approves_own_listings=wanted):
        subject = f"accounts.organization:{organization.public_id}"
        audit.record("organization.own_approval", subject, by=by, wanted=wanted)


@transaction.atomic
def leave_everything(user: User, *, by: User) -> int:
    """Before an account is closed: its memberships end and what it was in charge of passes on.

    Raises LastOwner where an organisation with other people would be without an owner. The only
    member of an organisation is no reason to stay: staff find it without an owner on their desk.
    """
    ended = 0
    memberships = Membership.objects.filter(user=user).select_related("organization", "user")
    for membership in memberships.order_by("organization_id"):
        organization = lock_organization(membership.organization)
        others = organization.memberships.exclude(pk=membership.pk)
        if others.exists():
            remove_member(membership, by=user)
        else:
            _end_standing(organization, user, by=by)
            membership.delete()
            _log("membership.left", organization, membership, by=by, passed_on=0)
        ended += 1
    return ended


def add_member(organization: Organization, user: User, role: str, *, by: User) -> Membership:
    """Inside the lock and transaction of who calls. A member who comes in again keeps their role."""
    membership, made = Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"role": role}
    )
    if made:
        _log("membership.joined", organization, membership, by=by, role=role)
    return membership


def hand_over(
    organization: Organization, giver: Membership, taker: Membership, *, role: str
) -> None:
    """Inside the lock of who calls: the taker becomes owner before the giver stops being one."""
    _set_role(organization, taker, Role.OWNER, by=giver.user)
    _set_role(organization, giver, role, by=taker.user)


def has_active_owner(organization: Organization) -> bool:
    return organization.memberships.filter(role=Role.OWNER, user__is_active=True).exists()


def _still_there(membership: Membership) -> Membership:
    found = (
        Membership.objects.select_related("user", "organization").filter(pk=membership.pk).first()
    )
    if found is None:
        raise InvalidTransition(_("Người này không còn trong tổ chức. Hãy tải lại trang."))
    return found


def _ensure_another_owner(organization: Organization, leaving: Membership) -> None:
    owners = organization.memberships.filter(role=Role.OWNER, user__is_active=True)
    if not owners.exclude(pk=leaving.pk).exists():
        raise LastOwner


def _heir(
    organization: Organization, leaving: Membership, *, by: User, wished: Membership | None
) -> User:
    staying = organization.memberships.filter(user__is_active=True).exclude(pk=leaving.pk)
    staying = staying.select_related("user").order_by("joined_at", "pk")
    if wished is not None:
        found = staying.filter(pk=wished.pk).first()
        if found is None:
            raise InvalidTransition(_("Người nhận việc không còn trong tổ chức. Hãy chọn lại."))
        return found.user
    found = staying.filter(user=by).first() or staying.filter(role=Role.OWNER).first()
    if found is None:
        raise LastOwner
    return found.user


def _set_role(organization: Organization, membership: Membership, role: str, *, by: User) -> None:
    before, membership.role = membership.role, Role(role)
    membership.save(update_fields=["role"])
    if not membership.may_manage:
        _end_standing(organization, membership.user, by=by)
    _log("membership.role_changed", organization, membership, by=by, before=before, after=role)


def _end_standing(organization: Organization, user: User, *, by: User) -> None:
    """What hung on the person's role ends with it: letters they sent out, a transfer under way."""
    sent = organization.member_invitations.filter(state=MemberInvitationState.OPEN, invited_by=user)
    for invitation in sent.order_by("pk"):
        invitation.ended_at = clock.now()
        invitation.save(update_fields=["ended_at"])
        transition(
            invitation, MemberInvitationState.REVOKED, table=MEMBER_INVITATION_TRANSITIONS, by=by
        )
    transfers = OwnershipTransfer.objects.filter(
        organization=organization, state=TransferState.OPEN
    )
    for transfer in (transfers.filter(giver=user) | transfers.filter(taker=user)).order_by("pk"):
        OwnershipTransfer.objects.filter(pk=transfer.pk).update(ended_at=clock.now())
        transition(transfer, TransferState.WITHDRAWN, table=TRANSFER_TRANSITIONS, by=by)


def _log(
    action: str, organization: Organization, membership: Membership, *, by: User, **data: object
) -> None:
    audit.record(
        action,
        f"organization:{organization.public_id}",
        by=by,
        member=audit.actor_code(membership.user),
        **data,
    )
