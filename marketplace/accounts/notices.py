"""What people are told about their organisations; kinds are registered when the app is ready."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.invitation_tokens import token_of
from marketplace.accounts.models import (
    MANAGING_ROLES,
    JoinRequest,
    MemberInvitation,
    MemberInvitationState,
    Membership,
    Organization,
    OwnershipTransfer,
    TransferState,
    User,
)
from marketplace.core.text import new_public_id
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.models import Notice
from marketplace.notifications.services import notify, retire_notices, write_to

INVITED = "membership.invited"
JOIN_REQUESTED = "membership.join_requested"
JOIN_ANSWERED = "membership.join_answered"
CHANGED = "membership.changed"
TRANSFER = "membership.transfer"
RESET = "account.second_factor_reset"


def register_notices() -> None:
    for kind in (
        NoticeKind(
            INVITED,
            _("Thư mời tham gia tổ chức"),
            "membership_invited",
            transactional=True,
            current=_invitation_now,
        ),
        NoticeKind(
            JOIN_REQUESTED,
            _("Có người xin tham gia tổ chức"),
            "membership_join_requested",
            digest=False,
        ),
        NoticeKind(
            JOIN_ANSWERED,
            _("Trả lời đề nghị tham gia tổ chức"),
            "membership_join_answered",
            transactional=True,
        ),
        NoticeKind(
            CHANGED,
            _("Thay đổi về thành viên của tổ chức"),
            "membership_changed",
            transactional=True,
        ),
        NoticeKind(
            TRANSFER, _("Chuyển quyền chủ tài khoản"), "membership_transfer", transactional=True
        ),
        NoticeKind(
            RESET, _("Xác thực hai lớp đã tắt"), "account_second_factor_reset", transactional=True
        ),
    ):
        register_kind(kind)


# --- letters of invitation --------------------------------------------------------------------


def send_invitation(invitation: MemberInvitation, *, language: str) -> None:
    """To the person's inbox where the address is an account's, else by a letter with the link."""
    known = _account_of(invitation)
    context = {"invitation": invitation.public_id, "organization": str(invitation.organization)}
    key = f"invited:{invitation.public_id}:{invitation.serial}"
    if known is None:
        write_to(
            kind=INVITED,
            email=invitation.email,
            language=language,
            dedupe_key=key,
            context=context,
        )
    else:
        notify(
            kind=INVITED,
            recipient=known,
            dedupe_key=key,
            context=context,
            url=reverse("accounts:my_organizations"),
        )


def _account_of(invitation: MemberInvitation) -> User | None:
    """Only by an address that was proved: another's unproved claim must not swallow the letter."""
    return User.objects.filter(
        is_active=True,
        emailaddress__verified=True,
        emailaddress__email__iexact=invitation.email,
    ).first()


def _invitation_now(notice: Notice) -> dict[str, Any] | None:
    """The letter as it is when it leaves. Its link is made here: the token lies in no table."""
    invitation = (
        MemberInvitation.objects.select_related("organization", "invited_by")
        .filter(public_id=notice.context["invitation"])
        .first()
    )
    if invitation is None or invitation.state != MemberInvitationState.OPEN:
        return None
    if not notice.pk:
        notice.url = reverse("accounts:join_by_letter", args=[token_of(invitation)])
    inviter = invitation.invited_by
    return notice.context | {
        "organization": str(invitation.organization),
        "inviter": inviter.get_short_name() if inviter else "",
        "role": str(invitation.get_role_display()),
        "expires_at": invitation.expires_at,
    }


def retire_invitation(invitation: MemberInvitation) -> None:
    retire_notices(f"invited:{invitation.public_id}:")


def tell_inviter(invitation: MemberInvitation, membership: Membership) -> None:
    if invitation.invited_by is None or not invitation.invited_by.is_active:
        return
    _tell_changed(invitation.invited_by, membership, what="joined")


# --- requests to join -------------------------------------------------------------------------


def tell_managers(asked: JoinRequest, *, again: bool = False) -> None:
    managers = User.objects.filter(
        is_active=True,
        memberships__organization=asked.organization,
        memberships__role__in=MANAGING_ROLES,
    )
    url = reverse("accounts:members", args=[asked.organization.public_id])
    _tell_request(asked, managers, url, step="again" if again else "first")


def tell_staff(asked: JoinRequest) -> None:
    """Whoever verifies organisations decides who belongs to one that does not answer."""
    staff = User.objects.filter(
        Q(is_superuser=True)
        | Q(
            groups__permissions__codename="verify_organization",
            groups__permissions__content_type__app_label="accounts",
        ),
        is_active=True,
        is_staff=True,
    )
    _tell_request(asked, staff, reverse("join_requests:index"), step="staff")


def _tell_request(asked: JoinRequest, people: QuerySet[User], url: str, *, step: str) -> None:
    for person in people.distinct().order_by("pk"):
        notify(
            kind=JOIN_REQUESTED,
            recipient=person,
            dedupe_key=f"join:{asked.public_id}:{step}",
            context={
                "organization": str(asked.organization),
                "person": asked.user.get_short_name(),
                "step": step,
            },
            url=url,
        )


def tell_answer(asked: JoinRequest, *, accepted: bool) -> None:
    retire_request(asked)
    notify(
        kind=JOIN_ANSWERED,
        recipient=asked.user,
        dedupe_key=f"join:{asked.public_id}:answer",
        context={"organization": str(asked.organization), "accepted": accepted},
        url=reverse("accounts:my_organizations"),
    )


def retire_request(asked: JoinRequest) -> None:
    retire_notices(f"join:{asked.public_id}:")


# --- roles ------------------------------------------------------------------------------------


def tell_of_change(membership: Membership, *, what: str) -> None:
    _tell_changed(membership.user, membership, what=what)


def tell_of_removal(
    organization: Organization, membership: Membership, *, heir: User, by: User, passed_on: int
) -> None:
    """Whoever was removed is told, and whoever has their work now."""
    if membership.user_id != by.pk:
        _tell_changed(membership.user, membership, what="removed", url="/")
    if passed_on and heir.pk != by.pk:
        _tell_changed(heir, membership, what="inherited", count=passed_on)


def _tell_changed(
    recipient: User, membership: Membership, *, what: str, url: str = "", count: int = 0
) -> None:
    organization = membership.organization
    notify(
        kind=CHANGED,
        recipient=recipient,
        # Told each time: a role may change to and fro.
        dedupe_key=f"membership:{what}:{new_public_id()}",
        context={
            "organization": str(organization),
            "person": membership.user.get_short_name(),
            "role": membership.role,
            "what": what,
            "count": count,
        },
        url=url or reverse("accounts:members", args=[organization.public_id]),
    )


# --- ownership --------------------------------------------------------------------------------


def tell_of_transfer(transfer: OwnershipTransfer, *, to: User) -> None:
    if transfer.state != TransferState.OPEN:
        retire_transfer(transfer)
    notify(
        kind=TRANSFER,
        recipient=to,
        dedupe_key=f"transfer:{transfer.public_id}:{transfer.state}",
        context={
            "organization": str(transfer.organization),
            "giver": transfer.giver.get_short_name(),
            "taker": transfer.taker.get_short_name(),
            "state": transfer.state,
        },
        url=reverse("accounts:transfer", args=[transfer.public_id]),
    )


def retire_transfer(transfer: OwnershipTransfer) -> None:
    retire_notices(f"transfer:{transfer.public_id}:{TransferState.OPEN}")


# --- the account ------------------------------------------------------------------------------


def tell_of_reset(user: User) -> None:
    notify(
        kind=RESET,
        recipient=user,
        dedupe_key=f"second-factor:{new_public_id()}",
        context={},
        url=reverse("mfa_index"),
    )
