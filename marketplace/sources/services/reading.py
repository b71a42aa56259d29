"""From what arrives to batches of clean records; what is refused is said on the way."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from marketplace.research.models import Programme
from marketplace.research.services import withdraw_record
from marketplace.sources.imports.cleaning import AnyRecord
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import columns_of
from marketplace.sources.imports.incoming import (
    Arrival,
    Deleted,
    Incoming,
    InputProblem,
    NotReadable,
    Unreadable,
)
from marketplace.sources.imports.records import VOCABULARIES
from marketplace.sources.imports.refusals import Refused, Waiting
from marketplace.sources.imports.report import Report
from marketplace.sources.imports.tasks import programme_keys
from marketplace.sources.models import RawRecord, RecordType, Source
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.preparing import Prepared, Ways, prepare
from marketplace.sources.services.second_process import WORTH_IT, SecondProcess, is_possible
from marketplace.sources.services.summary import ImportSummary, Seen
from marketplace.taxonomy.shipped import load_shipped
from marketplace.taxonomy.translating import queue_unresolved, tables_edition

#: Raised whenever the same bytes would be read otherwise than before: then all is read again.
READING_EDITION: Final = 3
#: A batch holds no more bytes than this, however few records they are.
_BATCH_BYTES: Final = 8 * 1024 * 1024
#: Of what a second process could do, the share that this one takes over where it would only wait.
_STEP: Final = 0.05
_MOST_OWN: Final = 0.5


@dataclass(slots=True)
class Clean:
    """A record ready to be written, with what it came as."""

    record: AnyRecord
    content_hash: str
    language: str
    compressed: bytes
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


@dataclass(slots=True)
class _Taken:
    """Arrivals of one batch as they were taken, before they are read."""

    arrivals: list[Arrival] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    #: Hash of bytes → register and id of the row that says this already.
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_deletions: bool = False
    is_last: bool = False
    problem: str = ""
    #: How many of those not known are made ready here, and how many of the rest the second process has.
    own: int = 0
    asked: int = 0


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
        reads_ahead: bool = False,
    ) -> None:
        self.arrivals: Iterator[Arrival] = iter(arrivals)
        self.source, self.summary, self.report, self.seen = source, summary, report, seen
        self.columns = columns
        self.ways = Ways(organization_names, columns, kind)
        self.key = _reading_key(columns, kind, organization_names)
        self.codes = Codes()
        self._programmes: dict[str, int] | None = None
        self.unresolved: list[Waiting] = []
        self.classified: list[tuple[int, str]] = []
        self.waiting: Arrival | None = None
        self.is_done = False
        self._may_fork = reads_ahead and is_possible()
        self._second: SecondProcess | None = None
        #: Of what the second process could make ready, how much this one does itself.
        self.own_share = 0.0
        self._ahead: _Taken | None = None

    def next_batch(self, size: int) -> Batch:
        """Up to `size` arrivals; fewer, and the summary's problem, where the reading ends badly."""
        taken, self._ahead = self._ahead or self._take(size), None
        batch = Batch()
        if taken.is_deletions:
            batch.deleted = [one for one in taken.arrivals if isinstance(one, Deleted)]
            for one in batch.deleted:
                for record_type in REGISTERS:
                    self.seen.forget(self.source.slug, _seen_as(record_type, one.source_id))
        else:
            self._read(taken, batch)
        self.summary.read += len(taken.arrivals)
        self.summary.problem = taken.problem or self.summary.problem
        self.summary.refused = self.report.refused
        self.summary.remarks = self.report.remarks
        self.is_done = taken.is_last
        # What comes back after it was deleted or taken down is compared with what it is by then.
        if self._second and not (taken.is_last or taken.is_deletions or self.classified):
            self._ahead = self._take(size)
        return batch

    def begin_second_process(self) -> SecondProcess:
        self._may_fork = False
        self._second = SecondProcess(self.ways)
        return self._second

    def close(self) -> None:
        """Ends the second process, where there is one."""
        if self._second:
            self._second.close()
            self._second = None

    def _take(self, size: int) -> _Taken:
        """The next arrivals of one kind (deletions or others); the second process has those that are
        not known yet."""
        taken = _Taken()
        length = 0
        try:
            while len(taken.arrivals) < size and length < _BATCH_BYTES:
                arrival = self.waiting or next(self.arrivals, None)
                self.waiting = None
                if arrival is None:
                    taken.is_last = True
                    break
                if taken.arrivals and isinstance(arrival, Deleted) != taken.is_deletions:
                    self.waiting = arrival
                    break
                taken.is_deletions = isinstance(arrival, Deleted)
                taken.arrivals.append(arrival)
                length += len(arrival.raw) if isinstance(arrival, Incoming) else 0
        except InputProblem as problem:
            taken.problem = str(problem.message)
            taken.is_last = True
        if not taken.is_deletions:
            taken.hashes = [
                hashlib.blake2b(one.raw, key=self.key, digest_size=16).hexdigest()
                if isinstance(one, Incoming)
                else ""
                for one in taken.arrivals
            ]
            taken.known = self._known(taken.hashes)
            self._hand_over(taken)
        return taken

    def _hand_over(self, taken: _Taken) -> None:
        unknown = [
            one
            for one, raw_hash in zip(taken.arrivals, taken.hashes, strict=True)
            if isinstance(one, Incoming) and raw_hash not in taken.known
        ]
        if self._may_fork and not self._second and len(unknown) >= WORTH_IT:
            self.begin_second_process()
        own = int(len(unknown) * self.own_share)
        if self._second and unknown and self._second.ask(unknown[own:], self.codes):
            taken.own, taken.asked = own, len(unknown) - own

    def _answers(self, taken: _Taken) -> Iterator[Prepared | None]:
        """What the second process made ready, None for what is to be done here: that comes first, so
        that nobody waits meanwhile. Whoever had to wait takes more of the next batch, or less."""
        yield from [None] * taken.own
        if self._second and taken.asked:
            step = _STEP if self._second.is_awaited() else -_STEP
            self.own_share = min(_MOST_OWN, max(0.0, self.own_share + step))
            yield from self._second.answers(taken.asked)

    def _read(self, taken: _Taken, batch: Batch) -> None:
        answers = self._answers(taken)
        for arrival, raw_hash in zip(taken.arrivals, taken.hashes, strict=True):
            try:
                if isinstance(arrival, Unreadable):
                    raise Refused(arrival.reason, rule=arrival.rule)
                assert isinstance(arrival, Incoming)
                if (place := taken.known.get(raw_hash)) is not None:
                    self._refuse_repeated(*place, arrival.line)
                    batch.unchanged += 1
                    continue
                prepared = next(answers, None) or prepare(
                    arrival, self.ways, self.codes, self.programmes
                )
                self._put(arrival, prepared, raw_hash, batch)
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

    def programmes(self) -> dict[str, int]:
        """What records call a programme by → its key; read when the first task comes."""
        if self._programmes is None:
            self._programmes = {}
            rows = Programme.objects.order_by("-pk").values_list("pk", "code", "name")
            for pk, code, name in rows:
                self._programmes |= dict.fromkeys(filter(None, programme_keys(code, name)), pk)
        return self._programmes

    def _put(self, arrival: Incoming, prepared: Prepared, raw_hash: str, batch: Batch) -> None:
        kind, cleaned, notes = prepared.kind, prepared.cleaned, prepared.notes
        record = cleaned.record
        self._refuse_repeated(kind, record.source_id, arrival.line)
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
        self.unresolved += cleaned.waiting
        batch.records.setdefault(kind, {})[prepared.content_hash] = Clean(
            record=record,
            content_hash=prepared.content_hash,
            language=prepared.language,
            compressed=prepared.compressed,
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


def _seen_as(record_type: str, source_id: str) -> str:
    """A task and its result may have one id."""
    return source_id if record_type == RecordType.RESULT else f"{record_type}\0{source_id}"


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
