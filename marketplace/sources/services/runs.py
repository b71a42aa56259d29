"""Runs and the sources they are of."""

from django.db import transaction

from marketplace.core import clock
from marketplace.sources.models import Run, Source, SourceKind
from marketplace.sources.services.summary import ImportSummary


def find_or_create_source(slug: str, *, kind: str = SourceKind.FILE, name: str = "") -> Source:
    """The source of that slug; made here where a file of a new name is brought in."""
    slug = slug[:60]
    source, _made = Source.objects.get_or_create(
        slug=slug, defaults={"name": (name or slug)[:200], "kind": kind}
    )
    return source


def begin_run(source: Source, *, kind: str = "", file_name: str = "") -> Run:
    """Opens a run; `bring_in` closes it. One that is never closed was interrupted."""
    return Run.objects.create(
        source=source,
        kind=kind or source.kind,
        file_name=file_name[:200],
        started_at=clock.now(),
    )


def note_progress(run: Run, summary: ImportSummary) -> None:
    run.records_done, run.refused = summary.read, summary.refused
    run.created, run.updated, run.unchanged = summary.created, summary.updated, summary.unchanged
    run.deleted, run.conflicts = summary.deleted, summary.conflicts


@transaction.atomic
def close_run(run: Run, summary: ImportSummary) -> None:
    """Says on the run and on its source what came of it."""
    run.finished_at, run.problem = clock.now(), summary.problem[:300]
    run.report_path = str(summary.report_path or "")[:300]
    note_progress(run, summary)
    run.save()
    Source.objects.filter(pk=run.source.pk).update(
        last_read_at=run.finished_at, last_problem=run.problem
    )
