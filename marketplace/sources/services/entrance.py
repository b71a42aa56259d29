"""The one entrance: whatever is read, sent or harvested comes in here."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.conf import settings

from marketplace.sources.imports.incoming import Arrival
from marketplace.sources.imports.report import Report
from marketplace.sources.models import Run, Source
from marketplace.sources.services.reading import Reader
from marketplace.sources.services.runs import RunUndone, close_run, keep_faults
from marketplace.sources.services.summary import ImportSummary, Seen
from marketplace.sources.services.writing import Writer
from marketplace.sources.visibility import DELETED

#: SQLite has one writer: a batch gives way to the others within this time.
BATCH_SECONDS: Final = 0.5
_SMALLEST, _LARGEST = 50, 2000

Progress = Callable[[ImportSummary], None]


def bring_in(
    arrivals: Iterable[Arrival],
    *,
    source: Source,
    run: Run,
    seen: Seen | None = None,
    organization_names: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    kind: str = "",
    deleted_because: str = DELETED,
    report: Report | None = None,
    on_progress: Progress | None = None,
    summary: ImportSummary | None = None,
    is_last: bool = True,
    reads_ahead: bool = False,
) -> ImportSummary:
    """Brings records into the registers, in batches that are committed one by one, and closes the run.

    - `Incoming` makes or changes the row (source, id), kept with the bytes it came as; one whose
      content is the same is left alone; of an id that comes twice the first one is taken;
    - `Deleted` takes the row off the exchange, with a tombstone and the reason `deleted_because`; the
      record coming again shows it;
    - `Unreadable`, a record that breaks a rule, and one with secrecy (of which nothing is kept) are
      refused by line and reason in the report and on the run.

    An InputProblem raised by `arrivals` ends the run and is said on it; what came before is in. Killed
    at any point, bringing the same in again does what is left. `seen` is shared by runs that are to
    be one; `organization_names` gives the name behind a key; `columns` and `kind` say what columns are
    called and what rows are where the source's own mapping is not meant. What comes in several calls under one
    run hands its `summary` and `report` on, and says of all but the last that it is not `is_last`:
    then the run stays open. `reads_ahead` says that asking for arrivals has no effect of its own: then
    records are made ready in a second process while those before them are written, where that gains.
    """
    summary = summary or ImportSummary(source=source.slug)
    report = report or Report(settings.DATA_DIR / "imports", source.slug)
    reader = Reader(
        arrivals,
        source,
        summary,
        report,
        seen or Seen(),
        organization_names or {},
        source.columns if columns is None else columns,
        kind or source.records_are,
        reads_ahead,
    )
    writer = Writer(source, summary, run, deleted_because)
    size = _SMALLEST
    try:
        while not reader.is_done:
            batch = reader.next_batch(size)
            keep_faults(run, report)
            started = time.monotonic()
            writer.write(batch)
            reader.take_down_classified()
            size = _next_size(size, time.monotonic() - started)
            if on_progress:
                on_progress(summary)
    except RunUndone as undone:
        summary.problem = str(undone.message)
    finally:
        reader.close()
        if is_last:
            report.close()
    keep_faults(run, report)
    summary.first_refusals, summary.report_path = report.first, report.path
    if is_last:
        close_run(run, summary)
    return summary


def _next_size(size: int, seconds: float) -> int:
    fitting = size * BATCH_SECONDS / max(seconds, 0.001)
    return int(max(_SMALLEST, min(_LARGEST, size * 2, fitting)))
