"""The copy that is handed out: every page says to whom, when and under which number."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from marketplace.core.printing import pdf_of
from marketplace.core.stamping import CannotBeStamped, stamped
from marketplace.research.models import FullTextRequest

__all__ = ["STYLESHEET", "CannotBeStamped", "stamped_copy"]

STYLESHEET = "css/full-text-stamp.css"


def stamped_copy(request: FullTextRequest, original: bytes) -> bytes:
    """The document with the stamp on each page.

    Raises:
        CannotBeStamped: the file is broken or closed by a password.
        PrintingUnavailable: this machine makes no PDF.
    """
    return stamped(original, _stamp(request))


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
