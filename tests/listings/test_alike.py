"""Copies of listings, measured on pairs that people labelled (`demo/data/duplicate_listings.jsonl`)."""

import json

import pytest

from marketplace.demo.records import FOLDER, records
from marketplace.listings.examining.alike import compare_listings, read_listing

TEXTS = ("problem", "required", "principle", "advantage", "scope", "improvement", "deliverables")


def texts(record) -> list[str]:
    return [record.get("summary") or "", *(record.get(name) or "" for name in TEXTS)]


@pytest.fixture(scope="module")
def judged() -> list[tuple[bool, bool, str]]:
    """Each pair: whether it is one, whether the rule says so, and its title."""
    known = {
        one["id"]: one
        for kind in ("needs", "offers", "equipment", "services")
        for one in records(kind)
    }
    found = []
    for line in (FOLDER / "duplicate_listings.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        left = known[pair["left"]]
        if "right" in pair:
            other = known[pair["right"]]
            title, said = other["title"], texts(other)
        else:
            title = pair["title"]
            rest = texts(left)[1:] if pair.get("text") == "copied" else [pair.get("text", "")]
            said = [pair.get("summary") or left["summary"], *rest]
        likeness = compare_listings(
            read_listing(left["title"], texts(left)), read_listing(title, said)
        )
        found.append((pair["label"] == "same", likeness.is_copy, title))
    return found


def test_rule_finds_reworded_copies_and_leaves_neighbours_alone(judged, capsys):
    right = sum(same and found for same, found, _title in judged)
    precision = right / sum(found for _same, found, _title in judged)
    recall = right / sum(same for same, _found, _title in judged)
    with capsys.disabled():
        print(
            f"\ncopies of listings: {len(judged)} pairs, precision {precision:.3f}, recall {recall:.3f}"
        )

    assert [title for same, found, title in judged if found and not same] == []
    assert recall >= 0.95


def test_labelled_set_has_enough_of_both(judged):
    copies = sum(same for same, _found, _title in judged)
    assert copies >= 40
    assert len(judged) - copies >= 50


def test_two_sizes_of_one_machine_are_two_listings():
    one = read_listing("Máy sấy bơm nhiệt SBN-300", ["Sấy 300 kg một mẻ ở 35–60 °C."])
    other = read_listing("Máy sấy bơm nhiệt SBN-1000", ["Sấy 1.000 kg một mẻ ở 35–60 °C."])
    likeness = compare_listings(one, other)

    assert likeness.numbers == ("300", "1000")
    assert not likeness.is_copy


def test_empty_draft_is_like_nothing():
    empty = read_listing("", [])
    assert not compare_listings(empty, empty).is_copy
