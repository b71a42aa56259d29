"""The index follows the rows: by version, killed anywhere, never doubled, never leaking."""

import pytest
from django.core.management import call_command
from django.db import connection

from marketplace.accounts.models import Organization
from marketplace.research.models import Result
from search import health
from search.engines import get_engine
from search.models import Tombstone, leave_tombstones
from search.queries import Query
from search.registry import Source, hydrate
from search.sync import rebuild_index, stale_count, sync_all, sync_batch
from search.tasks import sync as sync_task
from tests.search.sources import make_result, withdraw

pytestmark = pytest.mark.django_db


def titles(index, text: str = "") -> list[str]:
    return sorted(hit.title for hit in index.search(Query(text)).hits)


@pytest.fixture
def synced(index):
    """Three results in the index."""
    results = [make_result(f"Máy sấy số {n}") for n in range(3)]
    sync_all()
    return results


def test_first_sync_builds_the_missing_index(index):
    make_result()
    assert not index.healthy()
    assert sync_batch() == 1
    assert titles(index) == ["Máy sấy xoài"]
    assert sync_batch() == 0


def test_new_and_changed_rows_arrive(index, synced):
    make_result("Lò hơi")
    synced[0].title = "Nồi hơi"
    synced[0].save()
    assert sync_batch() == 2
    assert titles(index) == ["Lò hơi", "Máy sấy số 1", "Máy sấy số 2", "Nồi hơi"]
    assert stale_count() == 0


def test_bulk_change_arrives(index, synced):
    Result.objects.filter(pk=synced[0].pk).update_content(title="Nồi hơi")
    sync_all()
    assert "Nồi hơi" in titles(index)


def test_unchanged_rows_cost_nothing(index, synced):
    assert sync_batch() == 0


def test_withdrawn_row_leaves_the_index(index, synced):
    withdraw(synced[1])
    sync_all()
    assert titles(index) == ["Máy sấy số 0", "Máy sấy số 2"]
    assert stale_count() == 0


def test_deleted_row_leaves_by_its_tombstone(index, synced):
    leave_tombstones("result", [synced[1].public_id])
    leave_tombstones("result", [synced[1].public_id])
    synced[1].delete()
    assert stale_count() == 1
    assert sync_batch() == 1
    assert titles(index) == ["Máy sấy số 0", "Máy sấy số 2"]
    assert not Tombstone.objects.exists()


def test_batches_end(index, synced):
    for n in range(7):
        make_result(f"Lò hơi {n}")
    assert [sync_batch(3) for _ in range(4)] == [3, 3, 1, 0]
    assert index.count() == 10


def test_row_that_cannot_be_built_stops_no_other(index, synced):
    make_result("unbuildable")
    make_result("Lò hơi")
    sync_all()
    assert "Lò hơi" in titles(index)
    assert index.count() == 4


def test_change_during_the_sync_is_done_again(index, synced, monkeypatch):
    """The row changes after its version was read and before it is marked."""
    synced[0].title = "Nồi hơi"
    synced[0].save()
    original = Source.document

    def changed_meanwhile(source, row):
        document = original(source, row)
        Result.objects.filter(pk=row.pk).update_content(title="Lò hơi")
        return document

    monkeypatch.setattr(Source, "document", changed_meanwhile)
    sync_batch()
    assert stale_count() == 1
    monkeypatch.setattr(Source, "document", original)
    sync_all()
    assert "Lò hơi" in titles(index)


def test_lost_index_is_built_again_from_all_rows(index, synced, settings, tmp_path):
    settings.SEARCH_URL = f"embedded://{tmp_path}/another"
    another = get_engine()
    withdraw(synced[2])
    assert sync_all() == 2
    assert stale_count() == 0
    assert titles(another) == ["Máy sấy số 0", "Máy sấy số 1"]


def test_rebuild_keeps_what_changes_meanwhile_stale(index, synced, monkeypatch):
    original = Source.document

    def changed_meanwhile(source, row):
        document = original(source, row)
        Result.objects.filter(pk=row.pk).raise_content_version()
        return document

    monkeypatch.setattr(Source, "document", changed_meanwhile)
    assert rebuild_index() == 3
    assert stale_count() == 3


def test_what_must_leave_goes_first(index, synced):
    for n in range(5):
        synced[0].abstract = f"lần {n}"
        synced[0].save()
    withdraw(synced[2])
    assert sync_batch(1) == 1
    assert titles(index) == ["Máy sấy số 0", "Máy sấy số 1"]


def test_command_rebuilds(index, synced, capsys):
    index.rebuild([])
    call_command("search_rebuild")
    assert index.count() == 3
    assert "3" in capsys.readouterr().out


def test_tick_finds_its_own_work(index):
    make_result()
    assert sync_task() == 1
    assert index.count() == 1


def test_tick_survives_an_engine_out_of_reach(index, synced, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("no folder")
    settings.SEARCH_URL = f"embedded://{blocked}/index"
    make_result("Lò hơi")
    assert sync_task() == 0
    assert stale_count() == 1


def test_health_tells(index, synced, monkeypatch):
    assert health.check() == (True, "0 waiting")
    monkeypatch.setattr(health, "MOST_WAITING", 0)
    make_result()
    assert health.check() == (False, "1 waiting")


def test_health_without_an_index(index):
    assert not health.check()[0]


class TestHydrate:
    def test_order_of_the_hits_is_kept(self, index, synced):
        hits = index.search(Query("máy sấy")).hits
        assert [row.public_id for _, row in hydrate(hits)] == [hit.key for hit in hits]

    def test_stale_index_never_leaks(self, index, synced):
        withdraw(synced[1])
        hits = index.search(Query("máy sấy")).hits
        assert len(hits) == 3
        assert {row.title for _, row in hydrate(hits)} == {"Máy sấy số 0", "Máy sấy số 2"}

    def test_stale_words_are_not_shown(self, index, synced):
        Result.objects.filter(pk=synced[1].pk).update_content(title="Máy sấy", abstract="mới")
        shown = hydrate(index.search(Query("máy sấy số 1")).hits)
        assert "Máy sấy số 1" not in {hit.title for hit, _ in shown}
        assert ("Máy sấy", "mới") in {(hit.title, hit.text) for hit, _ in shown}

    def test_row_that_cannot_be_built_is_not_shown(self, index, synced):
        Result.objects.filter(pk=synced[0].pk).update(title="unbuildable")
        assert len(hydrate(index.search(Query("máy sấy")).hits)) == 2

    def test_deleted_row_and_unknown_kind_are_dropped(self, index, synced, monkeypatch):
        hits = index.search(Query("máy sấy")).hits
        synced[0].delete()
        assert len(hydrate(hits)) == 2
        monkeypatch.setattr("search.registry._sources", {})
        assert hydrate(hits) == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_queries_do_not_grow_with_the_hits(
        self, index, synced, count, django_assert_num_queries
    ):
        hits = index.search(Query("máy sấy")).hits[:count]
        with django_assert_num_queries(2):
            hydrate(hits)

    def test_what_rows_say_is_kept_but_never_who_may_see_them(
        self, index, synced, settings, django_assert_num_queries
    ):
        settings.KEPT_PAGES_SECONDS = 60
        hits = index.search(Query("máy sấy")).hits
        assert len(hydrate(hits)) == 3
        with django_assert_num_queries(1):
            assert len(hydrate(hits)) == 3
        # Hidden without a word to anybody: still nobody sees it.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE research_result SET withdrawn_at = imported_at WHERE id = %s",
                [synced[1].pk],
            )
        assert synced[1].public_id not in {hit.key for hit, _row in hydrate(hits)}


def test_many_rows_of_many_relations_in_one_batch(index):
    """SQLite takes no query over a thousand related rows at once."""
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Viện {n}", name_key=f"vien {n}") for n in range(1_200)
    )
    Result.objects.bulk_create(
        Result(
            source="test", source_id=f"m{n}", title=f"Máy {n}", content_hash="x", organization=one
        )
        for n, one in enumerate(organizations)
    )
    index.rebuild([])
    assert sync_batch(2_000) == 1_200
    assert index.count() == 1_200
    assert rebuild_index() == 1_200
