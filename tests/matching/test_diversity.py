import random
import time
from dataclasses import replace

from marketplace.matching.scoring import (
    CandidateText,
    NeedText,
    Specification,
    assess,
    rank,
    score,
)
from marketplace.matching.scoring.diversity import MOST_OF_ONE_OWNER, find_families, fold_owners
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


def test_what_an_organisation_has_of_other_things_stands_behind_nothing():
    found = score(NEED, ALL, statistics()).scored
    theirs = [
        replace(found[0], candidate=replace(MANGO, key=f"own-{place}", organization="7"), band=band)
        for place, band in enumerate(("strong", "good", "good", "good", "weak"))
    ]
    shown = fold_owners(theirs)
    assert len(shown) == MOST_OF_ONE_OWNER
    assert [one.key for item in shown for one in item.similar] == ["own-3"]


def test_families_part_kinds_and_other_things():
    offer = replace(MANGO, kind="offer")
    families = find_families([MANGO, offer, SHRIMP, *copies(2)], 10)
    assert [len(family.members) for family in families] == [3, 1, 1]


def test_without_diversity_all_are_listed():
    ranking = rank(NEED, (*ALL, *copies(3)), statistics())
    found = assess(ranking, diverse=False)
    assert sum(one.candidate.title == MANGO.title for one in found.scored) == 4


def alike_by_pairs(candidates):
    """What `find_families` promises, each with each: the first family whose first says the same."""
    families = []
    for one in candidates:
        terms = set(one.read().terms)
        for family in families:
            first = family[0]
            theirs = set(first.read().terms)
            share = 0.5 if one.title and one.title == first.title else 0.8
            common, every = len(terms & theirs), len(terms | theirs)
            if one.kind == first.kind and terms and theirs and common >= share * every:
                family.append(one)
                break
        else:
            families.append([one])
    return [tuple(family) for family in families]


def test_families_are_those_of_comparing_each_with_each():
    chance = random.Random(7)
    words = [f"t{place}" for place in range(40)]
    pool = []
    for place in range(160):
        drift = chance.choice([0.02, 0.1, 0.3, 1.0])
        base = words[: chance.choice([5, 10, 20])]
        text = [chance.choice(words) if chance.random() < drift else word for word in base]
        title = chance.choice(["", "máy", "tôm"])
        kind = chance.choice(["result", "offer"])
        pool.append(CandidateText(kind, f"{place}", title, " ".join(text)))
    expected = alike_by_pairs(pool)
    assert [family.members for family in find_families(pool, len(pool))] == expected
    assert [family.members for family in find_families(pool, 10)] == expected[:10]
    assert 10 < len(expected) < 120
