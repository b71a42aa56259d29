from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection

from marketplace.core import health
from marketplace.core.leases import lease
from marketplace.core.models import Lease
from marketplace.core.tasks import heartbeat

pytestmark = pytest.mark.django_db
PARTS = {"database", "cache", "broker", "beat", "ticks", "outbox", "search"}


def ready(client):
    response = client.get("/health/ready")
    return response.status_code, response.json()["parts"]


def ran(name, at):
    Lease.objects.update_or_create(name=name, defaults={"until": at, "last_run_at": at})


@pytest.fixture
def running(frozen_clock, search_engine):
    """An exchange whose ticks have all just run."""
    heartbeat()
    return frozen_clock


def test_live_needs_nothing_but_the_process(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_ready_names_every_part(client, running):
    code, parts = ready(client)
    assert set(parts) >= PARTS
    assert {name for name, part in parts.items() if not part["ok"]} == set()
    assert code == 200


def test_beat_that_never_ran_is_found(client, frozen_clock, search_engine):
    code, parts = ready(client)
    assert code == 503
    assert parts["beat"] == {"ok": False, "detail": "never"}


def test_beat_that_stopped_is_found(client, running):
    running.move(seconds=59)
    assert ready(client)[1]["beat"]["ok"]
    running.move(seconds=1)
    code, parts = ready(client)
    assert (code, parts["beat"]) == (503, {"ok": False, "detail": "60 s"})


@pytest.mark.parametrize(
    ("name", "seconds", "late"),
    [("search.sync", 59, False), ("search.sync", 61, True), ("listings.expire", 61, False),
     ("listings.expire", 601, True), ("tests.unknown", 9999, False)],
)  # fmt: skip
def test_stage_that_stopped_ending_well_is_found(client, running, name, seconds, late):
    ran(name, running.moment)
    running.move(seconds=seconds)
    heartbeat()
    code, parts = ready(client)
    assert parts["ticks"]["ok"] is not late
    assert (name in parts["ticks"]["detail"]) is late
    assert (code == 503) is late, parts


def test_stage_that_failed_every_time_is_found(client, running):
    with pytest.raises(ZeroDivisionError), lease("search.sync"):
        raise ZeroDivisionError
    assert ready(client)[1]["ticks"]["ok"]
    running.move(seconds=61)
    assert not ready(client)[1]["ticks"]["ok"]


def test_broken_parts_are_findings_and_tell_nothing_more(client, running, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("password=secret")

    monkeypatch.setattr(connection, "cursor", broken)
    monkeypatch.setattr(caches["default"], "set", broken)
    monkeypatch.setattr(health, "_checks", {"x": "tests.core.nowhere"})
    response = client.get("/health/ready")
    assert response.status_code == 503
    parts = response.json()["parts"]
    assert parts["database"] == parts["cache"] == {"ok": False, "detail": "RuntimeError"}
    assert not parts["x"]["ok"]
    assert "secret" not in response.text


def test_two_checks_of_one_name_are_refused(monkeypatch):
    monkeypatch.setattr(health, "_checks", {})
    health.register_check("a", "x.y")
    health.register_check("a", "x.y")
    with pytest.raises(ValueError, match="twice"):
        health.register_check("a", "x.z")


def test_outbox_that_stands_still_is_found(client, running):
    from marketplace.notifications.models import Delivery
    from tests.factories.accounts import UserFactory

    Delivery.objects.create(
        recipient=UserFactory(),
        dedupe_key="a",
        created_at=running.moment,
        not_before=running.moment,
    )
    running.move(minutes=9)
    assert ready(client)[1]["outbox"]["ok"]
    running.move(minutes=2)
    assert not ready(client)[1]["outbox"]["ok"]


def test_ready_asks_a_fixed_number_of_questions(client, running, django_assert_max_num_queries):
    for number in range(5):
        ran(f"tests.{number}", running.moment - timedelta(days=1))
    # One of them for each kind of findable rows.
    with django_assert_max_num_queries(15):
        ready(client)
