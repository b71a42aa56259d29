"""The folder that counts and kept pages lie in: writing is not the dearer the more lies there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.core import caching
from marketplace.core.caching import FolderCache


@pytest.fixture
def cache(tmp_path):
    return FolderCache(str(tmp_path / "cache"), {"OPTIONS": {"MAX_ENTRIES": 20}})


def test_folder_is_seldom_read_through(cache, monkeypatch):
    looks = []
    monkeypatch.setattr(cache, "_list_cache_files", lambda: looks.append(1) or [])

    for _each in range(1000):
        cache._cull()

    assert 0 < len(looks) < 50


def test_what_has_run_out_goes_before_what_counts(cache, monkeypatch):
    monkeypatch.setattr(caching.random, "randrange", lambda _many: 1)
    for number in range(15):
        cache.set(f"over-{number}", number, timeout=-1)
        cache.set(f"count-{number}", number, timeout=60)
    monkeypatch.setattr(caching.random, "randrange", lambda _many: 0)

    cache.set("one-more", 1, timeout=60)

    assert [cache.get(f"count-{number}") for number in range(15)] == list(range(15))
    assert len(cache._list_cache_files()) == 16


def test_folder_does_not_grow_without_end(cache, monkeypatch):
    monkeypatch.setattr(caching.random, "randrange", lambda _many: 0)
    for number in range(60):
        cache.set(str(number), number, timeout=60)

    assert len(cache._list_cache_files()) <= 20


def test_counts_and_locks_hold_while_many_come_at_once(cache):
    """Guesses that arrive together are counted each, and one of them alone gets a lock."""
    cache.set("count", 0, timeout=60)
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda _each: cache.incr("count"), range(400)))
        got = sum(pool.map(lambda _each: cache.add("lock-of-guesses", 1, timeout=60), range(200)))

    assert sorted(numbers) == list(range(1, 401))
    assert got == 1
