"""The state of the index in figures, for the people who keep it."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.core.models import Lease
from search.checking import DRIFT_KINDS
from search.engines import SearchUnavailable, get_engine
from search.engines.base import Standing
from search.facets import KIND
from search.labels import drift_label
from search.models import IndexProblem, IndexRun, Tombstone
from search.queries import Query
from search.registry import sources
from search.semantic.embedding import embedded_share
from search.sync import waiting


@dataclass(frozen=True, slots=True)
class KindLine:
    """``public`` rows belong in the index, ``indexed`` documents are there, ``waiting`` rows changed."""

    kind: str
    label: str
    rows: int
    public: int
    indexed: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class IndexReport:
    """``synced_at`` is when the sync last had nothing left: what waits, waits since then at most.

    ``embedded`` are public rows that the semantic part has read, of how many; None: not installed.
    """

    standing: Standing | None
    reason: str
    lines: list[KindLine]
    tombstones: int
    synced_at: datetime | None
    rebuild: IndexRun | None
    check: IndexRun | None
    drift: list[tuple[str, int, list[str]]]
    problems: list[IndexProblem]
    embedded: tuple[int, int] | None

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines) + self.tombstones


def report() -> IndexReport:
    standing, reason, indexed = _engine()
    check = IndexRun.objects.exclude(kind=IndexRun.Kind.REBUILD).first()
    return IndexReport(
        standing=standing,
        reason=reason,
        lines=[
            KindLine(
                kind=entry.kind,
                label=str(entry.label),
                rows=entry.model._default_manager.count(),
                public=entry.indexable(entry.model._default_manager.all()).count(),
                indexed=None if standing is None else indexed.get(entry.kind, 0),
                waiting=waiting(entry),
            )
            for entry in sources()
        ],
        tombstones=Tombstone.objects.count(),
        synced_at=Lease.objects.filter(name="search.sync")
        .values_list("last_run_at", flat=True)
        .first(),
        rebuild=IndexRun.objects.filter(kind=IndexRun.Kind.REBUILD).first(),
        check=check,
        drift=_drift(check),
        problems=list(IndexProblem.objects.all()[:10]),
        embedded=embedded_share(),
    )


def _engine() -> tuple[Standing | None, str, dict[str, int]]:
    engine = get_engine()
    try:
        standing = engine.standing()
        counted = engine.search(Query(sort="newest", limit=1, facets=(KIND,)))
    except SearchUnavailable as error:
        return None, str(error), {}
    return standing, "", counted.facets.get(KIND, {})


def _drift(check: IndexRun | None) -> list[tuple[str, int, list[str]]]:
    if check is None or not check.outcome:
        return []
    examples = check.outcome.get("examples", {})
    return [
        (drift_label(kind), check.outcome[kind], examples.get(kind, [])[:5])
        for kind in DRIFT_KINDS
        if check.outcome.get(kind)
    ]
