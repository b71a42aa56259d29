"""An element is met by what carries it, together with what it carries."""

from collections import Counter

import pytest

from marketplace.matching.scoring import CandidateText, NeedText
from marketplace.matching.scoring.elements import fit_elements, wanted_elements
from marketplace.matching.scoring.need import read_need
from marketplace.matching.scoring.proof import read_candidate
from search.analysis import exact_terms, pairs
from search.queries import TermStatistics


def met(need: str, offered: str, *, title: str = "Kết quả nghiên cứu") -> dict[str, str]:
    """The elements that the offered text meets, with what of it is highlighted."""
    read = read_need(NeedText(text=need))
    candidate = read_candidate(CandidateText("result", "1", title, offered), folded=read.folded)
    fits = fit_elements(wanted_elements(read), candidate, dict.fromkeys(read.words.counts, 1.0))
    return {
        fit.text.lower(): " ".join(part for part, marked in fit.evidence.parts() if marked)
        for fit in fits
        if fit.met
    }


@pytest.mark.parametrize(
    ("need", "element", "offered"),
    [
        ("Muốn khử cồn trong bia", "khử cồn", "Thiết bị màng khử cồn cho đồ uống."),
        ("Muốn khử cồn trong bia", "khử cồn", "Quy trình loại bỏ cồn ở nhiệt độ thấp."),
        ("Muon loai bo con trong bia", "loai bo con", "Quy trình khử cồn ở nhiệt độ thấp."),
        ("Cần giảm nứt vỡ hạt", "giảm nứt vỡ hạt", "Nhờ vậy mức nứt vỡ của hạt giảm còn 4 %."),
        ("Cần máy sấy xoài lát", "máy sấy xoài lát", "Thiết bị này sấy được xoài cắt lát."),
        ("Cần giữ trọng lượng cá", "giữ trọng lượng cá", "Giải pháp duy trì trọng lượng của cá."),
        ("We need sensors reducing false alarms", "reducing false alarms",
         "The method lowers the rate of false alarms."),
        ("We need a cassava root peeling machine", "cassava root peeling machine",
         "A machine for peeling the roots of cassava."),
    ],
)  # fmt: skip
def test_an_element_is_met_by_its_head_or_a_synonym_beside_the_rest(need, element, offered):
    assert element in met(need, offered)


@pytest.mark.parametrize(
    ("need", "element", "offered"),
    [
        ("Muốn khử cồn trong bia", "khử cồn", "Lên men rượu vang bằng nấm men chịu cồn."),
        ("Muon loai bo con trong bia", "loai bo con", "Lên men rượu vang bằng nấm men chịu cồn."),
        ("Cần giữ trọng lượng cá", "giữ trọng lượng cá", "Trọng lượng cá thay đổi theo mùa."),
        ("Cần giảm nứt vỡ hạt", "giảm nứt vỡ hạt", "Tăng năng suất, nứt vỡ hạt là 12 %."),
        ("Cần tăng nảy mầm hạt", "tăng nảy mầm hạt", "Làm giảm nảy mầm hạt cỏ dại."),
        ("Cần máy sấy xoài lát", "máy sấy xoài lát", "Xoài cắt lát đóng hộp; sấy ở nơi khác."),
        ("We need sensors reducing false alarms", "reducing false alarms",
         "False alarms were counted over a year."),
    ],
)  # fmt: skip
def test_the_rest_of_a_phrase_alone_does_not_meet_it(need, element, offered):
    assert element not in met(need, offered)


def test_the_head_in_another_clause_does_not_carry_the_rest():
    assert "giảm hao hụt trọng lượng" not in met(
        "Cần giảm hao hụt trọng lượng", "Giảm điện năng; hao hụt trọng lượng chưa đo."
    )


def test_a_denied_head_does_not_meet_the_element():
    assert "khử cồn" not in met("Muốn khử cồn", "Thiết bị không khử cồn trong bia.")


def test_the_highlight_shows_the_head_with_what_it_carries():
    assert met("Muốn khử cồn trong bia", "Quy trình loại bỏ cồn khỏi bia.")["khử cồn"] == (
        "loại bỏ cồn"
    )


def test_without_marks_a_phrase_of_doubtful_words_alone_is_met_by_nothing():
    """ "bun kho" may be dry noodles or sludge that does not settle."""
    texts = ("sấy bún khô", "sấy bùn khó lắng", "bún khô", "bùn khó ép", "máy sấy hoa quả")

    def statistics(terms) -> TermStatistics:
        found = Counter(
            unit
            for text in texts
            for unit in {*exact_terms(text, "vi"), *pairs(exact_terms(text, "vi"))}
        )
        return TermStatistics(len(texts), 5.0, {term: found[term] for term in terms})

    read = read_need(NeedText(text="can may say bun kho"), statistics=statistics)
    assert {"bun", "kho"} <= read.marks.doubtful
    worth = dict.fromkeys(read.words.counts, 1.0)

    def is_met(offered: str) -> list[str]:
        text = CandidateText("result", "1", "Kết quả", offered)
        candidate = read_candidate(text, folded=True, marks=read.marks)
        fits = fit_elements(wanted_elements(read), candidate, worth)
        return [fit.text for fit in fits if fit.met]

    assert "bun kho" not in is_met("Nước thải bún nhiều bọt, bùn khó lắng.")
    assert "may say bun kho" in is_met("Máy sấy bún khô năm tầng.")
