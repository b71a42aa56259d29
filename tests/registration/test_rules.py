"""Rules are data: complete as shipped, refused where they are wrong, versioned by day."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from marketplace.registration import rules
from marketplace.registration.models import RuleBook
from marketplace.registration.services import load_rule_books

pytestmark = pytest.mark.django_db


def test_every_kind_is_shipped_and_says_what_it_stands_on():
    books = rules.shipped_books()
    assert {book.kind for book in books} == set(RuleBook.Kind.values)
    assert [b.code for b in books if not (b.legal_basis and b.source and b.entries)] == []
    # Whether circular 14/2014 still stands is not confirmed.
    assert {b.status for b in books if "14/2014" in b.legal_basis} <= {
        "under_review",
        "unverified",
        "own",
    }


def test_references_between_the_lists_lead_somewhere():
    items = rules.items()
    forms = {f.code for f in rules.form_fields("form-5")}
    assert [i.code for i in items if i.kind == "files" and not rules.file_rule(i.file_rule)] == []
    assert {i.answer for i in items if i.answer} <= forms
    assert len(items) == 8
    for form in ("form-5", "form-8"):
        steps = {step.code for step in rules.form_steps(form)}
        fields = rules.form_fields(form)
        assert {f.step for f in fields} == steps
        assert {f.answer for f in fields if f.answer} <= forms
    known = {item.code for item in items}
    assert {code for reason in rules.reasons() for code in reason.items} <= known


def test_every_text_is_there_in_english():
    entries = [e for b in rules.shipped_books() for e in (*b.entries, *b.steps)]
    assert [e.code for e in entries if not e.label_en or bool(e.hint_vi) != bool(e.hint_en)] == []
    with translation.override("en"):
        assert rules.items()[1].label == "Full report"


def test_edition_of_a_day_is_the_one_in_force_then():
    load_rule_books()
    newer = RuleBook.objects.get(code="deadlines-2023")
    newer.pk, newer.code, newer.valid_from = None, "deadlines-2027", date(2027, 1, 1)
    newer.entries = [e | ({"amount": 20} if e["code"] == "register" else {}) for e in newer.entries]
    newer.save()
    rules.forget_books()

    assert rules.deadline("register", date(2026, 12, 31)).amount == 30
    assert rules.deadline("register", date(2027, 1, 1)).amount == 20
    # Before the first edition, the first: an old record is not without rules.
    assert rules.book("deadlines", date(2000, 1, 1)).code == "deadlines-2023"


def test_loading_again_changes_nothing_and_leaves_official_editions_alone(tmp_path):
    assert load_rule_books() == len(rules.shipped_books())
    assert load_rule_books() == 0
    own = json.loads((rules.DATA / "return-reasons.json").read_text(encoding="utf-8"))
    own[0]["entries"][0]["label_vi"] = "Thiếu giấy"
    file = tmp_path / "ly-do.json"
    file.write_text(json.dumps(own), encoding="utf-8")

    call_command("load_registration_rules", str(file), verbosity=0)

    assert load_rule_books() == 0
    assert rules.reasons()[0].label_vi == "Thiếu giấy"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"needed": "sometimes"}, "needed=sometimes"),
        ({"needed": "answer"}, "needed=answer"),
        ({"colour": "red"}, "colour"),
        ({"label_vi": None, "number": None, "kind": "tape"}, "kind=tape"),
        ({"code": "minutes"}, "dossier-items-2023"),
    ],
)
def test_wrong_entry_is_named_and_nothing_is_loaded(tmp_path, change, why):
    data = json.loads((rules.DATA / "dossier-items.json").read_text(encoding="utf-8"))
    data[0]["entries"][0] |= change
    file = tmp_path / "items.json"
    file.write_text(json.dumps(data), encoding="utf-8")

    with pytest.raises(CommandError, match=why):
        call_command("load_registration_rules", str(file))

    assert not RuleBook.objects.exists()


@pytest.mark.parametrize("text", ["{", "{}", "[{}]", '[{"code": "x", "kind": "tape"}]', "[1]"])
def test_file_that_is_none_is_refused(tmp_path, text):
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=r"x\.json"):
        call_command("load_registration_rules", str(file))
