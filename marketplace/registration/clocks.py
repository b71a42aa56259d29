"""Legal terms of registration: pure arithmetic over `rules.Deadline` and the working calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.accounts.names import organization_key
from marketplace.core import clock
from marketplace.registration import rules
from marketplace.registration.rules import Deadline
from marketplace.taxonomy import clocks as calendar

Events = Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something has to be done, and by which rule."""

    on: date
    rule: Deadline

    @property
    def is_past(self) -> bool:
        return self.on < clock.today()

    @property
    def days_left(self) -> int:
        return (self.on - clock.today()).days

    @property
    def working_days_left(self) -> int:
        return calendar.working_days_until(clock.today(), self.on)

    @property
    def is_soon(self) -> bool:
        return not self.is_past and self.days_left <= max(self.rule.warn_days, default=0)


def _after(day: date, amount: int, unit: str) -> date:
    if unit == "working_days":
        return calendar.add_working_days(day, amount)
    if unit == "months":
        return calendar.add_months(day, amount)
    return day + timedelta(days=amount)


def due_day(rule: Deadline, events: Events, *, time: int = 1) -> date | None:
    """The last day of a term, or None where its event has not happened; `time` counts repetitions."""
    start = events.get(rule.start)
    if start is None:
        return None
    day = _after(start, rule.amount * time, rule.unit)
    cap_start = events.get(rule.cap_start) if rule.cap_start else None
    if cap_start is not None:
        day = min(day, _after(cap_start, rule.cap_amount, rule.cap_unit))
    return calendar.next_working_day(day) if rule.rolls else day


def registration_due(
    *, accepted_on: date | None, ip_filed_on: date | None, agency: str, on: date | None = None
) -> Due | None:
    """When the results have to be registered.

    A rule for the managing authority goes before all others; an industrial property application
    filed after the acceptance gives the longer of both terms. Source: `deadlines.json`.
    """
    if accepted_on is None:
        return None
    events = {"accepted_on": accepted_on, "ip_filed_on": ip_filed_on}
    key = organization_key(agency)
    for rule in rules.deadlines(on):
        if rule.agencies and key in {organization_key(name) for name in rule.agencies}:
            return _due(rule, events)
    due = _due(rules.deadline("register", on), events)
    if due is not None and ip_filed_on is not None and ip_filed_on >= accepted_on:
        with_application = _due(rules.deadline("register-ip", on), events)
        if with_application is not None and with_application.on > due.on:
            return with_application
    return due


def certificate_due(*, submitted_on: date, on: date | None = None) -> Due | None:
    return _due(rules.deadline("certificate", on), {"submitted_on": submitted_on})


def application_reports_due(*, accepted_on: date, on: date | None = None) -> list[Due]:
    """The five yearly reports on application, counted from the acceptance."""
    rule = rules.deadline("application-report", on)
    days = (
        due_day(rule, {"accepted_on": accepted_on}, time=time) for time in range(1, rule.times + 1)
    )
    return [Due(day, rule) for day in days if day is not None]


def _due(rule: Deadline, events: Events) -> Due | None:
    day = due_day(rule, events)
    return None if day is None else Due(day, rule)
