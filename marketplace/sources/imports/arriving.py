"""What the readers of formats give → what the one entrance takes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.research.models.choices import NumberKind
from marketplace.research.numbers import parse_number
from marketplace.sources.formats import opening, raw
from marketplace.sources.imports.columns import RESULT, TASK, known_fields
from marketplace.sources.imports.files import read_records
from marketplace.sources.imports.incoming import Arrival, Incoming, Noted, Unreadable

#: Kinds of number pattern → the field that holds such a number.
_NUMBERS: Final[Mapping[str, str]] = {
    NumberKind.ARCHIVE: "archive_number",
    NumberKind.RESULT_CODE: "result_code",
    NumberKind.CERTIFICATE: "certificate_number",
}
#: Kind of the format → register; for the others there is none to bring them into.
_REGISTERS: Final[Mapping[str, str]] = {
    raw.PUBLICATION: RESULT, raw.PATENT: RESULT, raw.PRODUCT: RESULT, raw.TASK: TASK,
    # A row that says nothing: its columns or its source may.
    raw.RESULT: "",
}  # fmt: skip


def arrival_of(read: raw.Read, *, form: str, line: int | None = None) -> Arrival:
    """A record, a deletion, or why there is none.

    `form` is the format's name; `line` replaces the reader's own count where records come in pages.
    """
    place = read.line if line is None else line
    if isinstance(read, raw.Unreadable):
        return Unreadable(place, read.reason, read.rule, read.source_id)
    if isinstance(read, raw.Deleted):
        return raw.Deleted(place, read.source_id)
    if read.kind not in _REGISTERS:
        named = str(read.data.get("source_id") or "")
        return Unreadable(place, no_register(read.kind), "record.kind", named)
    return Incoming(
        place,
        read.raw or _packed(read),
        form,
        data=_with_numbers(read.data, _REGISTERS[read.kind]),
        source_id=str(read.data.get("source_id") or ""),
        notes=tuple(Noted(text, "record.format") for text in read.remarks),
        kind=_REGISTERS[read.kind],
    )


def no_register(kind: str) -> str:
    return _(
        "Bản ghi loại «%(kind)s» không phải kết quả, nhiệm vụ hay ứng dụng kết quả, chưa có sổ để nhận."
    ) % {"kind": kind[:30]}


def _with_numbers(data: Mapping[str, Any], register: str) -> Mapping[str, Any]:
    """Formats that know only "a number" or "an identifier": the patterns in force tell whether it is
    the number of an archive, a result or a certificate, or the code of a task that is one itself."""
    names = {**_NUMBERS, NumberKind.TASK_CODE: "code"} if register == TASK else _NUMBERS
    given = data.get("identifiers") or ()
    texts = [data.get("report_number"), *(given.values() if isinstance(given, Mapping) else given)]
    found: dict[str, Any] = {}
    for text in texts:
        if isinstance(text, str) and text and "://" not in text:
            for number in parse_number(text)[:1]:
                found.setdefault(names.get(number.kind, ""), text)
    found.pop("", None)
    return {**found, **data} if found else data


def _packed(read: raw.RawRecord) -> bytes:
    """The record's values as they came, where its format has no bytes of its own for one record."""
    packed = json.dumps(read.data, ensure_ascii=False, default=str)
    return packed.encode("utf-8", "surrogatepass")


def arrivals_of(path: Path, *, columns: Mapping[str, str] | None = None) -> Iterator[Arrival]:
    """The records of a file of any format that is read here, in order."""

    def known(names: tuple[str, ...]) -> int:
        return known_fields(names, columns)

    kind, head = opening.kind_of(path)
    if kind == opening.JSON_LINES or (kind == opening.CSV and _is_plain_csv(head)):
        yield from read_records(path, columns=columns)
        return
    for read in opening.read_file(path, kind=kind, known=known, is_repaired=False):
        yield arrival_of(read, form=kind)


def _is_plain_csv(head: bytes) -> bool:
    """UTF-8 with its heading in the first line, of whatever delimiter: the usual file."""
    try:
        # The last sign may be cut.
        text = head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    first, _newline, _rest = text.partition("\n")
    return "\x00" not in text and known_fields(tuple(_cells(first))) > 0


def _cells(line: str) -> list[str]:
    sign = max(",;\t|", key=line.count)
    return [cell.strip(' "\r') for cell in line.split(sign)]
