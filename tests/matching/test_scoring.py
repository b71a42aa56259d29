import time
from dataclasses import replace

import pytest

from marketplace.matching.scoring import (
    DEFAULT_WEIGHTS,
    CandidateText,
    MatchList,
    NeedText,
    Scored,
    Specification,
    assess,
    rank,
    render_element,
    render_reason,
    score,
)
from marketplace.matching.scoring.data import Evidence
from marketplace.reading.needs import Correction
from tests.matching.scoring_cases import ALL, ARSENIC, DYEING, MANGO, SULPHUR, statistics


def match(need: NeedText | str, candidates=ALL, **options) -> MatchList:
    need = NeedText(text=need) if isinstance(need, str) else need
    return score(need, candidates, statistics(candidates), **options)


def first(need: NeedText | str, candidates=ALL, **options) -> Scored:
    return match(need, candidates, **options).scored[0]


def of(found: MatchList, candidate: CandidateText) -> Scored:
    return next(item for item in found.scored if item.candidate.key == candidate.key)


def codes(item: Scored) -> list[str]:
    return [reason.code for reason in item.reasons]


@pytest.mark.parametrize(
    ("need", "key"),
    [
        ("Cần sấy xoài lát mà vẫn giữ màu, khoảng 500 kg mỗi mẻ, máy chạy bơm nhiệt", "xoai"),
        ("CẦN SẤY XOÀI LÁT BẰNG BƠM NHIỆT", "xoai"),
        ("can say xoai lat bang bom nhiet ma van giu mau", "xoai"),
        ("nước thải nhuộm vải, khử màu", "det-nhuom"),
        ("thử bệnh tôm nhanh tại ao", "tom"),
        ("cheap sensors that detect arsenic in drinking water", "arsenic"),
        ("<p>Cần <b>sấy xoài</b> bằng bơm nhiệt</p>", "xoai"),
    ],
)
def test_score_puts_the_obvious_first(need, key):
    assert first(need).candidate.key == key


def test_score_bridges_languages_by_the_vocabulary():
    found = match("Cần cảm biến phát hiện asen trong nước ngầm")
    assert found.scored[0].candidate is ARSENIC
    assert {"asen", "nước ngầm"} <= {
        element.text for element in found.scored[0].elements if element.met
    }


@pytest.mark.parametrize("need", ["Cần sấy xoài giữ màu", "can say xoai", "arsenic sensor"])
def test_score_proves_every_candidate_with_a_sentence_of_its_own(need):
    found = match(need)
    assert found.scored
    for item in found.scored:
        proof = item.reasons[0].evidence
        assert proof is not None
        assert proof.text in item.candidate.text or proof.text == item.candidate.title
        assert proof.spans
        assert "".join(part for part, _ in proof.parts()) == proof.text
        assert all(proof.text[start:end].strip() for start, end in proof.spans)


def test_score_highlights_words_of_the_need_and_no_function_words():
    proof = first("Cần sấy xoài lát bằng bơm nhiệt và giữ màu").reasons[0].evidence
    marked = {proof.text[start:end].lower() for start, end in proof.spans}
    assert any("xoài" in words or "bơm nhiệt" in words for words in marked)
    assert not marked & {"và", "bằng", "cho", "ở"}


def test_score_proves_by_what_was_found_rather_than_by_a_row_of_keywords():
    found = "Lát xoài sấy bằng bơm nhiệt ở 45 °C trong 11 giờ giữ màu vàng sáng suốt sáu tháng."
    rows = "xoài, sấy, bơm nhiệt, giữ màu"
    both = CandidateText("result", "both", "Đề tài A", f"{found}\n{rows}")
    alone = CandidateText("result", "alone", "Đề tài B", rows)
    need = "Cần sấy xoài bằng bơm nhiệt và giữ màu"
    assert first(need, (both,)).reasons[0].evidence.text == found
    assert first(need, (alone,)).reasons[0].evidence.text == rows


def test_score_names_elements_met_and_open():
    item = first("Cần máy sấy xoài bằng bơm nhiệt có chiếu xạ")
    states = {element.text: element.met for element in item.elements}
    assert states["xoài"] is True
    assert states["bơm nhiệt"] is True
    assert states["chiếu xạ"] is False
    shown = [render_element(element, "vi") for element in item.elements]
    assert "Nguyên liệu: xoài" in shown
    assert "Chưa nêu chiếu xạ" in shown


def test_phrase_is_not_met_by_its_words_about_another_thing():
    machine = CandidateText(
        "result",
        "mac-ca",
        "Thiết kế, chế tạo máy tách vỏ cứng hạt mắc ca",
        "Máy tách vỏ cứng bằng khe cắt tự điều chỉnh, 250 kg/giờ.",
    )
    need = "Máy tách vỏ cứng hạt điều"
    item = of(match(need, [*ALL, machine]), machine)
    states = {element.text: element.met for element in item.elements}
    assert states == {
        "Máy tách vỏ cứng hạt điều": False,
        "hạt điều": False,
        "Máy tách vỏ": True,
    }

    cashew = replace(machine, key="dieu", title=machine.title.replace("mắc ca", "điều"))
    item = of(match(need, [*ALL, cashew]), cashew)
    assert all(element.met for element in item.elements)


def test_elements_of_a_need_do_not_repeat_each_other():
    item = first("Cần máy sấy xoài cắt lát. Máy sấy xoài phải bền, máy sấy dễ lau.")
    texts = [element.text.lower() for element in item.elements]
    assert "máy sấy xoài cắt lát" in texts
    assert "máy sấy xoài" not in texts
    assert len(texts) == len(set(texts))


def test_score_compares_required_with_offered_figures():
    need = NeedText(
        text="Cần sấy xoài lát giữ màu bằng bơm nhiệt",
        specifications=(
            Specification("Công suất", ">=", low=400, unit="kg/mẻ"),
            Specification("Nhiệt độ sấy", "<=", low=40, unit="°C"),
            Specification("Tiêu hao điện", "range", low=0.5, high=1.5, unit="kWh/kg"),
            Specification("Số công nhân", "<=", low=2, unit="người"),
            Specification("Vật liệu", "text", text="inox 304"),
        ),
    )
    item = first(need)
    rows = {row.name: (row.required, row.offered, row.fit) for row in item.specifications}
    assert rows["Công suất"] == ("≥ 400 kg/mẻ", "500 kg mỗi mẻ", "met")
    assert rows["Nhiệt độ sấy"] == ("≤ 40 °C", "45 °C", "unmet")
    assert rows["Tiêu hao điện"][2] == "met"
    assert rows["Số công nhân"] == ("≤ 2 người", "", "unknown")
    assert rows["Vật liệu"] == ("inox 304", "", "unknown")
    assert {"specification_met", "specification_unmet"} <= set(codes(item))


def test_score_reads_figures_from_free_text_and_leaves_the_present_ones():
    need = NeedText(text="Hiện sấy xoài 100 kg mỗi mẻ, cần công suất từ 400 kg mỗi mẻ trở lên")
    assert [row.required for row in first(need).specifications] == ["≥ 400 kg mỗi mẻ"]


def test_score_lets_a_figure_missed_cost_places():
    big, small = (
        replace(MANGO, key=key, text=MANGO.text.replace("500 kg", f"{size} kg"))
        for key, size in (("big", 800), ("small", 50))
    )
    need = NeedText(
        text="sấy xoài bằng bơm nhiệt",
        specifications=(Specification("Công suất", ">=", low=500, unit="kg/mẻ"),),
    )
    assert [s.candidate.key for s in match(need, (small, big)).scored] == ["big", "small"]


def test_score_compares_no_capacity_of_another_machine():
    press = CandidateText(
        "result",
        "vien-nen",
        "Viên nén nhiên liệu từ mùn cưa và vỏ cà phê",
        "Ép viên 8 mm từ vỏ cà phê. Máy ép khuôn vòng 2,5 tấn/giờ.",
    )
    need = "Cần máy bắn màu tách hạt cà phê đen, năng suất 2 tấn/giờ"
    (figure,) = of(match(need, [*ALL, press]), press).specifications
    assert (figure.fit, figure.beside) == ("unknown", "Máy ép khuôn vòng: 2,5 tấn/giờ")
    plain = DEFAULT_WEIGHTS.without("products")
    (figure,) = of(match(need, [*ALL, press], weights=plain), press).specifications
    assert (figure.fit, figure.offered) == ("met", "2,5 tấn/giờ")

    # By its name or by what carries it, the thing itself is told of.
    sorter = replace(
        press, key="tach-mau", title="Máy bắn màu cà phê nhân", text="Đạt 2,5 tấn/giờ."
    )
    (figure,) = of(match(need, [*ALL, sorter]), sorter).specifications
    assert figure.fit == "met"


@pytest.mark.parametrize(
    "need",
    [
        "Sấy xoài lát giữ màu không dùng lưu huỳnh",
        "say xoai lat giu mau khong dung luu huynh",
    ],
)
def test_score_leaves_out_what_relies_on_the_excluded_and_says_so(need):
    found = match(need)
    assert found.scored[0].candidate is MANGO
    assert "exclusion_shared" in codes(found.scored[0])
    assert all(item.candidate is not SULPHUR for item in found.scored)
    (out,) = found.left_out
    assert out.candidate is SULPHUR
    assert out.reason.code == "exclusion_used"
    assert render_reason(out.reason, "vi").endswith("điều nhu cầu loại trừ")
    assert "lưu huỳnh" in out.reason.evidence.text


def test_score_proves_nothing_by_the_words_of_what_is_excluded():
    found = first("Sấy xoài lát giữ màu không dùng lưu huỳnh")
    assert found.candidate is MANGO
    (proof,) = [one for one in found.reasons if one.code in {"terms", "title"}]
    assert proof.params["phrases"]
    assert not any("lưu huỳnh" in phrase for phrase in proof.params["phrases"])


def test_assess_leaves_exclusions_aside_when_asked():
    need = NeedText(text="Sấy xoài lát giữ màu không dùng lưu huỳnh")
    ranking = rank(need, ALL, statistics())
    plain = assess(ranking, exclude=False)
    assert "exclusion" not in of(plain, SULPHUR).components
    assert not plain.left_out


def test_score_weighs_facts():
    need = NeedText(
        text="sấy xoài", fields=("40107",), min_trl=8, province="68", budget_max=1_000_000_000
    )
    found = match(need)
    assert {"field_same", "province_same", "readiness_missed"} <= set(codes(of(found, MANGO)))
    assert "readiness_met" in codes(of(found, SULPHUR))
    expensive = first(replace(need, text="nước thải dệt nhuộm"))
    assert expensive.candidate is DYEING
    assert "budget_exceeded" in codes(expensive)
    assert expensive.components["budget"] < 0


def test_score_prefers_the_same_field_among_equals():
    twin = replace(MANGO, key="twin", fields=("20802",))
    found = match(NeedText(text="sấy xoài bằng bơm nhiệt", fields=("40107",)), (twin, MANGO))
    assert [item.candidate.key for item in found.scored] == ["xoai"]
    assert [other.key for other in found.scored[0].similar] == ["twin"]


def test_score_completes_the_shortlist_and_drops_what_may_not_be_shown():
    def complete(candidates):
        return [replace(c, trl=9) for c in candidates if c.key != "luu-huynh"]

    found = match(NeedText(text="sấy xoài", min_trl=8), complete=complete)
    assert {item.candidate.key for item in found.scored} == {"xoai"}
    assert "readiness_met" in codes(found.scored[0])


def test_score_probability_falls_with_the_score_and_bands_follow():
    found = match("Cần máy sấy xoài cắt lát bằng bơm nhiệt, giữ màu xoài")
    chances = [item.probability for item in found.scored]
    assert chances == sorted(chances, reverse=True)
    assert found.scored[0].band == "strong"
    assert not found.abstained
    assert found.good[0].candidate is MANGO


@pytest.mark.parametrize(
    "need",
    [
        "Kéo sợi para-aramid cho vải chống đâm, chống cắt mức cao",
        "công nghệ",
        "Nuôi đỉa y học và tách chiết hirudin chống đông máu",
        "Chúng tôi cần một giải pháp tốt với chi phí thấp",
    ],
)
def test_score_abstains_when_nothing_is_good_enough(need):
    found = match(need)
    assert found.abstained
    assert not found.good


@pytest.mark.parametrize("need", ["", "   ", "!!! ???", "của và cho", "你好世界"])
def test_score_of_nothing_readable_is_an_honest_nothing(need):
    found = match(need)
    assert found.abstained


def test_score_takes_candidates_without_text():
    empty = CandidateText("result", "empty", "", "")
    bare = CandidateText("result", "bare", "Sấy xoài bằng bơm nhiệt", "")
    found = match("Sấy xoài bằng bơm nhiệt", (empty, bare))
    assert [item.candidate.key for item in found.scored] == ["bare"]
    assert found.scored[0].reasons[0].code == "title"


def test_score_is_bounded_in_time_for_a_very_long_need():
    need = NeedText(text=" ".join(["sấy xoài lát bằng bơm nhiệt giữ màu 500 kg mỗi mẻ"] * 4000))
    started = time.process_time()
    assert match(need).scored[0].candidate is MANGO
    assert time.process_time() - started < 3


def test_score_without_a_component_leaves_its_part_out():
    weights = DEFAULT_WEIGHTS
    for part in ("engine", "pairs", "passage", "title", "feedback", "elements"):
        weights = weights.without(part)
    item = first("sấy xoài bằng bơm nhiệt", weights=weights)
    assert set(item.components) == {"words"}


def test_render_reason_fills_every_template():
    found = match(
        NeedText(
            text="Sấy xoài lát không dùng lưu huỳnh, công suất từ 400 kg mỗi mẻ trở lên",
            fields=("40107",),
            min_trl=7,
        )
    )
    for item in found.scored:
        for reason in item.reasons:
            assert "%" not in render_reason(reason, "vi").replace(" %", "")
    lead = found.scored[0].reasons[0]
    assert render_reason(lead, "vi").startswith(("Cùng nói về: ", "Tên nêu đúng"))


def test_score_counts_a_word_of_two_kinds_once():
    need = NeedText(
        text="sấy xoài bằng bơm nhiệt",
        corrections=(Correction("xoài", "product"), Correction("xoài", "material")),
    )
    [said] = [reason for reason in match(need).scored[0].reasons if reason.code == "elements"]
    names = said.params["names"]
    assert said.params["met"] == len(names) == len(set(names))
    assert said.params["all"] >= said.params["met"]


def test_what_has_no_sentences_is_quoted_by_the_piece_with_most_to_highlight():
    text = f"{'lời mở đầu ' * 60}máy sấy xoài giữ màu {'và còn nữa ' * 60}".strip()
    spans = tuple(
        (text.index(word), text.index(word) + len(word)) for word in ("mở", "xoài", "màu")
    )
    quoted = Evidence(text, spans).excerpt()
    assert len(quoted.text) < 410
    assert quoted.text.startswith("… ")
    assert quoted.text.endswith(" …")
    assert [part for part, marked in quoted.parts() if marked] == ["xoài", "màu"]
    assert quoted.text[2:-2] in text
    short = Evidence("Máy sấy xoài.", ((9, 13),))
    assert short.excerpt() is short
    assert len(Evidence("x" * 1000).excerpt().text) < 410
