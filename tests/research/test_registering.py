"""Results enter the register under a certificate; tasks and applications are reported."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.research.keeping import show_application_again, withdraw_application
from marketplace.research.models import Form, FormField, Result
from marketplace.research.registering import (
    AlreadyRegistered,
    NotRegistered,
    publish_due,
    record_task,
    register_result,
    report_application,
)
from marketplace.research.secrecy import Classified
from marketplace.research.shapes import WrongShape
from tests.factories.research import ProgrammeFactory, ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db


def registered(task=None, *, number="2026-24-0007/KQNC-GCN", **values):
    return register_result(
        task=task,
        values=values,
        certificate_number=number,
        issued_on=date(2026, 3, 2),
        registering_body="Cục Thông tin, Thống kê",
        by="test",
    )


def test_a_registered_result_takes_over_from_its_task_and_completes_it():
    task = TaskFactory(programme=ProgrammeFactory(), funding=2_000_000_000)

    result = registered(
        task, abstract="Hệ thống sấy chạy 500 kg mỗi mẻ.", accepted_on=date(2026, 2, 1)
    )

    result = Result.objects.public().get(pk=result.pk)
    assert (result.title, result.organization, result.programme) == (
        task.title,
        task.organization,
        task.programme,
    )
    assert (result.field_trail, result.year, result.language) == ("|4|401|40107|", 2026, "vi")
    assert (result.certificate_number, result.issued_on) == (
        "2026-24-0007/KQNC-GCN",
        date(2026, 3, 2),
    )
    assert result.published_on == clock.today()
    task.refresh_from_db()
    assert task.state == "completed"
    assert AuditEntry.objects.filter(action="result.registered").count() == 1


def test_a_certificate_number_is_used_once():
    registered(TaskFactory())
    other = TaskFactory()

    with pytest.raises(AlreadyRegistered):
        registered(other)

    other.refresh_from_db()
    assert other.state == "ongoing"
    assert Result.objects.count() == 1


@pytest.mark.parametrize("level", ["Mật", "Tối mật", "secret", "một mức lạ", 3])
def test_what_is_secret_leaves_nothing_behind(level):
    with pytest.raises(Classified) as refused:
        registered(title="Tên không được giữ", secrecy=level)

    assert "Tên không được giữ" not in str(refused.value.message)
    assert not Result.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_normal_level_is_passed_and_not_kept():
    assert registered(title="Máy sấy", secrecy="Bình thường").pk


def test_values_that_fit_no_field_are_named():
    with pytest.raises(NotRegistered, match="mau_sac"):
        registered(title="Máy sấy", mau_sac="đỏ")
    with pytest.raises(NotRegistered, match="level"):
        registered(title="Máy sấy", level="galaxy")
    with pytest.raises(WrongShape, match="DOI"):
        registered(title="Máy sấy", publications=[{"title": "Bài báo", "doi": "không phải"}])
    with pytest.raises(NotRegistered):
        registered(title="Máy sấy", number="  ")
    assert not Result.objects.exists()


def test_a_field_added_to_the_form_as_data_is_kept_without_code():
    form = Form.objects.create(code="form-5", register="result", label_vi="Mẫu 5")
    with pytest.raises(NotRegistered, match="so-trang"):
        registered(title="Máy sấy", extra={"so-trang": 120})

    FormField.objects.create(form=form, code="so-trang", type="number", label_vi="Số trang")

    assert registered(title="Máy sấy", extra={"so-trang": 120}).extra == {"so-trang": 120}


def test_a_restriction_holds_until_its_last_day_is_over_and_lifts_by_itself():
    last = clock.today() + timedelta(days=10)
    result = registered(title="Máy sấy", restricted_until=last)
    assert not Result.objects.public().exists()

    noon = datetime(last.year, last.month, last.day, 5, tzinfo=UTC)
    with clock.frozen_at(noon):
        assert publish_due() == 0
    with clock.frozen_at(noon + timedelta(days=1)):
        assert publish_due() == 1
        assert publish_due() == 0

    lifted = Result.objects.public().get()
    assert lifted.content_version == result.content_version + 1
    assert lifted.published_on == last + timedelta(days=1)


def test_a_task_reported_again_unchanged_stays_as_it_is():
    values = {"title": "Nghiên cứu máy sấy", "form_code": "task-own", "funding_own": 500_000_000}
    task = record_task(values=values, source_id="NV1", by="test")

    again = record_task(values=values, source_id="NV1", by="test")
    changed = record_task(values=values | {"months": 24}, source_id="NV1", by="test")

    assert again.content_version == task.content_version == 1
    assert (changed.pk, changed.months, changed.content_version) == (task.pk, 24, 2)


def test_an_application_marks_the_result_as_used_and_is_kept_once_a_year_and_place():
    result = ResultFactory(application_status="unknown")
    report = {
        "year_number": 1,
        "organization_name": "Hợp tác xã Xoài Thử",
        "place": "Đồng Tháp",
        "reported_on": date(2024, 5, 2),
        "by": "test",
    }

    report_application(result, **report, scale="2 tấn mỗi ngày")
    report_application(result, **report, scale="3 tấn mỗi ngày")

    assert [one.scale for one in result.applications.all()] == ["3 tấn mỗi ngày"]
    assert result.application_status == "applied"
    with pytest.raises(NotRegistered):
        report_application(result, **report | {"year_number": 6})
    with pytest.raises(TypeError):
        report_application(result, **report, colour="đỏ")


def reported(result, name, year=1):
    return report_application(
        result, year_number=year, organization_name=name, reported_on=date(2024, 5, 2), by="test"
    )


def test_a_result_whose_reports_are_all_taken_out_counts_as_it_did_before_them():
    result = ResultFactory(application_status="pilot")
    one, other = reported(result, "Hợp tác xã Một"), reported(result, "Hợp tác xã Hai")

    def status():
        return Result.objects.get(pk=result.pk).application_status

    withdraw_application(one, by="test", reason="ghi nhầm kết quả")
    assert status() == "applied"
    withdraw_application(other, by="test", reason="ghi nhầm kết quả")
    assert status() == "pilot"
    show_application_again(other, by="test")
    assert status() == "applied"
    withdraw_application(other, by="test", reason="vẫn nhầm")
    assert status() == "pilot"
    reported(result, "Hợp tác xã Một")
    assert status() == "applied"


def test_a_result_that_its_source_calls_applied_stays_so_and_a_later_word_stands():
    applied, changed = ResultFactory(application_status="applied"), ResultFactory()
    first, second = reported(applied, "Hợp tác xã Một"), reported(changed, "Hợp tác xã Hai")
    Result.objects.filter(pk=changed.pk).update_content(application_status="not_applied")

    withdraw_application(first, by="test", reason="ghi nhầm")
    withdraw_application(second, by="test", reason="ghi nhầm")

    applied.refresh_from_db()
    changed.refresh_from_db()
    assert (applied.application_status, changed.application_status) == ("applied", "not_applied")


def test_parts_of_a_sum_are_not_taken_from_the_task_beside_those_that_are_said():
    task = TaskFactory(funding=3_000, funding_state=2_400, funding_own=600)
    one = registered(task, funding=3_000, funding_other=600)
    other = registered(task, number="2026-24-0008/KQNC-GCN")

    assert (one.funding, one.funding_state, one.funding_own, one.funding_other) == (
        3_000, None, None, 600,
    )  # fmt: skip
    assert (other.funding, other.funding_state, other.funding_own) == (3_000, 2_400, 600)
