"""The outbox leaves: claim, commit, send, mark. Killed in between, the claim runs out and it is sent again."""

import uuid
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import translation

from marketplace.core import clock
from marketplace.notifications.channels import CHANNELS, ChannelDown, Refused
from marketplace.notifications.kinds import get_kind
from marketplace.notifications.models import Delivery, DeliveryState, Letter, Notice
from marketplace.notifications.services import retire_notices

logger = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=2)
BATCH = 50
#: What becomes of a letter when nobody needs its address any more; a dead one may be sent again.
_FORGETTING = (DeliveryState.SENT, DeliveryState.CANCELLED)
MAX_ATTEMPTS = 8
#: While the service is down: looked at again soon, and no attempt is counted.
DOWN_RETRY = timedelta(seconds=30)


def due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        Q(state=DeliveryState.PENDING, not_before__lte=now)
        | Q(state=DeliveryState.CLAIMED, claimed_until__lte=now)
    ).order_by("not_before", "pk")


def deliver_batch(limit: int = BATCH) -> int:
    """Sends what is due; returns how many rows were moved on."""
    now = clock.now()
    moved = 0
    for pk in list(due(now).values_list("pk", flat=True)[:limit]):
        claim = uuid.uuid4().hex
        # The condition is in the UPDATE: of two workers one gets the row.
        if (
            not due(now)
            .filter(pk=pk)
            .order_by()
            .update(
                state=DeliveryState.CLAIMED,
                claim=claim,
                claimed_until=now + CLAIM,
                attempts=F("attempts") + 1,
            )
        ):
            continue
        delivery = Delivery.objects.select_related("recipient", "letter").get(pk=pk)
        try:
            send_claimed(delivery)
        except ChannelDown as error:
            _finish(
                delivery,
                state=DeliveryState.PENDING,
                not_before=clock.now() + DOWN_RETRY,
                attempts=delivery.attempts - 1,
                last_error=str(error)[:200],
            )
            logger.warning("mail service is down", error=str(error))
            break
        moved += 1
    return moved


def send_claimed(delivery: Delivery) -> None:
    notices = _told_by(delivery)
    if not notices or not delivery.addressee.is_active:
        _finish(delivery, state=DeliveryState.CANCELLED)
        return
    notices = _current(notices, delivery.addressee.language)
    if not notices:
        _finish(delivery, state=DeliveryState.CANCELLED)
        return
    try:
        CHANNELS[delivery.channel].send(delivery, notices)
    except ChannelDown:
        raise
    except Refused as error:
        _finish(delivery, state=DeliveryState.DEAD, last_error=str(error)[:200])
    except Exception as error:
        logger.exception("delivery failed", delivery=delivery.pk)
        _retry_or_bury(delivery, error)
    else:
        _finish(delivery, state=DeliveryState.SENT, sent_at=clock.now(), last_error="")


def _told_by(delivery: Delivery) -> list[Notice]:
    if delivery.recipient is None:
        return [delivery.letter.as_notice()]
    notices = list(delivery.notices.filter(retired_at=None).order_by("pk"))
    for notice in notices:
        notice.recipient = delivery.recipient
    return notices


def _current(notices: list[Notice], language: str) -> list[Notice]:
    """The notices with what they say by now; one of which nothing is left is retired."""
    kept = []
    for notice in notices:
        renew = get_kind(notice.kind).current
        if renew is not None:
            with translation.override(language):
                context = renew(notice)
            if context is None:
                if notice.pk:
                    retire_notices(notice.dedupe_key)
                continue
            notice.context = context
        kept.append(notice)
    return kept


def _retry_or_bury(delivery: Delivery, error: Exception) -> None:
    # The class alone: a server's answer may repeat the address.
    name = type(error).__name__
    if delivery.attempts >= MAX_ATTEMPTS:
        _finish(delivery, state=DeliveryState.DEAD, last_error=name)
        return
    wait = timedelta(minutes=2 ** min(delivery.attempts, 8))
    _finish(delivery, state=DeliveryState.PENDING, not_before=clock.now() + wait, last_error=name)


def _finish(delivery: Delivery, **changes: object) -> None:
    # Only while the claim is still ours: a slow sender must not overwrite its successor.
    ended = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(
        claim="", **changes
    )
    if ended and delivery.recipient is None and changes["state"] in _FORGETTING:
        Letter.objects.filter(delivery=delivery).update(email="")


def outbox_health() -> tuple[bool, str]:
    """Whether anything has been due for longer than ten minutes (mail server down, worker stopped)."""
    oldest = due(clock.now()).values_list("not_before", flat=True).first()
    age = clock.now() - oldest if oldest else timedelta(0)
    return age < timedelta(minutes=10), f"{age.total_seconds():.0f} s"
