from dataclasses import replace

import pytest

from marketplace.matching.scoring import CandidateText, NeedText, render_reason, score
from marketplace.matching.scoring.conditions import read_conditions
from tests.matching.scoring_cases import ALL, DYEING, MANGO, statistics


def demanded(text: str, **facts) -> frozenset[str]:
    return read_conditions(NeedText(text=text, **facts))[1].demanded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngân sách không quá 900 triệu đồng", {"budget"}),
        ("kinh phi toi da 2 ty dong", {"budget"}),
        ("The budget must not exceed 2 billion dong", {"budget"}),
        ("Ngân sách dự kiến 900 triệu đồng", set()),
        ("Giá bán không quá 60.000 đồng một kit", set()),
        ("Chỉ nhận đơn vị trong tỉnh", {"province"}),
        ("Xưởng trong tỉnh Đồng Tháp", set()),
        ("Bắt buộc từ TRL 7 trở lên", {"readiness"}),
        ("Mức độ sẵn sàng càng cao càng tốt", set()),
    ],
)
def test_a_fact_is_a_condition_where_the_text_makes_it_one(text, expected):
    assert demanded(text) == expected


def test_a_ceiling_and_a_level_are_read_from_the_words():
    need, _ = read_conditions(
        NeedText(text="Ngân sách không quá 900 triệu đồng; bắt buộc từ TRL 7 trở lên.")
    )
    assert (need.budget_max, need.min_trl) == (900_000_000, 7)


def test_what_the_form_says_is_not_read_again():
    need, conditions = read_conditions(
        NeedText(
            text="Ngân sách không quá 900 triệu đồng",
            budget_max=800_000_000,
            demanded=frozenset({"province"}),
        )
    )
    assert need.budget_max == 800_000_000
    assert conditions.demanded == {"budget", "province"}


def outs(need: NeedText, *candidates: CandidateText):
    pool = (*ALL, *candidates)
    found = score(need, pool, statistics(pool))
    return {one.candidate.key: one.reason.code for one in found.left_out}, {
        one.candidate.key for one in found.scored
    }


def test_budget_demanded_leaves_out_and_wished_only_weighs():
    wish = NeedText(text="nước thải dệt nhuộm", budget_max=1_000_000_000)
    out, listed = outs(wish)
    assert (out, DYEING.key in listed) == ({}, True)
    out, listed = outs(replace(wish, demanded=frozenset({"budget"})))
    assert out == {DYEING.key: "budget_exceeded"}
    assert DYEING.key not in listed


def test_level_and_province_demanded():
    need = NeedText(
        text="sấy xoài bằng bơm nhiệt",
        min_trl=8,
        province="92",
        demanded=frozenset({"readiness", "province"}),
    )
    elsewhere = replace(MANGO, key="elsewhere", trl=9, province="01")
    silent = replace(
        MANGO, key="silent", trl=None, province="", text=f"{MANGO.text} Bán tại xưởng."
    )
    out, listed = outs(need, elsewhere, silent)
    assert out["xoai"] == "readiness_missed"
    assert out["elsewhere"] == "province_other"
    assert "silent" in listed  # what is not said is asked, not held against


def test_standard_demanded_is_broken_only_by_who_says_so():
    need = NeedText(text="Sấy xoài bằng bơm nhiệt, phải đạt TCVN 5603:2023 và HACCP.")
    without = replace(MANGO, key="without", text=f"{MANGO.text} Xưởng chưa có chứng nhận HACCP.")
    having = replace(
        MANGO, key="having", text=f"{MANGO.text} Xưởng đạt HACCP từ năm 2020, bán rộng rãi."
    )
    out, listed = outs(need, without, having)
    assert out == {"without": "standard_missed"}
    assert listed & {"having", "xoai"}


def test_reason_of_what_is_left_out_has_its_sentence():
    need = NeedText(text="Sấy xoài bằng bơm nhiệt, bắt buộc có HACCP.")
    without = replace(MANGO, key="without", text=f"{MANGO.text} Xưởng chưa có chứng nhận HACCP.")
    found = score(need, (*ALL, without), statistics((*ALL, without)))
    (out,) = found.left_out
    assert render_reason(out.reason, "vi") == "Tự nêu là chưa đạt HACCP"
    assert out.reason.evidence.text == "Xưởng chưa có chứng nhận HACCP."
