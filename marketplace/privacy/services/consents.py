"""What somebody agreed to, in which version; what is asked for and not yet agreed to."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from marketplace.core import audit, clock
from marketplace.privacy.ledger import Document, documents, required_documents
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
def agree_on_opening(user: Any) -> None:
    """Whoever makes an account agrees by that to what is part of having one; registered as such."""
    for document in required_documents():
        give_consent(user, document.code)


@transaction.atomic
def agree_to(user: Any, read: Iterable[str]) -> bool:
    """To required documents that a page showed, `terms:2026-01` each; whether nothing is left to agree to.

    A version that is no longer in force is not what was asked: the page is shown again.
    """
    shown = set(read)
    for document in missing_documents(user):
        if document.key in shown:
            give_consent(user, document.code)
    return not missing_documents(user)


def missing_documents(user: Any) -> list[Document]:
    """Required ones in a version that the person has not agreed to."""
    return [one for one, consent in consents_of(user) if one.required and consent is None]


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
