"""Working days and terms, by the shipped calendar and by what staff loaded over it."""

from datetime import date

import pytest

from marketplace.taxonomy import clocks
from marketplace.taxonomy.models import CalendarDay
from marketplace.taxonomy.shipped import VocabularyFileError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_calendar():
    clocks.forget_calendar()
    yield
    clocks.forget_calendar()


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 25), 5, date(2026, 12, 2)),  # over a weekend
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # over Tết
        (date(2025, 4, 25), 3, date(2025, 4, 29)),  # the Saturday worked instead counts
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
    ],
)
def test_working_days_are_counted_by_the_calendar(start, count, end):
    assert clocks.add_working_days(start, count) == end
    assert clocks.working_days_until(start, end) == count


def test_days_that_passed_count_below_zero():
    assert clocks.working_days_until(date(2026, 12, 2), date(2026, 11, 25)) == -5


def test_a_term_ends_on_the_next_working_day():
    assert clocks.next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert clocks.next_working_day(date(2026, 2, 23)) == date(2026, 2, 23)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 25), 12, date(2027, 11, 25)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_where_their_month_does(day, months, found):
    assert clocks.add_months(day, months) == found


def test_calendar_is_loaded_once_and_what_staff_entered_stays():
    assert clocks.load_calendar() == len(clocks.shipped_calendar())
    assert clocks.load_calendar() == 0
    CalendarDay.objects.filter(day=date(2027, 9, 3)).update(
        status=CalendarDay.Status.OFFICIAL, source="Công văn", is_shipped=False
    )
    CalendarDay.objects.create(
        day=date(2027, 11, 24), kind="off", label_vi="Nghỉ", status="official", is_shipped=False
    )
    clocks.forget_calendar()

    assert clocks.load_calendar() == 0
    assert CalendarDay.objects.get(day=date(2027, 9, 3)).source == "Công văn"
    assert not clocks.is_working_day(date(2027, 11, 24))


def test_a_year_nobody_has_announced_says_so():
    assert clocks.is_announced(date(2026, 5, 5))
    assert not clocks.is_announced(date(2031, 5, 5))
    assert clocks.is_working_day(date(2031, 9, 2))


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-30\toff\tx\t\tofficial\t",
        "2026-11-28\toff\tx\t\tofficial\t",  # a Saturday is off without being said
        "2026-11-25\twork\tx\t\tofficial\t",
        "2026-11-25\tfrei\tx\t\tofficial\t",
        "2026-01-01\toff\tx\t\tofficial\t\n2026-01-01\toff\tx\t\tofficial\t",
    ],
)
def test_a_calendar_that_cannot_be_is_refused(tmp_path, line):
    file = tmp_path / "calendar.tsv"
    file.write_text(f"day\tkind\tlabel_vi\tlabel_en\tstatus\tsource\n{line}\n", encoding="utf-8")

    with pytest.raises(VocabularyFileError, match=r"calendar\.tsv:[23]"):
        clocks.read_calendar(file)
