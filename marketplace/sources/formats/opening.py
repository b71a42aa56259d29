"""A file of whatever format → its records: what it holds decides, its name only where that is not clear."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, cast

from django.utils.translation import gettext as _

from marketplace.sources.formats import cerif, dublin_core
from marketplace.sources.formats.iso2709 import looks_like_iso2709, read_iso2709
from marketplace.sources.formats.json_records import read_json
from marketplace.sources.formats.legacy import repair_record
from marketplace.sources.formats.marcxml import NAMESPACE as MARCXML
from marketplace.sources.formats.marcxml import read_marcxml
from marketplace.sources.formats.oai import NAMESPACE as OAI
from marketplace.sources.formats.oai import Answer
from marketplace.sources.formats.raw import InputProblem, RawRecord, Read, Unreadable
from marketplace.sources.formats.spreadsheet import read_xlsx
from marketplace.sources.formats.tables import Known, read_csv
from marketplace.sources.formats.xml import FILE, bytes_of, line_of, local_name, xml_elements

CSV, XLSX, JSON, JSON_LINES, MARC, OAI_PMH, MARC_XML, CERIF, DUBLIN_CORE = (
    "csv", "xlsx", "json", "jsonl", "iso2709", "oai-pmh", "marcxml", "cerif", "dublin-core",
)  # fmt: skip
_HEAD: Final = 8192
_CERIF_NAMES: Final = (
    "Publication", "Patent", "Product", "Project", "Person", "OrgUnit", "Equipment", "Event",
    "Funding", "Service",
)  # fmt: skip


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked where it is gzip; raises InputProblem where it cannot be opened."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise InputProblem(
            _("Không mở được tệp: %(reason)s") % {"reason": error.strerror or error}
        ) from error
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def format_of(head: bytes, name: str = "") -> str:
    """The format that the first bytes of a file show; raises InputProblem where it is none of ours."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return XLSX
    if looks_like_iso2709(head):
        return MARC
    if start.startswith(b"<") or head[:4] in (
        b"<\x00?\x00",
        b"\x00<\x00?",
        b"\xff\xfe<\x00",
        b"\xfe\xff\x00<",
    ):
        return _xml_format(head)
    if start.startswith(b"["):
        return JSON
    if start.startswith(b"{"):
        if name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
            return JSON_LINES
        return JSON_LINES if _is_json_lines(start) else JSON
    if name.lower().removesuffix(".gz").endswith((".xml", ".mrc", ".dat", ".marc")):
        raise InputProblem(
            _("Nội dung tệp không đúng với tên: không phải XML, cũng không phải MARC.")
        )
    return CSV


def _is_json_lines(start: bytes) -> bool:
    first, newline, _rest = start.partition(b"\n")
    return not newline and len(start) >= _HEAD - 8 or first.rstrip().endswith(b"}")


def _xml_format(head: bytes) -> str:
    text = head.replace(b"\x00", b"")
    if OAI.encode() in text:
        return OAI_PMH
    if MARCXML.encode() in text or b"<collection" in text or b"<record>" in text:
        return MARC_XML
    if any(space.encode() in text for space in cerif.NAMESPACES):
        return CERIF
    return DUBLIN_CORE


def kind_of(path: Path) -> tuple[str, bytes]:
    """The file's format, and its first bytes unpacked; CSV where it is empty."""
    with opened(path) as stream:
        try:
            head = stream.read(_HEAD)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputProblem(_("Tệp nén bị hỏng hoặc bị cắt cụt.")) from error
    return format_of(head, path.name) if head.strip() else CSV, head


def read_file(
    path: Path,
    *,
    kind: str = "",
    known: Known | None = None,
    sheet: str = "",
    is_repaired: bool = True,
) -> Iterator[Read]:
    """The records of a file, each with its old encodings repaired and the originals kept.

    `kind` is the format where it is known (a constant of this module), `known` counts the column names
    that are known in a row, `sheet` names the sheet of a workbook. Without `is_repaired` the texts are
    left in the encoding they came in.
    """
    with opened(path) as stream:
        try:
            head = stream.read(_HEAD)
            stream.seek(0)
            if not head.strip():
                return
            for read in _reader(kind or format_of(head, path.name), stream, known, sheet):
                yield repaired(read) if is_repaired else read
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputProblem(_("Tệp nén bị hỏng hoặc bị cắt cụt.")) from error


def repaired(read: Read) -> Read:
    """The record with its values in Unicode, and what they were; other things as they are."""
    if not isinstance(read, RawRecord):
        return read
    repair = repair_record(read.data)
    if not repair.originals and not repair.damaged:
        return read
    remarks = [
        _("%(column)s: đã chuyển từ bảng mã %(encoding)s") % {"column": name, "encoding": encoding}
        for name, encoding in repair.encodings.items()
    ]
    remarks += [
        _("%(column)s: mất chữ hoặc bảng mã lạ, cần người sửa") % {"column": name}
        for name in repair.damaged
    ]
    return replace(
        read,
        data=repair.data,
        originals=repair.originals,
        damaged=tuple(repair.damaged),
        remarks=(*read.remarks, *remarks),
    )


def _reader(kind: str, stream: IO[bytes], known: Known | None, sheet: str) -> Iterator[Read]:
    match kind:
        case "xlsx":
            return read_xlsx(stream, sheet=sheet, known=known)
        case "iso2709":
            return read_iso2709(stream)
        case "json" | "jsonl":
            return read_json(stream)
        case "oai-pmh":
            return _saved_answer(stream)
        case "marcxml":
            return read_marcxml(stream)
        case "cerif":
            return _cerif_records(stream)
        case "dublin-core":
            return _dublin_core_records(stream)
        case _:
            return read_csv(stream, known=known)


def _saved_answer(stream: IO[bytes]) -> Iterator[Read]:
    """A file that holds one answer of an OAI-PMH server; its errors are the file's."""
    answer = Answer(stream, limits=FILE)
    yield from answer
    if answer.errors:
        first = answer.errors[0]
        raise InputProblem(
            _("Máy chủ trả lời lỗi OAI-PMH %(code)s.") % {"code": first.code[:40] or "?"}
        )
    if not answer.count:
        raise InputProblem(_("Trả lời OAI-PMH này không chứa bản ghi nào."))


def _cerif_records(stream: IO[bytes]) -> Iterator[Read]:
    tags = [f"{{{space}}}{name}" for space in cerif.NAMESPACES for name in _CERIF_NAMES]
    for element in xml_elements(stream, tags):
        kind, data = cerif.record_of(element)
        if identity := data.get("internal_id"):
            data["source_id"] = identity
        yield RawRecord(line_of(element), data, raw=bytes_of(element), kind=kind)


def _dublin_core_records(stream: IO[bytes]) -> Iterator[Read]:
    count = 0
    tags = [
        "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc", "dublin_core", "record", "dc", "item",
    ]  # fmt: skip
    for element in xml_elements(stream, tags):
        count += 1
        kind, data = dublin_core.record_of(element)
        if data:
            yield RawRecord(line_of(element), data, raw=bytes_of(element), kind=kind)
        else:
            yield Unreadable(
                line_of(element),
                _("Phần tử %(name)s không có dữ liệu Dublin Core.")
                % {"name": local_name(element)[:40]},
            )
    if not count:
        raise InputProblem(_("Không nhận ra định dạng của tệp XML này."))
