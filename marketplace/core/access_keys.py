"""Keys by which other systems come in: made, shown once, found again by their readable beginning."""

import hashlib
import hmac
import secrets
from typing import Any, ClassVar, Final, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock

#: Tells a leaked key from other texts, for whoever scans for them.
MARK: Final = "sgd"
_SEPARATOR: Final = "_"
_LONGEST: Final = 200


class AccessKey(models.Model):
    """The key itself is shown once and not kept."""

    name = models.CharField(_("tên gọi"), max_length=120)
    #: The readable beginning, by which people tell keys apart and a request is looked up.
    prefix = models.CharField(_("bắt đầu bằng"), max_length=16, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("tạo lúc"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


Key = TypeVar("Key", bound=AccessKey)


def new_key(*, name: str, by: Any) -> tuple[dict[str, Any], str]:
    """The values of a new row, and the text of the key, which no row holds."""
    prefix, secret = f"{MARK}{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    values = {
        "name": name.strip()[:120],
        "prefix": prefix,
        "secret_hash": _hash(secret),
        "created_by": by,
        "created_at": clock.now(),
    }
    return values, f"{prefix}{_SEPARATOR}{secret}"


def find_key(keys: "models.QuerySet[Key]", text: str) -> Key | None:
    """That of the keys which this text is; None for anything else."""
    if len(text) > _LONGEST or "\0" in text:
        return None
    prefix, _separator, secret = text.partition(_SEPARATOR)
    found = keys.filter(prefix=prefix).first() if secret else None
    if found is None or not hmac.compare_digest(found.secret_hash, _hash(secret)):
        return None
    return found


def _hash(secret: str) -> str:
    # The secret is long and random, so that a slow hash would only slow the answers.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
