"""A harvest ended by SIGKILL at random moments and started again ends as one that nobody disturbed."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.conf import settings

from marketplace.core import clock
from marketplace.core.models import Lease
from marketplace.research.models import Result
from marketplace.sources.harvesting.harvest import Harvest
from marketplace.sources.models import Fault, RawRecord, Run, SourceKind
from marketplace.sources.tasks import harvest as harvest_tick
from tests.factories.sources import SourceFactory
from tests.sources.harvesting.server import Repository, serving, slowly

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]

# The server database has the same transactions: a few points show that it holds there too.
LARGER = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
POINTS = int(os.environ.get("EXCHANGE_KILL_POINTS", "5" if LARGER else "20"))
SEED = int(os.environ.get("EXCHANGE_SEED", "20261125"))
#: Harvests until it is told to stop, and stops at a place that the test chose: after so many of the
#: calls that change something, wherever those are.
_CODE = """
    import os, signal
    from django.db.backends.utils import CursorWrapper
    from marketplace.sources.harvesting.harvest import Harvest
    from marketplace.sources.models import Source
    left = [%d]
    real = CursorWrapper.execute
    def execute(self, sql, params=None):
        done = real(self, sql, params)
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    source = Source.objects.get(slug="kho")
    CursorWrapper.execute = execute
    for _ in range(100):
        Harvest(source).run_pages()
    print("done", flush=True)
"""


def state():
    return (
        set(Result.objects.values_list("source_id", "title", "content_version", "withdrawn_at")),
        set(RawRecord.objects.values_list("identifier", "content_hash")),
        RawRecord.objects.count(),
        sorted(Fault.objects.values_list("line", "rule")),
    )


def test_killed_at_any_point_the_end_is_the_same(other_process, settings):
    repository = Repository(60, page=10)
    repository.put("oai:x:61", "Nghi?n c?u s?y xo?i", "2026-01-01T00:00:59Z")
    repository.put("oai:x:62", None, "2026-01-01T00:00:59Z")
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    with serving(repository) as address:
        source = SourceFactory(
            slug="kho",
            kind=SourceKind.HARVEST,
            address=address,
            mapping={"harvest": {"inside": ["127.0.0.1"], "interval": 0}},
        )
        killed = 0
        while killed < POINTS:
            process = other_process(_CODE % chance.randint(1, 60))
            assert process.end(120) == -signal.SIGKILL
            killed += 1
            Lease.objects.all().delete()  # its time is over
            source.refresh_from_db()
            if not (source.cursor or {}).get("walk"):
                # It came to an end between two deaths: begin again, all of it.
                source.cursor = {}
                source.save(update_fields=["cursor"])
        Harvest(source).run_pages()
        ended = state()
        Fault.objects.all().delete()
        RawRecord.objects.all().delete()
        Result.objects.all().delete()
        Run.objects.all().delete()
        source.refresh_from_db()
        source.cursor = {}
        source.save()
        Harvest(source).run_pages()
    undisturbed = state()
    assert len(undisturbed[0]) == 61
    assert ended[0] == undisturbed[0]
    assert ended[1] == undisturbed[1]
    assert ended[2] == undisturbed[2]
    assert set(ended[3]) == set(undisturbed[3])


def test_killed_tick_keeps_nobody_waiting_for_long(other_process):
    repository = Repository(30, page=10)
    hanging = (200, {"Content-Type": "text/xml"}, slowly(b"<" * 1000, seconds=20))
    # Identify, a page, and a page that does not end.
    repository.habit = lambda number, arguments: hanging if number == 3 else None
    with serving(repository) as address:
        source = SourceFactory(
            kind=SourceKind.HARVEST,
            address=address,
            mapping={"harvest": {"inside": ["127.0.0.1"], "interval": 0}},
            cursor={"asked_at": clock.now().isoformat()},
        )
        process = other_process(
            """
            import threading, time
            from marketplace.research.models import Result
            from marketplace.sources.tasks import harvest
            threading.Thread(target=harvest, daemon=True).start()
            while Result.objects.count() < 10:
                time.sleep(0.05)
            print("page", flush=True)
            time.sleep(60)
            """
        )
        process.wait_for("page")
        while len(repository.asked) < 3:
            time.sleep(0.02)
        process.kill()
        harvest_tick()
        assert Result.objects.count() == 10

        with clock.frozen_at(clock.now() + timedelta(seconds=61)):
            harvest_tick()

    source.refresh_from_db()
    assert Result.objects.count() == 30
    assert (source.cursor["walk"], source.last_problem) == (None, "")
