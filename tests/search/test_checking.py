"""Drift between rows and index is named by its kind and repaired by the usual marks."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from marketplace.core.leases import lease
from marketplace.research.models import Result
from search import checking
from search.checking import check_index
from search.documents import Document
from search.engines.base import BuilderBusy, SearchUnavailable
from search.models import IndexProblem, IndexRun, Tombstone
from search.queries import Query
from search.registry import Source
from search.report import report
from search.sync import stale_count, sync_all
from tests.search.sources import make_result, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(index):
    results = [make_result(f"Máy sấy số {n}") for n in range(6)]
    sync_all()
    return results


def lie(*results) -> None:
    """The marks say that all is indexed, whatever was changed."""
    for result in results:
        result.refresh_from_db()
        Result.objects.filter(pk=result.pk).update(indexed_version=result.content_version)


def ids(drift) -> dict[str, list[str]]:
    return {
        kind: [one.partition(":")[2] for one in found] for kind, found in drift.examples.items()
    }


@pytest.fixture
def drifted(index, rows):
    """One of each kind of drift, behind the back of the marks."""
    missing, outdated, hidden, gone, unbuildable, _fine = rows
    with index.writer() as writer:
        writer.delete(f"result:{missing.public_id}")
        writer.add(Document("unknown", "x", "Của ai", ""))
    outdated.title = "Nồi hơi"
    outdated.save()
    withdraw(hidden)
    Result.objects.filter(pk=unbuildable.pk).update(title="unbuildable")
    with index.writer() as writer:
        writer.delete(f"result:{unbuildable.public_id}")
    lie(outdated, hidden, unbuildable)
    gone.delete()
    assert stale_count() == 0
    return rows


def test_index_in_order_has_no_drift(index, rows):
    drift = check_index()
    assert not drift
    assert (drift.checked, drift.waiting) == (6, 0)


def test_each_drift_is_named(index, drifted):
    missing, outdated, hidden, gone, unbuildable, _fine = drifted
    drift = check_index()
    assert ids(drift) == {
        "missing": [missing.public_id],
        "outdated": [outdated.public_id],
        "extra": [hidden.public_id, *sorted(["x", gone.public_id], key=ids(drift)["extra"].index)],
        "unbuildable": [unbuildable.public_id],
    }
    assert stale_count() == 0  # nothing was touched


def test_repair_leaves_what_no_document_can_be_made_of(index, drifted):
    drift = check_index(repair=True)
    assert drift.counts == {"missing": 0, "outdated": 0, "extra": 0, "unbuildable": 1}
    assert drift.repaired == 5
    titles = {hit.title for hit in index.search(Query()).hits}
    assert titles == {"Máy sấy số 0", "Nồi hơi", "Máy sấy số 5"}
    assert not Tombstone.objects.exists()
    assert IndexRun.objects.filter(kind="repair").get().outcome["unbuildable"] == 1


def test_rows_that_wait_are_no_drift(index, rows):
    rows[0].title = "Nồi hơi"
    rows[0].save()
    withdraw(rows[1])
    make_result("Lò hơi")
    drift = check_index()
    assert not drift
    assert drift.waiting == 3


def test_row_synced_between_two_looks_is_no_drift(index, rows, monkeypatch):
    """The rows are read, then the sync comes by, then the index is read."""
    original = type(index).versions

    def synced_meanwhile(self, asked):
        monkeypatch.setattr(type(index), "versions", original)
        rows[2].title = "Nồi hơi"
        rows[2].save()
        sync_all()
        return original(self, asked)

    monkeypatch.setattr(type(index), "versions", synced_meanwhile)
    assert not check_index()


def test_many_rows_are_compared_in_batches(index, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 7)
    monkeypatch.setattr(f"{type(index).__module__}._WALKED", 8)
    for n in range(40):
        make_result(f"Máy {n}")
    sync_all()
    batches = list(index.walk())
    assert len({one for batch in batches for one, _version in batch}) == 40
    assert all(len(batch) <= 8 for batch in batches)
    told = []
    assert not check_index(on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (40, 40)


def test_missing_index_is_said_or_built(index, rows, settings, tmp_path):
    settings.SEARCH_URL = f"embedded://{tmp_path}/another"
    with pytest.raises(SearchUnavailable):
        check_index()
    assert IndexRun.objects.get(kind="check").state == "failed"
    assert not check_index(repair=True)


def test_second_check_says_so(index, rows):
    with lease("search.check"), pytest.raises(BuilderBusy):
        check_index()


def test_command_ends_with_an_error_where_drift_remains(index, drifted):
    out = io.StringIO()
    with pytest.raises(CommandError, match="6"):
        call_command("search_check", stdout=out, stderr=io.StringIO())
    assert "Thiếu trong chỉ mục: 1" in out.getvalue()
    with pytest.raises(CommandError, match="1") as raised:
        call_command("search_check", repair=True, json=True, stdout=(out := io.StringIO()))
    assert raised.value.returncode == 3
    assert json.loads(out.getvalue())["repaired"] == 5
    Result.objects.filter(title="unbuildable").update(title="Lò hơi")
    call_command("search_check", repair=True, stdout=io.StringIO(), stderr=io.StringIO())


def test_unbuildable_row_is_told_to_staff(index, rows):
    make_result("unbuildable")
    sync_all()
    assert IndexProblem.objects.get().subject.startswith("result:")


def test_report_counts_each_kind(index, rows):
    withdraw(rows[0])
    found = report()
    (line,) = found.lines
    assert (line.rows, line.public, line.indexed, line.waiting) == (6, 5, 6, 1)
    assert found.standing.documents == 6
    assert found.standing.size_bytes > 1_000
    assert found.waiting == 1


def test_number_beyond_the_engine_is_unbuildable_and_stops_no_other(index, monkeypatch):
    bad = Source.document
    make_result("Lò hơi")
    make_result("Nồi hơi", trl=1)

    def far(self, row):
        from dataclasses import replace

        from search.documents import checked

        try:
            document = bad(self, row)
            return checked(replace(document, numbers={"trl": 2**64})) if row.trl else document
        except ValueError:
            return None

    monkeypatch.setattr(Source, "document", far)
    sync_all()
    assert [hit.title for hit in index.search(Query()).hits] == ["Lò hơi"]
