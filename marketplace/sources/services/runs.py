"""Runs and the sources they are of."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.research.models import OWN_SOURCE
from marketplace.sources.imports.report import Report
from marketplace.sources.models import Fault, Run, Source, SourceKind
from marketplace.sources.services.summary import ImportSummary


def find_or_create_source(slug: str, *, kind: str = SourceKind.FILE, name: str = "") -> Source:
    """The source of that slug; made here where a file of a new name is brought in."""
    slug = slug[:60]
    source, _made = Source.objects.get_or_create(
        slug=slug, defaults={"name": (name or slug)[:200], "kind": kind}
    )
    return source


def ensure_own_source() -> Source:
    """The source of what is registered on the exchange itself; what staff wrote on it stays."""
    source, _made = Source.objects.get_or_create(
        slug=OWN_SOURCE,
        defaults={
            "name": "Đăng ký trên sàn",
            "description": (
                "Nhiệm vụ và kết quả do tổ chức chủ trì đăng ký trực tuyến tại đây, được đơn vị đầu mối "
                "kiểm tra và cấp giấy chứng nhận."
            ),
            "kind": SourceKind.OWN,
            "trust": 100,
        },
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


class RunUndone(DomainError):
    """The run is being undone: nothing more may come in under it."""


def hold_run(run: Run) -> None:
    """Takes the lock under which a run's rows are written and undone; raises RunUndone."""
    held = Run.objects.select_for_update().only("undo_asked_at").get(pk=run.pk)
    if held.undo_asked_at is not None:
        raise RunUndone(_("Lần nhập này đã bị hoàn tác khi đang chạy."))


def note_progress(run: Run, summary: ImportSummary, *also: str) -> None:
    """Writes the counts so far, and other columns that the caller has set."""
    run.records_done, run.refused = summary.read, summary.refused
    run.created, run.updated, run.unchanged = summary.created, summary.updated, summary.unchanged
    run.deleted, run.conflicts = summary.deleted, summary.conflicts
    # Whether it is to be undone is written by others meanwhile.
    run.save(
        update_fields=[
            "records_done", "refused", "created", "updated", "unchanged", "deleted", "conflicts", *also
        ]
    )  # fmt: skip


def keep_faults(run: Run, report: Report) -> None:
    """What was refused or left out since the last time: in the file, and on the run for who acts on it."""
    report.flush()
    Fault.objects.bulk_create(
        Fault(
            run=run,
            line=line.line,
            is_refusal=line.is_refusal,
            column=line.column[:200],
            rule=line.rule,
            reason=line.reason[:500],
            value=line.value,
            source_id=line.source_id[:120],
            field=line.field,
        )
        for line in report.take()
    )


@transaction.atomic
def close_run(run: Run, summary: ImportSummary) -> None:
    """Says on the run and on its source what came of it."""
    run.finished_at, run.problem = clock.now(), summary.problem[:300]
    run.report_path = str(summary.report_path or "")[:300]
    note_progress(run, summary, "finished_at", "problem", "report_path")
    Source.objects.filter(pk=run.source.pk).update(
        last_read_at=run.finished_at, last_problem=run.problem
    )
