"""Keys of other systems: made, shown once, taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.access_keys import find_key, new_key
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.sources.models import (
    ReaderKey,
    Sharing,
    SharingAgreement,
    Source,
    SourceKey,
    SourceKind,
)

Key = SourceKey | ReaderKey


class NotForKeys(DomainError):
    """This source has no keys of that kind."""


@transaction.atomic
def create_key(source: Source, *, name: str, by: Any) -> tuple[SourceKey, str]:
    """A new key for sending and its text, which is not kept and cannot be shown again."""
    if source.kind != SourceKind.PUSH:
        raise NotForKeys(_("Chỉ nguồn tự gửi qua API mới có khóa."))
    values, text = new_key(name=name, by=by)
    key = SourceKey.objects.create(source=source, **values)
    audit.record("source.key_created", f"source:{source.slug}", by=by, key=key.prefix)
    return key, text


@transaction.atomic
def create_reader_key(agreement: SharingAgreement, *, name: str, by: Any) -> tuple[ReaderKey, str]:
    """A new key for reading and its text; it opens the one source while the agreement holds."""
    if agreement.source.sharing != Sharing.MINISTRIES:
        raise NotForKeys(_("Nguồn này không ở mức chia sẻ với bộ, ngành."))
    values, text = new_key(name=name, by=by)
    key = ReaderKey.objects.create(agreement=agreement, **values)
    subject = f"source:{agreement.source.slug}"
    audit.record("source.reader_key_created", subject, by=by, key=key.prefix)
    return key, text


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
    return _used(find_key(SourceKey.objects.usable().select_related("source"), text))


def reader_key_of(text: str) -> ReaderKey | None:
    """The usable key for reading that this text is; None for anything else."""
    keys = ReaderKey.objects.usable().select_related("agreement__source")
    return _used(find_key(keys, text))


def _used(key: Any) -> Any:
    today = clock.today()
    if key is not None and key.last_used_on != today:
        type(key)._default_manager.filter(pk=key.pk).update(last_used_on=today)
    return key
