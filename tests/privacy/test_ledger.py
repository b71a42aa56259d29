"""Every field that holds something about a person stands in the ledger, in both languages."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.options import camel_case_to_spaces
from django.utils import translation

from marketplace.privacy import ledger

#: Names that tell of a person; a field of one of ours that has such a name is listed, as personal or not.
TELLING = re.compile(
    r"(^|_)(email|phone|full_name|contact|people|leader|lead|members?|person|signer|name_key|recipient"
    r"|owner|requester|judge|ip|address|token|holder)(_|$)|^name$"
)
OURS = ("marketplace", "search", "cms", "allauth")


def telling_fields():
    user = get_user_model()
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OURS:
            continue
        for field in model._meta.get_fields():
            if field.auto_created or not field.concrete:
                continue
            if (
                field.related_model is user
                or isinstance(field, models.EmailField)
                or TELLING.search(field.name)
            ):
                yield model._meta.label, field.name


def test_every_field_about_a_person_is_listed():
    missing = sorted(set(telling_fields()) - ledger.listed_fields())
    assert missing == [], (
        "Add these fields to marketplace/privacy/data/personal_data.toml: to the purpose they serve, "
        "or to [others] where they say nothing about a person"
    )


def test_every_listed_field_is_there():
    labels = {model._meta.label: model for model in apps.get_models()}
    gone = []
    for label, name in ledger.listed_fields():
        names = {f.name for f in labels[label]._meta.get_fields()} if label in labels else set()
        if name not in names:
            gone.append((label, name))
    assert gone == []


def test_names_are_words_that_people_know():
    """A model or field without a name of its own has one in marketplace/privacy/data/words.toml."""
    raw = [
        (part.model._meta.label, name, label)
        for part in ledger.all_parts()
        for name, label in [
            ("", part.model_name),
            *((name, part.label(name)) for name in part.fields if name != part.subject),
        ]
        if label in (camel_case_to_spaces(part.model.__name__), name.replace("_", " "))
        and name != "email"
    ]
    assert raw == []


def test_purposes_say_what_why_and_how_long_in_both_languages():
    for purpose in ledger.purposes():
        texts = [purpose.words, purpose.keep, purpose.basis.words]
        assert all(words.vi and words.en and words.vi != words.en for words in texts), purpose.code
        assert purpose.basis.source
        assert purpose.erase in {"delete", "blank", "keep", "leave"}
        if purpose.erase == "delete":
            assert all(part.subject for part in purpose.parts), purpose.code
    with translation.override("en"):
        assert "Until" in str(ledger.purposes()[0].keep)


@pytest.mark.parametrize(("day", "first"), [(date(2025, 1, 1), 2026), (date(2030, 1, 1), 2026)])
def test_terms_are_those_of_the_day(day, first):
    terms = ledger.terms_on(day)
    assert terms.valid_from.year == first
    assert terms.answer_working_days == 2
    assert terms.status == "under_review"
