"""A rebuild is killed at every step, in a process of its own, while rows change: nothing is lost and no
mark says more than the index holds."""

import io
import json
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from marketplace.research.models import Result
from search import rebuilding
from search.checking import check_index
from search.engines.base import BuilderBusy
from search.models import BuiltChunk, IndexProblem, IndexRun, Tombstone, leave_tombstones
from search.queries import Query
from search.rebuilding import advance_rebuild, rebuild_index
from search.runs import ask_for, run_asked
from search.sync import stale_count, sync_all, sync_batch
from search.tasks import keep
from tests.search.engines import generations
from tests.search.sources import make_result, withdraw

State = IndexRun.State

#: Stops a rebuild of two rows a chunk at one step; the test kills it there.
PROLOGUE = """
import time
import search.rebuilding as rebuilding
from search.models import BuiltChunk
from tests.search.parts import Builder, position

rebuilding.CHUNK = 2
rebuilding._KEEP_DOCUMENTS = 2
calls = 0

def stopping(original, *, after=False, nth=1):
    def stop(*args, **kwargs):
        global calls
        calls += 1
        if calls == nth and not after:
            print("here", flush=True); time.sleep(600)
        answer = original(*args, **kwargs)
        if calls == nth:
            print("here", flush=True); time.sleep(600)
        return answer
    return stop
"""
POINTS = {
    "before any chunk": "rebuilding._Build._keep = stopping(rebuilding._Build._keep)",
    "between chunk and documents": "Builder.keep = stopping(Builder.keep, nth=2)",
    "between position and commit": (
        "setattr(*position, stopping(getattr(*position), after=True, nth=2))"
    ),
    "after a commit": "Builder.keep = stopping(Builder.keep, after=True, nth=2)",
    "before the catching up": "rebuilding._Build.catch_up = stopping(rebuilding._Build.catch_up)",
    "before the swap": "Builder.swap = stopping(Builder.swap)",
    "between swap and marks": "rebuilding._settle = stopping(rebuilding._settle)",
    "in the middle of the marks": (
        "rebuilding._settle_chunk = stopping(rebuilding._settle_chunk, nth=2)"
    ),
}


def titles(index) -> list[str]:
    return sorted(hit.title for hit in index.search(Query(limit=100)).hits)


def truth() -> list[str]:
    return sorted(Result.objects.filter(withdrawn_at=None).values_list("title", flat=True))


def change_everything(results) -> None:
    """One row of each fate, near the beginning and at the end of the table."""
    for result in (results[0], results[5]):
        result.title += " mới"
        result.save()
    withdraw(results[1])
    leave_tombstones("result", [results[2].public_id])
    results[2].delete()
    make_result("Lò hơi")


@pytest.fixture
def seven(transactional_db, index):
    results = [make_result(f"Máy sấy số {n}") for n in range(7)]
    sync_all()
    IndexRun.objects.all().delete()  # that of the first build
    return results


# The harder of the two on a server, whose processes take seconds to start.
LARGER = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
MEANWHILE = {True: "synced"} if LARGER else {True: "synced", False: "waiting"}


@pytest.mark.kill
@pytest.mark.parametrize("is_synced_meanwhile", MEANWHILE, ids=MEANWHILE.get)
@pytest.mark.parametrize("point", POINTS)
def test_killed_rebuild_goes_on_and_loses_nothing(
    point, is_synced_meanwhile, index, seven, other_process
):
    process = other_process(PROLOGUE + POINTS[point] + "\nrebuilding.rebuild_index()")
    process.wait_for("here")
    change_everything(seven)
    if is_synced_meanwhile:  # the site goes on: on the old index, or on the new one with old marks
        sync_all()
        assert titles(index) == truth()
    process.kill()

    run_asked()
    sync_all()

    assert titles(index) == truth()
    assert stale_count() == 0
    drift = check_index()
    assert not drift, drift
    assert not BuiltChunk.objects.exists()
    assert IndexRun.objects.get(kind="rebuild").state == State.DONE


@pytest.mark.kill
def test_sync_alone_sets_the_marks_after_a_kill(index, seven, other_process):
    """Nobody runs the rebuild again: readers are on the new index already."""
    process = other_process(
        PROLOGUE + POINTS["between swap and marks"] + "\nrebuilding.rebuild_index()"
    )
    process.wait_for("here")
    process.kill()
    Result.objects.filter(pk=seven[0].pk).update(indexed_version=99)  # a mark that lies
    sync_batch()
    assert IndexRun.objects.get().state == State.DONE
    assert Result.objects.get(pk=seven[0].pk).indexed_version == 1
    assert not check_index()


@pytest.mark.kill
def test_kept_work_is_not_done_again(index, seven, other_process, monkeypatch):
    original = rebuilding.built
    process = other_process(PROLOGUE + POINTS["after a commit"] + "\nrebuilding.rebuild_index()")
    process.wait_for("here")
    process.kill()
    built = []
    monkeypatch.setattr(
        "search.rebuilding.built", lambda entry, rows: built.extend(rows) or original(entry, rows)
    )
    assert rebuild_index() == 7
    assert [pk for pk, _, _ in built] == [result.pk for result in seven[4:]]


@pytest.mark.kill
def test_second_rebuild_says_so(index, seven, other_process):
    process = other_process(PROLOGUE + POINTS["before the swap"] + "\nrebuilding.rebuild_index()")
    process.wait_for("here")
    with pytest.raises(BuilderBusy):
        rebuild_index()
    with pytest.raises(CommandError, match="Một tiến trình khác"):
        call_command("search_rebuild")
    assert keep() == 0
    assert titles(index) == truth()


@pytest.mark.kill
def test_second_writer_waits_for_the_first(index, seven, other_process):
    process = other_process(
        """
        import time
        from search.engines import get_engine
        with get_engine().writer() as writer:
            print("here", flush=True)
            time.sleep(1.5)
        """
    )
    process.wait_for("here")
    seven[0].title = "Nồi hơi"
    seven[0].save()
    started = time.monotonic()
    assert sync_batch() == 1
    assert time.monotonic() - started > 0.5
    assert "Nồi hơi" in titles(index)


@pytest.mark.kill
@pytest.mark.parametrize("point", ["before the commit", "between commit and marks"])
def test_killed_sync_is_done_again(point, index, seven, other_process):
    where = {
        "before the commit": "from tests.search.parts import Writer as at; name = 'commit'",
        "between commit and marks": "from search.sync import _Done as at; name = 'mark'",
    }[point]
    change_everything(seven)
    before = stale_count()
    process = other_process(
        where
        + """
import time
def stop(self):
    print("here", flush=True); time.sleep(600)
setattr(at, name, stop)
from search.sync import sync_batch
sync_batch()
"""
    )
    process.wait_for("here")
    process.kill()
    assert stale_count() == before
    sync_all()
    assert titles(index) == truth()
    assert stale_count() == 0
    assert not Tombstone.objects.exists()
    assert not check_index()


def test_rebuild_in_pieces(index, seven, monkeypatch):
    monkeypatch.setattr("search.rebuilding.CHUNK", 2)
    assert [advance_rebuild(index, seconds=0) for _ in range(4)] == [None] * 4
    assert IndexRun.objects.get().done == 7
    assert advance_rebuild(index, seconds=0) == 7
    assert not check_index()


def test_missing_index_is_built_in_pieces_by_the_sync(
    index, seven, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr("search.rebuilding.CHUNK", 2)
    monkeypatch.setattr("search.sync._SLICE_SECONDS", 0)
    settings.SEARCH_URL = f"embedded://{tmp_path}/another"
    assert [sync_batch() for _ in range(6)] == [1, 1, 1, 1, 7, 0]


def test_failed_rebuild_is_told_and_can_be_asked_for_again(index, seven, monkeypatch, admin_user):
    def fail(*args):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("search.rebuilding._Build.catch_up", fail)
        with pytest.raises(OSError, match="space"):
            rebuild_index()
    run = IndexRun.objects.get()
    assert (run.state, run.error) == (State.FAILED, "OSError: no space left on device")
    assert keep() == 0  # not by itself, again and again
    assert ask_for("rebuild", by=admin_user) == run
    assert keep() == 1
    run.refresh_from_db()
    assert (run.state, run.outcome, run.error) == (State.DONE, {"documents": 7}, "")


def test_build_of_another_program_is_begun_afresh(index, seven, monkeypatch):
    monkeypatch.setattr("search.rebuilding.CHUNK", 2)
    assert advance_rebuild(index, seconds=0) is None
    IndexRun.objects.update(builder="another")
    assert rebuild_index() == 7
    assert not check_index()


def test_unfinished_build_survives_a_plain_rebuild_and_is_swept_at_last(index, seven, monkeypatch):
    monkeypatch.setattr("search.rebuilding.CHUNK", 2)
    assert advance_rebuild(index, seconds=0) is None
    index.rebuild([])
    assert rebuild_index() == 7
    assert generations(index) == [index.generation()]


def test_command_prints_json_alone(index, seven, capsys):
    out, err = io.StringIO(), io.StringIO()
    call_command("search_rebuild", json=True, stdout=out, stderr=err)
    assert json.loads(out.getvalue()) | {"seconds": 0} == {
        "documents": 7, "seconds": 0, "waiting": 0
    }  # fmt: skip
    assert err.getvalue() == ""


def test_unreachable_engine_is_noted_once(index, seven, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("no folder")
    settings.SEARCH_URL = f"embedded://{blocked}/index"
    for _ in range(2):
        with pytest.raises(CommandError, match="Không dựng được"):
            call_command("search_rebuild")
    assert IndexProblem.objects.get().times == 2
