"""All engines rank alike: on a judged set, nine of the first ten hits are the same."""

import pytest

from marketplace.demo.judged import JUDGED
from search.analysis import strip_marks
from search.engines import get_engine
from search.evaluation import load_dataset
from search.queries import Query, TextQuery
from tests.search.engines import SERVERS, address

#: What is left is how ties and the roundings of two programs fall.
LEAST_OVERLAP = 0.9

pytestmark = pytest.mark.parametrize(
    "server", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS]
)


@pytest.fixture(scope="module")
def judged():
    return load_dataset(JUDGED)


@pytest.fixture(scope="module")
def embedded(judged, tmp_path_factory):
    engine = get_engine(address("embedded", tmp_path_factory.mktemp("agreement")))
    engine.rebuild(judged.documents())
    return engine


@pytest.fixture
def on_server(server, judged, kept_urls):
    engine = get_engine(kept_urls(server, "judged"))
    if not engine.healthy():
        engine.rebuild(judged.documents())
    return engine


def asked(judged):
    """Needs as whole texts and as what might be typed of them."""
    for text in judged.queries.values():
        yield text
        yield strip_marks(text)
        yield " ".join(text.split()[:6])
        yield strip_marks(" ".join(text.split()[2:7]))
        # Few words: a hit may lack one.
        yield " ".join(text.split()[:3])
        yield strip_marks(" ".join(text.split()[1:5]))


def overlap(ours, theirs) -> float:
    ours, theirs = ({hit.id for hit in hits[:10]} for hits in (ours, theirs))
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours or theirs else 1.0


def test_what_is_typed_finds_the_same(server, judged, embedded, on_server):
    overlaps = []
    for text in asked(judged):
        query = Query(text, limit=10, facets=("kind",))
        ours, theirs = embedded.search(query), on_server.search(query)
        assert (ours.total, ours.whole, ours.relaxed, ours.understood, ours.facets) == (
            theirs.total, theirs.whole, theirs.relaxed, theirs.understood, theirs.facets,
        )  # fmt: skip
        assert [hit.tier for hit in ours.hits] == [hit.tier for hit in theirs.hits]
        overlaps.append(overlap(ours.hits, theirs.hits))
        assert [hit.score for hit in ours.hits] == pytest.approx(
            [hit.score for hit in theirs.hits], rel=0.01
        )
    assert sum(overlaps) / len(overlaps) >= LEAST_OVERLAP


def test_whole_texts_find_the_same(server, judged, embedded, on_server):
    overlaps = [
        overlap(embedded.candidates(TextQuery(text)), on_server.candidates(TextQuery(text)))
        for text in asked(judged)
    ]
    assert sum(overlaps) / len(overlaps) >= LEAST_OVERLAP


def test_terms_are_counted_the_same(server, judged, embedded, on_server):
    terms = ["sấy", "say", "nước_thải", "nuoc_thai", "công_nghệ", "máy", "zzz"]
    ours, theirs = embedded.term_statistics(terms), on_server.term_statistics(terms)
    assert ours.document_frequency == theirs.document_frequency
    assert ours.document_count == theirs.document_count
    assert ours.average_length == pytest.approx(theirs.average_length, rel=0.01)
