"""What is special to an index on a server: its absence, its moods, other processes, its names."""

import json
import ssl
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from search.documents import Document
from search.engines import SearchUnavailable, get_engine
from search.engines.base import BuilderBusy
from search.engines.elastic import ElasticEngine
from search.engines.elastic import indexes as indexes_module
from search.queries import Query, TextQuery
from tests.search.engines import SERVERS, server_address, upstream
from tests.search.engines import remove as remove_indexes
from tests.search.faults import Relay

pytestmark = [
    pytest.mark.parametrize(
        "server", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS]
    )
]

DOCUMENTS = [Document("result", f"k{n}", f"máy sấy số {n}", "sấy lạnh " * n) for n in range(12)]
#: All that a page may wait, with what the test itself takes.
A_PAGE = 1.0


@pytest.fixture
def relay(server):
    relay = Relay(upstream(server))
    yield relay
    relay.close()


@pytest.fixture
def url(server, relay):
    url = server_address(server, relay.place, lease=2, lock=20)
    yield url
    relay.fault = None
    prefix = ElasticEngine(url).address.prefix
    remove_indexes(f"{server}://{upstream(server).partition('//')[2]}/{prefix}?timeout=10")


@pytest.fixture
def engine(url):
    engine = ElasticEngine(url)
    engine.rebuild(DOCUMENTS)
    return engine


def again(engine: ElasticEngine, **changes) -> ElasticEngine:
    """As another process has it."""
    fresh = ElasticEngine.__new__(ElasticEngine)
    fresh.__dict__.update(engine.__dict__)
    fresh.address = replace(engine.address, **changes)
    fresh.connection = type(engine.connection)(fresh.address)
    return fresh


def bulk(answer):
    """A fault of bulk requests alone."""
    return lambda method, path, body: answer(body) if path.startswith("/_bulk") else None


# --- away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["hang", "cut", (503, {}), (429, {})])
def test_server_that_fails_costs_no_page_its_second(server, engine, relay, fault):
    assert engine.search(Query("sấy")).total == 12
    engine = again(engine, timeout=0.6)
    relay.fault = lambda *asked: fault
    for ask in (
        lambda: engine.search(Query("máy sấy lạnh", facets=("kind",))),
        lambda: engine.search(Query("may say lanh")),
        lambda: engine.term_statistics(["sấy"]),
        engine.count,
    ):
        began = time.monotonic()
        with pytest.raises(SearchUnavailable):
            ask()
        assert time.monotonic() - began < A_PAGE
    assert not engine.healthy()


def test_stopped_server_and_its_return(server, engine, relay):
    relay.close()
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(SearchUnavailable):
            engine.search(Query("sấy"))
    with pytest.raises(SearchUnavailable), engine.writer():
        pass
    assert time.monotonic() - began < A_PAGE


def test_breaker_lets_one_question_through_and_closes_again(server, engine, relay):
    relay.fault = lambda *asked: "cut"
    for _ in range(3):
        with pytest.raises(SearchUnavailable):
            engine.count()
    so_far = len(relay.asked)
    with pytest.raises(SearchUnavailable):
        engine.count()
    assert len(relay.asked) == so_far  # nobody was asked
    relay.fault = None
    time.sleep(1.1)
    assert engine.count() == 12
    assert engine.search(Query("sấy")).total == 12


def test_wrong_login_and_other_servers_are_unavailable(server, engine, relay):
    relay.fault = lambda *asked: (401, {"error": "security_exception", "status": 401})
    with pytest.raises(SearchUnavailable, match="login"):
        engine.count()


# --- writing ------------------------------------------------------------------------------------


def test_busy_server_gets_its_changes_later(server, engine, relay):
    refusals = iter([(429, {"error": "es_rejected_execution_exception", "status": 429})] * 2)
    relay.fault = bulk(lambda body: next(refusals, None))
    with engine.writer() as writer:
        writer.add(Document("result", "new", "lò hơi", ""))
    assert engine.search(Query("lò hơi")).total == 1
    assert sum(path.startswith("/_bulk") for _, path in relay.asked) >= 3


def test_single_documents_are_tried_again(server, engine, relay):
    """The server takes the request and turns one document of it away, for now."""
    turned_away = []

    def once(body: bytes):
        if turned_away or b"later" not in body:
            return None
        actions = [json.loads(line) for line in body.splitlines()]
        entries = [action["index"] for action in actions if "index" in action]
        turned_away.append(len(entries))
        items = [
            {"index": entry | {"status": 429, "error": {"type": "rejected"}}} for entry in entries
        ]
        return 200, {"took": 1, "errors": True, "items": items}

    relay.fault = bulk(once)
    with engine.writer() as writer:
        writer.add(Document("result", "later", "lò hơi", ""))
        writer.add(Document("result", "too", "nồi hơi", ""))
    assert turned_away == [2]
    assert engine.count() == 14


def test_refused_document_stops_no_other_and_leaves_no_older_self(server, engine):
    too_long = "x" * 40_000  # longer than any value that Lucene takes
    with engine.writer() as writer:
        writer.add(Document("result", "k1", "từ chối", "", facets={"field": (too_long,)}))
        writer.add(Document("result", "good", "lò hơi", ""))
    assert engine.search(Query("lò hơi")).total == 1
    assert engine.count() == 12
    assert engine.versions(["result:k1", "result:good"]).keys() == {"result:good"}


def test_server_that_stays_busy_is_unavailable(server, engine, relay, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.writing._PATIENT_TRIES", 2)
    relay.fault = bulk(lambda body: (429, {"error": "busy", "status": 429}))
    with pytest.raises(SearchUnavailable), engine.writer() as writer:
        writer.add(Document("result", "new", "lò hơi", ""))
    relay.fault = None
    time.sleep(1.1)
    assert engine.count() == 12


@pytest.mark.kill
def test_lock_of_a_killed_writer_ends(server, engine, monkeypatch):
    """Its heart stops and nobody frees the lock, as when the process is killed."""
    with engine.writer() as killed:
        killed._held._ended.set()
        began = time.monotonic()
        with again(engine).writer() as writer:
            writer.add(Document("result", "next", "lò hơi", ""))
        assert 1.5 < time.monotonic() - began < 10
        killed.add(Document("result", "late", "nồi hơi", ""))
        with pytest.raises(SearchUnavailable, match="taken"):
            killed.commit()
        killed._actions.clear()
    assert engine.count() == 13


def test_long_work_keeps_its_lock(server, engine):
    done: list[str] = []

    def second() -> None:
        with again(engine).writer():
            done.append("second")

    with engine.writer():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(3)  # longer than the lease
        done.append("first")
    thread.join(10)
    assert done == ["first", "second"]


# --- building -----------------------------------------------------------------------------------


def test_second_builder_is_told(server, engine):
    with engine.builder(), pytest.raises(BuilderBusy), again(engine).builder():
        pass


@pytest.mark.kill
def test_build_goes_on_where_it_was_kept(server, engine):
    with pytest.raises(RuntimeError), engine.builder() as builder:
        for document in DOCUMENTS[:5]:
            builder.add(document)
        builder.keep({"result": 5})
        builder.add(DOCUMENTS[5])
        raise RuntimeError
    assert engine.count() == 12
    other = again(engine)
    other.rebuild(DOCUMENTS[:7])  # does not sweep what can be gone on with
    with other.builder() as resumed:
        assert resumed.name == builder.name
        assert resumed.position == {"result": 5}
        for document in DOCUMENTS[4:]:
            resumed.add(document)
        resumed.delete("result:k11")
        assert resumed.swap() == 11
    assert engine.count() == 11
    assert engine.generation() == builder.name
    with other.builder() as fresh:
        assert fresh.position == {}
        assert fresh.name != builder.name


def test_index_of_another_version_is_left_until_the_second_build(server, engine, monkeypatch):
    monkeypatch.setattr(indexes_module, "FINGERPRINT", "0123456789")
    newer = ElasticEngine.__new__(ElasticEngine)
    newer.__dict__.update(engine.__dict__)
    newer.indexes = indexes_module.Indexes(engine.address)
    assert not newer.healthy()
    newer.rebuild(DOCUMENTS[:2])
    assert (newer.count(), engine.count()) == (2, 12)
    newer.rebuild(DOCUMENTS[:3])
    assert newer.count() == 3
    assert not engine.healthy()


def test_indexes_of_other_prefixes_are_left_alone(server, engine, relay):
    longer = server_address(server, relay.place)
    longer = longer.replace(longer.split("/")[3].split("?")[0], f"{engine.address.prefix}-more")
    neighbour = ElasticEngine(longer)
    neighbour.rebuild(DOCUMENTS[:1])
    engine.rebuild(DOCUMENTS[:2])
    engine.rebuild(DOCUMENTS[:2])
    assert neighbour.count() == 1
    neighbour.connection.client.indices.delete(
        index=f"{engine.address.prefix}-more-*".rstrip("-*") + "-lock"
    )


# --- reading ------------------------------------------------------------------------------------


def test_pages_behind_the_window_of_the_server(server, engine):
    engine.rebuild(
        Document("result", f"k{n}", "máy ép", "", numbers={"published": n}) for n in range(10_050)
    )
    last = engine.search(Query("máy ép", sort="newest", offset=10_040, limit=20))
    assert last.total == 10_050
    assert [hit.key for hit in last.hits] == [f"k{n}" for n in range(9, -1, -1)]
    across = engine.search(Query("máy ép", sort="newest", offset=9_990, limit=20))
    assert [hit.key for hit in across.hits] == [f"k{n}" for n in range(59, 39, -1)]
    nowhere = engine.search(Query("máy ép", offset=10**12, limit=20))
    assert (nowhere.hits, nowhere.total) == ([], 10_050)
    assert sum(len(batch) for batch in engine.walk()) == 10_050


def test_a_question_is_few_requests(server, engine, relay):
    def asked(text):
        relay.asked.clear()
        engine.search(Query(text, facets=("kind", "field"), kinds=("result",)))
        return [path.partition("?")[0].rpartition("/")[2] for _, path in relay.asked]

    # How rare the words are, then the question; where few have all, what has nearly all of them, and
    # the other language. Who writes marks of quotation wants these words alone.
    assert asked("") == ["_search"]
    assert asked('"máy sấy"') == ["_termvectors", "_search"]
    assert asked("máy sấy") == ["_termvectors", "_search", "_search", "_search"]
    relay.asked.clear()
    engine.candidates(TextQuery("máy sấy lạnh bằng bơm nhiệt"))
    assert len(relay.asked) <= 3


def test_standing(server, engine):
    standing = engine.standing()
    assert standing.engine == server
    assert standing.documents == 12
    assert standing.size_bytes > 0
    assert standing.generation == engine.generation()


# --- TLS and logins -----------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path) -> Path:
    """Of this machine, signed by itself: key and certificate in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    from marketplace.core import clock

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_tls_with_our_own_authority_and_a_login(server, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    relay = Relay(upstream(server), tls=context)
    port = relay.place.partition(":")[2]
    try:
        place = f"{server}+https://san:m%C3%A3@localhost:{port}/test-tls"
        trusting = get_engine(f"{place}?ca={certificate}&timeout=10")
        assert not trusting.healthy()
        assert relay.headers[-1]["Authorization"] == "Basic c2FuOm3Dow=="
        assert ElasticEngine(f"{place}?ca={certificate}&api_key=abc&timeout=10").healthy() is False
        assert relay.headers[-1]["Authorization"] == "ApiKey abc"
        before = len(relay.asked)
        with pytest.raises(SearchUnavailable, match="reach"):
            ElasticEngine(f"{place}?timeout=10").count()
        assert len(relay.asked) == before
    finally:
        relay.close()


def test_older_elasticsearch_is_spoken_to_in_its_own_version(server, relay):
    if server != "elasticsearch":
        url = server_address(server, relay.place)
        ElasticEngine(url).healthy()
        assert relay.headers[-1]["Accept"] == "application/json"
        return
    ElasticEngine(server_address(server, relay.place, compatible=8)).healthy()
    assert "compatible-with=8" in relay.headers[-1]["Accept"]
