"""A run undone as a whole: nothing of it is left, nothing later is lost."""

import json

import pytest

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Deleted, Incoming
from marketplace.sources.models import Conflict, Correction, RawRecord, Run
from marketplace.sources.provenance import origins
from marketplace.sources.services import (
    ask_undo,
    begin_run,
    bring_in,
    correct_field,
    undo_batch,
)
from tests.factories.accounts import UserFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

FIRST = {"id": "A", "title": "Máy sấy xoài", "year": 2020, "abstract": "Sấy lạnh."}


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def send(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring(*records):
        run = begin_run(source)
        bring_in(
            [
                one
                if isinstance(one, Deleted)
                else Incoming(line, json.dumps(one).encode(), "jsonl", read=read_json)
                for line, one in enumerate(records, 1)
            ],
            source=source,
            run=run,
        )
        return run

    return bring


def undo(run, limit=500):
    ask_undo(run, by=UserFactory())
    while undo_batch(limit):
        pass
    run.refresh_from_db()


def state(source_id="A"):
    result = Result.objects.get(source_id=source_id)
    return result.year, result.title, result.withdrawn_at is None


def test_created_rows_are_withdrawn_and_come_again(send):
    run = send(FIRST, FIRST | {"id": "B"})

    undo(run, limit=1)

    assert not Result.objects.public().exists()
    assert (run.undo_left, run.undone_by is not None) == (0, True)
    assert AuditEntry.objects.filter(action="run.undone").count() == 1
    again = send(FIRST)
    assert (again.updated, state()) == (1, (2020, "Máy sấy xoài", True))


def test_row_made_again_is_from_what_came_again_and_is_undone_with_it(send):
    undo(send(FIRST))
    again = send(FIRST | {"year": 2021})

    version = RawRecord.objects.get(run=again)
    assert {origin.raw for origin in origins(Result.objects.get()).values()} == {version}

    undo(again)
    assert (state(), again.undo_left) == ((2020, "Máy sấy xoài", False), 0)


def test_updated_rows_say_what_they_said_before(send):
    send(FIRST)
    was = Result.objects.values().get()
    run = send(FIRST | {"year": 2021, "title": "Khác", "linh vuc": "40107"})

    undo(run)

    now = Result.objects.values().get()
    changed = {name for name in was if was[name] != now[name]}
    assert changed == {"content_version"}
    assert send(FIRST).unchanged == 1


def test_deletion_is_undone(send):
    send(FIRST)
    run = send(Deleted(1, "A"))

    undo(run)

    assert state() == (2020, "Máy sấy xoài", True)


def test_everything_one_run_did_to_a_record_is_undone(send):
    send(FIRST)
    run = send(FIRST | {"year": 2021}, Deleted(2, "A"), FIRST | {"year": 2022})

    undo(run, limit=1)

    assert state() == (2020, "Máy sấy xoài", True)


def test_later_run_stands_and_goes_back_to_what_the_undone_one_had_found(send):
    send(FIRST)
    middle = send(FIRST | {"year": 2021})
    last = send(FIRST | {"year": 2021, "title": "Mới"})

    undo(middle)
    assert state() == (2021, "Mới", True)
    assert middle.undo_left == 1
    assert RawRecord.objects.get(run=middle).undo_outcome == "later"

    undo(last)
    assert state() == (2020, "Máy sấy xoài", True)


def test_row_whose_later_run_is_undone_too_is_withdrawn(send):
    first = send(FIRST)
    last = send(FIRST | {"year": 2021})

    undo(first)
    assert state()[2]
    undo(last)

    assert not state()[2]


def test_correction_since_is_not_trampled(send):
    send(FIRST)
    run = send(FIRST | {"year": 2021, "title": "Khác"})
    correct_field(
        Result.objects.get(), field="title", value="Đúng", reason="in sai", by=UserFactory()
    )

    undo(run)

    correction = Correction.objects.get()
    assert state() == (2020, "Đúng", True)
    assert (correction.over_value, run.undo_left) == ("Máy sấy xoài", 1)
    assert RawRecord.objects.get(run=run).undo_outcome == "partly"


def test_conflict_of_an_undone_version_is_gone(send):
    send(FIRST)
    correct_field(
        Result.objects.get(), field="title", value="Đúng", reason="in sai", by=UserFactory()
    )
    run = send(FIRST | {"title": "Khác"})
    assert Conflict.objects.get().state == "open"

    undo(run)

    assert Conflict.objects.get().state == "gone"
    assert state() == (2020, "Đúng", True)


def test_correction_that_the_run_ended_stands_again(send, source):
    source.mapping = {"masters": {"title": "source"}}
    source.save()
    send(FIRST)
    correct_field(
        Result.objects.get(), field="title", value="Đúng", reason="in sai", by=UserFactory()
    )
    run = send(FIRST | {"title": "Khác"})

    undo(run)

    assert state() == (2020, "Đúng", True)
    assert Correction.objects.get().ended_at is None


def test_what_staff_took_down_stays_down(send):
    run = send(FIRST)
    withdraw_result(Result.objects.get(), by="test", reason="sai")

    undo(run)

    assert Result.objects.get().withdrawal_reason == "sai"
    assert run.undo_left == 1


def test_undo_is_asked_once(send):
    run = send(FIRST)
    undo(run)

    with pytest.raises(InvalidTransition):
        ask_undo(run, by=UserFactory())


def test_nothing_comes_in_under_a_run_that_is_undone(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    run = begin_run(source)

    def arrivals():
        for n in range(200):
            if n == 150:
                ask_undo(Run.objects.get(pk=run.pk), by=UserFactory())
            yield Incoming(n, b'{"id": %d, "title": "x%d"}' % (n, n), "jsonl", read=read_json)

    summary = bring_in(arrivals(), source=source, run=run)
    while undo_batch():
        pass

    assert summary.problem
    assert 0 < Result.objects.count() < 200
    assert not Result.objects.public().exists()
