"""The certificate on paper, in the layout of official documents, and certified copies of it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from marketplace.core.printing import pdf_of, qr_code
from marketplace.registration import rules
from marketplace.registration.models import Certificate, CertifiedCopy
from marketplace.taxonomy.labels import label

STYLESHEET = "css/certificate.css"


def verification_url(certificate: Certificate) -> str:
    with translation.override("vi"):
        return settings.PUBLIC_URL.rstrip("/") + reverse(
            "registration:verify", args=[certificate.code]
        )


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate as it was on the day of issue, with the code that leads to its check."""
    return _pdf(certificate, None)


def copy_pdf(copy: CertifiedCopy) -> bytes:
    """The same page marked as a certified copy, with its number and day."""
    return _pdf(copy.certificate, copy)


def _pdf(certificate: Certificate, copy: CertifiedCopy | None) -> bytes:
    with translation.override("vi"):
        return pdf_of(
            render_to_string("registration/certificate.html", context_of(certificate, copy)),
            stylesheet=STYLESHEET,
        )


def context_of(certificate: Certificate, copy: CertifiedCopy | None = None) -> dict[str, Any]:
    printed = certificate.printed
    on = date.fromisoformat(printed["ruled_on"])
    url = verification_url(certificate)
    accepted_on = printed.get("accepted_on")
    return {
        "certificate": certificate,
        "printed": printed,
        "level": label("task-levels", printed["level"], "vi") if printed.get("level") else "",
        "accepted_on": date.fromisoformat(accepted_on) if accepted_on else None,
        "letter": rules.letter("certificate", on),
        "copy": copy,
        "copy_letter": rules.letter("copy", on) if copy else None,
        "url": url,
        "qr_code": qr_code(url),
    }
