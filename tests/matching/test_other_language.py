"""What a candidate says in the other language counts as said."""

from marketplace.matching.scoring import CandidateText, NeedText, rank, read_need
from marketplace.matching.scoring.lexical import fit_words
from search.analysis.translations import BilingualEntry, trying
from tests.matching.scoring_cases import statistics

LINES = [
    BilingualEntry(("nước thải",), ("wastewater",)),
    BilingualEntry(("dệt nhuộm",), ("textile dyeing",)),
    BilingualEntry(("thẩm thấu ngược",), ("reverse osmosis",)),
]
NEED = "nước thải dệt nhuộm thẩm thấu ngược"
ENGLISH = CandidateText(
    kind="result",
    key="en",
    title="Reverse osmosis of wastewater",
    text="The wastewater of textile dyeing is cleaned.",
    language="en",
)
HALF = CandidateText(
    kind="result", key="half", title="Wastewater", text="It is cleaned.", language="en"
)


def fit_of(candidate):
    with trying(LINES):
        ranking = rank(read_need(NeedText(text=NEED)), [candidate], statistics((ENGLISH, HALF)))
        return fit_words(ranking.query, candidate.read())


def test_terms_said_otherwise_are_covered_as_far_as_the_vocabulary_is_sure():
    fit = fit_of(ENGLISH)
    assert fit.signs.covered > 2 * fit_of(HALF).signs.covered > 0
    assert fit.signs.own == 0
    assert 0 < fit.signs.title < fit.signs.covered


def test_without_the_vocabulary_nothing_is_covered():
    with trying([]):
        ranking = rank(read_need(NeedText(text=NEED)), [ENGLISH], statistics((ENGLISH, HALF)))
        fit = fit_words(ranking.query, ENGLISH.read())
    assert fit is None or fit.signs.covered == 0


def test_own_words_are_told_from_those_of_the_other_language():
    mixed = CandidateText(
        kind="result", key="x", title="Thẩm thấu ngược", text="For wastewater.", language=""
    )
    assert 0 < fit_of(mixed).signs.own < 1
