"""The one entrance for XML: no document types, no entities, no network, limits on everything.

A document type declaration is refused before the tree is built, whatever its encoding, so there is
nothing to expand and nothing to fetch. Elements are given one at a time and freed behind the reader.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Final, TypeAlias
from xml.parsers import expat

from django.utils.translation import gettext as _
from lxml import etree

from marketplace.sources.formats.raw import InputProblem

Element: TypeAlias = etree._Element

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_CHUNK: Final = 64 * 1024
_HTML: Final = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
# Signs that XML forbids and that real servers send: as bytes, and written as numbers.
_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32)])
_REFERENCE: Final = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_CUT_OFF: Final = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_GT_REQUIRED,
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_DOCUMENT_EMPTY,
    }
)
_WIDE_STARTS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")


@dataclass(frozen=True, slots=True)
class Limits:
    total: int
    element: int = 8 * 1024 * 1024
    depth: int = 60
    children: int = 100_000


#: A file on disk, and one answer of a server.
FILE: Final = Limits(total=8 * 1024**3)
ANSWER: Final = Limits(total=64 * 1024 * 1024)


def xml_elements(
    stream: IO[bytes], wanted: Collection[str], *, limits: Limits = FILE
) -> Iterator[Element]:
    """The outermost elements whose tag is `wanted`, each complete, each freed after its turn.

    Raises InputProblem where the stream is HTML, is no well-formed XML, has a document type, or is
    larger or deeper than the limits.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk(frozenset(wanted), limits)
    try:
        for chunk in _clean_chunks(stream, limits):
            parser.feed(chunk)
            walk.fed += len(chunk)
            yield from walk.completed(parser)
            walk.check_size()
    except etree.XMLSyntaxError as error:
        raise InputProblem(
            _("Dữ liệu XML hỏng ở dòng %(line)s.") % {"line": error.lineno or 0}
        ) from error
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        line = {"line": error.lineno or 1}
        if error.code in _CUT_OFF:
            raise InputProblem(_("Dữ liệu XML bị cắt cụt (ở dòng %(line)s).") % line) from error
        raise InputProblem(_("Dữ liệu XML hỏng ở dòng %(line)s.") % line) from error
    yield from walk.completed(parser)


class _Walk:
    """Where the parser stands, and what is held of the tree."""

    def __init__(self, wanted: frozenset[str], limits: Limits) -> None:
        self.wanted, self.limits = wanted, limits
        self.depth = self.fed = self.held_from = self.children = 0
        #: Depth of the wanted element that is being read; 0 between them.
        self.inside = 0

    def completed(self, parser: etree.XMLPullParser) -> Iterator[Element]:
        for event, element in parser.read_events():
            if event == "start":
                self._enter(element)
                continue
            if self.inside == self.depth:
                self.inside = 0
                yield element
                _free(element)
            elif not self.inside:
                _free(element)
            self.depth -= 1

    def _enter(self, element: Element) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise InputProblem(_("Dữ liệu XML lồng quá sâu."))
        if self.inside:
            self.children += 1
            if self.children > self.limits.children:
                raise InputProblem(_("Một bản ghi XML có quá nhiều phần tử."))
        elif element.tag in self.wanted:
            self.inside, self.children, self.held_from = self.depth, 0, self.fed

    def check_size(self) -> None:
        if self.inside and self.fed - self.held_from > self.limits.element:
            raise InputProblem(_("Một bản ghi XML quá lớn."))


def _free(element: Element) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        # The last child stays: the parser may still add the text behind it.
        while element.getprevious() is not None:
            del parent[0]


def _clean_chunks(stream: IO[bytes], limits: Limits) -> Iterator[bytes]:
    """The stream in pieces, checked, without the signs that XML forbids."""
    head = stream.read(_CHUNK)
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise InputProblem(_("Không có dữ liệu XML nào."))
    is_wide = head.startswith(_WIDE_STARTS)
    if not is_wide:
        if not start.startswith(b"<"):
            raise InputProblem(_("Đây không phải dữ liệu XML."))
        if _HTML.search(start):
            raise InputProblem(_("Đây là một trang web (HTML), không phải dữ liệu XML."))
        head = head[len(head) - len(head.lstrip(b" \t\r\n")) :]
    prolog = _Prolog()
    total, kept = 0, b""
    chunk = head
    while chunk:
        total += len(chunk)
        if total > limits.total:
            raise InputProblem(
                _("Dữ liệu lớn hơn %(limit)s MB.") % {"limit": limits.total // 1024 // 1024}
            )
        if not is_wide:
            chunk = _REFERENCE.sub(b" ", (kept + chunk).translate(None, _CONTROLS))
            # A reference may be cut by the end of the piece.
            cut = chunk.rfind(b"&", len(chunk) - 12 if len(chunk) > 12 else 0)
            kept = chunk[cut:] if cut >= 0 and b";" not in chunk[cut:] else b""
            chunk = chunk[: len(chunk) - len(kept)]
        prolog.check(chunk)
        if chunk:
            yield chunk
        chunk = stream.read(_CHUNK)
    if kept:
        yield kept
    prolog.finish()


class _Prolog:
    """Reads what stands before the root element and refuses a document type there."""

    def __init__(self) -> None:
        self.parser: expat.XMLParserType | None = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._pass
        self.is_past = False

    def check(self, chunk: bytes) -> None:
        if self.parser is None or self.is_past:
            return
        try:
            self.parser.Parse(chunk, False)
        except (expat.ExpatError, ValueError, LookupError) as error:
            self._unclear(error)

    def finish(self) -> None:
        if not self.is_past:
            raise InputProblem(_("Dữ liệu XML bị cắt cụt (ở dòng %(line)s).") % {"line": 1})

    def _unclear(self, error: Exception) -> None:
        # Behind the root's first tag nothing matters here: the real parser reports what is wrong.
        if not self.is_past:
            raise InputProblem(
                _("Dữ liệu XML hỏng ở dòng %(line)s.") % {"line": getattr(error, "lineno", 1)}
            ) from error

    def _pass(self, name: str, attributes: dict[str, str]) -> None:
        self.is_past = True

    def _refuse(self, *declared: object) -> None:
        raise InputProblem(
            _("Dữ liệu XML khai báo DOCTYPE, có thể chứa thực thể độc hại, nên không được nhận.")
        )


def text_of(element: Element | None) -> str:
    """All text inside, blanks folded; the text of entities that were not resolved is not there."""
    if element is None:
        return ""
    return " ".join("".join(element.itertext()).split())


def local_name(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return etree.QName(element).namespace or ""


def line_of(element: Element) -> int:
    return int(element.sourceline or 0)


def bytes_of(element: Element) -> bytes:
    """The element as it stands, without what surrounds it."""
    return bytes(etree.tostring(element, encoding="utf-8", with_tail=False))
