"""Words of the search as rows: kept by staff, seen by every process, logged."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from marketplace.core.audit import seal_batch
from marketplace.core.audit.checking import first_broken_seal
from marketplace.core.models import AuditEntry
from marketplace.taxonomy.models import Word, WordList
from marketplace.taxonomy.words import load_words, save_word, words_in_use
from search.analysis import abbreviations, exact_terms, fold_terms
from search.analysis.abbreviations import Entry, expansions, shipped
from search.documents import Document
from search.queries import Query
from search.searching import find


def meanings(text: str) -> set[str]:
    exact = exact_terms(text)
    return {one.source for one in expansions(fold_terms(exact), exact=exact)}


def word(**values) -> Word:
    return Word(
        **{"kind": "abbreviation", "short": "QTHT", "long": "quan trắc hiện trường"} | values
    )


def test_shipped_words_serve_until_rows_are_loaded(db):
    assert words_in_use() == shipped()
    load_words(shipped())
    assert {one.long for one in words_in_use()} == {one.long for one in shipped()}
    assert Word.objects.count() == len(shipped())


def test_command_loads_them_once(db, capsys):
    call_command("load_vocabularies")
    versions = dict(WordList.objects.values_list("pk", "version"))
    call_command("load_vocabularies")
    again = capsys.readouterr().out
    assert "từ tìm kiếm: thêm 0, sửa 0, thôi dùng 0" in again
    assert "thuật ngữ Việt – Anh: thêm 0, sửa 0, thôi dùng 0, giữ nguyên 6" in again
    assert dict(WordList.objects.values_list("pk", "version")) == versions


def test_upgrade_leaves_alone_what_staff_changed(db, admin_user):
    load_words(
        [Entry("CNTT", "công nghệ thông tin"), Entry("CNC", "công nghệ cao"), Entry("A1", "b c")]
    )
    changed = Word.objects.get(short="CNTT")
    changed.status = Word.Status.OFF
    save_word(changed, by=admin_user)
    loaded = load_words(
        [Entry("CNTT", "công nghệ thông tin"), Entry("CNC", "công nghệ cao", note="mới")]
    )
    assert (loaded.added, loaded.updated, loaded.closed) == (0, 1, 1)
    assert set(Word.objects.in_use().values_list("short", "note")) == {("CNC", "mới")}


def test_change_counts_at_once_where_it_is_made(admin_user, django_capture_on_commit_callbacks):
    assert meanings("trạm QTHT") == set()
    with django_capture_on_commit_callbacks(execute=True):
        save_word(word(), by=admin_user)
    assert meanings("trạm QTHT") == {"quan trắc hiện trường"}


@pytest.mark.kill
def test_change_counts_in_another_process_within_seconds(other_process):
    """Processes share a cache, as they do in the product, and here the test's own is another."""
    reader = other_process(
        """
        import time
        from search.analysis import exact_terms, fold_terms
        from search.analysis.abbreviations import expansions
        def is_known():
            exact = exact_terms("trạm QTHT")
            return bool(expansions(fold_terms(exact), exact=exact))
        assert not is_known()
        print("ready", flush=True)
        changed = float(input())
        while not is_known():
            assert time.time() - changed < 5, "not seen"
            time.sleep(0.05)
        """
    )
    reader.wait_for("ready")
    other_process(
        """
        from marketplace.taxonomy.models import Word
        from marketplace.taxonomy.words import save_word
        save_word(Word(kind="abbreviation", short="QTHT", long="quan trắc hiện trường"), by="test")
        """
    ).finish()
    reader.say(str(time.time()))
    reader.finish()


def test_change_is_in_the_audit_chain(db, admin_user):
    added = save_word(word(), by=admin_user)
    added.note = "môi trường"
    save_word(added, by=admin_user)
    seal_batch()
    assert first_broken_seal() is None
    first, second = AuditEntry.objects.filter(subject=f"word:{added.pk}").order_by("pk")
    assert (first.action, first.data["before"]) == ("word.added", {})
    assert (second.action, second.data["before"]["note"], second.data["after"]["note"]) == (
        "word.changed", "", "môi trường"
    )  # fmt: skip


@pytest.mark.parametrize("values", [{"short": "  "}, {"long": ""}, {"kind": "other"}])
def test_word_without_a_form_or_a_kind_is_refused(db, admin_user, values):
    with pytest.raises(ValidationError):
        save_word(word(**values), by=admin_user)
    assert not Word.objects.exists()


def test_same_pair_is_refused(db, admin_user):
    save_word(word(), by=admin_user)
    with pytest.raises(ValidationError, match="đã có"):
        save_word(word(short=" QTHT "), by=admin_user)


def test_vietnamese_query_finds_an_english_record_and_says_why(db, search_engine):
    with search_engine.writer() as writer:
        writer.add(Document("result", "a", "Freeze drying of mango slices", "A pilot line.", "en"))
        writer.add(Document("result", "b", "Lò hơi tầng sôi", "Nồi hơi đốt trấu.", "vi"))
    results = find(Query("sấy thăng hoa xoài"))
    assert [hit.key for hit in results.hits] == ["a"]
    assert not results.relaxed
    hit = results.hits[0]
    found = abbreviations.found_by("sấy thăng hoa xoài", f"{hit.title}\n{hit.text}")
    assert {one.source for one in found} == {"freeze drying", "mango"}


def test_meaning_of_the_chosen_field_alone_is_searched(db, search_engine):
    facets = {"field": ("2", "203", "4")}
    with search_engine.writer() as writer:
        writer.add(Document("offer", "a", "Máy phay điều khiển số", "", "vi", facets=facets))
        writer.add(Document("offer", "b", "Trồng rau công nghệ cao", "", "vi", facets=facets))
    assert {hit.key for hit in find(Query("CNC")).hits} == {"a", "b"}
    assert [hit.key for hit in find(Query("CNC", filters={"field": ("203",)})).hits] == ["a"]
    assert [hit.key for hit in find(Query("CNC", filters={"field": ("4",)})).hits] == ["b"]
