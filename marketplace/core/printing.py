"""Paper: a page as PDF, and codes to scan. WeasyPrint is imported when it is needed alone."""

import atexit
import io
import threading
from pathlib import Path
from typing import Any

import qrcode
import qrcode.image.svg
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import DomainError

#: What WeasyPrint keeps of fonts is not made for two threads at once.
_of_thread = threading.local()
# Its fonts cannot be given back once modules are being taken down.
atexit.register(_of_thread.__dict__.clear)


class PrintingUnavailable(DomainError):
    """This machine cannot make PDF files."""


def pdf_of(html: str, *, stylesheet: str) -> bytes:
    """The PDF of a page; `stylesheet` is a static file. Nothing is loaded from elsewhere."""
    weasyprint = _weasyprint()
    style, fonts = _style(weasyprint, stylesheet)
    document = weasyprint.HTML(string=html, url_fetcher=_no_network)
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
    return pdf


def _style(weasyprint: Any, stylesheet: str) -> tuple[Any, Any]:
    """Parsed once in a thread: to unpack its fonts takes longer than most papers."""
    path = Path(finders.find(stylesheet) or stylesheet)
    key = path, path.stat().st_mtime_ns
    kept: dict[tuple[Path, int], tuple[Any, Any]] = _of_thread.__dict__.setdefault("styles", {})
    if key not in kept:
        fonts = weasyprint.text.fonts.FontConfiguration()
        kept[key] = weasyprint.CSS(filename=path, font_config=fonts), fonts
    return kept[key]


def _weasyprint() -> Any:
    try:
        import weasyprint.text.fonts  # noqa: PLC0415 - needs system libraries that not every machine has
    except OSError as error:
        raise PrintingUnavailable(
            _("Máy chủ chưa có thư viện Pango nên không tạo được tệp PDF. Hãy cài gói libpango.")
        ) from error
    return weasyprint


def _no_network(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a printed page loads nothing: {url}")


def qr_code(text: str) -> SafeString:
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    out = io.BytesIO()
    image.save(out)
    svg = out.getvalue().decode().partition("?>")[2] or out.getvalue().decode()
    return mark_safe(svg.strip())  # noqa: S308 - drawn here; holds nothing but its own path
