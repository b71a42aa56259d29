"""Names found by the beginnings of their words: one meaning on every database, an index where there is one."""

import importlib
import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.accounts.models import Organization
from marketplace.core.text import fold
from marketplace.core.words import words_of
from marketplace.research.models import Person
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("Nguyễn Văn Ân", True),
        ("nguyen van an", True),
        ("ÂN NGUYỄN", True),
        ("nguyễn văn ấn", True),  # marks are no difference, as everywhere in search
        ("nguy", True),
        ("an", True),
        ("ng", False),  # no name has this word
        ("guyen", False),
        ("hoang", False),
        ("nguyen an hoang", False),
        ("văn, ân.", True),
        ("%", False),
        ("_", False),
        ("' & ", False),
        ("van' | 'hoang", False),
    ],
)
def test_every_typed_word_begins_a_word_of_the_name(typed, is_found):
    PersonFactory(name="Nguyễn Văn Ân")
    PersonFactory(name="Hoàng Xuân Giang")

    found = Person.objects.named_like(typed).values_list("name", flat=True)

    assert ("Nguyễn Văn Ân" in found) is is_found
    assert len(found) <= 1 or typed == "nguyen an hoang"


def test_nothing_typed_leaves_nobody_out():
    PersonFactory()
    assert Person.objects.named_like("  ").count() == 1


def test_words_beside_signs_are_words():
    names = [
        "Công ty CP Cơ-Điện (CODIEN)",
        "Viện KH&CN/Hà Nội",
        "K'Ho Đồng_Tiến",
        "A.B.C. www.abc.vn",
    ]
    for name in names:
        OrganizationFactory(name=name)

    for typed, place in (
        ("điện", 0), ("codien", 0), ("cn hà", 1), ("kh", 1), ("ho tien", 2), ("b", 3), ("abc", 3),
    ):  # fmt: skip
        assert Organization.objects.named_like(typed).get().name == names[place], typed


#: Letters beside digits and signs of all kinds; no "e" behind a digit, which PostgreSQL reads as a power.
NAMES = st.text("abđơ12 -+./@:&<>_~%='\"()[]{}#?*,;!|\\^$`–’", min_size=1, max_size=40)


@given(NAMES, st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_name_is_found_by_its_own_words_and_not_by_others(name, data):
    person = PersonFactory(name=name, name_key=data.draw(st.uuids()).hex)
    own = words_of(name)
    found = Person.objects.filter(pk=person.pk)

    if own:
        word = data.draw(st.sampled_from(own))
        assert found.filter(name_folded__holds_words=word).exists()
        assert found.filter(name_folded__holds_words=" ".join(own)).exists()
    other = data.draw(st.text("abd12", min_size=1, max_size=4))
    all_words = re.findall(r"[^\W_]+", fold(name))
    begins = (
        any(one.startswith(other) for one in all_words) if len(other) > 2 else other in all_words
    )
    assert found.filter(name_folded__holds_words=other).exists() is begins


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("migration", "rows"),
    [
        ("marketplace.research.migrations.0002_name_words", Person.objects),
        ("marketplace.accounts.migrations.0003_name_words", Organization.objects),
    ],
)
def test_the_index_of_the_migration_answers_the_lookup(migration, rows):
    module = importlib.import_module(migration)
    with connection.cursor() as cursor:
        cursor.execute(module.DROP.replace("CONCURRENTLY", ""))
        cursor.execute(module.INDEX.replace("CONCURRENTLY", ""))
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = rows.filter(name_folded__holds_words="nguyen an").explain()

    assert "name_words" in plan
    assert "Index Cond" in plan
