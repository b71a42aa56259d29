"""Records of ongoing tasks through the one entrance, into their own register."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.research.finishing import settle_task_states
from marketplace.research.models import Result, Task
from marketplace.research.registering import record_task, register_result, stop_task
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Deleted, Incoming
from marketplace.sources.models import Conflict, Correction, Fault, RawRecord, Run
from marketplace.sources.provenance import origins
from marketplace.sources.services import (
    ask_undo,
    begin_run,
    bring_in,
    correct_field,
    decide_conflict,
    edit_task,
    import_file,
    undo_batch,
)
from marketplace.sources.services.push import Operation, push
from marketplace.sources.services.ties import tie_batch
from tests.factories.accounts import UserFactory
from tests.factories.research import ProgrammeFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

SAMPLES = (
    Path(os.environ.get("EXCHANGE_REFERENCE_DATA", Path(__file__).parents[3] / "shared/data"))
    / "interchange"
)
PROJECTS = SAMPLES / "openaire_cerif_xml_example_projects.xml"
with_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no reference data at hand")
FIRST = {
    "Loại bản ghi": "Nhiệm vụ", "Mã số nhiệm vụ": "KC.07.12/21-30", "Tên nhiệm vụ": "Sấy xoài",
    "Tổ chức chủ trì": "Viện Thử", "Chủ nhiệm": "Trần Thị Thử", "Mục tiêu": "Làm chủ thiết kế",
    "Chương trình": "KC.07/21-30", "Kinh phí": "1,2 tỷ", "Ngày phê duyệt": "15/01/2023",
    "Thời gian thực hiện (tháng)": "36", "Bắt đầu": "04/2023",
}  # fmt: skip


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def send(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring(*arrivals):
        run = begin_run(source)
        numbered = [
            Incoming(line, json.dumps(one).encode(), "jsonl", read=read_json)
            if isinstance(one, dict)
            else one
            for line, one in enumerate(arrivals, 1)
        ]
        return bring_in(numbered, source=source, run=run), run

    return bring


def undo(run):
    ask_undo(run, by=UserFactory())
    while undo_batch():
        pass


def test_row_of_a_task_fills_its_sheet(send):
    programme = ProgrammeFactory(code="KC.07/21-30")

    summary, _run = send(FIRST)

    task = Task.objects.get()
    assert (summary.created, Result.objects.count()) == (1, 0)
    assert (task.code, task.source_id, task.title) == (
        "KC.07.12/21-30",
        "KC.07.12/21-30",
        "Sấy xoài",
    )
    assert (task.programme, task.organization.name, task.lead) == (
        programme,
        "Viện Thử",
        "Trần Thị Thử",
    )
    assert (task.funding, task.months, task.started_on) == (1_200_000_000, 36, "2023-04")
    assert (task.aims, str(task.approved_on)) == ("Làm chủ thiết kế", "2023-01-15")
    raw = RawRecord.objects.get()
    assert (raw.record_type, raw.identifier) == ("task", "KC.07.12/21-30")
    assert origins(task)["title"].raw == raw


def test_same_again_changes_nothing_and_unknown_programme_is_said(send):
    send(FIRST)

    summary, _run = send(FIRST)

    assert (summary.unchanged, summary.updated, RawRecord.objects.count()) == (1, 0, 1)
    assert Fault.objects.filter(rule="programme.known").count() == 2
    ProgrammeFactory(code="KC.07/21-30")
    summary, _run = send(FIRST)
    assert (summary.updated, Task.objects.get().programme.code) == (1, "KC.07/21-30")


@with_samples
def test_file_of_projects_that_is_cut_off_goes_on_with_the_whole_one(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    whole = PROJECTS.read_bytes()
    path = tmp_path / "du-an.xml"
    path.write_bytes(whole[: len(whole) * 3 // 4])

    cut = import_file(path)
    path.write_bytes(whole)
    rest = import_file(path)

    assert cut.problem
    assert cut.created >= 1
    assert (cut.created + rest.created, rest.unchanged, rest.problem) == (4, cut.created, "")


@with_samples
def test_projects_of_a_cris_come_into_the_register(tmp_path, settings):
    settings.DATA_DIR = tmp_path

    summary = import_file(PROJECTS)
    again = import_file(PROJECTS)

    task = Task.objects.get(code="777541")
    assert (summary.refused, Result.objects.count()) == (0, 0)
    assert Task.objects.count() == summary.created > 1
    assert (task.title, task.started_on, task.ended_on) == (
        "OpenAIRE Advancing Open Scholarship",
        "2018-01-01",
        "2021-02-28",
    )
    assert (task.organization is not None, task.agency) == (True, "European Commission")
    assert "open access" in task.keywords
    assert (again.created, again.updated, again.unchanged) == (0, 0, summary.created)


def test_kind_that_has_no_register_is_refused_by_rule(send):
    summary, run = send(FIRST | {"Loại bản ghi": "thiết bị"})

    assert summary.refused == 1
    assert run.faults.get().rule == "record.kind"
    assert not RawRecord.objects.exists()


def test_source_whose_rows_are_tasks_needs_no_column(send, source):
    source.mapping = {"records": "task"}
    source.save()

    send({"id": "7", "title": "Sấy xoài"})

    assert Task.objects.get().source_id == "7"


@pytest.mark.parametrize("stamp", [{"Độ mật": "Mật"}, {"Tên nhiệm vụ": "(MẬT) Sấy"}])
def test_classified_task_leaves_no_bytes_and_takes_the_open_one_down(send, stamp):
    send(FIRST)

    summary, run = send(FIRST | stamp)

    assert summary.refused == 1
    assert RawRecord.objects.count() == 1
    assert run.faults.filter(is_refusal=True).get().value == ""
    assert not Task.objects.public().exists()


def test_task_and_its_result_of_one_id_are_tied_either_way_round(send):
    result = {"Mã số nhiệm vụ": "KC.07.12/21-30", "title": "Kết quả sấy xoài"}

    send(FIRST, result)
    assert Result.objects.get().task == Task.objects.get()
    send({"id": "R2", "title": "Kết quả hai", "task_number": "KC.08.01/21-30"})
    send(FIRST | {"Mã số nhiệm vụ": "KC.08.01/21-30"})

    two = Result.objects.get(source_id="R2")
    assert (two.task.code, two.task_number) == ("KC.08.01/21-30",) * 2


def test_tie_that_two_imports_missed_is_made_by_the_stage(send):
    send(FIRST, {"id": "R", "title": "Kết quả", "task_number": "KC.07.12/21-30"})
    Result.objects.update(task=None)

    assert (tie_batch(), tie_batch()) == (1, 0)
    assert Result.objects.get().task == Task.objects.get()


def test_number_that_changes_ties_anew(send):
    other = FIRST | {"Mã số nhiệm vụ": "KC.07.13/21-30"}
    result = {"id": "R", "title": "Kết quả", "task_number": "KC.07.12/21-30"}
    send(FIRST, other, result)

    send(result | {"task_number": "KC.07.13/21-30"})

    assert Result.objects.get().task.code == "KC.07.13/21-30"


def test_task_is_finished_once_a_result_of_it_is_registered_and_goes_on_when_that_is_undone(send):
    result = {"id": "R", "title": "Kết quả", "task_number": "KC.07.12/21-30"}
    send(FIRST, result)
    assert Task.objects.get().state == "ongoing"

    _summary, run = send(result | {"certificate_number": "2024-02-0566/KQNC"})
    task = Task.objects.get()
    assert (task.state, task.content_version) == ("completed", 2)
    assert AuditEntry.objects.get(action="state.completed").actor == "research.task_states"

    undo(run)
    assert (settle_task_states(), settle_task_states()) == (1, 0)
    assert Task.objects.get().state == "ongoing"


def test_task_that_comes_after_its_result_and_one_that_was_stopped_are_finished(send):
    send({"id": "R", "title": "Kết quả", "task_number": "KC.07.12/21-30", "archive_number": "1"})
    send(FIRST)
    assert Task.objects.get().state == "completed"

    send(Deleted(1, "R"))
    settle_task_states()
    stop_task(Task.objects.get(), by="test")
    send(
        {"id": "Q", "title": "Kết quả khác", "task_number": "KC.07.12/21-30", "archive_number": "2"}
    )
    assert Task.objects.get().state == "completed"
    send(Deleted(1, "Q"))
    settle_task_states()
    assert Task.objects.get().state == "stopped"


def test_task_that_a_certificate_of_ours_finished_stays_finished(send):
    send(FIRST, {"id": "R", "title": "K", "task_number": "KC.07.12/21-30", "archive_number": "1"})
    register_result(
        task=Task.objects.get(), values={}, certificate_number="2026-1/KQNC", by="test",
        issued_on=date(2026, 5, 4), registering_body="Sở KH&CN",
    )  # fmt: skip

    send(Deleted(1, "R"))
    Result.objects.filter(certificate_number="2026-1/KQNC").update(withdrawn_at=clock.now())

    assert (settle_task_states(), Task.objects.get().state) == (0, "completed")


def test_correction_stays_and_the_conflict_is_asked(send):
    send(FIRST)
    staff = UserFactory()
    correct_field(Task.objects.get(), field="months", value=48, reason="phụ lục 2", by=staff)

    summary, _run = send(FIRST | {"Thời gian thực hiện (tháng)": "30"})

    conflict = Conflict.objects.get()
    assert (summary.conflicts, Task.objects.get().months, conflict.value) == (1, 48, 30)
    decide_conflict(conflict, take=True, by=staff)
    assert Task.objects.get().months == 30


def test_source_that_is_master_of_a_field_is_followed(send, source):
    source.mapping = {"masters": {"months": "source"}}
    source.save()
    send(FIRST)
    correct_field(
        Task.objects.get(), field="months", value=48, reason="phụ lục 2", by=UserFactory()
    )

    send(FIRST | {"Thời gian thực hiện (tháng)": "30"})

    assert Task.objects.get().months == 30


def test_edit_of_a_task_that_a_source_sends_is_a_correction_and_of_our_own_is_not(send):
    send(FIRST)
    staff = UserFactory()
    task = Task.objects.get()
    own = record_task(values={"title": "Của sàn"}, source_id="1", by=staff)

    edit_task(task, values={"title": "Sấy xoài cắt lát", "aims": task.aims}, by=staff)
    edit_task(own, values={"title": "Của sàn, sửa"}, by=staff)

    correction = Correction.objects.get()
    assert (correction.task, correction.field, correction.over_value) == (task, "title", "Sấy xoài")
    send(FIRST | {"Mục tiêu": "Mục tiêu mới"})
    task.refresh_from_db()
    assert (task.title, task.aims) == ("Sấy xoài cắt lát", "Mục tiêu mới")


def test_run_is_undone_as_a_whole(send):
    _summary, first = send(FIRST, {"id": "R", "title": "Kết quả"})
    _summary, second = send(FIRST | {"Ngày phê duyệt": "16/01/2023", "Mục tiêu": "Khác"})

    undo(second)
    task = Task.objects.get()
    assert (task.aims, str(task.approved_on)) == ("Làm chủ thiết kế", "2023-01-15")

    undo(first)
    assert not Task.objects.public().exists()
    assert not Result.objects.public().exists()
    summary, _run = send(FIRST)
    assert (summary.updated, Task.objects.public().count()) == (1, 1)


def test_deletion_takes_the_task_off_and_its_return_shows_it(send):
    send(FIRST)

    gone, _run = send(Deleted(1, "KC.07.12/21-30"))
    assert (gone.deleted, Task.objects.public().count()) == (1, 0)

    send(FIRST)
    assert Task.objects.public().count() == 1


def test_pushed_task_is_told_of_and_deleted(source):
    data = {"record_type": "task", "title": "Sấy xoài", "task_code": "NV-1"}

    first = push(source, [Operation("NV-1", data), Operation("KQ-1", {"title": "Kết quả"})])
    again = push(source, [Operation("NV-1", data)])
    gone = push(source, [Operation("NV-1")])

    assert [one.outcome for one in (*first, *again, *gone)] == [
        "created",
        "created",
        "unchanged",
        "deleted",
    ]
    assert (Task.objects.get().code, Result.objects.public().count()) == ("NV-1", 1)


def test_broken_values_are_said_and_the_task_is_kept(send):
    summary, run = send(
        FIRST | {"Ngày phê duyệt": "30/02/2023", "Thời gian thực hiện (tháng)": "lâu", "Cấp": "?"}
    )

    assert (summary.created, Task.objects.get().approved_on) == (1, None)
    assert {fault.rule for fault in run.faults.all()} >= {"date", "number", "value.listed"}


def test_renamed_file_of_tasks_is_the_same_source(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    rows = "loại bản ghi,mã số nhiệm vụ,tên nhiệm vụ\nnhiệm vụ,A/1,Sấy xoài\nnhiệm vụ,A/2,Sấy chè\n"
    for name in ("nv.csv", "nv-moi.csv"):
        (tmp_path / name).write_text(rows, encoding="utf-8")

    first, second = import_file(tmp_path / "nv.csv"), import_file(tmp_path / "nv-moi.csv")

    assert (first.created, second.unchanged, second.source) == (2, 2, "nv")
    assert Run.objects.filter(problem="").count() == 2
