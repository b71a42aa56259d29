"""Whether a contract has to be registered, by when and why: rules as shipped (Art. 31 of the transfer law)."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "registration.toml"


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What the parties say of their contract; `direction` is "in", "out" or "domestic"."""

    direction: str
    is_transfer: bool
    uses_state_funds: bool
    has_certificate: bool
    is_licensed: bool


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    when: dict[str, Any]
    required: bool
    reason_vi: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class RegistrationEdition:
    valid_from: date
    status: str
    source: str
    days: int
    remind_before_days: tuple[int, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RegistrationDuty:
    """What follows from the facts."""

    code: str
    required: bool
    due_on: date | None
    reason_vi: str
    reason_en: str
    source: str
    status: str

    @property
    def reason(self) -> str:
        return self.reason_en if (get_language() or "vi").startswith("en") else self.reason_vi


@cache
def _editions() -> tuple[RegistrationEdition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> RegistrationEdition:
    return RegistrationEdition(
        **row
        | {
            "rules": tuple(Rule(**rule) for rule in row["rules"]),
            "remind_before_days": tuple(row["remind_before_days"]),
        }
    )


def edition_on(day: date) -> RegistrationEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def duty_of(facts: TransferFacts, *, signed_on: date) -> RegistrationDuty:
    """The first rule that fits decides; the last one fits everything.

    Voluntary registration has no last day, since nothing is missed by it.
    """
    edition = edition_on(signed_on)
    known = asdict(facts)
    rule = next(
        one
        for one in edition.rules
        if all(known[name] == value for name, value in one.when.items())
    )
    return RegistrationDuty(
        code=rule.code,
        required=rule.required,
        due_on=signed_on + timedelta(days=edition.days) if rule.required else None,
        reason_vi=rule.reason_vi,
        reason_en=rule.reason_en,
        source=edition.source,
        status=edition.status,
    )


def next_reminder(due_on: date, *, signed_on: date, after: date) -> date | None:
    """The first reminder after a day; none after the last one."""
    before = edition_on(signed_on).remind_before_days
    days = sorted(due_on - timedelta(days=number) for number in before)
    return next((day for day in days if day > after), None)
