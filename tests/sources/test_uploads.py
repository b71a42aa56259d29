"""Files that staff bring in: looked at first, then read in the background."""

import gzip
import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from marketplace.core.errors import InvalidTransition, UploadRejected
from marketplace.core.storage import private_storage
from marketplace.research.models import Application, Result, Task
from marketplace.sources.models import Fault, RawRecord, Run, Upload
from marketplace.sources.services import uploads
from marketplace.sources.services.uploads import (
    ask_upload,
    bring_upload,
    choose_columns,
    drop_upload,
    keep_upload,
    preview_upload,
)
from tests.factories.accounts import UserFactory
from tests.factories.research import ResultFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

CSV = "Mã;Tên đề tài;Đơn vị thực hiện;Năm nghiệm thu\nA1;Máy sấy xoài;Viện Thử;2024\nA2;;Viện Thử;2023\nA3;Máy tách hạt;Viện Thử;30/02\n"


@pytest.fixture
def keep(media):
    source, officer = SourceFactory(), UserFactory(is_staff=True)

    def kept(text, name="đề tài.csv"):
        source.refresh_from_db()
        data = text if isinstance(text, bytes) else text.encode()
        return keep_upload(SimpleUploadedFile(name, data), source=source, by=officer)

    return kept


def test_preview_shows_columns_records_and_faults_and_writes_nothing(keep):
    preview = preview_upload(keep(CSV))

    assert {c.name: c.taken_for for c in preview.columns} == {
        "Mã": "source_id", "Tên đề tài": "title", "Đơn vị thực hiện": "", "Năm nghiệm thu": "year",
    }  # fmt: skip
    assert preview.columns[1].samples == ["Máy sấy xoài", "Máy tách hạt"]
    assert [one.record and one.record.title for one in preview.records] == [
        "Máy sấy xoài", None, "Máy tách hạt",
    ]  # fmt: skip
    assert preview.records[1].refused
    assert preview.records[2].remarks
    assert not Result.objects.exists()
    assert not RawRecord.objects.exists()


def test_chosen_columns_hold_for_this_file_and_the_next(keep):
    upload = keep(CSV)

    choose_columns(upload, {"Đơn vị thực hiện": "organization", "Năm nghiệm thu": ""})
    preview = preview_upload(upload)

    assert preview.records[0].record.organization == "Viện Thử"
    assert preview.records[0].record.year is None
    upload.source.refresh_from_db()
    assert preview_upload(keep(CSV)).records[0].record.organization == "Viện Thử"


def test_file_is_read_when_asked_and_not_before(keep):
    upload = keep(CSV)
    assert bring_upload() == 0

    ask_upload(upload, by=UserFactory())
    assert bring_upload() == 1

    upload.refresh_from_db()
    assert sorted(Result.objects.values_list("source_id", flat=True)) == ["A1", "A3"]
    assert (upload.state, upload.run.created, upload.run.refused) == ("done", 2, 1)
    assert not private_storage().exists(upload.file.name)
    assert bring_upload() == 0


def test_killed_in_the_middle_the_file_is_read_again_and_nothing_doubled(keep, monkeypatch):
    upload = keep(CSV)
    ask_upload(upload, by=UserFactory())

    with monkeypatch.context() as patch:

        def killed(*_arguments):
            raise KeyboardInterrupt

        patch.setattr(uploads, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            bring_upload()
    assert bring_upload() == 1

    assert Result.objects.count() == RawRecord.objects.count() == 2
    assert set(Result.objects.values_list("content_version", flat=True)) == {1}
    assert Run.objects.count() == 2


@pytest.mark.parametrize("name", ["bản.xlsx", "bản.json", "bản.jsonl.gz", "bản.csv"])
def test_every_format_is_looked_at(keep, name):
    rows = [{"id": "1", "title": "Máy sấy xoài", "year": 2024}]
    if name.endswith("xlsx"):
        book, out = Workbook(), io.BytesIO()
        book.active.append(["id", "title", "year"])
        book.active.append(["1", "Máy sấy xoài", 2024])
        book.save(out)
        data = out.getvalue()
    elif name.endswith("csv"):
        data = "id,title,year\n1,Máy sấy xoài,2024\n".encode()
    else:
        data = json.dumps(rows if name.endswith("json") else rows[0], ensure_ascii=False).encode()
    if name.endswith("gz"):
        data = gzip.compress(data)

    [one] = preview_upload(keep(data, name)).records

    assert (one.record.title, one.record.year) == ("Máy sấy xoài", 2024)


def test_nothing_is_kept_of_a_file_with_a_secret(keep, media):
    secret = "id,title,Độ mật\n1,Máy sấy,Bình thường\n2,Bí danh Sao Hôm,Mật\n"

    with pytest.raises(UploadRejected) as refusal:
        keep(secret)

    assert "dòng 3" in str(refusal.value.message)
    assert "Sao Hôm" not in str(refusal.value.message)
    assert not Upload.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_workbook_of_tasks_and_of_uses_is_looked_at_and_brought_in(keep):
    result = ResultFactory(certificate_number="2024-02-0566/KQNC", archive_number="")
    tasks = workbook(
        ("DANH SÁCH NHIỆM VỤ",),
        ("Loại bản ghi", "Mã số nhiệm vụ", "Tên nhiệm vụ", "Ngày phê duyệt", "Kinh phí"),
        ("Nhiệm vụ", "KC.07.12/21-30", "Sấy xoài", date(2023, 1, 15), 1_200_000_000),
    )
    uses = workbook(
        ("BÁO CÁO ỨNG DỤNG KẾT QUẢ",),
        ("Số GCN", "Năm thứ", "Tổ chức ứng dụng", "Doanh thu", "Ngày báo cáo", "Cột lạ"),
        ("2024-02-0566/KQNC", 1, "HTX Xoài", 250_000_000, date(2025, 3, 1), "x"),
        ("2024-02-0566/KQNC", 7, "HTX Xoài", None, date(2025, 3, 1), "x"),
    )
    first, second = keep(tasks, "nhiệm vụ.xlsx"), keep(uses, "ứng dụng.xlsx")

    looked = preview_upload(second)
    assert [(one.kind, bool(one.refused)) for one in looked.records] == [
        ("application", False), ("application", True),
    ]  # fmt: skip
    assert {one.name: one.taken_for for one in looked.columns} == {
        "Số GCN": "result_number", "Năm thứ": "year_number", "Doanh thu": "income",
        "Tổ chức ứng dụng": "organization_name", "Ngày báo cáo": "reported_on", "Cột lạ": "",
    }  # fmt: skip
    choose_columns(second, {"Cột lạ": "note"}, kind="application")
    for upload in (first, second):
        ask_upload(upload, by=UserFactory())
        bring_upload()

    task, use = Task.objects.get(), Application.objects.get()
    assert (task.code, task.funding, task.approved_on) == (
        "KC.07.12/21-30", 1_200_000_000, date(2023, 1, 15),
    )  # fmt: skip
    assert (use.result, use.organization_name, use.income, use.reported_on, use.note) == (
        result, "HTX Xoài", 250_000_000, date(2025, 3, 1), "x",
    )  # fmt: skip
    assert Fault.objects.get(is_refusal=True).rule == "application.year_number"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.csv"),
        (b"id,title\n", "x.csv"),
        (b"\x00\x01\x02" * 100, "x.bin"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"\x1f\x8bbroken", "x.csv.gz"),
        (b"<html><body>Loi</body></html>", "x.xml"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "x.xml"),
    ],
)
def test_file_that_holds_no_records_is_refused(keep, data, name):
    with pytest.raises(UploadRejected):
        keep(data, name)
    assert not Upload.objects.exists()


def test_file_that_is_too_large_is_refused(keep, monkeypatch):
    monkeypatch.setattr(uploads, "MEBIBYTES", 0)

    with pytest.raises(UploadRejected):
        keep(CSV)


def test_dropped_file_leaves_nothing_and_cannot_be_asked_for(keep):
    upload = keep(CSV)
    name = upload.file.name

    drop_upload(upload)

    assert not private_storage().exists(name)
    with pytest.raises(InvalidTransition):
        ask_upload(upload, by=UserFactory())


def test_file_nobody_went_on_with_is_forgotten(keep, frozen_clock):
    upload = keep(CSV)
    frozen_clock.move(days=8)

    bring_upload()

    upload.refresh_from_db()
    assert upload.state == "dropped"
