"""The records of a JSONL or CSV file with their line numbers, read as a stream.

Nothing in a file can stop the reading of the rest: a line that cannot be read is an `Unreadable`. A
file that is not what it should be as a whole (no title column, not text, cut off) raises `FileProblem`,
after what could be read was given.
"""

import codecs
import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.research.imports.columns import mapping_of

LINE_LIMIT: Final = 4 * 1024 * 1024
CELL_LIMIT: Final = 1024 * 1024
_CSV_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})


class FileProblem(DomainError):
    """The file as a whole cannot be read (any further)."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    line: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no record; `reason` never repeats the line's text."""

    line: int
    reason: str


def source_name(path: Path) -> str:
    """The file's name without its suffixes: packing a file does not make it another source."""
    name = path.name
    while True:
        stem, dot, suffix = name.rpartition(".")
        if not stem or not dot or f".{suffix.lower()}" not in _KNOWN_SUFFIXES:
            return name[:60]
        name = stem


_KNOWN_SUFFIXES: Final = _CSV_SUFFIXES | {".gz", ".jsonl", ".ndjson", ".json"}


def read_records(path: Path) -> Iterator[RawRecord | Unreadable]:
    with _opened(path) as stream:
        lines = _lines(stream)
        try:
            first = next(lines, None)
            if first is None:
                return
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise FileProblem(_("Tệp dùng mã UTF-16. Hãy lưu lại bằng mã UTF-8."))
            first = first.removeprefix(codecs.BOM_UTF8)
            reader = _csv_records if _is_csv(path, first) else _json_records
            yield from reader(first, lines)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileProblem(_("Tệp nén bị hỏng hoặc bị cắt cụt.")) from error


def _opened(path: Path) -> IO[bytes]:
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise FileProblem(
            _("Không mở được tệp: %(reason)s") % {"reason": error.strerror or error}
        ) from error
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines, of which a monstrous one comes cut, so that it cannot fill the memory."""
    while line := stream.readline(LINE_LIMIT):
        if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
            while (rest := stream.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                pass
        yield line


def _is_csv(path: Path, first: bytes) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    if suffixes and suffixes[-1] in _CSV_SUFFIXES:
        return True
    if suffixes and suffixes[-1] in (".jsonl", ".ndjson", ".json"):
        return False
    return not first.lstrip().startswith((b"{", b"["))


# --- JSONL ------------------------------------------------------------------------------------


def _json_records(first: bytes, lines: Iterator[bytes]) -> Iterator[RawRecord | Unreadable]:
    if first.lstrip().startswith(b"["):
        raise FileProblem(_("Tệp là một mảng JSON. Hãy ghi mỗi bản ghi trên một dòng (JSONL)."))
    number, line = 1, first
    while line:
        if line.strip():
            yield _json_record(number, line)
        number, line = number + 1, next(lines, b"")


def _json_record(number: int, line: bytes) -> RawRecord | Unreadable:
    if len(line) >= LINE_LIMIT:
        return Unreadable(number, _("Dòng quá dài."))
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Unreadable(
            number, _("Không phải mã UTF-8 (từ byte %(at)s).") % {"at": error.start + 1}
        )
    except json.JSONDecodeError as error:
        return Unreadable(number, _("JSON hỏng ở ký tự %(at)s.") % {"at": error.pos + 1})
    except (RecursionError, ValueError):
        return Unreadable(number, _("JSON không đọc được."))
    if not isinstance(data, dict):
        return Unreadable(number, _("Dòng không phải một bản ghi JSON {…}."))
    return RawRecord(number, data)


# --- CSV --------------------------------------------------------------------------------------


def _csv_records(first: bytes, lines: Iterator[bytes]) -> Iterator[RawRecord | Unreadable]:
    # Bytes that are not UTF-8 become surrogates, and the record that holds them is refused.
    def decoded() -> Iterator[str]:
        yield first.decode("utf-8", "surrogateescape")
        for line in lines:
            yield line.decode("utf-8", "surrogateescape")

    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(decoded(), delimiter=_delimiter(first))
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise FileProblem(_("Không đọc được dòng tiêu đề của tệp CSV.")) from error
    if "title" not in dict(mapping_of(tuple(header))):
        raise FileProblem(
            _("Không thấy cột tên (title, tên…). Các cột của tệp: %(columns)s.")
            % {"columns": ", ".join(header)[:300].encode("utf-8", "replace").decode()}
        )
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Unreadable(
                start,
                _("Ô quá dài hoặc dấu nháy không đóng (đến dòng %(end)s).")
                % {"end": reader.line_num},
            )
            continue
        if not any(row):
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            yield Unreadable(start, _("Dòng có nhiều ô hơn tiêu đề."))
        else:
            yield RawRecord(start, dict(zip(header, row, strict=False)))


def _delimiter(header: bytes) -> str:
    text = header.decode("utf-8", "replace")
    return max(",;\t|", key=text.count)
