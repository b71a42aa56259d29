"""The address of the search page, read and written."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search import registry
from search.addresses import address_of, fingerprint_of, query_of
from tests.search.sources import RESULTS

#: Labels of filters are rows of the vocabularies.
pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.sampled_from(
    ["q", "loai", "linh-vuc", "san-sang", "tinh", "sap-xep", "page", "utm", "x"]
)
VALUES = st.one_of(
    WORDS, st.sampled_from(["result", "6-7", "8-9", "moi", "han", "01", "0", "-1", "9" * 30, ""])
)


@pytest.fixture(scope="module", autouse=True)
def results_alone():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_sources", {"result": RESULTS})
        yield


def params(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


@given(st.lists(st.tuples(NAMES, VALUES), max_size=10))
def test_written_address_asks_for_the_same(pairs):
    asked = params(pairs)
    written = address_of(asked)
    again = QueryDict(written)
    assert query_of(again) == query_of(asked)
    assert address_of(again) == written


@given(st.lists(st.tuples(NAMES, VALUES), max_size=10))
def test_any_address_is_a_sensible_query(pairs):
    query = query_of(params(pairs))
    assert query.offset == 0
    assert set(query.kinds) <= {"result"}


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.randoms(use_true_random=False))
def test_order_of_parameters_says_nothing(pairs, chance):
    once = [pair for pair in pairs if pair[0] != "q" and pair[0] != "sap-xep"]
    mixed = list(once)
    chance.shuffle(mixed)
    query, other = query_of(params(once)), query_of(params(mixed))
    assert fingerprint_of(query) == fingerprint_of(other)


def test_written_address_is_short():
    typed = QueryDict("page=7&utm_source=mail&q=m%C3%A1y&loai=&loai=nothing&tinh=01&sap-xep=")
    assert address_of(typed) == "q=m%C3%A1y&tinh=01"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Máy Sấy", "máy  sấy", True),
        ("ma\u0301y", "m\u00e1y", True),
        ("máy sấy", "may say", False),
        ("máy OR sấy", "máy or sấy", False),
        ('"máy sấy"', "máy sấy", False),
    ],
)
def test_fingerprint_is_of_what_is_asked(one, other, is_same):
    prints = [fingerprint_of(query_of(params([("q", words)]))) for words in (one, other)]
    assert (prints[0] == prints[1]) is is_same
