"""Reports on the use of results that came in: hung on the result they name, told once, counted.

Found by state, so whatever comes first and whoever is killed, the next round does what is left: a
report that names another result than it hangs on, and one whose result was not counted since.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from marketplace.accounts.names import organization_key
from marketplace.core import clock
from marketplace.core.text import fold
from marketplace.research.models import (
    OWN_SOURCE,
    Application,
    OldIdentifier,
    Result,
)
from marketplace.research.numbers import number_key
from marketplace.research.uses import count_uses, hold_results
from marketplace.sources.models import Source
from marketplace.sources.services.ties import spellings
from marketplace.sources.visibility import MERGED, hidden_because

_BATCH: Final = 500


def settle_numbered(numbers: Iterable[str]) -> None:
    """What came in names these numbers, or has them: reports that wait for one are tied and counted."""
    keys = {key for number in numbers if (key := number_key(number))}
    waiting = Application.objects.to_tie()
    if keys and waiting.exists():
        for part in _parts(sorted(keys)):
            _tie(waiting.filter(result_key__in=part))
    while settle_batch():
        pass


def tie_applications() -> int:
    """What settling while things came in did not see; the stage `sources.applications`."""
    tied, last = 0, 0
    while found := list(
        Application.objects.to_tie()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    ):
        tied += _tie(Application.objects.filter(pk__in=found))
        last = found[-1]
    return tied


def settle_batch(limit: int = _BATCH) -> int:
    """Brings the results of changed reports to what their reports say; the stage `sources.uses`."""
    with transaction.atomic():
        stale = list(
            Application.objects.stale("counted_version")
            .order_by("pk")
            .values_list("pk", "content_version", "result", "counted_on")[:limit]
        )
        results = {one for _pk, _version, *keys in stale for one in keys}
        held = hold_results(results)
        _tell_once(held)
        count_uses(results)
        Application.mark_done("counted_version", [(pk, version) for pk, version, *_rest in stale])
    return len(stale)


def _tie(waiting: QuerySet[Application]) -> int:
    """Hangs these reports on the results they name; one that names none, or several, waits."""
    tied = 0
    asked = list(waiting.order_by("pk").values_list("pk", "source", "result_number", "result"))
    found = _Numbered([(source, number) for _pk, source, number, _held in asked])
    with transaction.atomic():
        # What they hang on now and from now on, before any report: see `hold_results`.
        chosen = {pk: found.chosen(source, number) for pk, source, number, _held in asked}
        hold_results([*chosen.values(), *(held for *_rest, held in asked)])
        for pk, _source, number, held in asked:
            result = chosen[pk]
            rows = Application.objects.filter(pk=pk, result_number=number, result=held)
            if result is None:
                if held is not None:
                    rows.update(result=None, tied_number="")
            elif result == held:
                rows.update(tied_number=number)
            else:
                tied += rows.update(result=result, tied_number=number)
    return tied


class _Numbered:
    """Results by the numbers that reports name, in one look for all of them."""

    def __init__(self, asked: list[tuple[str, str]]) -> None:
        written = {spelling for _source, number in asked for spelling in spellings(number)}
        self.found: dict[str, dict[int, str]] = {}
        columns = ("archive_number", "result_code", "certificate_number")
        standing = Result.objects.exclude(withdrawal_reason=MERGED)
        for part in _parts(sorted(written)):
            condition = Q(pk__in=[])
            for column in columns:
                condition |= Q(**{f"{column}__in": part})
            for pk, source, *numbers in standing.filter(condition).values_list(
                "pk", "source", *columns
            ):
                self._note(pk, source, numbers)
        # A result that another was joined to has its numbers and its "source:id" since.
        keys = {number_key(number) for _source, number in asked}
        for part in _parts(sorted(keys)):
            old = OldIdentifier.objects.filter(key__in=part, result__isnull=False)
            for key, pk, source in old.values_list("key", "result", "result__source"):
                self.found.setdefault(key, {})[pk] = source
        self.named: dict[tuple[str, str], int] = {}
        self._note_named(asked)

    def _note(self, pk: int, source: str, numbers: Iterable[str]) -> None:
        for number in filter(None, numbers):
            self.found.setdefault(number_key(number), {})[pk] = source

    def _note_named(self, asked: list[tuple[str, str]]) -> None:
        places: dict[str, set[str]] = {}
        for source, number in asked:
            places.setdefault(source, set()).add(number)
            other, colon, identifier = number.partition(":")
            if colon:
                places.setdefault(other, set()).add(identifier)
        standing = Result.objects.exclude(withdrawal_reason=MERGED)
        for source, identifiers in places.items():
            for part in _parts(sorted(identifiers)):
                rows = standing.filter(source=source, source_id__in=part)
                for pk, identifier in rows.values_list("pk", "source_id"):
                    self.named[source, identifier] = pk

    def chosen(self, source: str, number: str) -> int | None:
        """The one result of this number, that of the report's own source before others; else the one
        of this identifier."""
        results = self.found.get(number_key(number), {})
        own = [pk for pk, holder in results.items() if holder == source]
        for known in (own, list(results)):
            if len(known) == 1:
                return known[0]
            if known:
                return None
        other, _colon, identifier = number.partition(":")
        return self.named.get((source, number)) or self.named.get((other, identifier))


def _tell_once(results: list[Result]) -> None:
    """Of reports that several sources send on one use, one stands: that of the unit itself before
    those of sources, else the one that came first. The others come back when it goes."""
    told: dict[tuple[object, ...], list[Application]] = {}
    rows = Application.objects.filter(result__in=results)
    rows = rows.filter(Q(withdrawn_at=None) | Q(withdrawal_reason=MERGED))
    for one in rows.order_by("pk"):
        user = organization_key(one.organization_name) or fold(one.organization_name)
        told.setdefault((one.result_id, one.year_number, user, fold(one.place)), []).append(one)
    for same in told.values():
        same.sort(key=lambda one: (one.source != OWN_SOURCE, one.pk))
        if same[0].withdrawn_at is not None:
            _show(same[0])
        for one in same[1:]:
            if one.withdrawn_at is None:
                Application.objects.filter(pk=one.pk).update(
                    withdrawn_at=clock.now(), withdrawal_reason=MERGED
                )


def _show(one: Application) -> None:
    source = Source.objects.filter(slug=one.source).first()
    reason = hidden_because(source) if source else ""
    Application.objects.filter(pk=one.pk).update(
        withdrawn_at=clock.now() if reason else None, withdrawal_reason=reason
    )


def _parts(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
