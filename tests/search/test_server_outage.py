"""A search server that is busy, starting or gone for a while: nothing is built anew, nothing is lost.

That a real one survives `kill -9` in the middle of its work is tried by `python -m tests.benchmarks
--only outage`, since it takes half a minute to start again.
"""

import time

import pytest
from django.urls import reverse

from marketplace.core.models import Lease
from search import registry
from search.engines import SearchUnavailable, get_engine
from search.engines.base import one_page
from search.engines.elastic import connection
from search.health import check
from search.models import IndexRun
from search.queries import Query
from search.sync import stale_count, sync_all, sync_batch
from search.tasks import sync
from tests.search.engines import SERVERS, remove, server_address, upstream
from tests.search.faults import Relay
from tests.search.sources import RESULTS, make_result

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(
        "server", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS]
    ),
]


@pytest.fixture
def relay(server, settings, monkeypatch):
    """The product's index behind a relay, with one result in it."""
    relay = Relay(upstream(server))
    settings.SEARCH_URL = server_address(server, relay.place)
    monkeypatch.setattr(registry, "_sources", {"result": RESULTS})
    make_result("Máy sấy")
    sync_all()
    yield relay
    relay.fault = None
    remove(settings.SEARCH_URL)
    relay.close()


def starting(method, path, body):
    """As a server answers whose indexes are not open yet, or that has too much to do."""
    return (503, {}) if "_search" in path or "_count" in path or "_termvectors" in path else None


def away(method, path, body):
    return "cut"


def test_index_of_a_busy_server_is_not_built_anew(server, relay):
    engine = get_engine()
    before, runs = engine.generation(), IndexRun.objects.count()
    make_result("Lò hơi")
    relay.fault = starting
    assert not engine.healthy()
    engine.connection.breaker.succeeded()
    assert not engine.needs_building()
    assert sync_batch() == 1
    relay.fault = None
    assert engine.generation() == before
    assert IndexRun.objects.count() == runs
    assert sorted(hit.title for hit in engine.search(Query()).hits) == ["Lò hơi", "Máy sấy"]


def test_writes_go_on_and_arrive_when_the_server_is_back(server, relay):
    engine = get_engine()
    relay.fault = away
    make_result("Lò hơi")
    with pytest.raises(SearchUnavailable):
        engine.needs_building()
    # The tick tells it to the keepers of the index, and is no failing stage.
    sync()
    assert Lease.objects.filter(name="search.sync").exists()
    good, detail = check()
    assert not good
    assert "1 waiting" in detail
    relay.fault = None
    engine.connection.breaker.succeeded()
    sync_all()
    assert stale_count() == 0
    assert engine.count() == 2
    assert check() == (True, "0 waiting")


def test_missing_index_is_built(server, relay, settings):
    remove(settings.SEARCH_URL)
    engine = get_engine()
    assert engine.needs_building()
    sync_all()
    assert engine.count() == 1
    assert not engine.needs_building()


def test_what_was_found_is_shown_though_nothing_more_is_answered(server, relay, client):
    answered = []

    def no_more_than_the_search(method, path, body):
        if answered:
            return "cut"
        if "_search" in path:
            answered.append(path)
        return None

    relay.asked.clear()
    relay.fault = no_more_than_the_search
    text = client.get(reverse("search:search"), {"q": "sấy"}).content.decode()
    # It would have liked to know what else was meant, in this language and the other.
    asked = [path for _method, path in relay.asked]
    assert asked[asked.index(answered[0]) + 1 :]
    assert "<mark>sấy</mark>" in text
    assert "đang được khôi phục" not in text


def test_questions_of_one_page_share_its_time(server, relay, monkeypatch):
    engine = get_engine()
    with one_page():
        assert engine.count() == 1
        late = time.monotonic() - 1.2 * engine.address.timeout
        monkeypatch.setattr(connection, "page_began", lambda: late)
        relay.asked.clear()
        with pytest.raises(SearchUnavailable):
            engine.count()
        # What no page waits for has its time.
        assert not engine.needs_building()
    assert not any("_count" in path for _method, path in relay.asked)
