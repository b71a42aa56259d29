"""Records that a server lists no more without a word: found by comparison, taken off, shown again."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.harvesting import vanished
from marketplace.sources.harvesting.harvest import Harvest
from marketplace.sources.harvesting.vanished import (
    accept_vanished,
    keep_vanished,
    take_off_batch,
)
from marketplace.sources.models import Listed, RawRecord, SourceKind, Vanishing
from marketplace.sources.services import ask_undo, undo_batch
from tests.factories.accounts import UserFactory
from tests.factories.sources import SourceFactory
from tests.sources.harvesting.server import Repository, serving

pytestmark = pytest.mark.django_db

State = Vanishing.State
GONE = "oai:x:3"


@pytest.fixture
def repository():
    found = Repository(30, page=10)
    found.deletions = "no"
    return found


@pytest.fixture
def source(repository):
    with serving(repository) as address:
        yield SourceFactory(
            kind=SourceKind.HARVEST,
            address=address,
            mapping={"harvest": {"inside": ["127.0.0.1"], "interval": 0}},
        )


@pytest.fixture
def read(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def harvest(*, days=0, **options):
        source.refresh_from_db()
        with clock.frozen_at(clock.now() + timedelta(days=days)):
            summary = Harvest(source, **options).run_pages()
            while take_off_batch():
                pass
        return summary

    return harvest


def shown():
    return Result.objects.public().count()


def test_few_that_vanished_are_taken_off_with_a_reason_and_come_back(read, repository):
    read()
    held = repository.records.pop(GONE)
    read(days=1)
    assert shown() == 30  # what changed since was asked for, which says nothing of the others

    read(days=8)

    row = Result.objects.get(source_id=GONE)
    found = Vanishing.objects.get()
    assert (shown(), row.withdrawal_reason) == (29, "source.vanished")
    assert (found.state, found.count, found.total, found.run.deleted) == (State.DONE, 1, 30, 1)
    assert not Listed.objects.exists()

    repository.records[GONE] = held
    read(days=16)
    assert (shown(), Vanishing.objects.count()) == (30, 1)


def test_undoing_shows_them_again_and_they_stay(read, repository):
    read()
    del repository.records[GONE]
    read(days=8)
    run = Vanishing.objects.get().run

    ask_undo(run, by=UserFactory())
    while undo_batch():
        pass
    assert shown() == 30
    read(days=16)

    assert (shown(), Vanishing.objects.get().state) == (30, State.KEPT)


def test_more_than_is_plausible_waits_for_a_person(read, repository):
    read()
    for number in range(10):
        del repository.records[f"oai:x:{number}"]

    read(days=8)

    found = Vanishing.objects.get()
    assert (shown(), found.state, found.count, found.percent) == (30, State.WAITING, 10, 33)
    accept_vanished(found, by=UserFactory(), reason="nguồn xác nhận")
    assert (take_off_batch(), take_off_batch(), shown()) == (1, 0, 20)
    with pytest.raises(InvalidTransition):
        keep_vanished(found, by=UserFactory())


def test_what_a_person_keeps_is_not_asked_again_until_it_was_listed(read, repository):
    read()
    gone = {f"oai:x:{number}": repository.records.pop(f"oai:x:{number}") for number in range(10)}
    read(days=8)
    keep_vanished(Vanishing.objects.get(), by=UserFactory())

    read(days=16)
    assert (shown(), Vanishing.objects.count()) == (30, 1)

    repository.records |= gone
    read(days=24)
    del repository.records[GONE]
    read(days=32)
    assert (shown(), Vanishing.objects.count()) == (29, 2)


def test_empty_server_takes_nothing_off_by_itself(read, repository):
    read()
    repository.records.clear()

    read(days=8)

    assert (shown(), Vanishing.objects.get().state) == (30, State.WAITING)


def test_listing_that_breaks_off_is_not_compared(read, repository):
    read()
    del repository.records[GONE]
    before = len(repository.asked)
    repository.habit = lambda number, arguments: (
        (200, {"Content-Type": "text/xml"}, b"<html>") if number == before + 2 else None
    )

    assert read(days=8).problem
    assert (shown(), Vanishing.objects.exists(), Listed.objects.exists()) == (30, False, False)

    repository.habit = lambda number, arguments: None
    read(days=9)
    assert shown() == 29


def test_listing_with_records_that_have_no_id_is_not_compared(read, repository):
    read()
    del repository.records[GONE]
    real = repository._record
    repository._record = lambda one: (
        real(one).replace(one[0], "", 1) if one[0] == "oai:x:7" else real(one)
    )

    read(days=8)

    assert (shown(), Vanishing.objects.exists()) == (30, False)


def test_refused_record_is_listed_all_the_same(read, repository):
    read()
    datestamp, _title, spec = repository.records[GONE]
    repository.records[GONE] = (datestamp, "x" * 2000, spec)

    summary = read(days=8)

    assert (summary.refused, shown(), Vanishing.objects.exists()) == (1, 30, False)


def test_server_that_tells_of_deletions_is_not_compared(read, repository):
    repository.deletions = "persistent"
    read()
    del repository.records[GONE]

    read(days=8, is_full=True)

    assert (shown(), Vanishing.objects.exists()) == (30, False)


def test_what_staff_took_down_is_left_alone(read, repository):
    read()
    withdraw_result(Result.objects.get(source_id=GONE), by="test", reason="sai")
    del repository.records[GONE]

    read(days=8)

    assert not Vanishing.objects.exists()
    assert Result.objects.get(source_id=GONE).withdrawal_reason == "sai"


@pytest.mark.kill
def test_taking_off_that_is_killed_goes_on_under_the_same_run(read, repository, monkeypatch):
    read()
    for number in range(3):
        del repository.records[f"oai:x:{number}"]
    read(days=8)
    accept_vanished(Vanishing.objects.get(), by=UserFactory())

    def killed(*args, **options):
        real(*args, **options)
        raise KeyboardInterrupt

    real = vanished.bring_in
    with monkeypatch.context() as patch:
        patch.setattr(vanished, "bring_in", killed)
        with pytest.raises(KeyboardInterrupt):
            take_off_batch()
    assert take_off_batch() == 1

    found = Vanishing.objects.get()
    assert (shown(), found.state) == (27, State.DONE)
    assert RawRecord.objects.filter(run=found.run).count() == 3
