"""A result that calls a thing by its other name meets the need all the same, and the reason says so."""

import pytest

from marketplace.matching.scoring import CandidateText, NeedText, score
from marketplace.matching.scoring.reasons import render_element, render_reason
from search.analysis import synonyms, translations
from search.analysis.translations import BilingualEntry
from tests.matching.scoring_cases import statistics

LINES = [
    BilingualEntry(("vòng bi", "bạc đạn", "ổ lăn"), ("rolling bearing",), "203"),
    BilingualEntry(("hỏng", "hư"), ("fault",), "203"),
    BilingualEntry(("rung động", "độ rung"), ("vibration",), "203"),
]
NEED = "Cần máy mài bạc đạn cho xưởng, giảm tiếng ồn của bạc đạn."
ROLLING = CandidateText(
    kind="result",
    key="o-lan",
    title="Máy mài rãnh ổ lăn điều khiển số",
    text="Máy mài rãnh ổ lăn đạt độ nhám cấp 10. Ổ lăn quay êm.",
)
SILVER = CandidateText(
    kind="result", key="bac", title="Máy mài đồ bạc", text="Máy mài bạc trang sức."
)
DYEING = CandidateText(
    kind="result", key="nhuom", title="Nhuộm vải", text="Quy trình nhuộm ít muối."
)


@pytest.fixture(autouse=True)
def _these_lines():
    with synonyms.trying(LINES), translations.trying(LINES):
        yield


def found(need=NEED, *, offered=(ROLLING, SILVER, DYEING)):
    return score(NeedText(text=need), offered, statistics(offered)).scored


@pytest.mark.parametrize("need", [NEED, "can may mai bac dan cho xuong"])
def test_its_element_is_met_and_says_the_other_name(need):
    (best,) = (one for one in found(need) if one.candidate == ROLLING)
    (fit,) = (fit for fit in best.elements if fit.kind == "product")
    assert fit.met
    assert fit.called == "ổ lăn"
    assert "ổ lăn" in fit.evidence.text.lower()
    assert render_element(fit, "vi").endswith("(cũng gọi là ổ lăn)")
    (reason,) = (reason for reason in best.reasons if reason.code == "elements")
    assert "(cũng gọi là ổ lăn)" in render_reason(reason, "vi")
    assert "(also called ổ lăn)" in render_reason(reason, "en")


def test_the_other_name_is_highlighted_as_proof():
    first = found("bạc đạn quay êm")[0].reasons[0]
    marked = [part.lower() for part, is_marked in first.evidence.parts() if is_marked]
    assert any("ổ lăn" in part for part in marked)


def test_without_the_vocabulary_it_is_not_met():
    with synonyms.trying([]), translations.trying([]):
        assert not any(fit.met for one in found() for fit in one.elements if fit.kind == "product")


def test_english_words_of_a_phrase_are_met_in_vietnamese():
    offered = CandidateText(
        "result", "rung", "Êm hơn", "Giải pháp giảm độ rung của ổ lăn trục chính."
    )
    (best,) = found("We want to try reducing rolling bearing vibration", offered=(offered,))
    (fit,) = (fit for fit in best.elements if fit.kind == "efficacy")
    assert fit.met
    assert fit.called in {"ổ lăn", "độ rung"}


@pytest.mark.parametrize(
    "need",
    [
        "Máy hay kêu, muốn biết trước lúc nào bạc đạn sắp hư để thay.",
        "Muốn có cái gì báo trước bạc đạn hư.",
    ],
)
def test_who_wants_to_know_before_it_breaks_is_answered_by_who_foretells_faults(need):
    watching = CandidateText(
        kind="result", key="bao", title="Dự báo hỏng ổ lăn", text="Cảm biến rung dự báo hỏng ổ lăn."
    )
    (best, *_rest) = found(need, offered=(watching, ROLLING, DYEING))
    assert best.candidate == watching
    assert [fit.met for fit in best.elements if fit.kind == "efficacy"] == [True]
