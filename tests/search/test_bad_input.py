"""Whatever stands in a text: analysis and the building of documents neither fail nor take long."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis import (
    compose,
    exact_terms,
    find_codes,
    fold,
    fold_terms,
    highlight,
    normalize,
    pairs,
    tokens_of,
)
from search.analysis.abbreviations import Entry, expansions, found_by, other_forms, trying
from search.documents import Document, checked
from search.engines import get_engine
from search.engines.embedded.schema import to_tantivy
from search.queries import Query

#: Any code point, lone surrogates among them, with what breaks analysers more often than others.
ANYTHING = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text(
        st.sampled_from(
            "aăâđêôơưạỹðı&.,-:\"'()*?~\x00\x07\x1b\ud800\udfff\u0301\u0323\u200b\ufeff\ufffeİß²ﬁ１\n\t "
        )
    ),
    st.text(st.characters(categories=["Mn", "Cc", "Cs", "Co", "Cn"])),
)
SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(ANYTHING, st.sampled_from(["vi", "en", "", None]))
def test_terms_of_anything(text, language):
    exact = exact_terms(text, language)
    folded = fold_terms(exact)
    assert len(exact) == len(folded)
    assert not any(term != term.strip() or " " in term for term in exact)
    assert len(pairs(exact)) == max(0, len(exact) - 1)
    assert fold_terms(folded) == folded
    assert compose(compose(text)) == compose(text)
    assert fold(fold(text)) == fold(text)
    find_codes(text)
    for token in tokens_of(normalize(text)):
        assert 0 <= token.start < token.end


@SLOW
@given(ANYTHING, ANYTHING, st.integers(1, 300))
def test_highlight_of_anything_keeps_the_text(text, query, limit):
    assert (
        "".join(piece for piece, _is_match in highlight(text, query)).rstrip()
        == normalize(text).rstrip()
    )
    highlight(text, query, limit=limit)


@SLOW
@given(ANYTHING, ANYTHING, ANYTHING)
def test_words_of_anything(short, long, text):
    with trying([Entry(short, long, context=text), Entry(long, text, kind="synonym")]):
        for one in expansions(fold_terms(exact_terms(text))):
            assert one.terms
        other_forms(text)
        found_by(text, long)


@SLOW
@given(
    title=ANYTHING,
    text=ANYTHING,
    codes=st.lists(ANYTHING, max_size=3),
    values=st.lists(ANYTHING, max_size=3),
    trl=st.one_of(st.none(), st.integers(-(2**70), 2**70)),
)
def test_document_of_anything_is_taken_or_refused(title, text, codes, values, trl):
    document = Document(
        "result", "a", title, text, codes=tuple(codes), facets={"field": tuple(values)},
        numbers={} if trl is None else {"trl": trl},
    )  # fmt: skip
    try:
        document = checked(document)
    except ValueError:
        assert abs(trl) > 2**63 - 1
        return
    to_tantivy(document)
    document.title.encode()


def test_anything_is_written_and_read_again(tmp_path):
    engine = get_engine(f"embedded://{tmp_path}/index")
    nasty = ["\ud800", "\x00" * 50, "a\u0301" * 500, "\ufdfa" * 50, "x" * 70_000, "🚀 " * 100, ""]
    engine.rebuild(
        checked(Document("result", str(n), one, one, codes=(one,), facets={"field": (one,)}))
        for n, one in enumerate(nasty)
    )
    assert engine.count() == len(nasty)
    assert {hit.key for hit in engine.search(Query(limit=50)).hits} == set(
        map(str, range(len(nasty)))
    )


@pytest.mark.parametrize(
    "piece",
    ["Máy sấy bơm nhiệt. ", "the drying of mango ", "a", "đ", "\u0301", "a\u0323\u0302", "1.200,5 ", "KH&CN-", "\n", ".", "x&"],
    ids=["vi", "en", "one word", "đ", "marks", "stacked marks", "numbers", "codes", "lines", "dots", "ampersands"],
)  # fmt: skip
def test_text_of_a_megabyte_takes_its_time_and_no_more(piece):
    text = piece * (1_000_000 // len(piece))
    started = time.perf_counter()
    to_tantivy(checked(Document("result", "a", text[:2_000], text)))
    assert time.perf_counter() - started < 10
    started = time.perf_counter()
    highlight(text[:100_000], "máy sấy mango", limit=240)
    assert time.perf_counter() - started < 5
