"""Imports of all three registers, and the stages behind them, ended by SIGKILL wherever they are."""

import json

import pytest
from django.core.management import call_command

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.research.finishing import settle_task_states
from marketplace.research.models import Application, Result, Task
from marketplace.sources.harvesting.vanished import take_off_batch
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.models import (
    LinkMark,
    LinkPair,
    Merge,
    RawRecord,
    Run,
    Vanishing,
    WaitingCode,
)
from marketplace.sources.services import begin_run, import_file
from marketplace.sources.services.applications import settle_batch, tie_applications
from marketplace.sources.services.ties import tie_batch
from marketplace.sources.services.waiting import settle_codes
from marketplace.taxonomy.models import UnresolvedCode
from marketplace.taxonomy.translating import decide_code, forget_translations
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import ApplicationFactory, ResultFactory, TaskFactory
from tests.factories.sources import SourceFactory

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def rows():
    for n in range(60):
        code, number = f"KC.{n:02d}/21-30", f"2024-{n:03d}/KQNC"
        yield {
            "record_type": "task",
            "task_code": code,
            "title": f"Sấy xoài {n}",
            "org": f"Viện {n % 7}",
        }
        yield {
            "id": f"R{n}",
            "title": f"Kết quả {n}",
            "task_number": code,
            "certificate_number": number,
        }
        if n % 3 == 0:
            yield {
                "record_type": "application", "id": f"U{n}", "certificate_number": number,
                "year_number": 1, "organization": "HTX Xoài", "reported_on": "2025-03-01",
            }  # fmt: skip


def settled():
    """What the registers say when no stage has anything left to do."""
    for stage in (tie_batch, tie_applications, settle_batch, settle_task_states):
        while stage():
            pass
    columns = ("source_id", "withdrawn_at")
    return (
        set(Task.objects.values_list(*columns, "title", "organization__name", "state")),
        set(Result.objects.values_list(*columns, "title", "task__code", "application_status")),
        set(
            Application.objects.values_list(*columns, "result__source_id", "counted_on__source_id")
        ),
        sorted(RawRecord.objects.values_list("record_type", "identifier", "content_hash")),
    )


def test_import_of_tasks_results_and_uses_killed_anywhere_ends_as_one_that_nobody_disturbed(
    tmp_path, settings, kill_stage
):
    path = tmp_path / "ba-so.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")

    killed = kill_stage(
        f"import_file(Path({str(path)!r})) and 0",
        "from pathlib import Path; from marketplace.sources.services import import_file",
        count=6,
        most=80,
    )
    import_file(path)
    ended = settled()
    for model in (RawRecord, Application, Result, Task, Run):
        model.objects.all().delete()
    import_file(path)

    assert killed >= 3
    assert ended == settled()
    assert [len(part) for part in ended] == [60, 60, 20, 140]
    assert {row[-1] for row in ended[0]} == {"completed"}


def test_ties_and_counts_killed_anywhere_are_made_once(kill_stage):
    for n in range(12):
        task = TaskFactory(code=f"KC.{n}")
        ResultFactory(
            task_number=task.code, certificate_number=f"{n}/KQ", application_status="pilot"
        )
        ApplicationFactory(
            result=None,
            result_number=f"{n}/KQ",
            result_key=f"{n}/kq",
            source="bo",
            source_id=f"U{n}",
        )

    killed = kill_stage(
        "tie_batch() + tie_applications() + settle_batch(3) + settle_task_states(limit=3)",
        "from marketplace.sources.services.ties import tie_batch\n"
        "    from marketplace.sources.services.applications import settle_batch, tie_applications\n"
        "    from marketplace.research.finishing import settle_task_states",
    )
    settled()

    assert killed >= 3
    assert set(Task.objects.values_list("state", "state_before")) == {("completed", "ongoing")}
    assert AuditEntry.objects.filter(action="state.completed").count() == 12
    assert set(Result.objects.values_list("application_status", flat=True)) == {"applied"}
    kept = Application.objects.values_list("status_before", "result__certificate_number")
    assert set(kept) == {("pilot", f"{n}/KQ") for n in range(12)}


def test_codes_killed_anywhere_are_settled_once(kill_stage, tmp_path, settings):
    forget_translations()
    call_command("load_vocabularies", verbosity=0)
    path = tmp_path / "ma.jsonl"
    text = "".join(
        json.dumps({"id": str(n), "title": f"Máy sấy {n}", "province": "Hải Hưng"}) + "\n"
        for n in range(9)
    )
    path.write_text(text, encoding="utf-8")
    import_file(path)
    question = UnresolvedCode.objects.get()
    decide_code(question, code=question.candidates[0], by=UserFactory())

    killed = kill_stage(
        "settle_codes(2)",
        "from marketplace.sources.services.waiting import settle_codes",
        count=5,
        most=25,
    )
    while settle_codes():
        pass

    assert killed >= 2
    assert set(Result.objects.values_list("province_code", "content_version")) == {
        (question.candidates[0], 2)
    }
    assert not WaitingCode.objects.filter(settled_at=None).exists()
    assert AuditEntry.objects.filter(action="result.codes_settled").count() == 9


def test_vanished_records_and_duplicates_killed_anywhere_go_once(kill_stage):
    source, organization = SourceFactory(slug="kho"), OrganizationFactory(unclaimed=True)
    gone = [ResultFactory(source="kho", source_id=f"G{n}").source_id for n in range(8)]
    Vanishing.objects.create(
        source=source, listing=begin_run(source), identifiers=gone, count=8, total=8,
        state=Vanishing.State.ACCEPTED, found_at=clock.now(),
    )  # fmt: skip
    for holder in ("bo", "tinh"):
        ResultFactory(
            source=holder, title="Máy tách vỏ lụa hạt điều", organization=organization,
            archive_number="", result_code="KQ000777",
        )  # fmt: skip

    killed = kill_stage(
        "take_off_batch() + link_batch()",
        "from marketplace.sources.harvesting.vanished import take_off_batch\n"
        "    from marketplace.sources.linking.finding import link_batch",
    )
    while take_off_batch() + link_batch():
        pass

    run = Vanishing.objects.get().run
    assert killed >= 3
    assert set(RawRecord.objects.values_list("run", "format")) == {(run.pk, "deleted")}
    assert RawRecord.objects.count() == 8
    assert (Result.objects.public().count(), Merge.objects.standing().count()) == (1, 1)
    assert LinkPair.objects.filter(state="merged").count() == 1
    assert LinkMark.objects.count() == LinkMark.objects.values("record").distinct().count()
