"""Keys of sources: made, shown once, taken back."""

import hashlib
import hmac
import secrets
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.sources.models import Source, SourceKey, SourceKind

#: Tells a leaked key from other texts, for whoever scans for them.
_MARK: Final = "sgd"
_SEPARATOR: Final = "_"


class NotForKeys(DomainError):
    """Only a source that sends its records itself has keys."""


@transaction.atomic
def create_key(source: Source, *, name: str, by: Any) -> tuple[SourceKey, str]:
    """A new key and its text, which is not kept and cannot be shown again."""
    if source.kind != SourceKind.PUSH:
        raise NotForKeys(_("Chỉ nguồn tự gửi qua API mới có khóa."))
    prefix, secret = f"{_MARK}{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    key = SourceKey.objects.create(
        source=source,
        name=name.strip()[:120],
        prefix=prefix,
        secret_hash=_hash(secret),
        created_by=by,
        created_at=clock.now(),
    )
    audit.record("source.key_created", f"source:{source.slug}", by=by, key=prefix)
    return key, f"{prefix}{_SEPARATOR}{secret}"


@transaction.atomic
def revoke_key(key: SourceKey, *, by: Any) -> None:
    """From now on nothing is taken by this key; what came by it stays."""
    revoked = SourceKey.objects.filter(pk=key.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=by
    )
    if not revoked:
        raise InvalidTransition(_("Khóa này đã được thu hồi trước đó."))
    audit.record("source.key_revoked", f"source:{key.source.slug}", by=by, key=key.prefix)


def key_of(text: str) -> SourceKey | None:
    """The usable key that this text is; None for anything else."""
    prefix, _separator, secret = text.partition(_SEPARATOR)
    if not secret or len(text) > 200 or "\0" in text:
        return None
    key = SourceKey.objects.usable().select_related("source").filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(key.secret_hash, _hash(secret)):
        return None
    today = clock.today()
    if key.last_used_on != today:
        SourceKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return key


def _hash(secret: str) -> str:
    # The secret is long and random, so that a slow hash would only slow the answers.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
