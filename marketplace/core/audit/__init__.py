"""The append-only log and its hash chain.

Writers only append; the tick `core.seal_audit` numbers and seals what is not sealed yet, so that
writers never queue on one head. A person enters as a keyed hash: erasing the person elsewhere makes
the line anonymous without breaking the chain. The database itself refuses to change or remove a line
(`migrations/0003`); whole years leave it for a file (`archiving`) and are kept for ten.
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from marketplace.core import clock
from marketplace.core.models import AuditArchive, AuditEntry

#: What a line's seal is made of, besides its number and the seal before it.
SEALED_FIELDS = ("at", "actor", "action", "subject", "data")


class Line(NamedTuple):
    """One line in the form in which it is sealed, read and written to files."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    data: dict[str, Any]
    seal: str


def record(action: str, subject: str, *, by: Any = None, **data: Any) -> None:
    """Appends a line: `action` on `subject` (`need:k3f9…`), `by` a user or a stage's name.

    `data` holds identifiers, states and numbers; never personal data, for a sealed line stays.
    """
    AuditEntry.objects.create(
        at=clock.now(), actor=actor_code(by), action=action, subject=subject, data=data
    )


def actor_code(by: Any) -> str:
    """The person's keyed hash under the newest key, or the stage's own name."""
    if isinstance(by, str):
        return by
    if getattr(by, "pk", None) is None:  # nobody, or somebody who is not signed in
        return ""
    return _code(by.pk, *next(iter(_keys().items())))


def actor_codes(user: Any) -> list[str]:
    """Every code under which the person may stand in the log: one for each key in use."""
    return [_code(user.pk, name, key) for name, key in _keys().items()]


def _keys() -> dict[str, str]:
    """Named keys, the newest first (`AUDIT_KEYS`); the installation's own secret is the last one."""
    return {**settings.AUDIT_KEYS, "": settings.SECRET_KEY}


def _code(pk: int, name: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"user:{pk}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"{name}:{digest}" if name else digest


def seal_batch(limit: int = 500) -> int:
    """Seals the next lines; run under the tick's lease only."""
    with transaction.atomic():
        sequence, seal = head()
        entries = list(AuditEntry.objects.filter(sequence=None).order_by("pk")[:limit])
        for entry in entries:
            sequence += 1
            seal = seal_of(entry, sequence, seal)
            AuditEntry._base_manager.filter(pk=entry.pk).update(sequence=sequence, seal=seal)
    return len(entries)


def head() -> tuple[int, str]:
    """Number and seal of the last sealed line, which may lie in an archive; (0, "") without any."""
    last = AuditEntry.objects.exclude(sequence=None).order_by("-sequence")
    found = last.values_list("sequence", "seal").first()
    if found is None:
        archives = AuditArchive.objects.order_by("-last_sequence")
        found = archives.values_list("last_sequence", "last_seal").first()
    return (found[0] or 0, found[1]) if found else (0, "")


def seal_of(entry: AuditEntry | Line, sequence: int, previous: str) -> str:
    content = [
        sequence, previous, entry.at.isoformat(), entry.actor, entry.action, entry.subject, entry.data
    ]  # fmt: skip
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()
