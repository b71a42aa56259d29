"""Paper: a page as PDF, and codes to scan. WeasyPrint is imported when it is needed alone."""

import io
from typing import Any

import qrcode
import qrcode.image.svg
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import DomainError


class PrintingUnavailable(DomainError):
    """This machine cannot make PDF files."""


def pdf_of(html: str, *, stylesheet: str) -> bytes:
    """The PDF of a page; `stylesheet` is a static file. Nothing is loaded from elsewhere."""
    weasyprint = _weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()
    style = weasyprint.CSS(filename=finders.find(stylesheet), font_config=fonts)
    document = weasyprint.HTML(string=html, url_fetcher=_no_network)
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
    return pdf


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
