"""People who found their organisation and ask to be let in."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts import notices
from marketplace.accounts.models import (
    JoinRequest,
    JoinRequestState,
    Membership,
    Organization,
    Role,
    User,
)
from marketplace.accounts.services.members import (
    NotAllowed,
    add_member,
    ensure_may_assign,
    has_active_owner,
    lock_organization,
)
from marketplace.accounts.states import JOIN_REQUEST_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition

#: Owners are asked once more after these days, and staff decide after those.
REMIND_AFTER = timedelta(days=3)
STAFF_AFTER = timedelta(days=7)
MOST_OPEN = 5


@transaction.atomic
def ask_to_join(organization: Organization, *, user: User, note: str = "") -> JoinRequest:
    """Asks the owners; staff at once where the organisation has no owner who could answer."""
    organization = lock_organization(organization)
    if not organization.is_claimed:
        raise DomainError(_("Tổ chức này chưa có tài khoản trên sàn. Hãy đề nghị nhận hồ sơ."))
    if Membership.objects.filter(user=user, organization=organization).exists():
        raise DomainError(_("Bạn đã ở trong tổ chức này."))
    if user.join_requests.open().count() >= MOST_OPEN:
        raise DomainError(_("Bạn đang có nhiều đề nghị chờ trả lời. Hãy rút bớt rồi gửi tiếp."))
    try:
        with transaction.atomic():
            asked = JoinRequest.objects.create(
                organization=organization, user=user, note=note.strip()[:500]
            )
    except IntegrityError as error:
        raise DomainError(_("Bạn đã gửi đề nghị đến tổ chức này và đang chờ trả lời.")) from error
    _log("join.asked", asked, by=user)
    if has_active_owner(organization):
        notices.tell_managers(asked)
    else:
        _pass_to_staff(asked)
    return asked


@transaction.atomic
def answer_join_request(
    asked: JoinRequest, *, accept: bool, by: User, role: str = Role.VIEWER, as_staff: bool = False
) -> None:
    """Lets the person in, in a role, or not.

    Args:
        as_staff: staff decide, which they may once the request was passed to them.
    """
    organization = lock_organization(asked.organization)
    current = JoinRequest.objects.select_related("organization", "user").get(pk=asked.pk)
    if as_staff:
        if current.passed_to_staff_at is None:
            raise NotAllowed
    else:
        ensure_may_assign(by, organization, role if accept else Role.VIEWER)
    state = JoinRequestState.ACCEPTED if accept else JoinRequestState.DECLINED
    transition(current, state, table=JOIN_REQUEST_TRANSITIONS, by=by)
    JoinRequest.objects.filter(pk=current.pk).update(answered_at=clock.now(), answered_by=by)
    if accept:
        add_member(organization, current.user, role, by=by)
    notices.tell_answer(current, accepted=accept)


@transaction.atomic
def withdraw_join_request(asked: JoinRequest, *, by: User) -> None:
    transition(asked, JoinRequestState.WITHDRAWN, table=JOIN_REQUEST_TRANSITIONS, by=by)
    JoinRequest.objects.filter(pk=asked.pk).update(answered_at=clock.now())
    notices.retire_request(asked)


def follow_up_batch(limit: int = 100) -> int:
    """Reminds owners who have not answered, then passes the question on to staff."""
    now = clock.now()
    late = JoinRequest.objects.open().filter(
        passed_to_staff_at=None, asked_at__lte=now - STAFF_AFTER
    )
    slow = JoinRequest.objects.open().filter(
        passed_to_staff_at=None,
        reminded_at=None,
        asked_at__range=(now - STAFF_AFTER, now - REMIND_AFTER),
    )
    done = 0
    for asked in late.select_related("organization", "user").order_by("pk")[:limit]:
        with transaction.atomic():
            _pass_to_staff(asked)
        done += 1
    for asked in slow.select_related("organization", "user").order_by("pk")[:limit]:
        with transaction.atomic():
            if JoinRequest.objects.filter(pk=asked.pk, reminded_at=None).update(reminded_at=now):
                notices.tell_managers(asked, again=True)
        done += 1
    return done


def _pass_to_staff(asked: JoinRequest) -> None:
    now = clock.now()
    open_ones = JoinRequest.objects.open().filter(pk=asked.pk, passed_to_staff_at=None)
    if open_ones.update(passed_to_staff_at=now):
        asked.passed_to_staff_at = now
        _log("join.passed_to_staff", asked, by="accounts.joining")
        notices.tell_staff(asked)


def _log(action: str, asked: JoinRequest, *, by: object) -> None:
    subject = f"organization:{asked.organization.public_id}"
    audit.record(action, subject, by=by, request=asked.public_id)
