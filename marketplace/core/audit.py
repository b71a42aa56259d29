"""The append-only log and its hash chain.

Writers only append; the tick `core.seal_audit` numbers and seals what is not sealed yet, so that
writers never queue on one head. A person enters as a keyed hash: erasing the person elsewhere makes
the line anonymous without breaking the chain.
"""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.db import transaction

from marketplace.core import clock
from marketplace.core.models import AuditEntry


def record(action: str, subject: str, *, by: Any = None, **data: Any) -> None:
    """Appends a line: `action` on `subject` (`need:k3f9…`), `by` a user or a stage's name.

    `data` holds identifiers, states and numbers; never personal data, for a sealed line stays.
    """
    AuditEntry.objects.create(
        at=clock.now(), actor=actor_code(by), action=action, subject=subject, data=data
    )


def actor_code(by: Any) -> str:
    if isinstance(by, str):
        return by
    if getattr(by, "pk", None) is None:  # nobody, or somebody who is not signed in
        return ""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"user:{by.pk}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]


def seal_batch(limit: int = 500) -> int:
    """Seals the next lines; run under the tick's lease only."""
    with transaction.atomic():
        last = AuditEntry.objects.exclude(sequence=None).order_by("-sequence").first()
        seal, sequence = (last.seal, last.sequence) if last else ("", 0)
        entries = list(AuditEntry.objects.filter(sequence=None).order_by("pk")[:limit])
        for entry in entries:
            sequence = (sequence or 0) + 1
            seal = seal_of(entry, sequence, seal)
            AuditEntry._base_manager.filter(pk=entry.pk).update(sequence=sequence, seal=seal)
    return len(entries)


def seal_of(entry: AuditEntry, sequence: int, previous: str) -> str:
    content = [
        sequence, previous, entry.at.isoformat(), entry.actor, entry.action, entry.subject, entry.data
    ]  # fmt: skip
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()


def first_broken_seal() -> int | None:
    """The sequence number at which the chain breaks, or None where it holds."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.exclude(sequence=None).order_by("sequence").iterator():
        if entry.sequence != expected or entry.seal != seal_of(entry, expected, previous):
            return expected
        previous, expected = entry.seal, expected + 1
    return None
