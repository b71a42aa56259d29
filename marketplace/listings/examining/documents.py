"""Words of documents: one with a secrecy mark is refused before anything of it is kept, one that speaks of
secrecy is shown to its reviewers.

Source of the rule: Law on the protection of state secrets 29/2018/QH14; the marks are data
(`data/examining.toml`).
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Final

import pypdf
import structlog
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from lxml import etree
from pypdf.errors import PyPdfError

from marketplace.core.errors import UploadRejected
from marketplace.core.uploads import (
    PDF,
    VIDEO_TYPES,
    CheckedFile,
    check_document,
    check_video,
    is_video_name,
)
from marketplace.listings.examining.words import carries_mark, patterns, says_secret
from marketplace.listings.models import Attachment, Listing

logger = structlog.get_logger(__name__)

#: A mark stands on the first pages; of the rest a reader would wait for the answer.
_PAGES: Final = 40
_LETTERS: Final = 400_000
#: Parts of an office file in which people write, headers and boxes among them.
_WRITTEN: Final = ("word/", "xl/sharedStrings", "xl/worksheets/", "ppt/slides/")
_MOST_OF_A_PART: Final = 20 * 1024 * 1024
_KEPT_SECONDS: Final = 30 * 24 * 3600
_LINE_ENDS: Final = frozenset({"p", "br", "tr", "si", "c", "row", "cr"})
_UNREADABLE: Final = (
    PyPdfError, zipfile.BadZipFile, etree.LxmlError, ValueError, KeyError, TypeError, AttributeError, IndexError,
    RecursionError, OSError, NotImplementedError, AssertionError,
)  # fmt: skip


class ClassifiedDocument(UploadRejected):
    """The document carries a secrecy mark."""


def check_listing_document(upload: UploadedFile) -> CheckedFile:
    """As `core.uploads.check_document`, and what is written in it is read for marks of secrecy; or a film.

    Raises:
        ClassifiedDocument: nothing of it is kept or logged.
        UploadRejected: it is no document that we take.
    """
    if is_video_name(upload.name or ""):
        return check_video(upload)
    checked = check_document(upload)
    refuse_classified(checked)
    return checked


def refuse_classified(checked: CheckedFile) -> None:
    """
    Raises:
        ClassifiedDocument: its words have a mark of secrecy in force today.
    """
    checked.content.seek(0)
    data = checked.content.read()
    checked.content.seek(0)
    if carries_mark(text_of(data, checked.content_type)):
        raise ClassifiedDocument(
            _(
                "Tệp có dấu chỉ độ mật. Sàn không nhận và không giữ lại tệp này; hãy theo quy định bảo vệ "
                "bí mật nhà nước."
            )
        )


def documents_on_secrecy(draft: Listing) -> list[str]:
    """Names of the attached documents whose words speak of secrecy; each is read once and remembered."""
    return [row.display_name for row in draft.attachments.all() if _speaks_of_secrecy(row)]


def _speaks_of_secrecy(row: Attachment) -> bool:
    key = f"document-secrecy:{row.file.name}:{patterns().valid_from:%Y%m%d}"
    found: bool | None = cache.get(key)
    if found is None:
        try:
            with row.file.storage.open(str(row.file.name)) as file:
                text = text_of(file.read(), row.content_type)
        except FileNotFoundError:
            return False
        found = carries_mark(text) or says_secret(text)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def text_of(data: bytes, content_type: str) -> str:
    """The words of a document, up to a limit; "" where there are none that can be read."""
    if content_type in VIDEO_TYPES:
        return ""
    read: Callable[[bytes], Iterator[str]] = _pdf if content_type == PDF else _office
    found, length = [], 0
    try:
        for piece in read(data):
            found.append(piece)
            length += len(piece)
            if length > _LETTERS:
                break
    except _UNREADABLE as error:
        # Readers of broken files raise whatever those lead them to; reviewers open the file themselves.
        logger.info("words of a document are not known", error=type(error).__name__)
    return "\n".join(found)


def _pdf(data: bytes) -> Iterator[str]:
    for page in pypdf.PdfReader(io.BytesIO(data)).pages[:_PAGES]:
        yield page.extract_text() or ""


def _office(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            name = part.filename
            if (
                name.endswith(".xml")
                and name.startswith(_WRITTEN)
                and part.file_size < _MOST_OF_A_PART
            ):
                with archive.open(part) as opened:
                    yield from _lines(opened)


def _lines(opened: IO[bytes]) -> Iterator[str]:
    """Text of a part, a paragraph, cell text or row a line."""
    line: list[str] = []
    for _event, element in etree.iterparse(opened, resolve_entities=False, no_network=True):
        tag = str(element.tag).rpartition("}")[2]
        if tag in ("t", "v") and element.text:
            line.append(element.text)
        elif tag in _LINE_ENDS:
            yield "".join(line)
            line = []
            element.clear()
    yield "".join(line)
