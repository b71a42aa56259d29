"""Files that staff bring in: kept, looked at with the columns they have, read in the background."""

import itertools
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition, UploadRejected
from marketplace.core.text import nfc
from marketplace.core.ticks import kick
from marketplace.sources.imports.arriving import arrivals_of
from marketplace.sources.imports.cleaning import AnyRecord, clean
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import RESULT, columns_of, kind_of
from marketplace.sources.imports.incoming import Incoming, InputProblem, NotReadable, Unreadable
from marketplace.sources.imports.records import refuse_secret
from marketplace.sources.imports.refusals import Refused
from marketplace.sources.imports.values import Row
from marketplace.sources.models import RecordType, Run, Source, SourceKind, Upload
from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.runs import begin_run

MEBIBYTES: Final = 100
#: Records that are shown before anything is written.
SHOWN: Final = 50
#: A file that nobody went on with is forgotten after this.
FORGOTTEN_AFTER: Final = timedelta(days=7)
_SAMPLES: Final = 3
#: Of a file that lies elsewhere no more than this is fetched to look at its first records.
_HEAD: Final = 8 * 2**20


@dataclass(slots=True)
class Column:
    """A column of the file: what it is taken for, and what stands in it."""

    name: str
    #: The field it is taken for, or "".
    taken_for: str
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Previewed:
    """One of the first records as it would be kept, or why it would not."""

    line: int
    record: AnyRecord | None = None
    kind: str = RESULT
    refused: str = ""
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    columns: list[Column]
    records: list[Previewed]
    #: Why the file could not be read beyond what is shown.
    problem: str = ""

    @property
    def refused(self) -> int:
        return sum(1 for one in self.records if one.record is None)


def keep_upload(upload: UploadedFile, *, source: Source, by: Any) -> Upload:
    """Keeps the file until it is brought in or dropped; raises UploadRejected.

    A file with a record of a secrecy level is refused as a whole, with the lines of such records, and
    nothing of it is kept: the private storage is no place for it either.
    """
    if (upload.size or 0) > MEBIBYTES * 2**20:
        raise UploadRejected(
            _("Tệp lớn hơn %(limit)s MB. Hãy chia nhỏ, nén .gz, hoặc gửi qua API.")
            % {"limit": MEBIBYTES}
        )
    name = nfc(Path(upload.name or "").name)[:200] or _("tệp")
    with _on_disk(upload, name) as path:
        records = _count(path, source.columns)
        with path.open("rb") as opened:
            return Upload.objects.create(
                file=File(opened, name="x" + "".join(Path(name).suffixes[-2:])[:8]),
                display_name=name,
                size=path.stat().st_size,
                records=records,
                source=source,
                columns=source.columns,
                kind=source.records_are,
                uploaded_by=by,
                uploaded_at=clock.now(),
            )


@contextmanager
def _on_disk(file: Any, name: str, *, most: int = 0) -> Iterator[Path]:
    """The readers want a file with its own name: the name's end tells formats apart."""
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / f"tep{''.join(Path(name).suffixes[-2:])}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
                if most and out.tell() >= most:
                    break
        yield path


@contextmanager
def _kept_file(upload: Upload, *, most: int = 0) -> Iterator[Path]:
    """The file where it lies, if that is this machine; else a copy of it, or of its beginning."""
    try:
        here = Path(upload.file.path)
    except NotImplementedError:
        with upload.file.open("rb") as file, _on_disk(file, upload.display_name, most=most) as path:
            yield path
    else:
        yield here


def _count(path: Path, columns: Mapping[str, str]) -> int:
    count, secret = 0, []
    try:
        for arrival in arrivals_of(path, columns=columns):
            count += 1
            if isinstance(arrival, Incoming) and _is_secret(arrival, columns):
                secret.append(str(arrival.line))
    except InputProblem as problem:
        if not count:
            raise UploadRejected(problem.message) from problem
    if secret:
        shown = ", ".join(secret[:20])
        raise UploadRejected(
            _(
                "Tệp có %(count)s bản ghi có độ mật (dòng %(lines)s) nên không được nhận và không lưu lại "
                "gì. Hãy bỏ các dòng đó rồi gửi lại."
            )
            % {"count": len(secret), "lines": shown}
        )
    if not count:
        raise UploadRejected(_("Tệp không có bản ghi nào."))
    return count


def _is_secret(arrival: Incoming, columns: Mapping[str, str]) -> bool:
    try:
        values = arrival.values()
        refuse_secret(Row(values, columns_of(tuple(values), columns)))
    except Refused as refusal:
        return refusal.is_classified
    except NotReadable:
        return False
    return False


def preview_upload(
    upload: Upload, *, columns: Mapping[str, str] | None = None, kind: str = ""
) -> Preview:
    """The first records as they would be kept with these columns; writes nothing."""
    named = upload.columns if columns is None else columns
    with _kept_file(upload, most=_HEAD) as path:
        is_part = path.stat().st_size < upload.size
        preview = _preview(path, named, kind or upload.kind)
    if is_part and len(preview.records) < SHOWN:
        # A format that is read from its end, or monstrous records: the beginning was not enough.
        with _kept_file(upload) as path:
            preview = _preview(path, named, kind or upload.kind)
    return preview


def _preview(path: Path, named: Mapping[str, str], otherwise: str) -> Preview:
    preview = Preview([], [])
    seen: dict[str, list[str]] = {}
    codes = Codes()
    try:
        for arrival in itertools.islice(arrivals_of(path, columns=named), SHOWN):
            preview.records.append(_previewed(arrival, named, otherwise, codes, seen))
    except InputProblem as problem:
        preview.problem = str(problem.message)
    kinds = {one.kind for one in preview.records} or {otherwise}
    kind = kinds.pop() if len(kinds) == 1 else RESULT
    taken = {c: f for f, cs in columns_of(tuple(seen), named, kind).items() for c in cs[:1]}
    preview.columns = [Column(name, taken.get(name, ""), samples) for name, samples in seen.items()]
    return preview


def _previewed(
    arrival: Any,
    named: Mapping[str, str],
    otherwise: str,
    codes: Codes,
    seen: dict[str, list[str]],
) -> Previewed:
    if isinstance(arrival, Unreadable):
        return Previewed(arrival.line, refused=arrival.reason)
    if not isinstance(arrival, Incoming):
        return Previewed(arrival.line, refused=_("bản ghi báo đã gỡ"))
    kind = RESULT
    try:
        values = arrival.values()
        for name, value in values.items():
            samples = seen.setdefault(str(name), [])
            text = " ".join(str(value).split())[:80] if value not in (None, "", [], {}) else ""
            if text and text not in samples and len(samples) < _SAMPLES:
                samples.append(text)
        kind = arrival.kind or kind_of(values, otherwise)
        cleaned = clean(kind, values, codes=codes, columns_named=named, source_id=arrival.source_id)
    except (NotReadable, Refused) as refusal:
        return Previewed(arrival.line, kind=kind, refused=str(refusal.reason))
    remarks = [str(remark) for remark in cleaned.remarks]
    return Previewed(arrival.line, cleaned.record, kind, remarks=remarks)


@transaction.atomic
def choose_columns(upload: Upload, columns: Mapping[str, str], *, kind: str = "") -> None:
    """What the columns are taken for and what the rows are, kept with the file and for the source's
    next one."""
    kind = kind if kind in RecordType.values else upload.kind
    _move(upload, columns=dict(columns), kind=kind)
    source = Source.objects.select_for_update().get(pk=upload.source_id)
    source.mapping = {**source.mapping, "columns": dict(columns), "records": kind}
    source.save(update_fields=["mapping"])


@transaction.atomic
def ask_upload(upload: Upload, *, by: Any) -> None:
    """Has the file read into the registers by the tick."""
    _move(upload, state=Upload.State.ASKED, asked_at=clock.now())
    audit.record("source.file_asked", f"source:{upload.source.slug}", by=by, size=upload.size)
    kick("sources.files")


@transaction.atomic
def drop_upload(upload: Upload) -> None:
    _move(upload, state=Upload.State.DROPPED)
    upload.file.delete(save=False)


def _move(upload: Upload, **values: Any) -> None:
    moved = Upload.objects.filter(pk=upload.pk, state=Upload.State.LOOKED_AT).update(**values)
    if not moved:
        raise InvalidTransition(_("Tệp này đã được nhập hoặc đã bỏ."))
    upload.refresh_from_db()


def bring_upload() -> int:
    """The stage: the oldest file that waits, whole; 0 where there is none.

    Killed in the middle, the file is read again by a run of its own, which finds what is in already.
    """
    upload = Upload.objects.waiting().select_related("source").first()
    if upload is None:
        return _forget_old()
    run = begin_run(upload.source, kind=SourceKind.FILE, file_name=upload.display_name)
    Upload.objects.filter(pk=upload.pk).update(run=run)
    with _kept_file(upload) as path:
        bring_in(
            arrivals_of(path, columns=upload.columns),
            source=upload.source,
            run=run,
            columns=upload.columns,
            kind=upload.kind,
        )
    _finish(upload, run)
    return 1


def _finish(upload: Upload, run: Run) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.DONE)
    # The records are kept as they came; the file itself is not needed any more.
    upload.file.storage.delete(str(upload.file.name))
    kick("search.sync")


def _forget_old() -> int:
    before = clock.now() - FORGOTTEN_AFTER
    for old in Upload.objects.filter(state=Upload.State.LOOKED_AT, uploaded_at__lt=before)[:50]:
        drop_upload(old)
    return 0
