"""From what arrives to batches of clean records; what is refused is said on the way."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.research.models import Programme
from marketplace.research.services import withdraw_record
from marketplace.sources.formats.legacy import Repair, repair_record
from marketplace.sources.imports.arriving import no_register
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import columns_of, kind_of
from marketplace.sources.imports.incoming import (
    Arrival,
    Deleted,
    Incoming,
    InputProblem,
    Noted,
    NotReadable,
    Unreadable,
)
from marketplace.sources.imports.records import VOCABULARIES, Cleaned, Record, clean_record
from marketplace.sources.imports.refusals import Refused, Waiting
from marketplace.sources.imports.report import Report
from marketplace.sources.imports.tasks import TaskRecord, clean_task, programme_keys
from marketplace.sources.models import DAMAGED_TEXT, RawRecord, RecordType, Source
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.summary import ImportSummary, Seen
from marketplace.taxonomy.shipped import load_shipped
from marketplace.taxonomy.translating import queue_unresolved, tables_edition
from search.analysis import detect_language

#: Raised whenever the same bytes would be read otherwise than before: then all is read again.
READING_EDITION: Final = 3
#: A batch holds no more bytes than this, however few records they are.
_BATCH_BYTES: Final = 8 * 1024 * 1024


@dataclass(slots=True)
class Clean:
    """A record ready to be written, with what it came as."""

    record: Record | TaskRecord
    content_hash: str
    language: str
    raw: bytes
    format: str
    raw_hash: str
    has_remarks: bool
    #: Values that a person is to say what they stand for.
    waiting: list[Waiting]


@dataclass(slots=True)
class Batch:
    """Records, or deletions: what the source says of one id stays in its order."""

    #: Register → records by content hash, id included.
    records: dict[str, dict[str, Clean]] = field(default_factory=dict)
    #: Records whose bytes say what the row says already.
    unchanged: int = 0
    deleted: list[Deleted] = field(default_factory=list)


class Reader:
    """Gives the batches of one run; refusals and remarks go to the report on the way."""

    def __init__(
        self,
        arrivals: Iterable[Arrival],
        source: Source,
        summary: ImportSummary,
        report: Report,
        seen: Seen,
        organization_names: Mapping[str, str],
        columns: Mapping[str, str],
        kind: str,
    ) -> None:
        self.arrivals: Iterator[Arrival] = iter(arrivals)
        self.source, self.summary, self.report, self.seen = source, summary, report, seen
        self.organization_names = organization_names
        self.columns, self.kind = columns, kind
        self.key = _reading_key(columns, kind, organization_names)
        self.codes = Codes()
        self._programmes: dict[str, int] | None = None
        self.unresolved: list[Waiting] = []
        self.classified: list[tuple[int, str]] = []
        self.waiting: Arrival | None = None
        self.is_done = False

    def next_batch(self, size: int) -> Batch:
        """Up to `size` arrivals; fewer, and the summary's problem, where the reading ends badly."""
        taken = self._take(size)
        batch = Batch()
        if taken and isinstance(taken[0], Deleted):
            batch.deleted = [one for one in taken if isinstance(one, Deleted)]
            for one in batch.deleted:
                for record_type in REGISTERS:
                    self.seen.forget(self.source.slug, _seen_as(record_type, one.source_id))
        else:
            self._read(taken, batch)
        self.summary.refused = self.report.refused
        self.summary.remarks = self.report.remarks
        return batch

    def _take(self, size: int) -> list[Arrival]:
        """The next arrivals of one kind (deletions or others)."""
        taken: list[Arrival] = []
        length = 0
        try:
            while len(taken) < size and length < _BATCH_BYTES:
                arrival = self.waiting or next(self.arrivals, None)
                self.waiting = None
                if arrival is None:
                    self.is_done = True
                    break
                if taken and isinstance(arrival, Deleted) != isinstance(taken[0], Deleted):
                    self.waiting = arrival
                    break
                taken.append(arrival)
                length += len(arrival.raw) if isinstance(arrival, Incoming) else 0
        except InputProblem as problem:
            self.summary.problem = str(problem.message)
            self.is_done = True
        self.summary.read += len(taken)
        return taken

    def _read(self, taken: list[Arrival], batch: Batch) -> None:
        hashes = [
            hashlib.blake2b(one.raw, key=self.key, digest_size=16).hexdigest()
            if isinstance(one, Incoming)
            else ""
            for one in taken
        ]
        known = self._known(hashes)
        for arrival, raw_hash in zip(taken, hashes, strict=True):
            try:
                if isinstance(arrival, Unreadable):
                    raise Refused(arrival.reason, rule=arrival.rule)
                assert isinstance(arrival, Incoming)
                if (place := known.get(raw_hash)) is not None:
                    self._refuse_repeated(*place, arrival.line)
                    batch.unchanged += 1
                    continue
                self._clean(arrival, raw_hash, batch)
            except NotReadable as problem:
                self.report.refuse(arrival.line, problem.reason, rule=problem.rule)
            except Refused as refusal:
                self.report.refuse(
                    arrival.line,
                    refusal.reason,
                    rule=refusal.rule,
                    column=refusal.column,
                    # Of a record with secrecy nothing is kept, not here either.
                    value="" if refusal.is_classified else refusal.value,
                )
                if refusal.is_classified and refusal.source_id:
                    self.classified.append((arrival.line, refusal.source_id))
        if self.unresolved:
            queue_unresolved(one.translation for one in self.unresolved)
            self.unresolved.clear()

    def _known(self, hashes: list[str]) -> dict[str, tuple[str, str]]:
        """Hash of bytes → register and id, where the row says already what these bytes say, and said
        all of it."""
        held = RawRecord.objects.filter(
            source=self.source, raw_hash__in=filter(None, hashes), has_remarks=False
        ).values_list("raw_hash", "record_type", "identifier", "content_hash")
        versions: dict[str, dict[tuple[str, str], str]] = {}
        for raw, record_type, source_id, content in held:
            versions.setdefault(record_type, {})[source_id, content] = raw
        found: dict[str, tuple[str, str]] = {}
        for record_type, known in versions.items():
            current = (
                REGISTERS[record_type]
                .rows(self.source.slug)
                .filter(source_id__in={source_id for source_id, _hash in known})
                .values_list("source_id", "content_hash")
            )
            found |= {known[one]: (record_type, one[0]) for one in current if one in known}
        return found

    def _cleaned(self, kind: str, arrival: Incoming, data: Mapping[str, Any]) -> Cleaned[Any]:
        if kind == RecordType.TASK:
            return clean_task(
                data,
                organization_names=self.organization_names,
                columns_named=self.columns,
                source_id=arrival.source_id,
                codes=self.codes,
                programmes=self.programmes,
            )
        return clean_record(
            data,
            organization_names=self.organization_names,
            columns_named=self.columns,
            source_id=arrival.source_id,
            codes=self.codes,
        )

    @property
    def programmes(self) -> dict[str, int]:
        """What records call a programme by → its key; read when the first task comes."""
        if self._programmes is None:
            self._programmes = {}
            rows = Programme.objects.order_by("-pk").values_list("pk", "code", "name")
            for pk, code, name in rows:
                self._programmes |= dict.fromkeys(filter(None, programme_keys(code, name)), pk)
        return self._programmes

    def _clean(self, arrival: Incoming, raw_hash: str, batch: Batch) -> None:
        repair = repair_record(arrival.values())
        kind = arrival.kind or kind_of(repair.data, self.kind)
        if kind not in REGISTERS:
            raise Refused(no_register(kind), rule="record.kind")
        cleaned = self._cleaned(kind, arrival, repair.data)
        record = cleaned.record
        self._refuse_repeated(kind, record.source_id, arrival.line)
        notes = (*arrival.notes, *_notes_of(repair))
        for note in notes:
            self.report.remark(
                arrival.line,
                note.text,
                rule=note.rule,
                column=note.column,
                source_id=record.source_id,
                field=self._field_of(note.column, kind),
            )
        for remark in cleaned.remarks:
            self.report.remark(
                arrival.line,
                str(remark),
                rule=remark.rule,
                column=remark.column,
                value=remark.value,
            )
        content_hash = record.content_hash()
        self.unresolved += cleaned.waiting
        batch.records.setdefault(kind, {})[content_hash] = Clean(
            record=record,
            content_hash=content_hash,
            language=_language(record) if isinstance(record, Record) else "",
            raw=arrival.raw,
            format=arrival.format,
            raw_hash=raw_hash,
            has_remarks=bool(cleaned.remarks or notes),
            waiting=cleaned.waiting,
        )

    def _field_of(self, column: str, kind: str) -> str:
        return next(iter(columns_of((column,), self.columns, kind)), "") if column else ""

    def _refuse_repeated(self, kind: str, source_id: str, line: int) -> None:
        place = self.seen.first_place(self.source.slug, _seen_as(kind, source_id), line)
        if place != (self.seen.files, line):
            raise Refused(
                _("Trùng mã với dòng %(line)s.") % {"line": place[1]},
                rule="record.once",
                value=source_id,
            )

    def take_down_classified(self) -> None:
        """A record that was open when it came in and is classified now leaves the exchange at once."""
        for line, source_id in self.classified:
            for register in REGISTERS.values():
                row = register.rows(self.source.slug).filter(source_id=source_id).first()
                if row is None or row.withdrawn_at is not None:
                    continue
                withdraw_record(row, by="research.import", reason="classified")
                self.report.remark(
                    line,
                    _("bản ghi đã nhập trước đây vừa được gỡ khỏi sàn"),
                    rule="record.withdrawn",
                )
        self.classified.clear()


def _language(record: Record) -> str:
    return record.language or detect_language(f"{record.title}. {record.abstract[:600]}")


def _seen_as(record_type: str, source_id: str) -> str:
    """A task and its result may have one id."""
    return source_id if record_type == RecordType.RESULT else f"{record_type}\0{source_id}"


def _notes_of(repair: Repair) -> Iterator[Noted]:
    for name, encoding in repair.encodings.items():
        text = _("đã chuyển từ bảng mã %(encoding)s, bản gốc được giữ") % {"encoding": encoding}
        yield Noted(text, "text.encoding", name)
    for name in repair.damaged:
        yield Noted(_("mất chữ hoặc ở bảng mã lạ, cần người sửa"), DAMAGED_TEXT, name)


def _reading_key(
    columns: Mapping[str, str], kind: str, organization_names: Mapping[str, str]
) -> bytes:
    """All that decides what the same bytes are read as."""
    lists = [str(load_shipped(name)) for name in VOCABULARIES]
    ways = [
        READING_EDITION, kind, list(columns.items()), sorted(organization_names.items()), lists,
        tables_edition(),
    ]  # fmt: skip
    packed = json.dumps(ways, ensure_ascii=False, default=str)
    return hashlib.blake2b(packed.encode("utf-8", "replace"), digest_size=32).digest()
