"""Keys of organisations: made, shown once, used within their scope and rate, taken back."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.api.models import KeyScope, OrganizationKey
from marketplace.api.requests import BadRequest, bearer, by_key, is_beyond, no_key
from marketplace.core import audit, clock
from marketplace.core.access_keys import find_key, new_key
from marketplace.core.errors import DomainError, InvalidTransition

#: A key has to be made anew after at most so long.
LONGEST: Final = timedelta(days=366)
#: Usable keys of one organisation: more is a sign that nobody looks after them.
MOST: Final = 10
#: The last use is written once in so long: many requests, one write.
_WRITTEN_EVERY: Final = timedelta(minutes=10)


@transaction.atomic
def create_key(
    organization: Organization, *, name: str, scopes: list[str], last_day: date, by: User
) -> tuple[OrganizationKey, str]:
    """A new key and its text, which is not kept and cannot be shown again.

    Raises:
        DomainError: nothing to be opened, a day out of reach, or too many keys.
    """
    wanted = [scope.value for scope in KeyScope if scope.value in scopes]
    if not wanted:
        raise DomainError(_("Chọn ít nhất một việc mà khóa được làm."))
    today = clock.today()
    if not today < last_day <= today + LONGEST:
        raise DomainError(_("Chọn một ngày sau hôm nay, tối đa một năm."))
    # Two at the same moment come one after the other, and the second is counted.
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if OrganizationKey.objects.usable().filter(organization=organization).count() >= MOST:
        raise DomainError(
            _("Tổ chức đã có %(most)s khóa còn dùng được. Thu hồi khóa không dùng nữa trước.")
            % {"most": MOST}
        )
    values, text = new_key(name=name, by=by)
    key = OrganizationKey.objects.create(
        organization=organization,
        scopes=wanted,
        expires_at=datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=clock.VIETNAM),
        **values,
    )
    _record("created", key, by, scopes=wanted, until=last_day.isoformat())
    return key, text


@transaction.atomic
def revoke_key(key: OrganizationKey, *, by: User) -> None:
    """From now on it opens nothing."""
    rows = OrganizationKey.objects.filter(pk=key.pk, revoked_at=None)
    if not rows.update(revoked_at=clock.now(), revoked_by=by):
        raise InvalidTransition(_("Khóa này đã được thu hồi trước đó."))
    _record("revoked", key, by)


def _record(act: str, key: OrganizationKey, by: User, **data: Any) -> None:
    subject = f"organization:{key.organization.public_id}"
    audit.record(f"api_key.{act}", subject, by=by, key=key.prefix, **data)


def organization_key_of(text: str) -> OrganizationKey | None:
    """The usable key that this text is; None for anything else."""
    key = find_key(OrganizationKey.objects.usable().select_related("organization"), text)
    if key is not None:
        _note_use(key)
    return key


def _note_use(key: OrganizationKey) -> None:
    now = clock.now()
    stale = now - _WRITTEN_EVERY
    if key.last_used_at is None or key.last_used_at < stale:
        # The condition again in the UPDATE: of many requests at once one writes.
        OrganizationKey.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lt=stale), pk=key.pk
        ).update(last_used_at=now)


def authenticated(request: HttpRequest, scope: KeyScope | None = None) -> OrganizationKey:
    """The key a request brings, within its scope and rate.

    Raises:
        BadRequest: 401 without a usable key, 403 outside of its scope, 429 beyond its rate.
    """
    key = organization_key_of(bearer(request))
    if key is None:
        raise no_key()
    if is_beyond(f"api.{key.pk}", 1, limit=settings.API_REQUESTS_A_MINUTE):
        raise BadRequest(
            _("Mỗi phút tối đa %(limit)s yêu cầu từ một khóa. Hãy thử lại sau một phút.")
            % {"limit": settings.API_REQUESTS_A_MINUTE},
            status=429,
            code="too_many",
        )
    if scope is not None and scope.value not in key.scopes:
        raise BadRequest(
            _("Khóa này không được làm việc đó: cần %(scope)s.") % {"scope": scope.value},
            status=403,
            code="out_of_scope",
        )
    return key


def by_organization_key(*methods: str, scope: KeyScope | None = None) -> Any:
    """A view for programs of organisations; it gets the key."""
    return by_key(*methods, key=partial(authenticated, scope=scope))
