import time
from dataclasses import replace

from marketplace.matching.scoring import NeedText, Specification, assess, rank, score
from marketplace.matching.scoring.diversity import MOST_OF_ONE_OWNER, find_families
from tests.matching.scoring_cases import ALL, DYEING, MANGO, SHRIMP, statistics

NEED = NeedText(text="Cần máy sấy xoài cắt lát bằng bơm nhiệt, giữ màu xoài")


def copies(number: int):
    return tuple(
        replace(MANGO, key=f"copy-{place}", text=f"{MANGO.text} Bản số {place}.")
        for place in range(number)
    )


def test_near_identical_candidates_stand_behind_the_best_of_them():
    found = score(NEED, (*ALL, *copies(5)), statistics())
    first = found.scored[0]
    assert {first.candidate.key, *(one.key for one in first.similar)} == {
        "xoai",
        *(one.key for one in copies(5)),
    }
    assert {one.because for one in first.similar} == {"text"}
    assert sum(one.candidate.title == MANGO.title for one in found.scored) == 1


def test_thousands_of_near_identical_records_leave_room_for_others_in_bounded_time():
    pool = (*copies(3000), *ALL)
    ranking = rank(NEED, pool, statistics())
    started = time.process_time()
    found = assess(ranking)
    assert time.process_time() - started < 2
    assert len(found.scored[0].similar) >= 100
    assert len(found.scored) < 10


def test_one_that_differs_in_a_required_figure_stands_for_itself():
    small = replace(MANGO, key="small", text=MANGO.text.replace("500 kg", "50 kg"))
    need = replace(NEED, specifications=(Specification("Công suất", ">=", low=400, unit="kg/mẻ"),))
    found = score(need, (*ALL, small), statistics((*ALL, small)))
    assert [one.candidate.key for one in found.scored[:2]] == ["xoai", "small"]
    assert not found.scored[0].similar


def test_one_organisation_does_not_fill_the_list():
    words = ("Đồng Tháp", "tủ mười khay", "hồi nhiệt hai cấp", "thanh long và mít", "điện mặt trời")
    theirs = tuple(
        replace(
            MANGO,
            key=f"own-{place}",
            organization="7",
            title=f"Máy sấy xoài {more}",
            text=f"Sấy xoài cắt lát bằng bơm nhiệt với {more}, vận hành tại {more} suốt vụ {place}.",
        )
        for place, more in enumerate(words)
    )
    found = score(NEED, (*theirs, SHRIMP, DYEING), statistics((*ALL, *theirs)))
    shown = [one for one in found.scored if one.candidate.organization == "7"]
    assert len(shown) == MOST_OF_ONE_OWNER
    behind = [one for item in shown for one in item.similar]
    assert len(behind) == len(theirs) - MOST_OF_ONE_OWNER
    assert {one.because for one in behind} == {"organization"}


def test_families_part_kinds_and_other_things():
    offer = replace(MANGO, kind="offer")
    families = find_families([MANGO, offer, SHRIMP, *copies(2)])
    assert [len(family.members) for family in families] == [3, 1, 1]


def test_without_diversity_all_are_listed():
    ranking = rank(NEED, (*ALL, *copies(3)), statistics())
    found = assess(ranking, diverse=False)
    assert sum(one.candidate.title == MANGO.title for one in found.scored) == 4
