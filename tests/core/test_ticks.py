from datetime import timedelta

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.db import transaction

from marketplace.core import clock
from marketplace.core.leases import lease
from marketplace.core.models import Lease
from marketplace.core.tasks import clean
from marketplace.core.ticks import kick, run_stage
from tests.factories.accounts import UserFactory


class Stage:
    """Has so many batches of work, and fails or lets its lease run out as told."""

    def __init__(self, *batches, before=lambda: None):
        self.batches, self.calls, self.before = list(batches), 0, before

    def __call__(self):
        self.calls += 1
        self.before()
        return self.batches.pop(0) if self.batches else 0


@pytest.fixture
def sent(monkeypatch):
    names = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: names.append(name))
    return names


@pytest.mark.django_db
@pytest.mark.parametrize(("batches", "calls"), [([], 1), ([3, 2], 3)])
def test_stage_runs_until_nothing_is_left(batches, calls):
    stage = Stage(*batches)
    assert run_stage("tests.stage", stage) == sum(batches)
    assert stage.calls == calls


@pytest.mark.django_db
def test_stage_that_another_runs_is_left_alone():
    stage = Stage(1)
    with lease("tests.stage"):
        assert run_stage("tests.stage", stage) == 0
    assert stage.calls == 0


@pytest.mark.django_db
def test_stage_stops_when_its_lease_was_taken_by_another(frozen_clock):
    def lose():
        Lease.objects.filter(name="tests.stage").update(owner="another")

    stage = Stage(1, 1, 1, before=lose)
    run_stage("tests.stage", stage)
    assert stage.calls == 1
    assert Lease.objects.get(name="tests.stage").owner == "another"


@pytest.mark.django_db
def test_failing_stage_is_raised_and_can_run_again():
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_stage("tests.stage", Stage(before=fail))
    assert run_stage("tests.stage", Stage(2)) == 2


@pytest.mark.django_db
def test_every_tick_of_the_schedule_is_a_task(settings):
    current_app.loader.import_default_modules()
    known = set(current_app.tasks)
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= known


@pytest.mark.django_db(transaction=True)
def test_kick_goes_out_once_a_transaction_and_only_after_commit(sent):
    with transaction.atomic():
        for _ in range(3):
            kick("a")
        kick("b")
        assert sent == []
    assert sent == ["a", "b"]
    kick("a")
    assert sent == ["a", "b", "a"]


@pytest.mark.django_db(transaction=True)
def test_kick_of_a_rolled_back_transaction_is_not_sent(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kick("a")
        raise ZeroDivisionError
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_kick_outside_survives_a_savepoint_that_is_undone(sent):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            kick("a")
            raise ZeroDivisionError
        with transaction.atomic():
            kick("a")
    assert sent == ["a"]


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"])
def test_kick_without_a_broker_is_quick_and_no_error(other_process, broker):
    process = other_process(
        """
        import time
        from marketplace.core.ticks import kick
        began = time.monotonic()
        kick("search.sync")
        print(time.monotonic() - began)
        """,
        BROKER_URL=broker,
    )
    assert float(process.finish()) < 3


def test_frozen_clock_says_the_day_in_vietnam(frozen_clock):
    assert clock.today().isoformat() == "2026-11-11"
    frozen_clock.move(hours=15)
    assert clock.today().isoformat() == "2026-11-12"
    assert clock.now().utcoffset() is not None


@pytest.mark.django_db
def test_sessions_that_ran_out_are_cleaned_away(client):
    client.force_login(UserFactory())
    client.session.save()
    Session.objects.create(
        session_key="old", session_data="x", expire_date=clock.now() - timedelta(seconds=1)
    )
    clean()
    assert [row.session_key for row in Session.objects.all()] == [client.session.session_key]
