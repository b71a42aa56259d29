"""Does the index hold what the rows say? Compared by id and version, in batches, without stopping
anybody: what looks wrong is looked at once more, since rows and index are read one after the other.

Rows that wait for the sync are no drift: their mark says so. Drift is a row whose mark says that it is
in order while the index says otherwise:

missing      belongs in the index and is not there
outdated     is there with the content of another version
extra        is there and does not belong there, or its row is gone
unbuildable  belongs there, but no document can be made of it
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from marketplace.core import clock
from marketplace.core.leases import Held, lease
from search.documents import document_id
from search.engines import Engine, get_engine
from search.engines.base import BuilderBusy
from search.models import IndexRun, Tombstone, leave_tombstones
from search.rebuilding import CHUNK, MARK, Progress, rebuild_index, settle_swapped
from search.registry import Source, source, sources
from search.sync import sync_batch

DriftKind = Literal["missing", "outdated", "extra", "unbuildable"]
DRIFT_KINDS: Final[tuple[DriftKind, ...]] = ("missing", "outdated", "extra", "unbuildable")
_MOST_EXAMPLES: Final = 20
_LEASE: Final = "search.check"
_LEASE_SECONDS: Final = 120


@dataclass
class Drift:
    """How many, and which for example; ``checked`` rows, ``waiting`` of them for the sync."""

    checked: int = 0
    waiting: int = 0
    counts: dict[DriftKind, int] = field(default_factory=lambda: dict.fromkeys(DRIFT_KINDS, 0))
    examples: dict[DriftKind, list[str]] = field(default_factory=dict)
    repaired: int = 0

    def __bool__(self) -> bool:
        return any(self.counts.values())

    def add(self, kind: DriftKind, found_id: str) -> None:
        self.counts[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < _MOST_EXAMPLES:
            examples.append(found_id)

    def as_json(self) -> dict[str, Any]:
        return {
            "checked": self.checked,
            "waiting": self.waiting,
            "repaired": self.repaired,
            "examples": self.examples,
        } | dict(self.counts)


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    public_id: str
    version: int
    mark: int
    is_indexable: bool


def check_index(
    engine: Engine | None = None, *, repair: bool = False, on_progress: Progress | None = None
) -> Drift:
    """Compares all rows with the index; with ``repair`` marks what is wrong, syncs and compares
    again, so that the answer is what remains.

    Raises:
        BuilderBusy: another process compares at this moment.
        SearchUnavailable: the index is missing or broken (``repair`` builds it).
    """
    engine = engine or get_engine()
    with lease(_LEASE, seconds=_LEASE_SECONDS) as held:
        if held is None:
            raise BuilderBusy("another process is checking the index")
        run = _begin(IndexRun.Kind.REPAIR if repair else IndexRun.Kind.CHECK)
        try:
            drift = _checked(engine, held, run, repair=repair, on_progress=on_progress)
        except (Exception, KeyboardInterrupt) as error:
            IndexRun.objects.filter(pk=run.pk).update(
                state=IndexRun.State.FAILED,
                error=f"{type(error).__name__}: {error}"[:2000],
                finished_at=clock.now(),
            )
            raise
        IndexRun.objects.filter(pk=run.pk).update(
            state=IndexRun.State.DONE, finished_at=clock.now(), outcome=drift.as_json()
        )
        return drift


def _checked(
    engine: Engine, held: Held, run: IndexRun, *, repair: bool, on_progress: Progress | None
) -> Drift:
    if repair and engine.needs_building():
        rebuild_index(engine)
    settle_swapped(engine)
    drift = _compared(engine, held, run, repair=repair, on_progress=on_progress)
    if not repair:
        return drift
    while sync_batch():
        held.renew()
    left = _compared(engine, held, run, repair=False, on_progress=on_progress)
    left.repaired = sum(drift.counts.values()) - sum(left.counts.values())
    return left


def _begin(kind: IndexRun.Kind) -> IndexRun:
    run, _made = IndexRun.objects.get_or_create(kind=kind, finished_at=None)
    run.state, run.error, run.done = IndexRun.State.RUNNING, "", 0
    run.started_at = clock.now()
    run.total = sum(entry.model._default_manager.count() for entry in sources())
    run.save()
    return run


def _compared(
    engine: Engine, held: Held, run: IndexRun, *, repair: bool, on_progress: Progress | None
) -> Drift:
    drift = Drift()
    for entry in sources():
        after = 0
        while rows := _rows(entry, after=after):
            after = rows[-1].pk
            _compare(engine, entry, rows, drift, repair=repair)
            drift.checked += len(rows)
            held.renew()
            IndexRun.objects.filter(pk=run.pk).update(done=drift.checked)
            if on_progress is not None:
                on_progress(drift.checked, max(run.total, drift.checked))
    for batch in engine.walk():
        _compare_back([found_id for found_id, _version in batch], drift, repair=repair)
        held.renew()
    return drift


def _rows(entry: Source, *, after: int = 0, pks: Iterable[int] | None = None) -> list[_Row]:
    found = entry.model._default_manager.filter(pk__gt=after).order_by("pk")
    if pks is not None:
        found = found.filter(pk__in=list(pks))
    values = list(found.values_list("pk", "public_id", "content_version", MARK)[:CHUNK])
    chosen = entry.model._default_manager.filter(pk__in=[row[0] for row in values])
    indexable = set(entry.indexable(chosen).values_list("pk", flat=True))
    return [_Row(*row, is_indexable=row[0] in indexable) for row in values]


def _compare(
    engine: Engine, entry: Source, rows: list[_Row], drift: Drift, *, repair: bool
) -> None:
    drift.waiting += sum(row.mark < row.version for row in rows)
    suspects = _suspects(engine, entry, rows)
    if not suspects:
        return
    # Rows, index, rows: what reads the same before and after was not in the middle of a sync.
    again = _rows(entry, pks=[row.pk for row in suspects])
    unchanged = [row for row in again if row in suspects]
    wrong = _suspects(engine, entry, unchanged)
    still = {row.pk: row for row in _rows(entry, pks=[row.pk for row in wrong])}
    for row, kind in wrong.items():
        if still.get(row.pk) == row:
            drift.add(kind, document_id(entry.kind, row.public_id))
    if repair:
        pks = [row.pk for row, kind in wrong.items() if kind != "unbuildable"]
        entry.model._default_manager.filter(pk__in=pks).update(**{MARK: 0})


def _suspects(engine: Engine, entry: Source, rows: list[_Row]) -> dict[_Row, DriftKind]:
    held = engine.versions([document_id(entry.kind, row.public_id) for row in rows])
    suspects: dict[_Row, DriftKind] = {}
    for row in rows:
        version = held.get(document_id(entry.kind, row.public_id))
        if row.mark < row.version:
            continue
        if row.is_indexable and version is None:
            suspects[row] = "missing"
        elif row.is_indexable and version != row.version:
            suspects[row] = "outdated"
        elif not row.is_indexable and version is not None:
            suspects[row] = "extra"
    absent = [row.pk for row, kind in suspects.items() if kind == "missing"]
    for found in entry.rows().filter(pk__in=absent):
        if entry.document(found) is None:
            row = next(row for row in suspects if row.pk == found.pk)
            suspects[row] = "unbuildable"
    return suspects


def _compare_back(ids: list[str], drift: Drift, *, repair: bool) -> None:
    """Documents that no row stands behind. Rows that may not be shown were seen from their side."""
    by_kind: dict[str, list[str]] = {}
    for found_id in ids:
        kind, _colon, key = found_id.partition(":")
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        entry = source(kind)
        known = set(Tombstone.objects.filter(kind=kind, key__in=keys).values_list("key", flat=True))
        if entry is not None:
            rows = entry.model._default_manager.filter(public_id__in=keys)
            known |= set(rows.values_list("public_id", flat=True))
        gone = [key for key in keys if key not in known]
        for key in gone:
            drift.add("extra", document_id(kind, key))
        if repair:
            leave_tombstones(kind, gone)
