"""A stamp over every page of a PDF that is handed out: to whom, when, under which number."""

import io

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError


class CannotBeStamped(Exception):
    """The file is no PDF that can be read and written again."""


def stamped(original: bytes, stamp: bytes) -> bytes:
    """The document with the stamp's first page on each page, whatever its size and turn.

    Raises:
        CannotBeStamped: the file is broken or closed by a password.
    """
    mark = PdfReader(io.BytesIO(stamp)).pages[0]
    try:
        reader = PdfReader(io.BytesIO(original))
        if reader.is_encrypted:
            raise CannotBeStamped
        writer = PdfWriter(clone_from=reader)
        for page in writer.pages:
            page.transfer_rotation_to_content()
            _lay_over(page, mark)
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
