"""An issue goes out once to each of its readers, whenever the stage is ended and begun again.

That it goes out, and to whom a letter was written, are rows; a letter and its row are one transaction,
and the outbox does the rest. Found by state: what has no row is still to do.
"""

from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from cms.pages.chosen import resolve
from cms.pages.models import IssuePage
from cms.publications.models import IssueSending, SentIssue, Subscription
from cms.publications.readers import is_restricted, readers_of
from cms.publications.subscribing import forget_unconfirmed, stop_path, subscription_of
from cms.publications.telling import ISSUE, RESTRICTED
from cms.sites.showing import front_of_page
from marketplace.core import clock
from marketplace.notifications.models import Notice
from marketplace.notifications.services import notify, write_to

BATCH: Final = 200
#: Titles that a letter names; the rest stands on the page.
_NAMED: Final = 8


def send_issues(limit: int = BATCH) -> int:
    return _begin(limit) + _write(limit) + forget_unconfirmed(limit)


def _begin(limit: int) -> int:
    new = IssuePage.objects.live().filter(goes_out=True, sending=None).order_by("pk")
    keys = list(new.values_list("pk", flat=True)[:limit])
    now = clock.now()
    IssueSending.objects.bulk_create(
        [IssueSending(issue_id=key, begun_at=now) for key in keys], ignore_conflicts=True
    )
    return len(keys)


def _write(limit: int) -> int:
    done = 0
    waiting = IssueSending.objects.filter(finished_at=None).order_by("pk")
    for sending in waiting.select_related("issue__locale"):
        written = _write_some(sending, limit - done)
        if not written:
            IssueSending.objects.filter(pk=sending.pk).update(finished_at=clock.now())
        # A sending that ended is work too, or the last one would wait for the next look.
        done += written or 1
        if done >= limit:
            break
    return done


def _write_some(sending: IssueSending, limit: int) -> int:
    issue = sending.issue
    if not issue.live:
        return 0
    # Asked anew with each batch: what became restricted meanwhile goes to its readers alone.
    if is_restricted(issue):
        readers = readers_of(issue).exclude(
            pk__in=sending.letters.exclude(reader=None).values("reader")
        )
        found = list(readers[:limit])
        for reader in found:
            _tell_reader(sending, reader)
        return len(found)
    rows = list(_subscribers(sending)[:limit])
    for subscription in rows:
        _write_to_subscriber(sending, subscription)
    return len(rows)


def _subscribers(sending: IssueSending) -> QuerySet[Subscription]:
    """Those who had confirmed when it went out, and have no letter yet."""
    return (
        Subscription.objects.filter(
            series_id=sending.issue.series_pk, confirmed_at__lte=sending.begun_at
        )
        .exclude(pk__in=sending.letters.exclude(subscription=None).values("subscription"))
        .order_by("pk")
    )


@transaction.atomic
def _write_to_subscriber(sending: IssueSending, subscription: Subscription) -> None:
    delivery = write_to(
        kind=ISSUE,
        email=subscription.email,
        language=sending.issue.language,
        dedupe_key=f"{ISSUE}:{sending.public_id}:{subscription.public_id}",
        context={"subscription": subscription.public_id, "sending": sending.public_id},
    )
    SentIssue.objects.create(
        sending=sending, subscription=subscription, delivery=delivery, at=clock.now()
    )


@transaction.atomic
def _tell_reader(sending: IssueSending, reader: Any) -> None:
    notice = notify(
        kind=RESTRICTED,
        recipient=reader,
        dedupe_key=f"{RESTRICTED}:{sending.public_id}",
        context={"series": sending.issue.series_title, "number": sending.issue.number},
        url=reverse("publications:open", args=[sending.public_id]),
    )
    delivery = notice.deliveries.first() if notice is not None else None
    SentIssue.objects.create(sending=sending, reader=reader, delivery=delivery, at=clock.now())


def letter_as_it_is(notice: Notice) -> dict[str, Any] | None:
    """The issue as anybody may read it when the letter leaves; none where that is over."""
    found = subscription_of(notice.context["subscription"])
    sending = (
        IssueSending.objects.filter(public_id=notice.context["sending"])
        .select_related("issue__locale")
        .first()
    )
    if found is None or sending is None or not sending.issue.live or is_restricted(sending.issue):
        return None
    issue = sending.issue
    notice.url = issue.url or ""
    named = resolve(issue.chosen.all(), front_of_page(issue))
    return notice.context | {
        "series": found.series.title,
        "number": issue.number,
        "title": issue.title,
        "introduction": issue.introduction,
        "titles": [item.record.title for item in named[:_NAMED]],
        "more": max(0, len(named) - _NAMED),
    }


def stop_path_of(notice: Notice) -> str:
    return stop_path(notice.context["subscription"])
