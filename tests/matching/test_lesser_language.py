"""Where an index has few texts in the need's language, what they share with it by chance drowns nobody."""

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, read_need
from marketplace.matching.scoring.languages import COMMON, in_their_language
from marketplace.matching.scoring.weights import shipped_weights
from search.analysis.translations import BilingualEntry
from search.analysis.translations import trying as translating
from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.queries import TermStatistics

NEED = "Thiết bị lọc asen trong nước giếng cho hộ gia đình, nước ra dưới 0,01 mg/l, chi phí thấp cho các hộ"
LINES = [
    BilingualEntry(("asen",), ("arsenic",)),
    BilingualEntry(("nước giếng",), ("well water",)),
    BilingualEntry(("hộ gia đình",), ("household",)),
    BilingualEntry(("lọc",), ("filter",)),
    BilingualEntry(("nước",), ("water",)),
]
VIETNAMESE = (
    "Các hộ nuôi lươn trong bể, nước được thay mỗi ngày, chi phí của mô hình thấp.",
    "Máy sấy xoài và chuối cho hộ gia đình, thiết bị có công suất nhỏ.",
    *(
        f"Mô hình số {number} của các hộ nuôi tôm: nước trong ao được thay và thiết bị nhỏ."
        for number in range(9)
    ),
)
ENGLISH = (
    "A filter of iron oxide removes arsenic from drinking water.",
    *(
        f"A sensor of kind {number} monitors bearings of turbines and reports faults early to the operator."
        for number in range(800)
    ),
)


def statistics(count: int, vietnamese: int, **frequency: int) -> TermStatistics:
    return TermStatistics(count, 100.0, {COMMON[0]: vietnamese, **frequency})


def words_of(text: str):
    return read_need(NeedText(text=text)).words


def test_words_of_the_lesser_language_count_as_in_an_index_of_it():
    """Half of the texts of the language say "nước": half of all would. What none says stays rare."""
    told = in_their_language(
        statistics(100_000, 1_000, nước=500, asen=1, arsenic=40), words_of("lọc asen trong nước")
    )
    water, arsenic = (told.document_frequency[term] for term in ("nước", "asen"))
    assert 35_000 < water < 60_000
    assert arsenic < 0.01 * 100_000
    assert told.document_frequency["arsenic"] == 40


def test_what_the_language_at_large_says_counts_where_texts_are_few():
    told = in_their_language(statistics(50_000, 3, nước=1, asen=0), words_of("lọc asen trong nước"))
    assert told.document_frequency["nước"] > 20 * max(told.document_frequency["asen"], 1)


def test_words_of_both_languages_and_those_of_the_greater_one_are_left_alone():
    given = statistics(1_000, 50, laser=10, water=400, nước=40)
    told = in_their_language(given, words_of("máy laser đo mức nước"))
    assert told.document_frequency["laser"] == 10
    assert told.document_frequency["water"] == 400


def test_nothing_changes_where_one_language_is_all_or_most_words_are_its_own():
    for vietnamese in (0, 1_000):
        given = statistics(1_000, vietnamese, nước=400)
        assert in_their_language(given, words_of("lọc nước")) is given
    given = statistics(1_000, 900, nước=400)
    assert in_their_language(given, words_of("lọc nước")).document_frequency["nước"] == 400


def test_an_answer_in_the_greater_language_stands_before_chance_in_the_lesser(tmp_path):
    engine = EmbeddedEngine(tmp_path)
    texts = [("vi", text) for text in VIETNAMESE] + [("en", text) for text in ENGLISH]
    engine.rebuild(
        Document(kind="result", key=f"{place}", title="", text=text, language=language)
        for place, (language, text) in enumerate(texts)
    )
    with translating(LINES):
        ranking = rank_candidates(
            read_need(NeedText(title="Lọc asen nước giếng khoan", text=NEED)),
            kinds=("result",),
            engine=engine,
            weights=shipped_weights(),
        )
    assert ranking.entries[0].candidate.text == ENGLISH[0]
