"""JSON arrays and records printed over several lines, one record at a time.

Files of one record a line are read by line (`imports.files`): there a broken line costs itself alone.
Here records are found by their brackets, and a record that is no JSON costs itself too as long as its
brackets agree.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from marketplace.sources.formats.marc import MarcField, MarcFields, record_of
from marketplace.sources.formats.raw import RECORD_LIMIT, InputProblem, RawRecord, Unreadable

_CHUNK: Final = 64 * 1024
_OUTSIDE: Final = re.compile(rb'[{}\[\]"\n]')
_INSIDE: Final = re.compile(rb'[\\"\n]')
_DEPTH: Final = 200
_OPENING, _CLOSING = b"{[", b"}]"


def read_json(stream: IO[bytes]) -> Iterator[RawRecord | Unreadable]:
    """The objects of an array, or objects one after the other."""
    scanner = _Scanner()
    count = 0
    while chunk := stream.read(_CHUNK):
        for line, text in scanner.feed(chunk):
            count += 1
            yield _record(line, text)
    if scanner.is_open:
        raise InputProblem(_("Tệp JSON bị cắt cụt: ngoặc hoặc dấu nháy không đóng."))
    if not count:
        raise InputProblem(_("Tệp không có bản ghi JSON nào."))


class _Scanner:
    """Cuts a stream of bytes into the objects at its top, or in its one array."""

    def __init__(self) -> None:
        self.line = self.start_line = 1
        self.depth = self.top = 0
        self.is_text = self.is_escaped = False
        self.has_array = False
        self.held = bytearray()
        self.is_too_long = False

    @property
    def is_open(self) -> bool:
        return self.depth > 0 or self.is_text

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes | None]]:
        """Line and text of each object that ends in the chunk; None where it is too long."""
        at = kept_to = 0
        if self.is_escaped:
            self.is_escaped, at = False, 1
        while found := (_INSIDE if self.is_text else _OUTSIDE).search(chunk, at):
            at = found.end()
            sign = found.group()
            if sign == b"\n":
                self.line += 1
            elif sign == b'"':
                self.is_text = not self.is_text
            elif sign == b"\\":
                if at == len(chunk):
                    self.is_escaped = True
                if chunk[at : at + 1] == b"\n":
                    self.line += 1
                at += 1
            elif sign in _OPENING:
                if self._open(sign):
                    kept_to = found.start()
            elif self._close():
                self._keep(chunk[kept_to:at])
                yield self.start_line, None if self.is_too_long else bytes(self.held)
                self.held.clear()
                self.is_too_long = False
        if self.depth > self.top:
            self._keep(chunk[kept_to:])

    def _open(self, sign: bytes) -> bool:
        """True where a record begins here."""
        self.depth += 1
        if self.depth == 1 and sign == b"[" and not self.has_array:
            self.has_array, self.top = True, 1
            return False
        if self.depth > _DEPTH:
            raise InputProblem(_("Dữ liệu JSON lồng quá sâu."))
        if self.depth == self.top + 1:
            self.start_line = self.line
            return True
        return False

    def _close(self) -> bool:
        self.depth -= 1
        if self.depth < 0:
            raise InputProblem(_("Tệp JSON hỏng ở dòng %(line)s.") % {"line": self.line})
        if self.depth < self.top:
            self.top = 0
            return False
        return self.depth == self.top

    def _keep(self, piece: bytes) -> None:
        if len(self.held) + len(piece) > RECORD_LIMIT:
            self.is_too_long = True
            self.held.clear()
        elif not self.is_too_long:
            self.held += piece


def _record(line: int, text: bytes | None) -> RawRecord | Unreadable:
    if text is None:
        return Unreadable(line, _("Bản ghi quá lớn."))
    try:
        data = json.loads(text.decode("utf-8"))
    except UnicodeDecodeError:
        return Unreadable(line, _("Bản ghi không phải mã UTF-8."))
    except (ValueError, RecursionError):
        return Unreadable(line, _("JSON không đọc được."))
    if not isinstance(data, dict):
        return Unreadable(line, _("Không phải một bản ghi JSON {…}."))
    found = record_from_json(line, data)
    return replace(found, raw=text) if isinstance(found, RawRecord) else found


def record_from_json(line: int, data: dict[str, Any]) -> RawRecord | Unreadable:
    """A record as it is, or the record that MARC-JSON writes as `leader` and `fields`."""
    if not (isinstance(data.get("leader"), str) and isinstance(data.get("fields"), list)):
        return RawRecord(line, data)
    found = record_of(_marc_fields(data), line)
    if isinstance(found, Unreadable):
        return found
    kind, record, remarks = found
    return RawRecord(line, record, kind=kind, remarks=remarks)


def _marc_fields(data: dict[str, Any]) -> MarcFields:
    record = MarcFields(leader=data["leader"])
    dropped = 0
    for entry in data["fields"]:
        for tag, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, str):
                record.fields.append(MarcField(tag, value=value))
            elif isinstance(value, dict) and isinstance(value.get("subfields"), list):
                subfields = tuple(
                    (code, text)
                    for one in value["subfields"]
                    if isinstance(one, dict)
                    for code, text in one.items()
                    if isinstance(text, str)
                )
                indicators = str(value.get("ind1") or " ")[:1] + str(value.get("ind2") or " ")[:1]
                record.fields.append(MarcField(tag, indicators=indicators, subfields=subfields))
            else:
                dropped += 1
    if dropped:
        record.remarks = (_("%(count)s trường MARC có nhãn sai, đã bỏ") % {"count": dropped},)
    return record
