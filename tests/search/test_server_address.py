"""One URL chooses the engine and says how it is reached; asks no server."""

import pytest

from search.engines import get_engine
from search.engines.base import SearchUnavailable
from search.engines.elastic.address import read_address
from search.engines.elastic.breaker import Breaker


def test_all_in_one_address():
    address = read_address(
        "opensearch+https://san:p%40ss@one:9201,two,[::1]:9203/exchange-2?ca=/ca.pem&api_key=k&shards=3&timeout=0.5"
    )
    assert address.opensearch
    assert address.hosts == ("https://one:9201", "https://two:443", "https://[::1]:9203")
    assert (address.user, address.password, address.api_key) == ("san", "p@ss", "k")
    assert (address.prefix, address.ca) == ("exchange-2", "/ca.pem")
    assert (address.shards, address.timeout) == (3, 0.5)


def test_little_is_needed():
    address = read_address("elasticsearch://host")
    assert (address.hosts, address.prefix, address.opensearch) == (
        ("http://host:9200",), "exchange", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "elasticsearch://",
        "elasticsearch:///prefix",
        "elasticsearch://host:port/x",
        "elasticsearch://host/UPPER",
        "elasticsearch://host/a/b",
        "elasticsearch://user:secret@host/../x",
        "elasticsearch://host/x?tiemout=1",
        "elasticsearch://host/x?shards=many",
        "solr://host/x",
    ],
)
def test_what_is_wrong_is_said_without_the_password(url):
    with pytest.raises(ValueError, match=r".") as said:
        get_engine(url)
    assert "secret" not in str(said.value)


def test_unreachable_server_is_unavailable_not_an_error():
    engine = get_engine("elasticsearch://127.0.0.1:1/x")
    assert not engine.healthy()


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def blocked(breaker: Breaker) -> bool:
    try:
        breaker.enter()
    except SearchUnavailable:
        return True
    return False


def test_breaker_waits_longer_each_time_and_forgets_at_the_first_success():
    time = Time()
    breaker = Breaker(time)
    waits = []
    for _ in range(6):
        assert not blocked(breaker)
        assert blocked(breaker) == bool(waits)  # a single question goes through at a time
        breaker.failed()
        began = time.now
        while blocked(breaker):
            time.now += 0.5
        waits.append(time.now - began)
        breaker.failed()
        time.now += 60
    assert waits[0] <= 1.5
    assert waits == sorted(waits)
    assert max(waits) <= 15.5
    assert not blocked(breaker)
    breaker.succeeded()
    assert not blocked(breaker)
    assert not blocked(breaker)
