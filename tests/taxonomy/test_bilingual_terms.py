"""The bilingual vocabulary as rows: loaded once, staff's changes kept, read by the next query."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from marketplace.taxonomy.models import TermPair, WordList
from marketplace.taxonomy.term_pairs import (
    TermLine,
    entries_in_use,
    load_term_pairs,
    save_term_pair,
    shipped_entries,
)
from search.analysis import exact_terms, fold_terms
from search.analysis.translations import translations

DRYER = TermLine("máy sấy", "dryer | drier", "203")
KILN = TermLine("lò nung", "kiln", "205")


def translated(text: str) -> set[str]:
    exact = exact_terms(text, "vi")
    found = translations(fold_terms(exact), exact=exact, language="vi")
    return {way.text for one in found for way in one.ways}


def versions() -> list[int]:
    return list(WordList.objects.values_list("version", flat=True))


def test_shipped_files_serve_until_rows_are_loaded(db, django_capture_on_commit_callbacks):
    assert entries_in_use() is shipped_entries()
    with django_capture_on_commit_callbacks(execute=True):
        load_term_pairs([DRYER])
    (entry,) = entries_in_use()
    assert (entry.vietnamese, entry.english, entry.sector) == (
        ("máy sấy",),
        ("dryer", "drier"),
        "203",
    )


def test_loading_again_changes_nothing(db):
    load_term_pairs([DRYER, KILN])
    before = versions()
    assert load_term_pairs([DRYER, KILN]).unchanged == 2
    assert versions() == before


def test_upgrade_leaves_alone_what_staff_changed(db, admin_user):
    load_term_pairs([DRYER, KILN])
    row = TermPair.objects.get(vietnamese="máy sấy")
    row.english = "drying machine"
    save_term_pair(row, by=admin_user)

    loaded = load_term_pairs([DRYER, replace(KILN, note="gốm")])

    assert (loaded.added, loaded.updated, loaded.closed) == (0, 1, 0)
    assert set(TermPair.objects.values_list("english", "note")) == {
        ("drying machine", ""),
        ("kiln", "gốm"),
    }


def test_line_that_left_its_file_is_closed_and_comes_back(db):
    load_term_pairs([DRYER, KILN])
    assert load_term_pairs([DRYER]).closed == 1
    assert [entry.english for entry in entries_in_use()] == [("dryer", "drier")]
    assert load_term_pairs([DRYER, KILN]).updated == 1
    assert len(entries_in_use()) == 2


def test_pair_that_staff_wrote_first_is_not_written_twice(db, admin_user):
    save_term_pair(TermPair(vietnamese="lò nung", english="kiln"), by=admin_user)
    assert load_term_pairs([KILN]).added == 0
    assert TermPair.objects.count() == 1


def test_change_counts_in_the_next_query(admin_user, django_capture_on_commit_callbacks):
    assert translated("buồng lên men ủ chua") != {"souring chamber"}
    with django_capture_on_commit_callbacks(execute=True):
        load_term_pairs([TermLine("buồng lên men ủ chua", "souring chamber")])
    assert translated("buồng lên men ủ chua") == {"souring chamber"}


@pytest.mark.parametrize("values", [{"vietnamese": " | "}, {"english": ""}])
def test_pair_without_a_language_is_refused(db, admin_user, values):
    pair = TermPair(**{"vietnamese": "lò nung", "english": "kiln"} | values)
    with pytest.raises(ValidationError):
        save_term_pair(pair, by=admin_user)
    assert not TermPair.objects.exists()
