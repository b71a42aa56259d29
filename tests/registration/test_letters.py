"""Letters: what they say, the clerk's number once a year, and the document that Word opens."""

import io
from datetime import date, datetime

import pytest
from django.utils import translation
from docx import Document

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.registration.documents import letter_document
from marketplace.registration.models import Duty, Letter
from marketplace.registration.services.duties import derive_tasks
from marketplace.registration.services.letters import (
    NumberTaken,
    draft_for_late_units,
    draft_letter,
    drop_letter,
    number_letter,
)
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import TaskFactory

pytestmark = [pytest.mark.django_db]
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen_at(datetime(2026, 11, 25, 9, tzinfo=clock.VIETNAM)):
        yield


@pytest.fixture
def letters(organization, owner, ministry, officer):
    other = OrganizationFactory(kind="institute", name="Viện Thứ Hai")
    tasks = [
        TaskFactory(organization=unit, ended_on="2026-09", title="Sấy xoài & “bơm nhiệt” <b>")
        for unit in (organization, organization, other)
    ]
    derive_tasks([task.pk for task in tasks])
    return draft_for_late_units(ministry, by=officer)


def test_one_letter_a_late_unit_lists_what_it_owes(letters, organization, ministry):
    assert len(letters) == 2
    letter = next(found for found in letters if found.organization == organization)
    assert [row["days_late"] for row in letter.printed["rows"]] == [26, 26]
    assert letter.recipient == organization.name
    assert "2 nghĩa vụ" in letter.printed["paragraphs"][1]
    assert "14/2014" in letter.printed["paragraphs"][0]
    assert (letter.number, letter.state) == ("", "draft")


def test_draft_is_written_anew_rather_than_twice(letters, ministry, officer):
    again = draft_for_late_units(ministry, by=officer)
    assert sorted(found.pk for found in again) == sorted(found.pk for found in letters)
    assert Letter.objects.count() == 2


def test_number_is_the_clerks_and_once_a_focal_point_and_year(
    letters, officer, owner, organization, province, other_officer
):
    first, second = letters
    number_letter(first, by=officer, number=" 12/SKHCN-QLKH ", issued_on=DAY)
    assert (first.number, first.year, first.state) == ("12/SKHCN-QLKH", 2026, "issued")
    with pytest.raises(NumberTaken):
        number_letter(second, by=officer, number="12 / skhcn-qlkh", issued_on=DAY)
    second.refresh_from_db()
    assert (second.number, second.state) == ("", "draft")
    with pytest.raises(InvalidTransition):
        number_letter(first, by=officer, number="13/SKHCN", issued_on=DAY)
    # Another year, another book.
    number_letter(second, by=officer, number="12/SKHCN-QLKH", issued_on=date(2025, 12, 30))
    assert Notice.objects.filter(kind="registration.letter_issued", recipient=owner).count() == 1


@pytest.mark.parametrize(("number", "issued_on"), [("   ", DAY), ("12/SKHCN", date(2026, 11, 26))])
def test_number_that_cannot_be_entered_changes_nothing(letters, officer, number, issued_on):
    with pytest.raises(DomainError):
        number_letter(letters[0], by=officer, number=number, issued_on=issued_on)
    letters[0].refresh_from_db()
    assert (letters[0].number, letters[0].state) == ("", "draft")


def test_dropped_letter_makes_way_for_a_new_one(letters, ministry, officer):
    drop_letter(letters[0], by=officer)
    duties = list(Duty.objects.late().filter(organization=letters[0].organization).for_rows())
    fresh = draft_letter(ministry, letters[0].organization, duties, by=officer)
    assert fresh.pk != letters[0].pk
    with pytest.raises(DomainError):
        draft_letter(ministry, letters[0].organization, [], by=officer)


def words_of(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return document, "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_document_has_the_official_layout_and_leaves_the_number_open(letters, ministry):
    ministry.refresh_from_db()
    with translation.override("en"):
        document, text = words_of(letter_document(letters[0]))
    head = document.tables[0]
    assert head.cell(0, 0).text.split("\n")[:2] == [
        "BỘ THỬ NGHIỆM",
        ministry.name.upper(),
    ]
    assert head.cell(0, 1).text.split("\n")[:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert head.cell(1, 0).text.startswith(f"Số: …………/{ministry.body_code}\nV/v đôn đốc")
    assert head.cell(1, 1).text == "Hà Nội, ngày …… tháng …… năm 2026"
    assert f"Kính gửi: {letters[0].recipient}" in text
    assert "Sấy xoài & “bơm nhiệt” <b>" in text
    assert "30/10/2026 (*)" in text
    assert "26" in text
    assert "Nơi nhận:" in text
    assert f"- Lưu: VT, {ministry.body_code}." in text
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.left_margin.cm, 1)) == (21.0, 3.0)


def test_document_of_a_numbered_letter_prints_number_and_day(letters, officer):
    number_letter(letters[0], by=officer, number="12/SKHCN-QLKH", issued_on=DAY)
    document, _text = words_of(letter_document(letters[0]))
    assert document.tables[0].cell(1, 0).text.startswith("Số: 12/SKHCN-QLKH\n")
    assert document.tables[0].cell(1, 1).text == "Hà Nội, ngày 20 tháng 11 năm 2026"
