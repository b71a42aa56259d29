"""The records of a JSONL or CSV file with their line numbers, read as a stream.

Nothing in a file can stop the reading of the rest: a line that cannot be read is an `Unreadable`. A
file that is not what it should be as a whole (no title column, not text, cut off) raises `FileProblem`,
after what could be read was given.
"""

import codecs
import csv
import gzip
import itertools
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, cast

from django.utils.translation import gettext as _

from marketplace.sources.imports.columns import known_fields
from marketplace.sources.imports.incoming import (
    Incoming,
    InputProblem,
    NotReadable,
    Unreadable,
    no_heading,
)

LINE_LIMIT: Final = 4 * 1024 * 1024
CELL_LIMIT: Final = 1024 * 1024
_CSV_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})


class FileProblem(InputProblem):
    """The file as a whole cannot be read (any further)."""


def source_name(path: Path) -> str:
    """The file's name without its suffixes: packing a file does not make it another source."""
    name = path.name
    while True:
        stem, dot, suffix = name.rpartition(".")
        if not stem or not dot or f".{suffix.lower()}" not in _KNOWN_SUFFIXES:
            return name[:60]
        name = stem


_KNOWN_SUFFIXES: Final = _CSV_SUFFIXES | {".gz", ".jsonl", ".ndjson", ".json"}


def read_records(
    path: Path, *, columns: Mapping[str, str] | None = None
) -> Iterator[Incoming | Unreadable]:
    """The file's records in order; `columns` says what its columns mean where their names do not."""
    with _opened(path) as stream:
        lines = _lines(stream)
        try:
            first = next(lines, None)
            if first is None:
                return
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise FileProblem(_("Tệp dùng mã UTF-16. Hãy lưu lại bằng mã UTF-8."))
            first = first.removeprefix(codecs.BOM_UTF8)
            if _is_csv(path, first):
                yield from _csv_records(first, lines, columns or {})
            else:
                yield from _json_records(first, lines)
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


def _json_records(first: bytes, lines: Iterator[bytes]) -> Iterator[Incoming | Unreadable]:
    if first.lstrip().startswith(b"["):
        raise FileProblem(_("Tệp là một mảng JSON. Hãy ghi mỗi bản ghi trên một dòng (JSONL)."))
    number, line = 1, first
    while line:
        if len(line) >= LINE_LIMIT:
            yield Unreadable(number, _("Dòng quá dài."), "text.length")
        elif line.strip():
            yield Incoming(number, line.rstrip(b"\r\n"), "jsonl", read=read_json)
        number, line = number + 1, next(lines, b"")


def read_json(line: bytes) -> dict[str, Any]:
    """The one JSON object of these bytes; raises NotReadable."""
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotReadable(
            _("Không phải mã UTF-8 (từ byte %(at)s).") % {"at": error.start + 1},
            rule="record.encoding",
        ) from error
    except json.JSONDecodeError as error:
        raise NotReadable(_("JSON hỏng ở ký tự %(at)s.") % {"at": error.pos + 1}) from error
    except (RecursionError, ValueError) as error:
        raise NotReadable(_("JSON không đọc được.")) from error
    if not isinstance(data, dict):
        raise NotReadable(_("Dòng không phải một bản ghi JSON {…}."))
    return data


# --- CSV --------------------------------------------------------------------------------------


def _csv_records(
    first: bytes, lines: Iterator[bytes], columns: Mapping[str, str]
) -> Iterator[Incoming | Unreadable]:
    # Bytes that are not UTF-8 become surrogates, and the record that holds them is refused.
    taken: list[bytes] = []

    def decoded() -> Iterator[str]:
        for line in itertools.chain([first], lines):
            taken.append(line)
            yield line.decode("utf-8", "surrogateescape")

    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(decoded(), delimiter=_delimiter(first))
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise FileProblem(_("Không đọc được dòng tiêu đề của tệp CSV.")) from error
    if not known_fields(tuple(header), columns):
        raise FileProblem(
            no_heading() % {"columns": ", ".join(header)[:300].encode("utf-8", "replace").decode()}
        )
    # Kept with every row: a raw record is understood without the rest of its file.
    head = b"".join(taken)
    while True:
        start = reader.line_num + 1
        taken.clear()
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
            yield Unreadable(start, _("Dòng có nhiều ô hơn tiêu đề."), "record.cells")
        else:
            data = dict(zip(header, row, strict=False))
            yield Incoming(start, head + b"".join(taken), "csv", data=data)


def _delimiter(header: bytes) -> str:
    text = header.decode("utf-8", "replace")
    return max(",;\t|", key=text.count)
