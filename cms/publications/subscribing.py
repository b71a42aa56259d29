"""Receiving a series by mail: asked for on its page, confirmed by a link, ended by one click."""

from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.pages.limits import is_too_many
from cms.publications.models import Subscription
from cms.publications.readers import is_restricted
from cms.publications.telling import CONFIRM
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.notifications.models import Notice
from marketplace.notifications.services import write_to

#: For how long an address is kept that nobody confirms, and for how long the link is good.
UNCONFIRMED: Final = timedelta(days=7)
#: Addresses that one network address may enter in a day: an office behind one, and no list of strangers.
MOST_ASKED: Final = 10
_BATCH: Final = 500
CONFIRM_SALT: Final = "cms.publications.confirm"
STOP_SALT: Final = "cms.publications.stop"


class CannotSubscribe(DomainError):
    """The address is none, or too many were entered from one place."""


@transaction.atomic
def subscribe(series: Any, email: str, *, address: str) -> None:
    """Sends the link by which the reader confirms; says to nobody whether the address is known.

    Raises:
        CannotSubscribe: see there; or the series is not for everybody.
    """
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CannotSubscribe(_("Hãy nhập địa chỉ email đầy đủ, thí dụ ten@congty.vn.")) from error
    if is_restricted(series):
        raise CannotSubscribe(_("Ấn phẩm này chỉ gửi đến người được chọn."))
    if is_too_many("subscribe", address, most=MOST_ASKED):
        raise CannotSubscribe(
            _("Hôm nay nơi này đã đăng ký nhiều địa chỉ. Hãy thử lại vào ngày mai.")
        )
    found, _made = Subscription.objects.get_or_create(
        series_id=series.pk,
        email_key=email.casefold(),
        defaults={"email": email, "asked_at": clock.now()},
    )
    if found.confirmed_at is not None:
        return
    # Asked again, the time for the link begins again; one letter a day whoever asks how often.
    Subscription.objects.filter(pk=found.pk, confirmed_at=None).update(asked_at=clock.now())
    write_to(
        kind=CONFIRM,
        email=found.email,
        language=series.language,
        dedupe_key=f"{CONFIRM}:{found.public_id}:{clock.today()}",
        context={"subscription": found.public_id},
    )


def confirm(token: str) -> Subscription | None:
    """From now on the series goes there. None where the address is not known, or was not confirmed in time.

    Raises:
        BadSignature: the token is none of ours.
    """
    found = to_confirm(token)
    if found is None:
        return None
    Subscription.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=clock.now())
    return subscription_of(found.public_id)


def to_confirm(token: str) -> Subscription | None:
    found = subscription_of(signing.loads(token, salt=CONFIRM_SALT))
    if found is None or (found.confirmed_at is None and found.asked_at < clock.now() - UNCONFIRMED):
        return None
    return found


def to_stop(token: str) -> Subscription | None:
    return subscription_of(signing.loads(token, salt=STOP_SALT))


def stop(token: str) -> None:
    """The address is forgotten at once; what was sent stays counted."""
    Subscription.objects.filter(public_id=signing.loads(token, salt=STOP_SALT)).delete()


def subscription_of(key: str) -> Subscription | None:
    found: Subscription | None = (
        Subscription.objects.filter(public_id=key).select_related("series__locale").first()
    )
    return found


def forget_unconfirmed(limit: int = _BATCH) -> int:
    old = Subscription.objects.filter(
        confirmed_at=None, asked_at__lt=clock.now() - UNCONFIRMED
    ).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:limit])
    Subscription.objects.filter(pk__in=keys, confirmed_at=None).delete()
    return len(keys)


def confirm_path(key: str) -> str:
    return reverse("publications:confirm", args=[signing.dumps(key, salt=CONFIRM_SALT)])


def stop_path(key: str) -> str:
    return reverse("publications:stop", args=[signing.dumps(key, salt=STOP_SALT)])


def confirmation_as_it_is(notice: Notice) -> dict[str, Any] | None:
    """What the letter says when it leaves; the link lies in no row."""
    found = subscription_of(notice.context["subscription"])
    if found is None or found.confirmed_at is not None:
        return None
    notice.url = confirm_path(found.public_id)
    return notice.context | {"series": found.series.title}
