"""The invitation letter: a page to print, sign, stamp and send by post or mail."""

import io
from typing import Any

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.dependents import count_dependents
from marketplace.accounts.models import ClaimInvitation, Exchange
from marketplace.core import clock
from marketplace.core.errors import DomainError


class LetterUnavailable(DomainError):
    """This machine cannot make PDF files."""


def claim_url(token: str) -> str:
    with translation.override("vi"):
        return settings.PUBLIC_URL.rstrip("/") + reverse("accounts:claim", args=[token])


def invitation_letter(invitation: ClaimInvitation, token: str) -> bytes:
    """The letter in Vietnamese as PDF, with the claim link and its QR code."""
    weasyprint = _weasyprint()
    url = claim_url(token)
    with translation.override("vi"):
        html = render_to_string(
            "accounts/invitation_letter.html",
            {
                "invitation": invitation,
                "organization": invitation.organization,
                "exchange": Exchange.default(),
                "record_count": count_dependents(invitation.organization),
                "url": url,
                "qr_code": _qr_code(url),
                "today": clock.today(),
            },
        )
    fonts = weasyprint.text.fonts.FontConfiguration()
    stylesheet = weasyprint.CSS(filename=finders.find("css/letter.css"), font_config=fonts)
    document = weasyprint.HTML(string=html, url_fetcher=_no_network)
    pdf: bytes = document.write_pdf(stylesheets=[stylesheet], font_config=fonts)
    return pdf


def _weasyprint() -> Any:
    try:
        import weasyprint.text.fonts  # noqa: PLC0415 - needs system libraries that not every machine has
    except OSError as error:
        raise LetterUnavailable(
            _("Máy chủ chưa có thư viện Pango nên không tạo được tệp PDF. Hãy cài gói libpango.")
        ) from error
    return weasyprint


def _no_network(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a letter loads nothing: {url}")


def _qr_code(text: str) -> SafeString:
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    out = io.BytesIO()
    image.save(out)
    svg = out.getvalue().decode().partition("?>")[2] or out.getvalue().decode()
    return mark_safe(svg.strip())  # noqa: S308 - drawn here; holds nothing but its own path
