"""The copy that is handed out: every page says to whom, when and under which number."""

import io
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from marketplace.core.printing import pdf_of
from marketplace.research.models import FullTextRequest

STYLESHEET = "css/full-text-stamp.css"


class CannotBeStamped(Exception):
    """The file is no PDF that can be read and written again."""


def stamped_copy(request: FullTextRequest, original: bytes) -> bytes:
    """The document with the stamp on each page, whatever its size and turn.

    Raises:
        CannotBeStamped: the file is broken or closed by a password.
        PrintingUnavailable: this machine makes no PDF.
    """
    stamp = PdfReader(io.BytesIO(_stamp(request))).pages[0]
    try:
        reader = PdfReader(io.BytesIO(original))
        if reader.is_encrypted:
            raise CannotBeStamped
        writer = PdfWriter(clone_from=reader)
        for page in writer.pages:
            page.transfer_rotation_to_content()
            _lay_over(page, stamp)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CannotBeStamped from error
    return out.getvalue()


def _lay_over(page: PageObject, stamp: PageObject) -> None:
    """Scaled to fit, its foot on the foot of what is shown of the page."""
    box, paper = page.cropbox, stamp.mediabox
    scale = min(box.width / paper.width, box.height / paper.height)
    aside = float(box.left) + (float(box.width) - scale * float(paper.width)) / 2
    page.merge_transformed_page(
        stamp, Transformation().scale(scale).translate(aside, float(box.bottom)), over=True
    )


def _stamp(request: FullTextRequest) -> bytes:
    with translation.override("vi"):
        return pdf_of(
            render_to_string("research/full_text_stamp.html", _context(request)),
            stylesheet=STYLESHEET,
        )


def _context(request: FullTextRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "requester": request.requester.get_full_name() or request.requester.email,
        "organization": request.organization.name if request.organization else "",
        "decided_at": request.decided_at,
        "expires_on": request.expires_on,
    }
