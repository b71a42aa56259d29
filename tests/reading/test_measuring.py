"""How well needs are read, held to a floor on needs that were labelled by hand."""

from pathlib import Path

import pytest

from marketplace.reading.folding import fold_in_place
from marketplace.reading.measuring import agree, load_labelled, measure_reading
from marketplace.reading.needs import CONSTRAINT_KINDS
from marketplace.taxonomy.places import place_names

LABELLED = Path("marketplace/demo/data/reading/labelled.jsonl")


@pytest.fixture(scope="module")
def needs():
    return list(load_labelled(LABELLED))


@pytest.fixture(scope="module")
def places():
    return {fold_in_place(name) for name in place_names()}


def test_labelled_needs_are_many_and_in_every_writing(needs):
    written = [need.writing for need in needs]
    assert len(needs) >= 60
    assert min(written.count("vi"), written.count("bare"), written.count("en")) >= 15
    for need in needs:
        folded = fold_in_place(need.text)
        for label in (text for texts in need.labels.values() for text in texts):
            assert all(word in folded for word in fold_in_place(label).split()), (need.id, label)


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [("development", 0.78, 0.82), ("held out", 0.75, 0.76)]
)
def test_reading_stays_above_its_floor(needs, places, part, precision, recall):
    measured = measure_reading((need for need in needs if need.part == part), places=places)
    assert measured.overall.precision >= precision
    assert measured.overall.recall >= recall


@pytest.mark.parametrize("kind", CONSTRAINT_KINDS)
def test_constraints_are_read_nearly_always(needs, places, kind):
    tally = measure_reading(needs, places=places).kinds[kind]
    assert tally.precision >= 0.85
    assert tally.recall >= 0.9


def test_agree_looks_past_where_a_phrase_begins_and_ends():
    assert agree("máy sấy", "Máy sấy xoài lát")
    assert not agree("máy sấy", "máy bơm")
    assert not agree("", "máy")
