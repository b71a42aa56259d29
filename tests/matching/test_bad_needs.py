"""Needs as they come: a sensible list or an honest abstention, in bounded time."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.matching.finding import propose
from marketplace.matching.scoring import CandidateText, MatchList, NeedText, read_need, score
from marketplace.taxonomy.term_pairs import shipped_entries
from search.documents import Document
from search.engines import get_engine
from tests.matching.scoring_cases import ALL, MANGO, statistics

TELLING = "Cần máy sấy xoài cắt lát bằng bơm nhiệt, giữ màu xoài, công suất 500 kg mỗi mẻ"
BOILERPLATE = (
    "Kính gửi Quý cơ quan, công ty chúng tôi xin gửi lời chào trân trọng và mong nhận được sự hợp "
    "tác, hỗ trợ của quý đơn vị. Chúng tôi cam kết thực hiện đúng các quy định của pháp luật. "
)


def match(text: str, candidates=ALL) -> MatchList:
    return score(NeedText(text=text), candidates, statistics(candidates))


@pytest.mark.parametrize(
    "text",
    [
        TELLING.upper(),
        f"<div class='x'><p>{TELLING}</p><script>alert(1)</script></div>",
        TELLING + ". " + BOILERPLATE,
        TELLING.replace(" ", " \u200b"),
    ],
    ids=["capitals", "markup", "boilerplate", "invisible"],
)
def test_the_answer_stays_first(text):
    found = match(text)
    assert found.scored[0].candidate is MANGO
    assert not found.abstained


@pytest.mark.parametrize(
    "text",
    [
        BOILERPLATE * 5,
        "máy",
        "Wir suchen ein Verfahren zur Herstellung von Wasserstoff aus Abwasser",
        "我们需要一种烘干芒果的设备",
        "123 456 789",
    ],
    ids=["boilerplate", "one word", "German", "Chinese", "numbers"],
)
def test_nothing_to_go_by_is_said_so(text):
    assert match(text).abstained


def test_twenty_thousand_words_are_read_in_bounded_time():
    text = " ".join(f"{TELLING} số {place}." for place in range(1000))
    assert len(text.split()) > 18_000
    started = time.process_time()
    assert match(text).scored[0].candidate is MANGO
    assert time.process_time() - started < 3


def test_contradicting_figures_hide_no_answer():
    found = match(f"{TELLING}. Công suất ít nhất 400 kg mỗi mẻ. Công suất không quá 100 kg mỗi mẻ.")
    assert found.scored[0].candidate is MANGO


def test_results_without_a_text_are_found_by_their_title():
    bare = CandidateText("result", "bare", "Máy sấy bơm nhiệt cho xoài cắt lát", "")
    found = match(TELLING, (*ALL[1:], bare, CandidateText("result", "nothing", "", "")))
    assert found.scored[0].candidate is bare
    assert all(one.candidate.key != "nothing" for one in found.scored)


WORDS = [
    *TELLING.split(), "không", "dùng", "<b>", "≥", "5–50", "tấn/giờ", "the", "of", "\n", "’", "½"
]  # fmt: skip


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_whatever_is_typed_each_candidate_stands_in_one_place(text):
    found = match(text)
    listed = [one.candidate.id for one in found.scored]
    folded = [f"{other.kind}:{other.key}" for one in found.scored for other in one.similar]
    out = [one.candidate.id for one in found.left_out]
    everywhere = [*listed, *folded, *out]
    assert len(everywhere) == len(set(everywhere))
    chances = [one.probability for one in found.scored]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    assert found.abstained == (not found.good)


def test_several_queries_propose_each_candidate_once_in_a_bounded_number(tmp_path):
    engine = get_engine(f"embedded://{tmp_path}/index")
    engine.rebuild(
        Document(
            kind="result",
            key=f"r{place}",
            title=f"Máy sấy xoài {place}",
            text=f"Sấy xoài cắt lát bằng bơm nhiệt, lô {place}, giữ màu.",
            facets={"field": ("40107",)},
        )
        for place in range(900)
    )
    need = read_need(NeedText(text=TELLING, title="Sấy xoài", fields=("40107",)))
    pool = propose(need, kinds=("result",), engine=engine)
    assert set(pool.proposed) >= {"whole", "elements", "fields", "feedback"}
    assert sum(pool.proposed.values()) == len(pool.hits) <= 400
    assert set(pool.engine) <= set(pool.hits)


def test_a_long_need_of_words_the_vocabulary_knows_meets_texts_in_the_other_language():
    """Of so many terms only the most telling are compared: one left out, met in a text, is no fault."""
    entries = shipped_entries()[:400]
    need = NeedText(text=". ".join(entry.english[0] for entry in entries), language="en")
    said = CandidateText("result", "said", "", ". ".join(entry.vietnamese[0] for entry in entries))
    found = score(need, (*ALL, said), statistics((*ALL, said)))
    assert found.scored[0].candidate is said
