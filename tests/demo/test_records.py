"""The demo's records: whole, consistent, and the judged set that goes with them."""

import unicodedata
from collections import Counter

import pytest

from marketplace.demo.judged import JUDGED, lines
from marketplace.demo.records import FOLDER, records

KINDS = ("organizations", "results", "offers", "equipment", "services", "needs", "experts")


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("organizations", 25),
        ("results", 150),
        ("offers", 50),
        ("equipment", 20),
        ("services", 12),
        ("experts", 4),
        ("needs", 35),
    ],
)
def test_records_are_as_many_as_promised(name, least):
    assert sum(1 for _record in records(name)) >= least


def test_results_spread_over_at_least_twelve_fields():
    fields = {code[:3] for record in records("results") for code in record["fields"]}
    assert len(fields) >= 12


def test_every_reference_resolves_and_identifiers_are_unique():
    organizations = {record["key"] for record in records("organizations")}
    results = {record["id"] for record in records("results")}
    identifiers = Counter(r["id"] for name in KINDS[1:] for r in records(name))
    assert max(identifiers.values()) == 1
    for name in KINDS[1:]:
        assert {record["org"] for record in records(name)} - {""} <= organizations
    assert {i for offer in records("offers") for i in offer.get("result_ids") or []} <= results


def test_all_texts_are_in_normal_form():
    for path in FOLDER.glob("*/*.jsonl"):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text), path.name


@pytest.mark.parametrize("name", lines())
def test_judged_set_is_what_the_records_say(name):
    written = (JUDGED / name).read_text(encoding="utf-8").splitlines()
    assert written == lines()[name], "run: python -m marketplace.demo.judged"


def test_judged_set_has_needs_that_nothing_answers():
    rows = [line.split("\t") for line in lines()["qrels.tsv"][1:]]
    answered = {need for need, _result, grade in rows if int(grade) > 0}
    judged = {need for need, _result, _grade in rows}
    assert len(judged - answered) >= 3
    assert len(answered) >= 30
