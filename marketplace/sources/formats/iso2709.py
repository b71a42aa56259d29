"""ISO 2709: MARC 21 and UNIMARC as libraries exchange them.

Records are found by their terminator, so a broken one costs itself alone. The character coding is the
leader's only where that is true: many libraries wrote UTF-8, or the bytes of Vietnamese fonts, into
records that say MARC-8.
"""

import logging
import warnings
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _
from pymarc import Record
from pymarc.exceptions import (
    BadLeaderValue,
    BadSubfieldCodeWarning,
    BaseAddressInvalid,
    BaseAddressNotFound,
    NoFieldsFound,
    RecordDirectoryInvalid,
    RecordLeaderInvalid,
    TruncatedRecord,
)
from pymarc.marc8 import marc8_to_unicode

from marketplace.sources.formats.legacy import CONVERTED, examine
from marketplace.sources.formats.marc import MarcField, MarcFields, record_of
from marketplace.sources.formats.raw import InputProblem, RawRecord, Unreadable

# Its warnings quote the record, and nothing of a record may reach a log.
logging.getLogger("pymarc").addFilter(lambda record: False)

_END: Final = b"\x1d"
_CHUNK: Final = 64 * 1024
#: The format's own limit is 99,999; beyond it there is no record.
_LIMIT: Final = 100_000
_BLANK: Final = b" \r\n\t\x00\x1a"


def looks_like_iso2709(head: bytes) -> bool:
    """Five digits of length, and the fixed figures of the leader at their places."""
    start = head.lstrip(_BLANK)
    return len(start) >= 24 and start[:5].isdigit() and start[10:12].strip() in (b"22", b"")


def read_iso2709(stream: IO[bytes]) -> Iterator[RawRecord | Unreadable]:
    number = 0
    for chunk, is_whole in _chunks(stream):
        number += 1
        if not is_whole:
            yield Unreadable(number, _("Bản ghi MARC bị cắt cụt hoặc quá dài."))
            continue
        fields = _fields(chunk)
        if isinstance(fields, str):
            yield Unreadable(number, fields)
            continue
        found = record_of(fields, number)
        if isinstance(found, Unreadable):
            yield found
        else:
            kind, data, remarks = found
            yield RawRecord(number, data, raw=chunk, kind=kind, remarks=remarks)
    if not number:
        raise InputProblem(_("Tệp không có bản ghi MARC nào."))


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each record with its terminator; False with what has none, or is too long to be one."""
    held, is_skipping = b"", False
    while True:
        read = stream.read(_CHUNK)
        held += read
        *whole, held = held.split(_END)
        for one in whole:
            one = one.lstrip(_BLANK)
            if is_skipping:
                is_skipping = False
            elif len(one) >= _LIMIT:
                yield b"", False
            elif one:
                yield one + _END, True
        if len(held) >= _LIMIT:
            if not is_skipping:
                yield b"", False
            held, is_skipping = b"", True
        if not read:
            break
    if held.strip(_BLANK) and not is_skipping:
        yield b"", False


def _fields(chunk: bytes) -> MarcFields | str:
    """The record's fields as text, or why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BadSubfieldCodeWarning)
            record = Record(chunk, to_unicode=False)
    except TruncatedRecord:
        return _("Bản ghi MARC ngắn hơn độ dài ghi ở đầu biểu.")
    except (RecordLeaderInvalid, BadLeaderValue, BaseAddressInvalid, BaseAddressNotFound):
        return _("Đầu biểu (leader) của bản ghi MARC hỏng.")
    except (RecordDirectoryInvalid, NoFieldsFound, ValueError, IndexError):
        # ValueError: letters where the directory or the leader must have figures.
        return _("Thư mục (directory) của bản ghi MARC hỏng.")
    remarks: list[str] = []
    decode = _Decoder(chunk, remarks)
    fields = MarcFields(leader=str(record.leader))
    for one in record.fields:
        if one.control_field:
            fields.fields.append(MarcField(one.tag, value=decode(one.data or b"")))
        else:
            subfields = tuple((sub.code, decode(sub.value)) for sub in one.subfields if sub.value)
            indicators = f"{one.indicator1}{one.indicator2}"
            fields.fields.append(MarcField(one.tag, indicators=indicators, subfields=subfields))
    fields.remarks = tuple(remarks)
    return fields


class _Decoder:
    """How the bytes of one record become text: said by the leader, checked against the bytes."""

    def __init__(self, chunk: bytes, remarks: list[str]) -> None:
        self.is_ascii = chunk.isascii()
        says_unicode = chunk[9:10] == b"a"
        try:
            chunk.decode("utf-8")
            self.is_utf8 = True
        except UnicodeDecodeError:
            self.is_utf8 = False
        # Its escapes are MARC-8's own; without them the record's whole text shows whether its bytes
        # are letters of a Vietnamese font.
        self.is_bytewise = not self.is_utf8 and (
            says_unicode or (b"\x1b" not in chunk and _is_old_vietnamese(chunk))
        )
        if not self.is_ascii and self.is_utf8 and not says_unicode:
            remarks.append(_("đầu biểu không ghi UTF-8 nhưng nội dung là UTF-8"))
        if not self.is_utf8 and says_unicode:
            remarks.append(_("đầu biểu ghi UTF-8 nhưng nội dung không phải, đã đọc theo từng byte"))

    def __call__(self, value: bytes | str) -> str:
        assert isinstance(value, bytes)  # asked for as such: `to_unicode=False`
        if self.is_ascii or self.is_utf8:
            return value.decode("utf-8")
        if value.isascii() and b"\x1b" not in value:
            return value.decode("ascii")
        return self._by_bytes(value)

    def _by_bytes(self, value: bytes) -> str:
        """MARC-8, or the bytes themselves, for the repair of old encodings."""
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
        if not self.is_bytewise:
            text = str(marc8_to_unicode(value, hide_utf8_warnings=True))
            if _reads_well(text):
                return text
        return _letters_of(value)


def _is_old_vietnamese(chunk: bytes) -> bool:
    text = _letters_of(chunk[24:].translate(_BLANKS))
    return examine(text).status == CONVERTED


_BLANKS: Final = bytes(32 if byte < 32 else byte for byte in range(256))


def _letters_of(value: bytes) -> str:
    return value.decode("cp1252") if _is_cp1252(value) else value.decode("latin-1")


def _is_cp1252(value: bytes) -> bool:
    return not any(byte in value for byte in b"\x81\x8d\x8f\x90\x9d")


def _reads_well(text: str) -> bool:
    """Did every mark find its letter? In text of another encoding they pile up or stand alone."""
    previous_is_letter = False
    for char in text:
        if "\u0300" <= char <= "\u036f" or char in "\ufffd\ufe20\ufe21":
            if not previous_is_letter:
                return False
        else:
            previous_is_letter = char.isalpha()
    return True
