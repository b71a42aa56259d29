"""The sets of Vietnamese names that ship with the vocabulary: enough, over the fields, and with trade names."""

from collections import Counter

import pytest

from marketplace.taxonomy.term_pairs import shipped_entries
from search.analysis import exact_terms, fold_terms
from search.analysis.synonyms import synonyms

SECTORS = 40


def called(text: str) -> set[str]:
    exact = exact_terms(text, "vi")
    return {way.text for one in synonyms(fold_terms(exact), exact=exact) for way in one.ways}


def test_there_are_sets_in_nearly_every_field():
    several = (entry for entry in shipped_entries() if len(entry.vietnamese) > 1)
    sets = Counter(entry.sector for entry in several if entry.sector)
    assert sets.total() >= 700
    assert len(sets) >= SECTORS


@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("bạc đạn", {"vòng bi", "ổ lăn"}),
        ("ổ lăn", {"vòng bi", "bạc đạn"}),
        ("ben hơi", {"xi lanh khí nén"}),
        ("mô tơ", {"động cơ điện"}),
        ("bo mạch", {"bảng mạch"}),
        ("bù loong", {"bu lông"}),
        ("hầm cầu", {"bể tự hoại", "bể phốt"}),
        ("khoai mì", {"sắn"}),
        ("trại heo", {"trại lợn"}),
        ("dầu nhớt", {"dầu bôi trơn"}),
        ("máy bắn màu", {"máy phân loại màu", "máy tách màu"}),
    ],
)
def test_trade_and_regional_names_stand_for_each_other(said, also):
    assert also <= called(said)
