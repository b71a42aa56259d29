"""Writing, pausing and deleting standing interests. Who calls has made sure that the person may."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.ticks import kick
from marketplace.matching.interests.telling import silence
from marketplace.matching.models import Interest

#: Of one organisation: its groups and laboratories write their own.
MOST: Final = 30
#: Fewer words than this tell nothing to rank by.
FEWEST_WORDS: Final = 4
KEPT_DELETED: Final = timedelta(days=7)
FIELDS: Final = (
    "seeks", "name", "words", "field_codes", "province_codes", "need_kinds", "budget_least",
    "unwanted_kinds", "unwanted_fields", "unwanted_words",
)  # fmt: skip


class TooManyInterests(DomainError):
    """The organisation has as many as one may have."""


@transaction.atomic
def write_interest(organization: Organization, *, by: User, **values: Any) -> Interest:
    """
    Raises:
        DomainError: the words say too little to rank by.
        TooManyInterests: there are `MOST` already.
    """
    _check(values["words"])
    # Two at once: the second waits here and then counts the first one's.
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    _check_room(organization)
    interest = Interest(organization=organization, created_by=by, **_known(values))
    interest.save()
    audit.record("interest.written", f"interest:{interest.public_id}", by=by)
    kick("matching.interests")
    return interest


@transaction.atomic
def change_interest(interest: Interest, *, by: User, **values: Any) -> None:
    """The list is made anew by the new words; what people were told already is not told again.

    Raises:
        DomainError: the words say too little to rank by.
    """
    _check(values["words"])
    Interest.objects.filter(pk=interest.pk).update(
        asked_version=F("asked_version") + 1, **_known(values)
    )
    audit.record("interest.changed", f"interest:{interest.public_id}", by=by)
    kick("matching.interests")


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in FIELDS}


def _check(words: str) -> None:
    if len(words.split()) < FEWEST_WORDS:
        raise DomainError(_("Hãy tả bằng ít nhất một câu: sàn xếp hạng theo các từ này."))


def _check_room(organization: Organization) -> None:
    if Interest.objects.standing().filter(organization=organization).count() >= MOST:
        raise TooManyInterests(
            _("Tổ chức đã có 30 mối quan tâm. Hãy xóa bớt những mục không dùng nữa.")
        )


@transaction.atomic
def exclude(
    interest: Interest,
    *,
    by: User,
    kinds: Iterable[str] = (),
    fields: Iterable[str] = (),
    words: Iterable[str] = (),
) -> None:
    """Nothing of this kind any more, from the next run on; what was excluded before stays so.

    Raises:
        DomainError: nothing was named.
    """
    added = {
        "unwanted_kinds": list(kinds),
        "unwanted_fields": list(fields),
        "unwanted_words": [word.strip() for word in words if word.strip()],
    }
    if not any(added.values()):
        raise DomainError(_("Hãy chọn điều bạn không nhận nữa."))
    locked = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    Interest.objects.filter(pk=interest.pk).update(
        asked_version=F("asked_version") + 1,
        **{
            name: list(dict.fromkeys([*getattr(locked, name), *new])) for name, new in added.items()
        },
    )
    audit.record("interest.excluded", f"interest:{interest.public_id}", by=by)
    kick("matching.interests")


@transaction.atomic
def pause_interest(interest: Interest, *, by: User) -> None:
    """It is not matched and nothing of it is told until somebody wakes it; twice is once."""
    if Interest.objects.active().filter(pk=interest.pk).update(paused_at=clock.now()):
        silence(interest)
        audit.record("interest.paused", f"interest:{interest.public_id}", by=by)


@transaction.atomic
def resume_interest(interest: Interest, *, by: User) -> None:
    """It is matched against all that is open now."""
    paused = Interest.objects.standing().filter(pk=interest.pk).exclude(paused_at=None)
    if paused.update(paused_at=None, asked_version=F("asked_version") + 1):
        audit.record("interest.resumed", f"interest:{interest.public_id}", by=by)
        kick("matching.interests")


@transaction.atomic
def delete_interest(interest: Interest, *, by: User) -> None:
    """It can be taken back for `KEPT_DELETED`."""
    if Interest.objects.standing().filter(pk=interest.pk).update(deleted_at=clock.now()):
        silence(interest)
        audit.record("interest.deleted", f"interest:{interest.public_id}", by=by)


@transaction.atomic
def restore_interest(interest: Interest, *, by: User) -> None:
    """
    Raises:
        TooManyInterests: others took its place meanwhile.
    """
    Organization.objects.select_for_update(of=("self",)).get(pk=interest.organization_id)
    _check_room(interest.organization)
    deleted = Interest.objects.filter(pk=interest.pk).exclude(deleted_at=None)
    if deleted.update(deleted_at=None, asked_version=F("asked_version") + 1):
        audit.record("interest.restored", f"interest:{interest.public_id}", by=by)
        kick("matching.interests")


def forget_deleted() -> int:
    """Deleted interests go for good, with what was found for them."""
    past = clock.now() - KEPT_DELETED
    return Interest.objects.filter(deleted_at__lt=past).delete()[0]
