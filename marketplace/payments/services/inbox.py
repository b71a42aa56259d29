"""Calls of providers: stored as they come, and handled by asking the provider what holds now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.models import Q

from marketplace.core import clock
from marketplace.payments import providers
from marketplace.payments.models import Payment, WebhookEvent
from marketplace.payments.providers import Event, ProviderProblem
from marketplace.payments.services.remote import apply_remote, open_at_provider, pause_after
from marketplace.payments.states import EventState

logger = structlog.get_logger(__name__)

STAGE: Final = "payments.inbox"
#: A call about something that is not ours (yet) is looked at so often, over about a day.
_MOST_TRIES: Final = 8


def store_event(provider: str, event: Event) -> None:
    """One INSERT and nothing else; a repeat changes nothing.

    Written out, since it commits by itself: Django would begin and end a transaction around it, which made
    three questions of one.
    """
    row = WebhookEvent(
        provider=provider,
        event_id=event.event_id[:255],
        kind=event.kind[:80],
        object_id=event.object_id[:255],
        hint=event.hint[:40],
    )
    fields = [field for field in WebhookEvent._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    table = connection.ops.quote_name(WebhookEvent._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        # Names of this model alone; what the provider said stands in the parameters.
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608
            values,
        )


def inbox_batch(limit: int = 500) -> int:
    """Handles what has come: all that was said of one payment by asking once."""
    rows = WebhookEvent.objects.filter(state=EventState.NEW, next_try_at__lte=clock.now())
    events = list(rows.order_by("next_try_at", "pk")[:limit])
    by_payment, strangers = _sorted(events)
    for payment, about in by_payment:
        _handle(payment, about)
    for event in strangers:
        _try_later(event)
    return len(events)


def _sorted(
    events: Sequence[WebhookEvent],
) -> tuple[list[tuple[Payment, list[WebhookEvent]]], list[WebhookEvent]]:
    names = {event.object_id for event in events}
    hints = {event.hint for event in events if event.hint}
    found = Payment.objects.filter(
        Q(provider_reference__in=names) | Q(provider_charge__in=names) | Q(public_id__in=hints)
    ).select_related("account")
    known: dict[tuple[str, str], Payment] = {}
    for payment in found.order_by("pk"):
        for name in (payment.provider_reference, payment.provider_charge, payment.public_id):
            if name:
                known[payment.provider, name] = payment
    about: dict[int, list[WebhookEvent]] = defaultdict(list)
    payments: dict[int, Payment] = {}
    strangers = []
    for event in events:
        # By its own name first: what a caller wrote into a hint decides nothing but where to look.
        match = known.get((event.provider, event.object_id))
        match = match or known.get((event.provider, event.hint))
        if match is None:
            strangers.append(event)
        else:
            payments[match.pk] = match
            about[match.pk].append(event)
    return [(payments[pk], rows) for pk, rows in about.items()], strangers


def _handle(payment: Payment, events: Sequence[WebhookEvent]) -> None:
    keys = [event.pk for event in events]
    tries = max(event.tries for event in events)
    try:
        if not payment.provider_reference:
            # The call was quicker than the answer that names it: opened again, it is the same one.
            open_at_provider(payment)
        remote = providers.remote(payment.provider).fetch(payment)
    except (ProviderProblem, LookupError) as problem:
        logger.warning("inbox", payment=payment.public_id, problem=type(problem).__name__)
        WebhookEvent.objects.filter(pk__in=keys).update(
            tries=tries + 1, next_try_at=clock.now() + pause_after(tries)
        )
        return
    with transaction.atomic():
        apply_remote(payment, remote)
        WebhookEvent.objects.filter(pk__in=keys).update(
            state=EventState.DONE, handled_at=clock.now()
        )


def _try_later(event: WebhookEvent) -> None:
    row = WebhookEvent.objects.filter(pk=event.pk)
    if event.tries + 1 >= _MOST_TRIES:
        row.update(state=EventState.IGNORED, handled_at=clock.now(), tries=event.tries + 1)
        return
    pause = timedelta(minutes=2) * 3**event.tries
    row.update(tries=event.tries + 1, next_try_at=clock.now() + min(pause, timedelta(hours=12)))
