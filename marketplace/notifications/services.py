"""Telling people: the only sender of business e-mail.

`notify` writes rows in the caller's transaction and nothing else: what was rolled back is never told,
and what was committed is told at least once by the tick `notifications.deliver`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.ticks import kick
from marketplace.notifications.kinds import NoticeKind, get_kind
from marketplace.notifications.models import (
    Delivery,
    DeliveryState,
    DeliveryTimes,
    Letter,
    Notice,
    Preference,
)
from marketplace.notifications.times import DIGEST_CLOSES, Times, awake, digest_slot


@transaction.atomic
def notify(
    *, kind: str, recipient: Any, dedupe_key: str, context: dict[str, Any], url: str = ""
) -> Notice | None:
    """Tells a person something once; None where they were told already.

    Args:
        kind: code of a registered kind.
        recipient: the user.
        dedupe_key: what makes it the same notice; unique for the person.
        context: plain values for the templates; never confidential text.
        url: where it leads, a path without language prefix.
    """
    registered = get_kind(kind)
    now = clock.now()
    made = Notice.objects.filter(recipient=recipient, dedupe_key=dedupe_key)
    if made.exists():
        return None
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=recipient,
                kind=kind,
                dedupe_key=dedupe_key,
                context=context,
                url=url,
                created_at=now,
            )
        ],
        ignore_conflicts=True,  # two ticks at once: the constraint decides
    )
    notice = made.get()
    if recipient.is_active:
        _plan_mail(notice, registered)
    kick("notifications.deliver")
    return notice


@transaction.atomic
def write_to(
    *, kind: str, email: str, language: str, dedupe_key: str, context: dict[str, Any]
) -> Delivery:
    """One mail to an address that belongs to no account, at once; nothing where it was written already.

    Args:
        kind: code of a registered kind.
        email, language: to whom, and in which language.
        dedupe_key: what makes it the same mail; unique.
        context: plain values for the templates; never a secret.
    """
    get_kind(kind)
    key = f"letter:{dedupe_key}"
    Delivery.objects.bulk_create(
        [Delivery(dedupe_key=key, not_before=clock.now(), created_at=clock.now())],
        ignore_conflicts=True,
    )
    delivery = Delivery.objects.get(dedupe_key=key)
    Letter.objects.get_or_create(
        delivery=delivery,
        defaults={"email": email, "language": language, "kind": kind, "context": context},
    )
    kick("notifications.deliver")
    return delivery


def _plan_mail(notice: Notice, kind: NoticeKind) -> None:
    mode = mode_for(notice.recipient, kind)
    if mode == Preference.Mode.OFF:
        return
    person = notice.recipient_id
    now = clock.now()
    if kind.transactional:
        # It answers something the person did a moment ago: no hour is quiet then.
        _deliver(notice, f"notice:{notice.pk}:email", now)
        return
    times = times_of(notice.recipient)
    if mode == Preference.Mode.IMMEDIATE:
        _deliver(notice, f"notice:{notice.pk}:email", awake(now, times))
        return
    first = f"first:{person}:{clock.today():%Y-%m-%d}:email"
    if not Delivery.objects.filter(dedupe_key=first).exists():
        _deliver(notice, first, awake(now, times))
        return
    day, leaves = digest_slot(now, times)
    # Whoever moves the hour gets a digest of that hour: the one of the old hour may have left.
    hour = "" if times.digest_at == DIGEST_CLOSES else f"T{times.digest_at:%H%M}"
    _deliver(notice, f"digest:{person}:{day:%Y-%m-%d}{hour}:email", leaves, is_digest=True)


def times_of(user: Any) -> Times:
    """When the person wants mails."""
    chosen = DeliveryTimes.objects.filter(user=user).first()
    if chosen is None:
        return Times()
    return Times(chosen.quiet_from, chosen.quiet_to, chosen.digest_at)


def set_times(user: Any, times: Times) -> None:
    """What waits already leaves when it was to leave; from now on the new hours hold."""
    DeliveryTimes.objects.update_or_create(
        user=user,
        defaults={
            "quiet_from": times.quiet_from,
            "quiet_to": times.quiet_to,
            "digest_at": times.digest_at,
        },
    )


def _deliver(notice: Notice, key: str, not_before: datetime, *, is_digest: bool = False) -> None:
    Delivery.objects.bulk_create(
        [
            Delivery(
                recipient_id=notice.recipient_id,
                dedupe_key=key,
                is_digest=is_digest,
                not_before=not_before,
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    Delivery.objects.get(dedupe_key=key).notices.add(notice)


def mode_for(user: Any, kind: NoticeKind) -> str:
    if kind.transactional:
        return Preference.Mode.IMMEDIATE
    chosen = Preference.objects.filter(user=user, kind=kind.code).first()
    if chosen is not None:
        return chosen.mode
    return Preference.Mode.DIGEST if kind.digest else Preference.Mode.IMMEDIATE


@transaction.atomic
def retire_notices(dedupe_prefix: str) -> int:
    """What these notices told is no longer so: they leave the inbox and their mail is not sent."""
    retired = Notice.objects.filter(dedupe_key__startswith=dedupe_prefix, retired_at=None).update(
        retired_at=clock.now()
    )
    if retired:
        # A mail of several notices stays while one of them still holds; delivery looks again.
        pending = Delivery.objects.filter(
            state=DeliveryState.PENDING, notices__dedupe_key__startswith=dedupe_prefix
        ).exclude(pk__in=Delivery.objects.filter(notices__retired_at=None).values("pk"))
        Delivery.objects.filter(pk__in=list(pending.values_list("pk", flat=True))).update(
            state=DeliveryState.CANCELLED
        )
    return retired


@transaction.atomic
def retire_reached(dedupe_prefix: str) -> list[int]:
    """Retires these notices, and says whom one of them had reached: read, or mailed or being mailed."""
    told = Notice.objects.filter(dedupe_key__startswith=dedupe_prefix, retired_at=None)
    mailed = Q(deliveries__state__in=(DeliveryState.SENT, DeliveryState.CLAIMED))
    reached = told.filter(~Q(read_at=None) | mailed).order_by("recipient").distinct()
    people = list(reached.values_list("recipient", flat=True))
    retire_notices(dedupe_prefix)
    return people


@transaction.atomic
def revise_notices(
    dedupe_prefix: str, revise: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> None:
    """Changes what notices say, as when one of the things they list is gone; None retires one.

    What was mailed already is mailed; inbox and mails still to leave follow.
    """
    for notice in Notice.objects.filter(dedupe_key__startswith=dedupe_prefix, retired_at=None):
        context = revise(notice.context)
        if context is None:
            retire_notices(notice.dedupe_key)
        elif context != notice.context:
            Notice.objects.filter(pk=notice.pk).update(context=context)


def set_preference(user: Any, *, kind: str, mode: str) -> None:
    registered = get_kind(kind)
    if registered.transactional:
        return
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"mode": mode})


def mark_read(user: Any, *, pks: list[int] | None = None) -> int:
    notices = Notice.objects.filter(recipient=user, read_at=None)
    if pks is not None:
        notices = notices.filter(pk__in=pks)
    return notices.update(read_at=clock.now())


@transaction.atomic
def send_again(delivery: Delivery, *, by: Any) -> None:
    """A dead letter goes back into the outbox, its attempts forgotten; what was sent is never sent twice."""
    now = clock.now()
    revived = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DEAD).update(
        state=DeliveryState.PENDING, attempts=0, not_before=now, claim="", claimed_until=None
    )
    if not revived:
        raise InvalidTransition(_("Thư này không còn ở hàng không gửi được."))
    audit.record("delivery.sent_again", f"delivery:{delivery.pk}", by=by)
    kick("notifications.deliver")


@transaction.atomic
def withdraw_delivery(delivery: Delivery, *, by: Any) -> None:
    """A mail that has not left does not leave; what it would have told goes from the inbox, unless it was read
    there.

    Raises:
        InvalidTransition: it has left, is leaving, or was withdrawn already.
    """
    now = clock.now()
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING)
    if not waiting.update(state=DeliveryState.CANCELLED):
        raise InvalidTransition(_("Thư này đã gửi hoặc đang gửi nên không rút lại được."))
    Letter.objects.filter(delivery=delivery).update(email="")
    Notice.objects.filter(deliveries=delivery, read_at=None, retired_at=None).update(retired_at=now)
    audit.record("delivery.withdrawn", f"delivery:{delivery.pk}", by=by)
