"""Keys of other systems: made, shown once, taken back."""

import hashlib
import hmac
import secrets
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.sources.models import (
    ReaderKey,
    Sharing,
    SharingAgreement,
    Source,
    SourceKey,
    SourceKind,
)

#: Tells a leaked key from other texts, for whoever scans for them.
_MARK: Final = "sgd"
_SEPARATOR: Final = "_"

Key = SourceKey | ReaderKey


class NotForKeys(DomainError):
    """This source has no keys of that kind."""


@transaction.atomic
def create_key(source: Source, *, name: str, by: Any) -> tuple[SourceKey, str]:
    """A new key for sending and its text, which is not kept and cannot be shown again."""
    if source.kind != SourceKind.PUSH:
        raise NotForKeys(_("Chỉ nguồn tự gửi qua API mới có khóa."))
    values, text = _new(name, by)
    key = SourceKey.objects.create(source=source, **values)
    audit.record("source.key_created", f"source:{source.slug}", by=by, key=key.prefix)
    return key, text


@transaction.atomic
def create_reader_key(agreement: SharingAgreement, *, name: str, by: Any) -> tuple[ReaderKey, str]:
    """A new key for reading and its text; it opens the one source while the agreement holds."""
    if agreement.source.sharing != Sharing.MINISTRIES:
        raise NotForKeys(_("Nguồn này không ở mức chia sẻ với bộ, ngành."))
    values, text = _new(name, by)
    key = ReaderKey.objects.create(agreement=agreement, **values)
    subject = f"source:{agreement.source.slug}"
    audit.record("source.reader_key_created", subject, by=by, key=key.prefix)
    return key, text


def _new(name: str, by: Any) -> tuple[dict[str, Any], str]:
    prefix, secret = f"{_MARK}{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    values = {
        "name": name.strip()[:120],
        "prefix": prefix,
        "secret_hash": _hash(secret),
        "created_by": by,
        "created_at": clock.now(),
    }
    return values, f"{prefix}{_SEPARATOR}{secret}"


@transaction.atomic
def revoke_key(key: Key, *, by: Any) -> None:
    """From now on nothing is taken or given by this key; what came by it stays."""
    revoked = (
        type(key)
        ._default_manager.filter(pk=key.pk, revoked_at=None)
        .update(revoked_at=clock.now(), revoked_by=by)
    )
    if not revoked:
        raise InvalidTransition(_("Khóa này đã được thu hồi trước đó."))
    source = key.source if isinstance(key, SourceKey) else key.agreement.source
    audit.record("source.key_revoked", f"source:{source.slug}", by=by, key=key.prefix)


def key_of(text: str) -> SourceKey | None:
    """The usable key for sending that this text is; None for anything else."""
    prefix, secret = _parts(text)
    found = SourceKey.objects.usable().select_related("source").filter(prefix=prefix).first()
    return found if found and _fits(found, secret) else None


def reader_key_of(text: str) -> ReaderKey | None:
    """The usable key for reading that this text is; None for anything else."""
    prefix, secret = _parts(text)
    keys = ReaderKey.objects.usable().select_related("agreement__source")
    found = keys.filter(prefix=prefix).first()
    return found if found and _fits(found, secret) else None


def _parts(text: str) -> tuple[str, str]:
    if len(text) > 200 or "\0" in text:
        return "", ""
    prefix, _separator, secret = text.partition(_SEPARATOR)
    return prefix, secret


def _fits(key: Key, secret: str) -> bool:
    if not secret or not hmac.compare_digest(key.secret_hash, _hash(secret)):
        return False
    today = clock.today()
    if key.last_used_on != today:
        type(key)._default_manager.filter(pk=key.pk).update(last_used_on=today)
    return True


def _hash(secret: str) -> str:
    # The secret is long and random, so that a slow hash would only slow the answers.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
