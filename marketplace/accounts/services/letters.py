"""The invitation letter: a page to print, sign, stamp and send by post or mail."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from marketplace.accounts.dependents import count_dependents
from marketplace.accounts.fronts import Front
from marketplace.accounts.models import ClaimInvitation
from marketplace.core import clock
from marketplace.core.printing import pdf_of, qr_code


def claim_url(token: str, front: Front) -> str:
    """On the site of who invites: the letter is of its exchange."""
    with translation.override("vi"):
        return front.url(reverse("accounts:claim", args=[token]))


def invitation_letter(invitation: ClaimInvitation, token: str, front: Front) -> bytes:
    """The letter in Vietnamese as PDF, with the claim link and its QR code."""
    url = claim_url(token, front)
    with translation.override("vi"):
        html = render_to_string(
            "accounts/claims/letter.html",
            {
                "invitation": invitation,
                "organization": invitation.organization,
                "exchange": front.exchange,
                "record_count": count_dependents(invitation.organization),
                "url": url,
                "qr_code": qr_code(url),
                "today": clock.today(),
            },
        )
    return pdf_of(html, stylesheet="css/letter.css")
