"""Terms by the rules, the holidays and the events: hand-counted days."""

from datetime import date

import pytest

from marketplace.core import clock
from marketplace.registration import clocks
from marketplace.registration.receiving import find_focal_point
from tests.factories.registration import FocalPointFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "filed", "agency", "due", "rule"),
    [
        # 30 days end on a Friday.
        (date(2026, 11, 11), None, "Bộ Y tế", date(2026, 12, 11), "register"),
        # They would end on the first day of Tết: the first working day after it.
        (date(2026, 1, 17), None, "Bộ Y tế", date(2026, 2, 23), "register"),
        # Five working days from filing are later than thirty days, and within sixty.
        (date(2026, 11, 2), date(2026, 12, 10), "", date(2026, 12, 17), "register-ip"),
        # Filed so late that the sixty days are the end (1/1 is a holiday, the next day a Saturday).
        (date(2026, 11, 2), date(2026, 12, 30), "", date(2027, 1, 4), "register-ip"),
        # Filed early: the thirty days are the longer term.
        (date(2026, 11, 2), date(2026, 11, 3), "", date(2026, 12, 2), "register"),
        # Filed before the acceptance: no other term.
        (date(2026, 11, 2), date(2026, 10, 1), "", date(2026, 12, 2), "register"),
        # The ministry's own circular counts working days; its name however it is written.
        (date(2026, 9, 1), None, "BỘ QUỐC PHÒNG", date(2026, 11, 4), "register-defence"),
    ],
)
def test_registration_is_due(accepted, filed, agency, due, rule):
    found = clocks.registration_due(accepted_on=accepted, ip_filed_on=filed, agency=agency)

    assert (found.on, found.rule.code) == (due, rule)


def test_nothing_is_due_before_the_acceptance():
    assert clocks.registration_due(accepted_on=None, ip_filed_on=None, agency="Bộ Y tế") is None


def test_certificate_is_due_five_working_days_after_filing():
    assert clocks.certificate_due(submitted_on=date(2026, 8, 28)).on == date(2026, 9, 9)


def test_five_reports_on_application_are_asked_for():
    found = clocks.application_reports_due(accepted_on=date(2026, 11, 11))

    assert [due.on for due in found] == [
        date(2027, 11, 11),
        date(2028, 11, 13),
        date(2029, 11, 12),
        date(2030, 11, 11),
        date(2031, 11, 11),
    ]


def test_how_long_is_left(frozen_clock):
    found = clocks.registration_due(
        accepted_on=date(2026, 10, 22), ip_filed_on=None, agency="Bộ Y tế"
    )
    assert (found.on, found.days_left, found.working_days_left) == (date(2026, 11, 23), 12, 8)
    assert not found.is_soon
    frozen_clock.move(days=2)
    assert found.is_soon
    frozen_clock.move(days=11)
    assert found.is_past
    assert not found.is_soon
    assert found.days_left == -1


# --- who receives -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "agency", "province_code", "receives"),
    [
        ("ministry", "Bộ Nông nghiệp và Môi trường", "", "ministry"),
        ("ministry", "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "", "ministry"),
        ("institution", "Bộ Nông nghiệp và Môi trường", "68", "ministry"),
        ("province", "UBND tỉnh Lâm Đồng", "", "province"),
        ("province", "Sở Khoa học và Công nghệ", "68", "province"),
        ("institution", "Viện X", "68", "province"),
        ("national", "Bộ Nông nghiệp và Môi trường", "68", "agency"),
        ("ministry", "Bộ Khoa học và Công nghệ", "", "agency"),
        # No ministry of that name has a body: the agency receives what is left of its levels.
        ("ministry", "Bộ Y tế", "68", "agency"),
        ("province", "UBND tỉnh Cà Mau", "96", None),
        ("", "", "", None),
    ],
)
def test_focal_point_is_found_by_level_authority_and_province(
    level, agency, province_code, receives, ministry, province, request
):
    expected = {
        "ministry": ministry,
        "province": province,
        "agency": FocalPointFactory(agency=True),
        None: None,
    }[receives]

    assert find_focal_point(level=level, agency=agency, province_code=province_code) == expected


def test_focal_point_that_has_closed_receives_nothing(ministry):
    ministry.valid_to = clock.today().replace(year=clock.today().year - 1)
    ministry.save()

    assert find_focal_point(level="ministry", agency="Bộ Nông nghiệp và Môi trường") is None
