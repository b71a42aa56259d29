"""A profile is written, handed in, looked at by staff, and gone the moment its person says so."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.experts import notices
from marketplace.experts.models import (
    DOCUMENT,
    EXPERT_TRANSITIONS,
    NEEDED,
    Expert,
    ExpertState,
)
from marketplace.privacy.services import give_consent, withdraw_consent

#: What the person wrote; wiped when the account is closed.
_TEXTS = ("headline", "advises_on", "experience", "province_code", "note")


class Incomplete(DomainError):
    """A needed field is empty, or not to be shown."""


def profile_of(user: User) -> Expert:
    """The person's own profile; an empty one, not saved, where there is none yet."""
    return Expert.objects.filter(user=user).select_related("user").first() or Expert(
        user=user, language=user.language
    )


@transaction.atomic
def save_profile(user: User, *, values: Mapping[str, Any]) -> Expert:
    """Keeps what the person wrote. Less to be shown is less at once; anything else of a published
    profile is looked at again before it is shown."""
    expert = profile_of(user)
    before = {name: getattr(expert, name) for name in values}
    only_less = all(before[name] == value for name, value in values.items() if name != "shown")
    only_less = only_less and set(values["shown"]) <= set(expert.shown)
    for name, value in values.items():
        setattr(expert, name, value)
    if expert.state in (ExpertState.PUBLISHED, ExpertState.SUBMITTED) and not only_less:
        _ensure_complete(expert)
    if only_less and not _is_complete(expert) and expert.state == ExpertState.PUBLISHED:
        expert.save()
        withdraw_profile(user)
        return profile_of(user)
    expert.save()
    if expert.state == ExpertState.PUBLISHED:
        if not only_less:
            _move(expert, ExpertState.SUBMITTED, by=user)
        _hurry()
    return expert


@transaction.atomic
def submit_profile(user: User) -> Expert:
    """Hands it in, with the person's consent to what they chose."""
    expert = Expert.objects.filter(user=user).select_related("user").first()
    if expert is None:
        raise Incomplete(_("Viết và lưu hồ sơ trước khi gửi."))
    _ensure_complete(expert)
    give_consent(user, DOCUMENT)
    _move(expert, ExpertState.SUBMITTED, by=user)
    Expert.objects.filter(pk=expert.pk).update(submitted_at=clock.now(), note="")
    return expert


@transaction.atomic
def withdraw_profile(user: User) -> None:
    """Takes the consent back: the profile is nowhere from this moment."""
    withdraw_consent(user, DOCUMENT)
    expert = Expert.objects.filter(user=user).first()
    if expert is not None and expert.state not in (ExpertState.DRAFT, ExpertState.WITHDRAWN):
        _move(expert, ExpertState.WITHDRAWN, by=user)
    _hurry()


@transaction.atomic
def approve_profile(expert: Expert, *, by: User) -> None:
    if not expert.user.is_active or Expert.objects.without_consent().filter(pk=expert.pk).exists():
        raise InvalidTransition(_("Người này đã rút đồng ý công bố."))
    _move(expert, ExpertState.PUBLISHED, by=by)
    expert.published_at = expert.published_at or clock.now()
    expert.save(update_fields=["published_at"])
    notices.tell_decision(expert)
    _hurry()


@transaction.atomic
def return_profile(expert: Expert, *, note: str, by: User) -> None:
    if not note.strip():
        raise DomainError(_("Ghi điều cần sửa, để người gửi biết."))
    _move(expert, ExpertState.RETURNED, by=by)
    Expert.objects.filter(pk=expert.pk).update(note=note.strip()[:1000])
    expert.refresh_from_db()
    notices.tell_decision(expert)


def follow_consents(limit: int = 100) -> int:
    """Takes down what has lost its consent elsewhere: on the page of one's data, by closing the account.
    Readers see nothing of it since; this brings index and matches after."""
    lost = list(Expert.objects.without_consent().order_by("pk")[:limit])
    for expert in lost:
        with transaction.atomic():
            _move(expert, ExpertState.WITHDRAWN, by="experts.follow")
    if lost:
        _hurry()
    return len(lost)


@transaction.atomic
def forget(user: User) -> None:
    """The account is closed: what the person wrote goes, the row stays for what points to it."""
    expert = Expert.objects.filter(user=user).select_related("user").first()
    if expert is None:
        return
    for name in _TEXTS:
        setattr(expert, name, "")
    expert.field_codes, expert.languages, expert.shown = [], [], []
    expert.organization = expert.person = None
    expert.state = ExpertState.WITHDRAWN
    expert.save()
    _hurry()


def _is_complete(expert: Expert) -> bool:
    return all(expert.public_value(field) for field in NEEDED)


def _ensure_complete(expert: Expert) -> None:
    missing = [str(field.label) for field in NEEDED if not expert.public_value(field)]
    if missing:
        raise Incomplete(
            _("Hồ sơ cần có và cần được công bố: %(fields)s.") % {"fields": "; ".join(missing)}
        )


def _move(expert: Expert, state: ExpertState, *, by: Any) -> None:
    transition(expert, state, table=EXPERT_TRANSITIONS, by=by)


def _hurry() -> None:
    kick("search.sync")
    kick("matching.run")


def record_shown(expert: Expert, by: User) -> None:
    """Which fields the person lets be seen, on the log: names of fields, never what they hold."""
    audit.record("expert.shown", f"expert:{expert.public_id}", by=by, fields=sorted(expert.shown))
