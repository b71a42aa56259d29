"""The stage `alerted_version`: new and changed documents are run against all saved searches.

Three steps, each found by state and each in a transaction of its own: a saved search learns what it
finds already, new documents become hits, hits are told. Killed anywhere, it is done again, and the
constraint on hits makes each document alert a search once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from marketplace.core import clock
from marketplace.notifications.models import SavedSearch, SavedSearchHit
from search.documents import Document
from search.engines import SearchUnavailable
from search.queries import Hit
from search.registry import Source, source, sources
from search.reverse import Answers, answering, scratch_index
from search.searching import find

logger = structlog.get_logger(__name__)

MARK: Final = "alerted_version"
#: Documents run against all searches at once.
BATCH: Final = 10_000
#: Rows that are only marked, in one transaction: SQLite's writers wait for each other.
PASSED_AT_ONCE: Final = 5_000
#: A search that finds more when it is saved does not write down each of them.
MOST_KNOWN: Final = 500
#: Hits of one search in one batch that are kept; of more only the number is told.
MOST_LISTED: Final = 50
_CHUNK: Final = 500

Place = tuple[str, str]


def match_new(limit: int = BATCH) -> int:
    """Lets searches learn what they find, then takes one batch of changed rows to all of them.

    Returns how many rows and searches it moved on; 0 where nothing waits or the index is away.
    """
    try:
        learned = _learn()
    except SearchUnavailable as error:
        logger.warning("alerts wait for the index", reason=str(error))
        return 0
    return learned + _match_batch(limit)


# --- what a search knows from the beginning -----------------------------------------------------


def _learn() -> int:
    fresh = list(SavedSearch.objects.watching().filter(is_ready=False).order_by("pk"))
    for search in fresh:
        known, knows_all = _found_already(search)
        rows = [
            SavedSearchHit(
                saved_search=search,
                kind=kind,
                key=key,
                found_at=search.created_at,
                told_at=search.created_at,
            )
            for kind, key in known
        ]
        with transaction.atomic():
            SavedSearchHit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_CHUNK)
            # A pause that ended meanwhile has a later `known_until` and is learned again.
            SavedSearch.objects.filter(pk=search.pk, known_until=search.known_until).update(
                is_ready=True, knows_all=knows_all
            )
    return len(fresh)


def _found_already(search: SavedSearch) -> tuple[list[Place], bool]:
    """What the search page lists for it now, but for what came after it was saved."""
    asked = replace(search.query(), sort="newest", offset=0, limit=MOST_KNOWN, facets=())
    try:
        with translation.override(search.language):
            results = find(asked)
    except SearchUnavailable:
        raise
    except Exception:
        # One search that cannot be asked must not stop everybody's alerts.
        logger.exception("saved search not asked", search=search.public_id)
        return [], False
    if results.relaxed:
        return [], True
    if results.total > MOST_KNOWN:
        return [], False
    since = _since(results.hits)
    return [
        (hit.kind, hit.key)
        for hit in results.hits
        if not ((first := since.get((hit.kind, hit.key))) and first > search.known_until)
    ], True


def _since(hits: Iterable[Hit]) -> dict[Place, datetime | None]:
    keys: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        keys[hit.kind].append(hit.key)
    found: dict[Place, datetime | None] = {}
    for kind, wanted in keys.items():
        registered = source(kind)
        if registered is not None and registered.since is not None:
            for row in registered.model._default_manager.filter(public_id__in=wanted):
                found[(kind, row.public_id)] = registered.since(row)
    return found


# --- new documents ------------------------------------------------------------------------------


@dataclass
class _Batch:
    """Rows whose mark is behind, by kind, with the documents of those that may be found."""

    versions: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    public_ids: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    since: dict[str, datetime | None] = field(default_factory=dict)
    #: None of the rows was run against searches before.
    is_first_time: bool = True

    def __len__(self) -> int:
        return sum(map(len, self.versions.values()))

    def is_new_to(self, searches: list[SavedSearch]) -> bool:
        """Whether none of these searches can know any of the documents."""
        last = max(search.known_until for search in searches)
        return self.is_first_time and all(
            first is not None and first > last for first in self.since.values()
        )

    def mark(self) -> None:
        for kind, versions in self.versions.items():
            registered = source(kind)
            if registered is not None:
                registered.model.mark_done(MARK, versions)


def _match_batch(limit: int) -> int:
    batch = _stale(limit)
    if not len(batch):
        return 0
    # Read after the rows: whoever saved a search since then saw these documents on the page.
    searches = list(SavedSearch.objects.watching().order_by("pk"))
    if not all(search.is_ready for search in searches):
        return 0
    if searches:
        _build(batch)
    found = _answers(batch, searches) if batch.documents else {}
    with transaction.atomic():
        _drop_outdated(batch, found)
        _keep_hits([search for search in searches if search.pk in found], found, batch)
        batch.mark()
    return len(batch)


def waiting_rows(registered: Source) -> QuerySet[Any]:
    """Only what the index has already: a mail must not lead to a page that does not know it."""
    rows: QuerySet[Any] = registered.model.objects.stale(MARK)
    return rows.filter(indexed_version__gte=F("content_version"))


def _stale(limit: int) -> _Batch:
    # Without a search there is nothing to run, and all that is left is the mark.
    limit = limit if SavedSearch.objects.watching().exists() else PASSED_AT_ONCE
    batch = _Batch()
    for registered in sources():
        left = limit - len(batch)
        if left <= 0:
            break
        rows = list(
            waiting_rows(registered)
            .order_by("pk")
            .values_list("pk", "content_version", "public_id", MARK)[:left]
        )
        if rows:
            batch.versions[registered.kind] = [(pk, version) for pk, version, _, _ in rows]
            batch.public_ids[registered.kind] = [public_id for _, _, public_id, _ in rows]
            batch.is_first_time &= not any(done for _, _, _, done in rows)
    return batch


def _build(batch: _Batch) -> None:
    """The documents as they are now; what changed since its version was read is done again."""
    for kind, versions in batch.versions.items():
        registered = source(kind)
        assert registered is not None
        for start in range(0, len(versions), _CHUNK):
            pks = [pk for pk, _ in versions[start : start + _CHUNK]]
            for row in registered.indexable(registered.rows().filter(pk__in=pks)):
                document = registered.document(row)
                if document is not None:
                    batch.documents[document.id] = document
                    batch.since[document.id] = registered.since(row) if registered.since else None


def _answers(batch: _Batch, searches: list[SavedSearch]) -> dict[int, Answers]:
    """New documents by search. What many people wait for is asked once."""
    alike: dict[tuple[str, str], list[SavedSearch]] = defaultdict(list)
    for search in searches:
        alike[(search.fingerprint, search.language)].append(search)
    found: dict[int, Answers] = {}
    with scratch_index(batch.documents.values()) as engine:
        for (_fingerprint, language), same in alike.items():
            with translation.override(language):
                # Where all is new, it is enough to name those that are kept and to count the rest.
                most = MOST_LISTED if batch.is_new_to(same) else None
                try:
                    answers = answering(same[0].query(), engine=engine, most=most)
                except SearchUnavailable:
                    raise
                except Exception:
                    logger.exception("saved search not asked", search=same[0].public_id)
                    continue
            if answers.total:
                found.update((search.pk, answers) for search in same)
    return found


def _drop_outdated(batch: _Batch, found: dict[int, Answers]) -> None:
    """A hit that waits for its mail, and was changed so that it is none any more, is not told."""
    if batch.is_first_time:
        return
    answers = {pk: set(answer.ids) for pk, answer in found.items()}
    for kind, keys in batch.public_ids.items():
        for start in range(0, len(keys), _CHUNK):
            waiting = SavedSearchHit.objects.filter(
                told_at=None, kind=kind, key__in=keys[start : start + _CHUNK]
            )
            gone = [
                hit.pk
                for hit in waiting
                if f"{hit.kind}:{hit.key}" not in answers.get(hit.saved_search_id, ())
            ]
            SavedSearchHit.objects.filter(pk__in=gone).delete()


def _keep_hits(searches: list[SavedSearch], found: dict[int, Answers], batch: _Batch) -> None:
    now = clock.now()
    rows = []
    for search in searches:
        ids, more = _fresh(search, found[search.pk], batch)
        rows += [
            SavedSearchHit(
                saved_search=search,
                kind=batch.documents[name].kind,
                key=batch.documents[name].key,
                found_at=now,
            )
            for name in ids
        ]
        if more:
            # They are told as a number, and from here on they are known by their age.
            last = min(now, max(filter(None, batch.since.values()), default=now))
            SavedSearch.objects.filter(pk=search.pk).update(
                unlisted=F("unlisted") + more, knows_all=False, known_until=last
            )
    SavedSearchHit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_CHUNK)


def _fresh(search: SavedSearch, answers: Answers, batch: _Batch) -> tuple[list[str], int]:
    """Documents to keep for a search that does not know them, and how many there are beyond."""
    ids, uncounted = answers.ids, answers.total - len(answers.ids)
    if not search.knows_all:
        ids = [name for name in ids if _came_after(batch.since[name], search.known_until)]
    if len(ids) > MOST_LISTED:
        known = {f"{kind}:{key}" for kind, key in search.hits.values_list("kind", "key")}
        ids = [name for name in ids if name not in known]
    return ids[:MOST_LISTED], len(ids[MOST_LISTED:]) + uncounted


def _came_after(since: datetime | None, known_until: datetime) -> bool:
    return since is None or since > known_until
