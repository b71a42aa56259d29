"""Bytes of a text file → lines of text, whatever their encoding, also where it changes on the way.

A line that is not UTF-8 is read byte by byte as Latin letters: no byte is lost, and the repair of
Vietnamese encodings (`legacy`) then sees the same text that other programs make of such files.
"""

import codecs
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from django.utils.translation import gettext as _

from marketplace.sources.formats.raw import RECORD_LIMIT, InputProblem

_SAMPLE: Final = 40
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY: Final = (
    (b"PK\x03\x04", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS/DOC"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)


@dataclass(slots=True)
class Decoded:
    lines: Iterator[str]
    #: The first lines, which `lines` gives again.
    sample: list[str]
    encoding: str
    guessed: set[int] = field(default_factory=set)

    def is_guessed(self, line: int) -> bool:
        """Was this line not in the encoding of the file?"""
        return line in self.guessed


def decoded_lines(stream: IO[bytes]) -> Decoded:
    """The lines of a text file; raises InputProblem where it is no text."""
    head = stream.read(4096)
    for mark, name in _BINARY:
        if head.startswith(mark):
            raise InputProblem(_("Đây là tệp %(kind)s, không phải tệp văn bản.") % {"kind": name})
    encoding = _wide_encoding(head)
    result = Decoded(iter(()), [], encoding or "utf-8")
    if encoding:
        lines = _wide_lines(head, stream, encoding)
    else:
        if b"\x00" in head:
            raise InputProblem(_("Đây không phải tệp văn bản (có byte NUL)."))
        lines = _narrow_lines(head.removeprefix(codecs.BOM_UTF8), stream, result)
    result.sample = list(itertools.islice(lines, _SAMPLE))
    result.lines = itertools.chain(result.sample, lines)
    return result


def _wide_encoding(head: bytes) -> str:
    for mark, name in _WIDE:
        if head.startswith(mark):
            return name
    # Without a mark: text in two-byte units has a zero in every other place of its ASCII part.
    pairs = min(len(head) // 2, 200)
    if pairs >= 4:
        if head[1 : pairs * 2 : 2].count(0) > pairs * 0.6:
            return "utf-16-le"
        if head[0 : pairs * 2 : 2].count(0) > pairs * 0.6:
            return "utf-16-be"
    return ""


def _wide_lines(head: bytes, stream: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    held = ""
    chunk = head
    while chunk:
        held += decoder.decode(chunk)
        *whole, held = held.split("\n")
        for line in whole:
            yield line.removeprefix("\ufeff") + "\n"
        if len(held) > RECORD_LIMIT:
            raise InputProblem(_("Dòng quá dài."))
        chunk = stream.read(64 * 1024)
    held += decoder.decode(b"", True)
    if held:
        yield held.removeprefix("\ufeff")


def _narrow_lines(head: bytes, stream: IO[bytes], result: Decoded) -> Iterator[str]:
    for number, line in enumerate(_byte_lines(head, stream), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            result.guessed.add(number)
            if len(result.guessed) > 5000:
                # Enough to say so of the lines at hand; the set must not grow with the file.
                result.guessed = {place for place in result.guessed if place > number - 2500}
            text = line.decode("cp1252") if not _has_gaps(line) else line.decode("latin-1")
        yield text


def _has_gaps(line: bytes) -> bool:
    return any(byte in line for byte in b"\x81\x8d\x8f\x90\x9d")


def _byte_lines(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    """Lines ended by LF, CRLF or a lone CR; one without end is cut, so that it cannot fill memory."""
    held, chunk, is_cut = b"", head, False
    # Old Macintosh programs ended lines by CR alone.
    end = b"\r" if b"\n" not in head and b"\r" in head else b"\n"
    while chunk:
        held += chunk
        *whole, held = held.split(end)
        for line in whole:
            # What is left of a line that was cut goes with it.
            yield b"\n" if is_cut else line + b"\n"
            is_cut = False
        if is_cut:
            held = b""
        elif len(held) > RECORD_LIMIT:
            yield held[:RECORD_LIMIT]
            held, is_cut = b"", True
        chunk = stream.read(64 * 1024)
    if held:
        yield held
