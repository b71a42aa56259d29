"""Letters by which colleagues come in: for one address, for some days, once."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts import notices
from marketplace.accounts.emails import email_key, normal_email, proved_keys
from marketplace.accounts.invitation_tokens import hash_of, make_token, token_of
from marketplace.accounts.models import (
    JoinRequestState,
    MemberInvitation,
    MemberInvitationState,
    Membership,
    Organization,
    User,
)
from marketplace.accounts.services.members import add_member, ensure_may_assign, lock_organization
from marketplace.accounts.states import JOIN_REQUEST_TRANSITIONS, MEMBER_INVITATION_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.text import new_public_id
from marketplace.core.transitions import transition

VALID_FOR = timedelta(days=14)
#: A letter is not sent again before it had the time to arrive.
AGAIN_AFTER = timedelta(minutes=10)
MOST_A_DAY = 50
MOST_TO_AN_ADDRESS_A_DAY = 5


class MemberInvitationUnusable(DomainError):
    """Why a link lets nobody in. `reason`: unknown, used, revoked, declined, expired, foreign."""

    def __init__(self, reason: str, invitation: MemberInvitation | None = None) -> None:
        messages = {
            "unknown": _(
                "Đường dẫn này không đúng, hoặc đã có thư mời mới hơn thay cho nó. Hãy mở thư mới nhất."
            ),
            "used": _("Thư mời này đã được dùng."),
            "revoked": _("Tổ chức đã thu hồi thư mời này."),
            "declined": _("Thư mời này đã bị từ chối."),
            "expired": _("Thư mời này đã hết hạn. Hãy nhờ người mời gửi lại."),
            "foreign": _(
                "Thư mời này gửi cho một địa chỉ email khác. Hãy đăng nhập bằng tài khoản của địa chỉ đó, hoặc thêm địa chỉ đó vào tài khoản của bạn."
            ),
        }
        super().__init__(messages[reason])
        self.reason = reason
        self.invitation = invitation


_REASON_OF_STATE = {
    MemberInvitationState.ACCEPTED: "used",
    MemberInvitationState.REVOKED: "revoked",
    MemberInvitationState.DECLINED: "declined",
    MemberInvitationState.EXPIRED: "expired",
}


@transaction.atomic
def invite_member(
    organization: Organization, *, email: str, role: str, by: User, language: str = "vi"
) -> MemberInvitation:
    """Writes to an address that it may join in this role.

    Raises NotAllowed, or DomainError where the address is a member's, has an open letter, or too
    many letters have gone out.
    """
    organization = lock_organization(organization)
    ensure_may_assign(by, organization, role)
    key = email_key(email)
    _ensure_not_a_member(organization, key)
    _ensure_not_too_many(organization, key)
    expire_batch(of=organization)
    serial, public_id = new_public_id(), new_public_id()
    try:
        with transaction.atomic():
            invitation = MemberInvitation.objects.create(
                public_id=public_id,
                organization=organization,
                email=normal_email(email),
                email_key=key,
                role=role,
                serial=serial,
                token_hash=hash_of(make_token(public_id, serial)),
                invited_by=by,
                expires_at=clock.now() + VALID_FOR,
            )
    except IntegrityError as error:
        raise DomainError(
            _("Địa chỉ này đã có một thư mời chờ trả lời. Bạn có thể gửi lại thư đó.")
        ) from error
    _log("invitation.sent", invitation, by=by, role=role)
    notices.send_invitation(invitation, language=language)
    return invitation


@transaction.atomic
def send_invitation_again(
    invitation: MemberInvitation, *, by: User, language: str = "vi"
) -> MemberInvitation:
    """A new link in a new letter; the old link ends. The days begin anew."""
    organization = lock_organization(invitation.organization)
    current = _open(invitation)
    ensure_may_assign(by, organization, current.role)
    if clock.now() - current.created_at < AGAIN_AFTER:
        raise DomainError(_("Thư vừa được gửi. Hãy đợi vài phút rồi gửi lại."))
    _ensure_not_too_many(organization, current.email_key)
    current.serial = new_public_id()
    current.token_hash = hash_of(token_of(current))
    current.created_at = clock.now()
    current.expires_at = clock.now() + VALID_FOR
    current.save(update_fields=["serial", "token_hash", "created_at", "expires_at"])
    _log("invitation.sent_again", current, by=by)
    notices.send_invitation(current, language=language)
    return current


@transaction.atomic
def revoke_invitation(invitation: MemberInvitation, *, by: User) -> None:
    organization = lock_organization(invitation.organization)
    ensure_may_assign(by, organization, invitation.role)
    _end(_open(invitation), MemberInvitationState.REVOKED, by=by)


def open_member_invitation(token: str) -> MemberInvitation:
    """The invitation of a link that may still be used, whoever opens it."""
    found = (
        MemberInvitation.objects.select_related("organization", "invited_by")
        .filter(token_hash=hash_of(token))
        .first()
    )
    if found is None:
        raise MemberInvitationUnusable("unknown")
    return _open(found)


def invitations_for(user: User) -> list[MemberInvitation]:
    """Open ones for the addresses the person has proved."""
    rows = MemberInvitation.objects.open().for_addresses(proved_keys(user))
    return list(rows.select_related("organization", "invited_by").order_by("created_at", "pk"))


def is_for(invitation: MemberInvitation, user: User) -> bool:
    return invitation.email_key in proved_keys(user)


@transaction.atomic
def accept_invitation(invitation: MemberInvitation, *, user: User) -> Membership:
    """Joins, once, as a person of the invited address.

    Raises MemberInvitationUnusable, which says why not. Who is a member already keeps their role.
    """
    organization = lock_organization(invitation.organization)
    current = _open(invitation)
    if not is_for(current, user):
        raise MemberInvitationUnusable("foreign", current)
    _end(current, MemberInvitationState.ACCEPTED, by=user)
    membership = add_member(organization, user, current.role, by=user)
    withdraw_requests(organization, user)
    notices.tell_inviter(current, membership)
    return membership


@transaction.atomic
def decline_invitation(invitation: MemberInvitation, *, user: User) -> None:
    current = _open(invitation)
    if not is_for(current, user):
        raise MemberInvitationUnusable("foreign", current)
    _end(current, MemberInvitationState.DECLINED, by=user)


def withdraw_requests(organization: Organization, user: User) -> None:
    """Who came in by a letter waits for no answer any more."""
    for asked in organization.join_requests.open().filter(user=user):
        transition(asked, JoinRequestState.WITHDRAWN, table=JOIN_REQUEST_TRANSITIONS, by=user)
        notices.retire_request(asked)


def expire_batch(limit: int = 200, *, of: Organization | None = None) -> int:
    """Letters that nobody answered end, so that the address may be written to again."""
    due = MemberInvitation.objects.due_to_expire()
    if of is not None:
        due = due.filter(organization=of)
    rows = list(due.order_by("pk")[:limit])
    for row in rows:
        with transaction.atomic():
            _end(row, MemberInvitationState.EXPIRED, by="accounts.joining")
    return len(rows)


def _open(invitation: MemberInvitation) -> MemberInvitation:
    current = MemberInvitation.objects.select_related("organization", "invited_by").get(
        pk=invitation.pk
    )
    if current.state != MemberInvitationState.OPEN:
        raise MemberInvitationUnusable(
            _REASON_OF_STATE[MemberInvitationState(current.state)], current
        )
    if current.expires_at <= clock.now():
        raise MemberInvitationUnusable("expired", current)
    return current


def _end(invitation: MemberInvitation, state: str, *, by: object) -> None:
    transition(invitation, state, table=MEMBER_INVITATION_TRANSITIONS, by=by)
    MemberInvitation.objects.filter(pk=invitation.pk).update(ended_at=clock.now())
    notices.retire_invitation(invitation)


def _ensure_not_a_member(organization: Organization, key: str) -> None:
    for membership in organization.memberships.select_related("user").order_by("pk"):
        if key == email_key(membership.user.email) or key in proved_keys(membership.user):
            raise DomainError(_("Người có địa chỉ này đã ở trong tổ chức."))


def _ensure_not_too_many(organization: Organization, key: str) -> None:
    lately = MemberInvitation.objects.filter(created_at__gt=clock.now() - timedelta(days=1))
    if (
        lately.filter(organization=organization).count() >= MOST_A_DAY
        or lately.filter(email_key=key).count() >= MOST_TO_AN_ADDRESS_A_DAY
    ):
        raise DomainError(_("Hôm nay đã gửi nhiều thư mời. Hãy gửi tiếp vào ngày mai."))


def _log(action: str, invitation: MemberInvitation, *, by: User, **data: object) -> None:
    subject = f"organization:{invitation.organization.public_id}"
    audit.record(action, subject, by=by, invitation=invitation.public_id, **data)
