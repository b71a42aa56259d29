"""What of the exchange belongs in an issue by its filters: kinds, fields and days."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Q

from marketplace.accounts.fronts import Front
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS
from marketplace.research.models import Result

#: Of one kind; an issue is read by people.
MOST: Final = 30


def addresses_for(
    kinds: Iterable[str],
    *,
    fields: list[str],
    since: date | None,
    until: date | None,
    front: Front,
) -> list[str]:
    """Paths of records that a site shows in one of these fields (any, where none is named), newest first."""
    found: list[str] = []
    for kind in kinds:
        if kind == "result":
            found += _addresses(_results(fields, since, until).order_by("-published_on", "-pk"))
        elif kind in LISTING_MODELS:
            rows = _listings(LISTING_MODELS[kind], fields, since, until).shown_on(front)
            found += _addresses(rows.order_by("-first_published_at", "-pk"))
    return found


def _addresses(rows: Any) -> list[str]:
    return [row.get_absolute_url().removeprefix("/en") for row in rows[:MOST]]


def _listings(model: Any, fields: list[str], since: date | None, until: date | None) -> Any:
    rows = model.objects.public()
    if fields:
        rows = rows.in_fields(*fields)
    if since:
        rows = rows.filter(first_published_at__gte=_morning(since))
    if until:
        rows = rows.filter(first_published_at__lt=_morning(until + timedelta(days=1)))
    return rows


def _results(fields: list[str], since: date | None, until: date | None) -> Any:
    rows = Result.objects.public()
    if fields:
        wanted = Q(pk__in=[])
        for code in fields:
            wanted |= Q(field_trail__contains=f"|{code}|")
        rows = rows.filter(wanted)
    if since:
        rows = rows.filter(published_on__gte=since)
    if until:
        rows = rows.filter(published_on__lte=until)
    return rows


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.VIETNAM)
