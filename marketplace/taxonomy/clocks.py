"""Working days and legal terms: which day a term ends on, by a calendar that is data.

The calendar holds only the days that differ from the week (`data/calendar/`, then the table
`CalendarDay`, where a later announcement replaces what was expected). A year nobody has announced yet
is counted by the week alone, and `is_announced` says so.
"""

import calendar
import csv
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.text import nfc
from marketplace.taxonomy.models import CalendarDay
from marketplace.taxonomy.shipped import DATA, VocabularyFileError

SHIPPED = DATA / "calendar" / "vietnam.tsv"
FRESH_SECONDS = 60
#: The last step of reminding: the day has passed.
OVERDUE_STEP = "overdue"
_SATURDAY = 5
_COLUMNS = ("day", "kind", "label_vi", "label_en", "status", "source")

_days: tuple[float, dict[date, str]] = (0.0, {})


@dataclass(frozen=True, slots=True)
class DayData:
    """One day that differs from the week, as its file says."""

    day: date
    kind: str
    label_vi: str
    label_en: str
    status: str
    source: str


def read_calendar(path: Path) -> list[DayData]:
    """The days of a file, checked: known kinds, each day once, and each really a change."""
    lines = csv.reader(
        path.read_text(encoding="utf-8").split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    days: dict[date, DayData] = {}
    header = False
    for number, cells in enumerate(lines, start=1):
        values = [nfc(cell).strip() for cell in cells]
        if not any(values) or values[0].startswith("#"):
            continue
        if not header:
            if tuple(values) != _COLUMNS:
                raise VocabularyFileError(
                    path, _("cần các cột: %(names)s") % {"names": ", ".join(_COLUMNS)}, number
                )
            header = True
            continue
        row = _row(path, number, values)
        if row.day in days:
            raise VocabularyFileError(path, _("ngày này đã có ở dòng trên"), number)
        days[row.day] = row
    return list(days.values())


def _row(path: Path, number: int, values: list[str]) -> DayData:
    row = dict(zip(_COLUMNS, values, strict=False))
    try:
        day = date.fromisoformat(row["day"])
        kind = CalendarDay.Kind(row["kind"])
        status = CalendarDay.Status(row["status"])
    except (KeyError, ValueError) as error:
        raise VocabularyFileError(
            path, _("ngày, loại hoặc tình trạng không đúng"), number
        ) from error
    if (day.weekday() >= _SATURDAY) != (kind == CalendarDay.Kind.WORK):
        raise VocabularyFileError(
            path, _("ngày làm bù phải là cuối tuần, ngày nghỉ phải là ngày thường"), number
        )
    return DayData(day, kind, row["label_vi"], row.get("label_en", ""), status, row["source"])


@lru_cache(maxsize=1)
def shipped_calendar() -> tuple[DayData, ...]:
    return tuple(read_calendar(SHIPPED))


@transaction.atomic
def load_calendar(days: list[DayData] | None = None) -> int:
    """Brings the table to what the shipped file says; returns how many days were added or changed.

    A day that staff entered or corrected (`is_shipped` false) is left as they made it.
    """
    known = {row.day: row for row in CalendarDay.objects.select_for_update()}
    changed = 0
    for item in shipped_calendar() if days is None else days:
        row = known.pop(item.day, None) or CalendarDay(day=item.day)
        values = {
            name: getattr(item, name)
            for name in ("kind", "label_vi", "label_en", "status", "source")
        }
        if not row.is_shipped or (row.pk and all(getattr(row, n) == v for n, v in values.items())):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        changed += 1
    gone = [row.pk for row in known.values() if row.is_shipped]
    CalendarDay.objects.filter(pk__in=gone).delete()
    transaction.on_commit(forget_calendar)
    return changed + len(gone)


@transaction.atomic
def save_days(
    *,
    first: date,
    last: date,
    kind: str,
    label_vi: str,
    label_en: str,
    status: str,
    source: str,
    by: Any,
) -> int:
    """Enters days off or days worked instead; returns how many days differ from the week by it.

    Of a span only the days that it changes are kept: a weekend within a holiday is off anyway. From
    now on the shipped file leaves these days alone.

    Raises:
        ValidationError: the span is longer than a month or turned round, or changes no day.
    """
    if not timedelta(0) <= last - first <= timedelta(days=31):
        raise ValidationError(_("Ngày cuối phải sau ngày đầu, và không quá một tháng."))
    is_work = kind == CalendarDay.Kind.WORK
    span = (first + timedelta(days=step) for step in range((last - first).days + 1))
    days = [day for day in span if (day.weekday() >= _SATURDAY) == is_work]
    if not days:
        raise ValidationError(_("Ngày làm bù phải là cuối tuần, ngày nghỉ phải là ngày thường."))
    for day in days:
        row = CalendarDay.objects.filter(day=day).first() or CalendarDay(day=day)
        row.kind, row.status, row.source = kind, status, source
        row.label_vi, row.label_en, row.is_shipped = label_vi, label_en, False
        row.full_clean()
        row.save()
        audit.record("calendar.day_saved", f"day:{day:%Y-%m-%d}", by=by, kind=kind, status=status)
    transaction.on_commit(forget_calendar)
    return len(days)


def forget_calendar() -> None:
    global _days
    _days = (0.0, {})


def _changes() -> dict[date, str]:
    global _days
    fresh_until, days = _days
    if time.monotonic() < fresh_until:
        return days
    rows = CalendarDay.objects.values_list("day", "kind", "status")
    days = {day: kind for day, kind, status in rows if status != CalendarDay.Status.CANCELLED}
    if not days and not rows:
        # Not loaded yet (a new installation, a test): the file says the same.
        days = {row.day: row.kind for row in shipped_calendar()}
    _days = (time.monotonic() + FRESH_SECONDS, days)
    return days


def is_working_day(day: date) -> bool:
    kind = _changes().get(day)
    if kind is not None:
        return kind == CalendarDay.Kind.WORK
    return day.weekday() < _SATURDAY


def is_announced(day: date) -> bool:
    """Whether the calendar knows the holidays of that year at all."""
    return any(known.year == day.year for known in _changes())


def next_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The working day `count` after `day`; the day of the event itself is not counted.

    Source of the rule: Bộ luật Dân sự 2015, Điều 147.
    """
    for _number in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day


def working_days_until(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative where the end has passed."""
    if end < start:
        return -working_days_until(end, start)
    return sum(
        is_working_day(start + timedelta(days=step)) for step in range(1, (end - start).days + 1)
    )


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def step_reached(due_on: date, today: date, warn_days: Iterable[int]) -> str:
    """The step of reminding that a due day has reached: "", "due-10", "due-3", "overdue"."""
    if due_on < today:
        return OVERDUE_STEP
    reached = [days for days in warn_days if due_on <= today + timedelta(days=days)]
    return f"due-{min(reached)}" if reached else ""
