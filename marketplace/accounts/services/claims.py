"""How the people of an organisation take over the profile that imported records made of it."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.dependents import follow_up_claim, raise_dependents
from marketplace.accounts.models import (
    ClaimInvitation,
    ClaimRequest,
    Membership,
    Organization,
    OrganizationStatus,
    Outreach,
    OutreachState,
    User,
)
from marketplace.accounts.services.claim_requests import end_other_claims, mark_accepted
from marketplace.accounts.services.members import lock_organization
from marketplace.accounts.services.outreach import move_outreach, open_outreach
from marketplace.accounts.states import ORGANIZATION_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.text import new_public_id
from marketplace.core.transitions import transition

#: A letter takes its days in the post and on a director's desk.
INVITATION_VALID_FOR = timedelta(days=60)


class InvitationUnusable(DomainError):
    """The link is unknown, used or too old; `reason` is "unknown", "used", "claimed" or "expired"."""

    def __init__(self, reason: str, organization: Organization | None = None) -> None:
        messages = {
            "unknown": _("Đường dẫn này không đúng. Hãy kiểm tra lại từng ký tự trong thư mời."),
            "used": _("Thư mời này đã được dùng."),
            "claimed": _("Tổ chức này đã có tài khoản trên sàn."),
            "expired": _("Thư mời này đã hết hạn. Hãy liên hệ sàn để nhận thư mời mới."),
        }
        super().__init__(messages[reason])
        self.reason = reason
        self.organization = organization


@transaction.atomic
def create_invitation(outreach: Outreach, *, by: User) -> tuple[ClaimInvitation, str]:
    """A new claim link for the case's organisation. The token is told here and never again."""
    if outreach.organization.is_claimed:
        raise InvitationUnusable("claimed", outreach.organization)
    if outreach.state in (OutreachState.CLAIMED, OutreachState.CLOSED):
        raise InvalidTransition(_("Hồ sơ liên hệ này đã kết thúc."))
    # Letters that are not mistaken for one another on paper, where a picture saves typing: 142 bits.
    token = "".join(new_public_id() for _part in range(3))
    invitation = ClaimInvitation.objects.create(
        organization=outreach.organization,
        outreach=outreach,
        token_hash=token_hash(token),
        created_by=by,
        expires_at=clock.now() + INVITATION_VALID_FOR,
    )
    if outreach.state != OutreachState.INVITED:
        move_outreach(outreach, OutreachState.INVITED, by=by)
    subject = f"organization:{outreach.organization.public_id}"
    audit.record("invitation.created", subject, by=by, invitation=invitation.pk)
    return invitation, token


def open_invitation(token: str) -> ClaimInvitation:
    """The usable invitation of a link; raises InvitationUnusable, which says why it is not."""
    invitation = (
        ClaimInvitation.objects.select_related("organization", "outreach")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if invitation is None:
        raise InvitationUnusable("unknown")
    if invitation.used_at is not None:
        raise InvitationUnusable("used", invitation.organization)
    if invitation.organization.is_claimed:
        raise InvitationUnusable("claimed", invitation.organization)
    if invitation.expires_at <= clock.now():
        raise InvitationUnusable("expired")
    return invitation


@transaction.atomic
def claim_organization(token: str, *, user: User) -> Organization:
    """Makes the user the owner of the invited organisation, once.

    Its records, its matches and what waited for it follow in the same transaction, so a process that
    dies here leaves the invitation as it was.
    """
    invitation = open_invitation(token)
    used = ClaimInvitation.objects.filter(pk=invitation.pk, used_at=None).update(
        used_at=clock.now(), used_by=user
    )
    organization = invitation.organization
    if not used:
        raise InvitationUnusable("used", organization)
    hand_over(organization, to=user, by=user)
    return organization


def hand_over(organization: Organization, *, to: User, by: User) -> None:
    """Inside the transaction of who calls: the organisation has an owner, and what waited follows.

    Raises `InvitationUnusable("claimed")` where somebody was first: the one UPDATE of the status
    decides, so two at once end with one owner.
    """
    try:
        transition(
            organization,
            OrganizationStatus.CLAIMED,
            table=ORGANIZATION_TRANSITIONS,
            by=by,
            field="status",
        )
    except InvalidTransition as error:  # by another letter or claim, in the same second
        organization.refresh_from_db()
        raise InvitationUnusable("claimed", organization) from error
    Membership.objects.update_or_create(
        user=to, organization=organization, defaults={"role": Membership.Role.OWNER}
    )
    for case in Outreach.objects.open().filter(organization=organization):
        move_outreach(case, OutreachState.CLAIMED, by=by)
    end_other_claims(organization, winner=to, by=by)
    raise_dependents(organization)
    organization.refresh_from_db()
    follow_up_claim(organization)


@transaction.atomic
def request_claim(organization: Organization, *, user: User) -> Outreach:
    """Somebody says that they speak for an unclaimed organisation: staff call back and invite them."""
    case = open_outreach(
        organization, reason=_("Người dùng đề nghị nhận hồ sơ của tổ chức"), by=user
    )
    if case is None:
        raise InvitationUnusable("claimed", organization)
    if not case.contact_email:
        case.contact_name = user.full_name
        case.contact_email = user.email
        case.contact_phone = user.phone
        case.save(update_fields=["contact_name", "contact_email", "contact_phone", "updated_at"])
    subject = f"organization:{organization.public_id}"
    audit.record("organization.claim_requested", subject, by=user)
    return case


def token_hash(token: str) -> str:
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


@transaction.atomic
def accept_claim(claim: ClaimRequest, *, by: User) -> Organization:
    """Staff are convinced: the person owns the organisation from now on.

    Raises:
        InvalidTransition: the claim is decided.
        InvitationUnusable: somebody else has become its owner.
    """
    # First of all the organisation: two claims of it that are accepted at once wait for each other here.
    organization = lock_organization(claim.organization)
    mark_accepted(claim, by=by)
    hand_over(organization, to=claim.user, by=by)
    return organization
