"""Smaller copies of pictures, and what a document is before it is opened."""

import io
from typing import Any, Final

import pypdf
import structlog
from django.core.cache import cache
from django.core.files.storage import Storage
from django.utils.translation import gettext as _
from PIL import Image
from pypdf.errors import PyPdfError

from marketplace.core.templatetags.design import file_size, vi_number
from marketplace.listings.models import Attachment

logger = structlog.get_logger(__name__)

#: Widths that pages ask for; any other is answered with the picture itself.
WIDTHS: Final = (480, 960)
_KEPT_SECONDS: Final = 7 * 24 * 3600
_KINDS: Final = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "video/mp4": "MP4",
    "video/webm": "WebM",
}


def smaller(storage: Storage, name: str, width: int) -> bytes:
    """The picture as WebP, no wider than this. Made once and remembered: its name never names another."""
    key = f"picture:{name}:{width}"
    found: bytes | None = cache.get(key)
    if found is None:
        with storage.open(name) as file, Image.open(file) as picture:
            picture.thumbnail((width, width * 4))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "WEBP", quality=80)
        found = out.getvalue()
        cache.set(key, found, _KEPT_SECONDS)
    return found


def document_facts(document: Attachment) -> str:
    """PDF, 12 trang, 1,2 MB"""
    pages = _pages(document) if document.content_type == "application/pdf" else 0
    facts = [
        _KINDS.get(document.content_type, ""),
        _("%(count)s trang") % {"count": vi_number(pages)} if pages else "",
        file_size(document.size),
    ]
    return ", ".join(filter(None, facts))


def _pages(document: Attachment) -> int:
    """0 where the file does not say; asked of it once."""
    key = f"document-pages:{document.file.name}"
    found: int | None = cache.get(key)
    if found is None:
        try:
            with document.file.storage.open(str(document.file.name)) as file:
                found = len(pypdf.PdfReader(file).pages)
        except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            logger.info("pages of a document are not known", error=type(error).__name__)
            found = 0
        cache.set(key, found, _KEPT_SECONDS)
    return found


def picture_width(asked: Any) -> int:
    """The width that a page asked for; 0 for the picture itself."""
    return next((width for width in WIDTHS if str(width) == asked), 0)
