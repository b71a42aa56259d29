"""Reports on the use of results through the one entrance, each hung on the result it names."""

import json
from datetime import date

import pytest

from marketplace.research.keeping import withdraw_application
from marketplace.research.models import Application, OldIdentifier, Result
from marketplace.research.registering import report_application
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Deleted, Incoming
from marketplace.sources.models import Conflict, Correction, RawRecord, Sharing
from marketplace.sources.provenance import origins
from marketplace.sources.services import (
    ask_undo,
    begin_run,
    bring_in,
    correct_field,
    decide_conflict,
    edit_application,
    import_file,
    undo_batch,
)
from marketplace.sources.services.applications import settle_batch, tie_applications
from marketplace.sources.services.push import Operation, push
from marketplace.sources.services.sharing import hide_or_show
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import ResultFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

NUMBER = "2024-02-0566/KQNC"
FIRST = {
    "Mã báo cáo": "UD-1", "Số giấy chứng nhận": NUMBER, "Năm thứ": "2",
    "Tổ chức ứng dụng": "Hợp tác xã Xoài Thử", "Địa chỉ ứng dụng": "Cao Lãnh",
    "Quy mô": "2 tấn mỗi ngày",
    "Hình thức ứng dụng": "Trong sản xuất, kinh doanh", "Hiệu quả": "Giảm hao hụt 12 %",
    "Doanh thu": "1,2 tỷ", "Ngày báo cáo": "15/03/2026",
}  # fmt: skip


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def send(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring(*arrivals, of=source):
        run = begin_run(of)
        numbered = [
            Incoming(line, json.dumps(one).encode(), "jsonl", read=read_json)
            if isinstance(one, dict)
            else one
            for line, one in enumerate(arrivals, 1)
        ]
        return bring_in(numbered, source=of, run=run), run

    return bring


@pytest.fixture
def result():
    return ResultFactory(
        certificate_number=NUMBER, archive_number="", application_status="not_applied"
    )


def status(result):
    return Result.objects.get(pk=result.pk).application_status


def settle():
    while settle_batch():
        pass


def undo(run):
    ask_undo(run, by=UserFactory())
    while undo_batch():
        pass
    settle()


def test_row_fills_the_report_and_its_result_counts_as_applied(send, result):
    user = OrganizationFactory(name="Hợp tác xã Xoài Thử")
    version = result.content_version

    summary, _run = send(FIRST)

    row = Application.objects.get()
    assert (summary.created, summary.refused, row.result) == (1, 0, result)
    assert (row.source_id, row.year_number, row.organization) == ("UD-1", 2, user)
    assert (row.place, row.form_of_use) == ("Cao Lãnh", "production")
    assert (row.income, row.reported_on) == (1_200_000_000, date(2026, 3, 15))
    assert status(result) == "applied"
    assert Result.objects.get(pk=result.pk).content_version > version
    raw = RawRecord.objects.get()
    assert (raw.record_type, origins(row)["scale"].raw) == ("application", raw)


def test_same_again_changes_nothing_and_makes_no_organisation(send, result):
    before = OrganizationFactory._meta.model.objects.count()
    send(FIRST)
    version = Result.objects.get(pk=result.pk).content_version

    summary, _run = send(FIRST)

    assert (summary.unchanged, summary.updated, RawRecord.objects.count()) == (1, 0, 1)
    assert Result.objects.get(pk=result.pk).content_version == version
    assert OrganizationFactory._meta.model.objects.count() == before


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ({"Số giấy chứng nhận": ""}, "application.result_number"),
        ({"Năm thứ": "2024"}, "application.year_number"),
        ({"Tổ chức ứng dụng": " "}, "application.organization_name"),
        ({"Ngày báo cáo": "30/02/2026"}, "application.reported_on"),
        ({"Độ mật": "Mật"}, "secrecy"),
    ],
)
def test_what_a_report_cannot_do_without_is_said_by_rule(send, missing, rule):
    summary, run = send(FIRST | missing)

    assert summary.refused == 1
    assert run.faults.get(is_refusal=True).rule == rule
    assert not RawRecord.objects.exists()
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [("archive_number", NUMBER), ("result_code", NUMBER), ("certificate_number", NUMBER.lower())],
)
def test_report_waits_until_its_result_comes(send, column, value):
    send(FIRST | {"Số giấy chứng nhận": value})
    assert Application.objects.waiting().get().result_number == value
    assert not Application.objects.public().exists()

    send({"id": "R", "title": "Kết quả sấy xoài", column: NUMBER})

    assert Application.objects.public().get().result.source_id == "R"
    assert status(Result.objects.get()) == "applied"


def test_result_registered_here_and_one_joined_to_another_are_found_by_the_stage(send, result):
    send(FIRST | {"Số giấy chứng nhận": "KQ000777"}, FIRST | {"Mã báo cáo": "2", "Năm thứ": "3"})
    OldIdentifier.objects.create(key="kq000777", value="KQ000777", result=result)

    assert (tie_applications(), tie_applications()) == (1, 0)
    settle()

    assert set(Application.objects.values_list("result", flat=True)) == {result.pk}


def test_report_names_a_result_by_the_identifier_of_its_own_source(send, source):
    other = SourceFactory()
    send({"id": "R7", "title": "Kết quả nơi khác"}, of=other)
    send({"id": "R7", "title": "Kết quả ở đây"}, FIRST | {"Số giấy chứng nhận": "R7"})
    send(FIRST | {"Mã báo cáo": "UD-2", "Số giấy chứng nhận": f"{other.slug}:R7"})

    own, named = Application.objects.order_by("source_id")
    assert (own.result.title, named.result.title) == ("Kết quả ở đây", "Kết quả nơi khác")


def test_number_of_two_results_is_that_of_its_own_source_else_it_waits(send, source):
    ResultFactory(certificate_number=NUMBER, archive_number="")
    ResultFactory(certificate_number=NUMBER, archive_number="")
    send(FIRST)
    assert Application.objects.get().result is None

    send({"id": "R", "title": "Kết quả", "certificate_number": NUMBER})

    assert Application.objects.get().result.source == source.slug


def test_another_number_moves_the_report_and_both_results_follow(send, result):
    other = ResultFactory(certificate_number="2025-1/KQNC", application_status="unknown")
    send(FIRST)

    _summary, second = send(FIRST | {"Số giấy chứng nhận": "2025-1/KQNC"})

    assert Application.objects.get().result == other
    assert (status(result), status(other)) == ("not_applied", "applied")
    undo(second)
    tie_applications()
    settle()
    assert (status(result), status(other)) == ("applied", "unknown")


def test_what_was_said_of_the_result_since_stands(send, result):
    send(FIRST)
    Result.objects.filter(pk=result.pk).update_content(application_status="pilot")

    send(FIRST | {"Quy mô": "3 tấn mỗi ngày"})
    settle()

    assert (Application.objects.get().scale, status(result)) == ("3 tấn mỗi ngày", "pilot")


def test_run_is_undone_as_a_whole_and_the_result_is_what_it_was(send, result):
    _summary, first = send(FIRST)
    _summary, second = send(FIRST | {"Quy mô": "5 tấn", "Ngày báo cáo": "16/03/2026"})

    undo(second)
    row = Application.objects.get()
    assert (row.scale, row.reported_on, status(result)) == (
        "2 tấn mỗi ngày", date(2026, 3, 15), "applied",
    )  # fmt: skip
    undo(first)
    assert (Application.objects.public().exists(), status(result)) == (False, "not_applied")
    send(FIRST)
    assert (Application.objects.public().count(), status(result)) == (1, "applied")


def test_deletion_takes_the_report_off_and_its_return_shows_it(send, result):
    send(FIRST)

    gone, _run = send(Deleted(1, "UD-1"))
    assert (gone.deleted, status(result)) == (1, "not_applied")
    send(FIRST)
    assert (Application.objects.public().count(), status(result)) == (1, "applied")


def test_report_that_staff_took_out_stays_out(send, result):
    send(FIRST)
    withdraw_application(Application.objects.get(), by=UserFactory(), reason="báo nhầm kết quả")

    send(FIRST | {"Quy mô": "5 tấn"})

    assert not Application.objects.public().exists()
    assert status(result) == "not_applied"


def test_one_use_that_two_sources_tell_of_is_told_once(send, result):
    other = SourceFactory()
    send(FIRST)
    send(FIRST | {"Mã báo cáo": "K", "Tổ chức ứng dụng": "HTX Xoài Thử"}, of=other)
    assert Application.objects.public().count() == 1

    send(Deleted(1, "UD-1"))
    assert Application.objects.public().get().source == other.slug

    filed = report_application(
        result, year_number=2, organization_name="Hợp tác xã Xoài Thử", place="Cao Lãnh",
        reported_on=date(2026, 4, 1), by="test",
    )  # fmt: skip
    settle()
    assert Application.objects.public().get() == filed


def test_sources_that_are_not_for_everybody_count_for_nothing(send, source, result):
    source.sharing = Sharing.INTERNAL
    source.save()
    send(FIRST)
    assert (Application.objects.public().exists(), status(result)) == (False, "not_applied")

    source.sharing = Sharing.PUBLIC
    source.save()
    hide_or_show(source)
    settle()
    assert (Application.objects.public().exists(), status(result)) == (True, "applied")


def test_correction_stays_and_the_conflict_is_asked(send, result):
    send(FIRST)
    staff = UserFactory()
    correct_field(Application.objects.get(), field="scale", value="3 tấn", reason="x", by=staff)

    summary, _run = send(FIRST | {"Quy mô": "4 tấn"})

    conflict = Conflict.objects.get()
    assert (summary.conflicts, Application.objects.get().scale) == (1, "3 tấn")
    decide_conflict(conflict, take=True, by=staff)
    assert Application.objects.get().scale == "4 tấn"


def test_number_that_staff_corrects_ties_the_report(send, result):
    send(FIRST | {"Số giấy chứng nhận": "gõ nhầm"})
    row = Application.objects.get()

    correct_field(row, field="result_number", value=NUMBER, reason="bản giấy", by=UserFactory())
    tie_applications()

    assert Application.objects.get().result == result


def test_edit_of_a_report_that_a_source_sends_is_a_correction_and_of_our_own_is_not(send, result):
    send(FIRST)
    filed = report_application(
        result, year_number=1, organization_name="HTX", reported_on=date(2025, 4, 1), by="test"
    )
    brought = Application.objects.exclude(pk=filed.pk).get()

    for one in (brought, filed):
        edit_application(one, values={"scale": "9 tấn"}, reason="bản giấy", by=UserFactory())

    correction = Correction.objects.get()
    assert (correction.record, correction.field, correction.over_value) == (
        brought, "scale", "2 tấn mỗi ngày",
    )  # fmt: skip
    send(FIRST | {"Ghi chú": "thêm"})
    brought.refresh_from_db()
    assert (brought.scale, brought.note) == ("9 tấn", "thêm")


def test_pushed_report_is_told_of_and_deleted(source, result):
    data = {
        "record_type": "application", "certificate_number": NUMBER, "year_number": 1,
        "organization": "HTX Thử", "reported_on": "2026-03-15",
    }  # fmt: skip

    outcomes = [
        *push(source, [Operation("UD-9", data)]),
        *push(source, [Operation("UD-9", data)]),
        *push(source, [Operation("UD-9", data | {"scale": "2 tấn"})]),
        *push(source, [Operation("UD-9")]),
    ]

    assert [one.outcome for one in outcomes] == ["created", "unchanged", "updated", "deleted"]
    assert not Application.objects.public().exists()


def test_table_of_reports_needs_no_column_that_says_so(tmp_path, settings, result):
    settings.DATA_DIR = tmp_path
    rows = (
        "Số giấy chứng nhận;Năm thứ;Tổ chức ứng dụng;Ngày báo cáo\n"
        f"{NUMBER};năm thứ 1;HTX Thử;01/04/2025\n{NUMBER};2;HTX Thử;01/04/2026\n"
    )
    (tmp_path / "ung-dung.csv").write_text(rows, encoding="utf-8")

    first, again = (import_file(tmp_path / "ung-dung.csv") for _time in range(2))

    assert (first.created, again.unchanged, result.applications.count()) == (2, 2, 2)
