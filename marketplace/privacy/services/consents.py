"""What somebody agreed to, in which version; what is asked for and not yet agreed to."""

from typing import Any

from django.db import transaction

from marketplace.core import audit, clock
from marketplace.privacy.ledger import Document, documents
from marketplace.privacy.models import Consent


@transaction.atomic
def give_consent(user: Any, code: str) -> Consent:
    """To the version in force; a second time changes nothing. Raises LookupError for no such document."""
    document = _document(code)
    consent, made = Consent.objects.get_or_create(
        user=user,
        document=document.code,
        version=document.version,
        withdrawn_at=None,
        defaults={"given_at": clock.now()},
    )
    if made:
        subject = f"consent:{document.code}"
        audit.record("privacy.consent_given", subject, by=user, version=document.version)
    return consent


@transaction.atomic
def withdraw_consent(user: Any, code: str) -> bool:
    """Takes every version back. What is part of having an account cannot be: closing is the way."""
    document = _document(code)
    if document.required:
        raise LookupError(code)
    standing = Consent.objects.filter(user=user, document=code, withdrawn_at=None)
    changed = standing.update(withdrawn_at=clock.now())
    if changed:
        audit.record("privacy.consent_withdrawn", f"consent:{code}", by=user)
    return bool(changed)


def has_consent(user: Any, code: str) -> bool:
    document = _document(code)
    standing = Consent.objects.filter(user=user, document=code, withdrawn_at=None)
    return standing.filter(version=document.version).exists()


def consents_of(user: Any) -> list[tuple[Document, Consent | None]]:
    standing = {
        (row.document, row.version): row
        for row in Consent.objects.filter(user=user, withdrawn_at=None)
    }
    return [(one, standing.get((one.code, one.version))) for one in documents()]


def _document(code: str) -> Document:
    for document in documents():
        if document.code == code:
            return document
    raise LookupError(code)
