"""Rows of the registers at the desk: corrected, published, restricted, taken out, put back, with files."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.registration import checks, rules
from marketplace.research.keeping import add_attachment
from marketplace.research.models import Application, Attachment, Result, Task
from marketplace.research.registering import report_application
from marketplace.sources.visibility import DELETED
from tests.factories.registration import FocalOfficerFactory, pdf_upload
from tests.factories.research import ApplicationFactory, ResultFactory, TaskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def result():
    return ResultFactory(
        people=[
            {"name": "Trần Thị Thử", "role": "lead", "degree": "TS."},
            {"name": "Lê Văn Nghiệm", "role": "secretary"},
        ]
    )


@pytest.fixture
def file(result, officer):
    report = checks.check_file(pdf_upload(), rules.file_rule("report"))
    return add_attachment(
        result, checked=report.checked, pages=1, kind="report", title="Báo cáo", access="open",
        by=officer,
    )  # fmt: skip


@pytest.fixture
def application(result, officer):
    return report_application(
        result, year_number=1, organization_name="Hợp tác xã Thử", reported_on=clock.today(),
        by=officer,
    )  # fmt: skip


def test_results_are_found_and_seen_with_everything_of_theirs(
    result, file, application, officer, as_user
):
    ResultFactory(title="Chuyện khác")
    client = as_user(officer)
    for asked in ({"words": result.title[:12]}, {"number": result.source_id}):
        page = client.get(reverse("results:index"), asked).content.decode()
        assert reverse("correct_result", args=[result.public_id]) in page
        assert "Chuyện khác" not in page
    page = client.get(reverse("correct_result", args=[result.public_id])).content.decode()
    for row in ("attachments:edit", file.pk), ("applications:edit", application.pk):
        assert reverse(row[0], args=[row[1]]) in page
    for name in ("applications", "attachments"):
        assert client.get(reverse(f"{name}:index")).status_code == 200


def test_days_and_people_are_corrected_and_taken_back(result, officer, as_user):
    client, page = as_user(officer), reverse("correct_result", args=[result.public_id])
    before = result.people
    client.post(page, {"field": "accepted_on", "value": "2026-03-05", "reason": "biên bản"})
    client.post(
        page,
        {
            "field": "people",
            "value": "Trần Thị Thử\nNguyễn  Mới\nLê Văn Nghiệm",
            "reason": "sai tên",
        },
    )
    result.refresh_from_db()
    assert result.accepted_on.isoformat() == "2026-03-05"
    assert result.people == [
        {"name": "Trần Thị Thử", "role": "lead", "degree": "TS."},
        {"name": "Nguyễn Mới", "role": "member"},
        {"name": "Lê Văn Nghiệm", "role": "secretary"},
    ]
    assert "05/03/2026" in client.get(page).content.decode()
    for field in ("accepted_on", "people"):
        client.post(page, {"action": "take_back", "field": field})
    result.refresh_from_db()
    assert (result.accepted_on, result.people) == (None, before)


def test_a_result_is_restricted_published_withdrawn_and_shown_again(result, officer, as_user):
    client, public = as_user(officer), Client()
    publish = reverse("publish_result", args=[result.pk])
    until = clock.today() + timedelta(days=30)
    client.post(publish, {"publication-state": "restricted", "publication-reason": "đơn"})
    result.refresh_from_db()
    assert result.publication_state == "published"
    version = result.content_version
    client.post(
        publish,
        {
            "publication-state": "restricted", "publication-until": until.isoformat(),
            "publication-reason": "chờ bằng sáng chế",
        },
    )  # fmt: skip
    result.refresh_from_db()
    assert (result.publication_state, result.restricted_until, result.published_on) == (
        "restricted", until, None,
    )  # fmt: skip
    assert result.content_version > version
    client.post(publish, {"publication-state": "published", "publication-reason": "hết hạn chế"})
    assert public.get(result.get_absolute_url()).status_code == 200

    withdraw = reverse("withdraw_result", args=[result.pk])
    client.post(withdraw, {"withdraw-reason": ""})
    client.post(withdraw, {"withdraw-reason": "theo yêu cầu"})
    assert public.get(result.get_absolute_url()).status_code == 410
    client.post(withdraw, {"action": "show"})
    assert public.get(result.get_absolute_url()).status_code == 200
    Result.objects.filter(pk=result.pk).update(withdrawn_at=clock.now(), withdrawal_reason=DELETED)
    client.post(withdraw, {"action": "show"})
    result.refresh_from_db()
    assert result.withdrawn_at is not None


def test_a_task_is_withdrawn_and_shown_again(officer, as_user):
    task, client = TaskFactory(), as_user(officer)
    url = reverse("withdraw_task", args=[task.pk])
    client.post(url, {"withdraw-reason": "nhầm"})
    assert Client().get(task.get_absolute_url()).status_code == 410
    assert client.get(reverse("tasks:edit", args=[task.pk])).status_code == 200
    client.post(url, {"action": "show"})
    assert Client().get(task.get_absolute_url()).status_code == 200


def test_files_are_added_checked_opened_closed_and_taken_out(result, officer, as_user):
    client, public = as_user(officer), Client()
    upload = reverse("upload_to_result", args=[result.pk])

    def send(file, kind="report"):
        values = {"upload-kind": kind, "upload-access": "open", "upload-title": ""}
        client.post(upload, values | {"upload-file": file})

    send(pdf_upload("khoa.pdf", password="bi-mat"))
    send(SimpleUploadedFile("gia.pdf", b"MZ not a pdf", "application/pdf"))
    send(SimpleUploadedFile("rong.pdf", b"", "application/pdf"))
    assert not Attachment.objects.exists()
    for _again in range(2):
        send(pdf_upload("bao-cao.pdf"))
    row = Attachment.objects.get()
    assert (row.title, row.kind, row.access, row.pages, row.content_type) == (
        "bao-cao.pdf", "report", "open", 1, "application/pdf",
    )  # fmt: skip
    assert public.get(row.get_absolute_url()).status_code == 200

    edit = reverse("attachments:edit", args=[row.pk])
    values = {"kind": "report", "title": "Báo cáo tổng hợp", "access": "on_request"}
    client.post(edit, values)
    assert public.get(row.get_absolute_url()).status_code == 404
    client.post(edit, values | {"access": "open"})
    assert "Báo cáo tổng hợp" in public.get(result.get_absolute_url()).content.decode()

    withdraw = reverse("attachments:withdraw", args=[row.pk])
    client.post(withdraw, {"withdraw-reason": "nhầm tệp"})
    assert public.get(row.get_absolute_url()).status_code == 404
    assert "Báo cáo tổng hợp" not in public.get(result.get_absolute_url()).content.decode()
    assert client.get(edit).status_code == 200
    client.post(withdraw, {"action": "show"})
    assert public.get(row.get_absolute_url()).status_code == 200


def test_reports_on_use_are_corrected_taken_out_and_put_back(result, application, officer, as_user):
    client, edit = as_user(officer), reverse("applications:edit", args=[application.pk])
    values = {
        "organization_name": "Hợp tác xã Đúng", "place": "Lâm Đồng", "province_code": "68",
        "reported_on": application.reported_on.isoformat(), "reason": "theo báo cáo giấy",
    }  # fmt: skip
    client.post(edit, values | {"reason": ""})
    application.refresh_from_db()
    assert application.organization_name == "Hợp tác xã Thử"
    client.post(edit, values)
    application.refresh_from_db()
    assert (application.organization_name, application.province_code) == ("Hợp tác xã Đúng", "68")
    line = AuditEntry.objects.get(action="application.corrected")
    assert line.data["fields"] == ["organization_name", "place", "province_code"]

    withdraw = reverse("applications:withdraw", args=[application.pk])
    client.post(withdraw, {"withdraw-reason": "báo trùng"})
    assert not Application.objects.public().exists()
    assert "Hợp tác xã Đúng" not in Client().get(result.get_absolute_url()).content.decode()
    client.post(withdraw, {"action": "show"})
    assert Application.objects.public().get() == application


def test_report_that_waits_for_its_result_is_listed_and_corrected_with_its_origin(officer, as_user):
    client = as_user(officer)
    row = ApplicationFactory(
        result=None, result_number="KQ000777", result_key="kq000777", source="bo-thu",
        source_id="UD-1", content_hash="x", scale="2 tấn",
    )  # fmt: skip
    tied = ApplicationFactory()

    listed = client.get(reverse("applications:index"), {"waiting": "yes"}).content.decode()
    assert "Chờ kết quả: KQ000777" in listed
    assert tied.result.title not in listed
    assert client.get(reverse("applications:edit", args=[row.pk])).status_code == 200
    here = reverse("correct_application", args=[row.public_id])
    assert "KQ000777" in client.get(here).content.decode()

    client.post(here, {"field": "scale", "value": "3 tấn", "reason": "bản giấy"})
    row.refresh_from_db()
    assert (row.scale, row.corrections.get().over_value) == ("3 tấn", "2 tấn")
    client.post(here, {"action": "take_back", "field": "scale"})
    row.refresh_from_db()
    assert row.scale == "2 tấn"


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "signer", "nobody"])
def test_nobody_else_changes_a_row_of_the_registers(
    who, result, file, application, desk, request, as_user
):
    if who == "signer":
        client = as_user(FocalOfficerFactory().user)
    else:
        client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    task = TaskFactory()

    def kept():
        return [
            list(m.objects.order_by("pk").values()) for m in (Result, Task, Application, Attachment)
        ]

    before = kept()
    reason = {"withdraw-reason": "x"}
    for name, args, values in (
        ("correct_result", [result.public_id], {"field": "year", "value": "1999", "reason": "x"}),
        (
            "publish_result",
            [result.pk],
            {"publication-state": "pending", "publication-reason": "x"},
        ),
        ("withdraw_result", [result.pk], reason),
        ("withdraw_task", [task.pk], reason),
        ("applications:edit", [application.pk], {"organization_name": "x", "reason": "x"}),
        ("applications:withdraw", [application.pk], reason),
        (
            "correct_application",
            [application.public_id],
            {"field": "scale", "value": "x", "reason": "x"},
        ),
        ("attachments:edit", [file.pk], {"kind": "other", "title": "x", "access": "open"}),
        ("attachments:withdraw", [file.pk], reason),
    ):
        client.post(reverse(name, args=args), values)
        assert kept() == before, name
    for of, row in (("result", result), ("task", task)):
        values = {
            "upload-kind": "report",
            "upload-access": "open",
            "upload-file": pdf_upload("x.pdf"),
        }
        client.post(reverse(f"upload_to_{of}", args=[row.pk]), values)
        assert kept() == before
