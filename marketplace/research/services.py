"""What can be done with result records: brought in, withdrawn, shown again."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from marketplace.accounts.names import organization_key
from marketplace.accounts.services import find_or_create_organizations
from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.research.imports.files import (
    FileProblem,
    RawRecord,
    Unreadable,
    read_records,
    source_name,
)
from marketplace.research.imports.records import Record, Refused, clean_record
from marketplace.research.imports.report import Report
from marketplace.research.models import ImportRun, Result, field_trail
from marketplace.research.registering import register_result as register_result
from search.analysis import detect_language

#: SQLite has one writer: a batch gives way to the others within this time.
BATCH_SECONDS: Final = 0.5
_SMALLEST, _LARGEST = 50, 2000
_REMEMBERED_ORGANIZATIONS: Final = 200_000
_TRIES: Final = 5

Progress = Callable[["ImportSummary"], None]


@dataclass(slots=True)
class ImportSummary:
    """What came of one file so far."""

    source: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    remarks: int = 0
    #: Why the file could not be read to its end; empty where it could.
    problem: str = ""
    report_path: Path | None = None
    first_refusals: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """Identifiers met in the files of one command: within it the first record of an id is the one,
    so that bringing the same files in again changes nothing."""

    files: int = 0
    places: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def first_place(self, source: str, source_id: str, line: int) -> tuple[int, int]:
        return self.places.setdefault((source, hash(source_id)), (self.files, line))


def import_file(
    path: Path,
    *,
    source: str = "",
    organization_names: Mapping[str, str] | None = None,
    report_folder: Path | None = None,
    on_progress: Progress | None = None,
    seen: Seen | None = None,
) -> ImportSummary:
    """Brings the records of a JSONL or CSV file in, in batches that are committed one by one.

    Interrupted at any point, the next run does what is left: a record is known by (source, id), and
    one whose content is the same is left alone. The source is the file's name without suffixes unless
    it is given, or another source holds these very records already (a file that was renamed).
    """
    report = Report(report_folder or settings.DATA_DIR / "imports", source_name(path))
    summary = ImportSummary(source=source[:60] or source_name(path))
    seen = seen or Seen()
    seen.files += 1
    run = ImportRun.objects.create(
        file_name=path.name[:200], source=summary.source, started_at=clock.now()
    )
    reader = _Reader(path, summary, report, seen, organization_names or {})
    importer = _Importer(summary, run)
    size = _SMALLEST
    try:
        while batch := reader.next_batch(size):
            if summary.read == len(batch) + summary.refused and not source:
                summary.source = _adopted_source(batch) or summary.source
            report.flush()
            started = time.monotonic()
            importer.write(batch)
            reader.take_down_classified()
            size = _next_size(size, time.monotonic() - started)
            if on_progress:
                on_progress(summary)
        reader.take_down_classified()
    finally:
        report.close()
    summary.first_refusals, summary.report_path = report.first, report.path
    run.finished_at, run.problem = clock.now(), summary.problem[:300]
    run.report_path = str(report.path or "")
    _note_progress(run, summary)
    run.save()
    return summary


def _next_size(size: int, seconds: float) -> int:
    fitting = size * BATCH_SECONDS / max(seconds, 0.001)
    return int(max(_SMALLEST, min(_LARGEST, size * 2, fitting)))


class _Reader:
    """Gives the clean records of one file; refusals and remarks go to the report on the way."""

    def __init__(
        self,
        path: Path,
        summary: ImportSummary,
        report: Report,
        seen: Seen,
        organization_names: Mapping[str, str],
    ) -> None:
        self.summary, self.report, self.seen = summary, report, seen
        self.organization_names = organization_names
        self.known_as = summary.source
        self.raw = read_records(path)
        self.classified: list[tuple[int, str]] = []

    def next_batch(self, size: int) -> list[Record]:
        """Up to `size` records; fewer, and the summary's problem, where the file ends badly."""
        batch: list[Record] = []
        try:
            for raw in self.raw:
                self.summary.read += 1
                if record := self._clean(raw):
                    batch.append(record)
                if len(batch) >= size:
                    break
        except FileProblem as problem:
            self.summary.problem = str(problem.message)
        self.summary.refused = self.report.refused
        self.summary.remarks = self.report.remarks
        return batch

    def _clean(self, raw: RawRecord | Unreadable) -> Record | None:
        try:
            if isinstance(raw, Unreadable):
                raise Refused(raw.reason)
            cleaned = clean_record(raw.data, organization_names=self.organization_names)
            self._refuse_repeated(cleaned.record, raw.line)
        except Refused as refusal:
            self.report.refuse(raw.line, refusal.reason)
            if refusal.is_classified and refusal.source_id:
                self.classified.append((raw.line, refusal.source_id))
            return None
        for remark in cleaned.remarks:
            self.report.remark(raw.line, remark)
        return cleaned.record

    def _refuse_repeated(self, record: Record, line: int) -> None:
        place = self.seen.first_place(self.known_as, record.source_id, line)
        if place != (self.seen.files, line):
            raise Refused(_("Trùng mã với dòng %(line)s.") % {"line": place[1]})

    def take_down_classified(self) -> None:
        """A record that was open when it came in and is classified now leaves the exchange at once."""
        for line, source_id in self.classified:
            result = (
                Result.objects.public()
                .filter(source=self.summary.source, source_id=source_id)
                .first()
            )
            if result is not None:
                withdraw_result(result, by="research.import", reason="classified")
                self.report.remark(line, _("bản ghi đã nhập trước đây vừa được gỡ khỏi sàn"))
        self.classified.clear()


def _adopted_source(batch: list[Record]) -> str:
    """The source that holds most of these very records: the same file under another name."""
    hashes = [record.content_hash() for record in batch]
    held = (
        Result.objects.filter(content_hash__in=hashes)
        .values("source")
        .annotate(count=Count("pk"))
        .order_by("-count", "source")
        .first()
    )
    return held["source"] if held and held["count"] * 2 >= len(batch) else ""


class _Importer:
    """Writes batches of one file; keeps which organisation a name stands for."""

    def __init__(self, summary: ImportSummary, run: ImportRun) -> None:
        self.summary, self.run = summary, run
        self.organizations: dict[str, int] = {}

    def write(self, batch: list[Record]) -> None:
        source = self.summary.source
        hashed = {record.content_hash(): record for record in batch}
        held = Result.objects.filter(content_hash__in=hashed).values_list("content_hash", "source")
        ours: set[str] = set()
        elsewhere: set[str] = set()
        for content_hash, holder in held:
            (ours if holder == source else elsewhere).add(content_hash)
        # Whatever needs no lock is done before there is one; of the same file again, that is all.
        fresh = [
            (_row(record, content_hash, source), record.organization)
            for content_hash, record in hashed.items()
            if content_hash not in ours
        ]
        self.summary.unchanged += len(batch) - len(fresh)
        for attempt in range(1, _TRIES + 1):
            try:
                self._write(fresh, elsewhere)
            except IntegrityError:
                # Another import brought one of these in between our look and our insert.
                if attempt == _TRIES:
                    raise
            else:
                return

    def _write(self, fresh: list[tuple[Result, str]], elsewhere: set[str]) -> None:
        """`elsewhere`: hashes of records, ids included, that another source has brought in."""
        with transaction.atomic():
            # The rows are locked from here on: the version written below is the one after theirs.
            known = {
                source_id: (content_hash, version)
                for source_id, content_hash, version in Result.objects.select_for_update()
                .filter(
                    source=self.summary.source,
                    source_id__in=[row.source_id for row, _name in fresh],
                )
                .values_list("source_id", "content_hash", "content_version")
            }
            new = [
                pair
                for pair in fresh
                if pair[0].source_id not in known and pair[0].content_hash not in elsewhere
            ]
            changed = [
                pair
                for pair in fresh
                if known.get(pair[0].source_id, (pair[0].content_hash, 0))[0]
                != pair[0].content_hash
            ]
            organizations = self._organizations(name for _row, name in (*new, *changed))
            for row, name in (*new, *changed):
                # A try that failed has left its key on the row.
                row.pk, row.organization_id = None, organizations.get(name)
                row.content_version = known.get(row.source_id, ("", 0))[1] + 1
            self._insert([row for row, _name in new])
            self._update([row for row, _name in changed])
            self.summary.created += len(new)
            self.summary.updated += len(changed)
            self.summary.unchanged += len(fresh) - len(new) - len(changed)
            _note_progress(self.run, self.summary)
            self.run.save()
        if len(self.organizations) > _REMEMBERED_ORGANIZATIONS:
            self.organizations.clear()
        self.organizations |= organizations  # only what is committed may be remembered

    def _organizations(self, names: Iterable[str]) -> dict[str, int]:
        """Name → primary key of its organisation, found or made."""
        keys = {name: organization_key(name) for name in names if name}
        known = {
            name: self.organizations[key] for name, key in keys.items() if key in self.organizations
        }
        missing = [name for name in keys if name not in known]
        made = find_or_create_organizations(missing) if missing else {}
        by_name = known | {name: organization.pk for name, organization in made.items()}
        return by_name | {keys[name]: pk for name, pk in by_name.items()}

    def _insert(self, rows: list[Result]) -> None:
        Result.objects.bulk_create(rows)

    def _update(self, rows: list[Result]) -> None:
        # One statement for rows and their risen version, whatever each of them changed.
        Result.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source", "source_id"],
            update_fields=[*Result.IMPORTED_FIELDS, "content_version"],
        )


def _row(record: Record, content_hash: str, source: str) -> Result:
    values = {name: getattr(record, name) for name in record.__slots__ if name != "organization"}
    values["language"] = record.language or detect_language(
        f"{record.title}. {record.abstract[:600]}"
    )
    return Result(
        source=source,
        content_hash=content_hash,
        field_trail=field_trail(record.field_codes),
        **values,
    )


def _note_progress(run: ImportRun, summary: ImportSummary) -> None:
    run.source, run.records_done, run.refused = summary.source, summary.read, summary.refused
    run.created, run.updated, run.unchanged = (
        summary.created,
        summary.updated,
        summary.unchanged,
    )


@transaction.atomic
def withdraw_result(result: Result, *, by: Any, reason: str) -> None:
    """Takes a result off every page, the index and the matches; the row stays, and stays withdrawn
    when its record is brought in again."""
    withdrawn = Result.objects.filter(pk=result.pk, withdrawn_at=None).update_content(
        withdrawn_at=clock.now(), withdrawal_reason=reason[:300]
    )
    if not withdrawn:
        raise InvalidTransition(_("Kết quả này đã được gỡ trước đó."))
    result.refresh_from_db()
    audit.record("result.withdrawn", f"result:{result.public_id}", by=by, reason=reason[:300])


@transaction.atomic
def show_result_again(result: Result, *, by: Any) -> None:
    shown = Result.objects.filter(pk=result.pk, withdrawn_at__isnull=False).update_content(
        withdrawn_at=None, withdrawal_reason=""
    )
    if not shown:
        raise InvalidTransition(_("Kết quả này đang hiển thị."))
    result.refresh_from_db()
    audit.record("result.shown_again", f"result:{result.public_id}", by=by)
