"""Corrections by staff, and the decisions where a source says something else since."""

import pytest

from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.sources.models import Conflict, Correction
from marketplace.sources.services import correct_field, decide_conflict, reopen_conflict, take_back
from marketplace.sources.services.correcting import NotCorrected
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return UserFactory(is_staff=True)


@pytest.fixture
def result():
    return ResultFactory(title="Máy sấy soài", year=2020)


@pytest.fixture
def correction(result, clerk):
    return correct_field(
        result, field="title", value="Máy sấy xoài", reason="lỗi chính tả", by=clerk
    )


@pytest.fixture
def conflict(correction):
    return Conflict.objects.create(correction=correction, value="Máy sấy quả", found_at=clock.now())


def test_correction_writes_the_row_and_says_who_and_why(result, correction, clerk):
    result.refresh_from_db()
    assert (result.title, result.content_version) == ("Máy sấy xoài", 2)
    assert (correction.over_value, correction.by, correction.reason) == (
        "Máy sấy soài",
        clerk,
        "lỗi chính tả",
    )
    assert AuditEntry.objects.filter(action="result.corrected").exists()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", "Máy sấy soài", "không đổi"),
        ("title", "Khác", "  "),
        ("title", "", "bỏ tên"),
        ("trl", 99, "quá lớn"),
        ("level", "không có", "lạ"),
        ("organization", 0, "không có"),
        ("content_hash", "x", "không phải trường"),
    ],
)
def test_correction_that_does_not_fit_changes_nothing(result, clerk, field, value, reason):
    with pytest.raises(NotCorrected):
        correct_field(result, field=field, value=value, reason=reason, by=clerk)

    result.refresh_from_db()
    assert (result.title, result.content_version) == ("Máy sấy soài", 1)
    assert not Correction.objects.exists()


def test_field_codes_and_organisation_are_corrected_with_what_follows(result, clerk):
    other = OrganizationFactory()

    correct_field(result, field="field_codes", value=["20301"], reason="sai mã", by=clerk)
    correct_field(result, field="organization", value=other.pk, reason="sai đơn vị", by=clerk)

    result.refresh_from_db()
    assert (result.field_trail, result.organization) == ("|2|203|20301|", other)


def test_second_correction_stands_over_what_the_source_says(result, correction, clerk):
    second = correct_field(result, field="title", value="Máy sấy", reason="gọn", by=clerk)

    correction.refresh_from_db()
    assert correction.ended_at is not None
    assert second.over_value == "Máy sấy soài"


def test_correction_taken_back_gives_the_source_its_word(result, correction, clerk):
    take_back(correction, by=clerk)

    result.refresh_from_db()
    assert result.title == "Máy sấy soài"
    with pytest.raises(InvalidTransition):
        take_back(correction, by=clerk)


def test_value_turned_down_and_asked_again(result, correction, conflict, clerk):
    decide_conflict(conflict, take=False, by=clerk)

    correction.refresh_from_db()
    result.refresh_from_db()
    assert (result.title, correction.over_value) == ("Máy sấy xoài", "Máy sấy quả")

    conflict.refresh_from_db()
    reopen_conflict(conflict, by=clerk)
    correction.refresh_from_db()
    conflict.refresh_from_db()
    assert (correction.over_value, conflict.state) == ("Máy sấy soài", "open")


def test_value_taken_and_given_back(result, correction, conflict, clerk):
    decide_conflict(conflict, take=True, by=clerk)

    correction.refresh_from_db()
    result.refresh_from_db()
    assert result.title == "Máy sấy quả"
    assert correction.ended_at is not None
    with pytest.raises(InvalidTransition):
        decide_conflict(conflict, take=False, by=clerk)

    conflict.refresh_from_db()
    reopen_conflict(conflict, by=clerk)
    result.refresh_from_db()
    correction.refresh_from_db()
    assert (result.title, correction.ended_at) == ("Máy sấy xoài", None)


def test_decision_is_not_taken_back_over_a_later_change(result, conflict, clerk):
    decide_conflict(conflict, take=True, by=clerk)
    correct_field(result, field="title", value="Về sau", reason="sửa", by=clerk)
    conflict.refresh_from_db()

    with pytest.raises(InvalidTransition):
        reopen_conflict(conflict, by=clerk)

    result.refresh_from_db()
    assert result.title == "Về sau"
