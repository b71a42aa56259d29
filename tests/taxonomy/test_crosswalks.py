"""Crosswalks between editions: what has one answer is translated, what has none or two waits."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.taxonomy.crosswalks import (
    SHIPPED,
    CrosswalkData,
    Pair,
    load_crosswalk,
    read_pairs,
    read_tables,
)
from marketplace.taxonomy.models import Crosswalk, CrosswalkTable, UnresolvedCode, Vocabulary
from marketplace.taxonomy.places import place_names
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import (
    TermData,
    VocabularyData,
    VocabularyFileError,
    load_shipped,
    read_terms,
    shipped_vocabularies,
)
from marketplace.taxonomy.translating import (
    NoSuchCode,
    decide_code,
    forget_translations,
    leave_code_empty,
    queue_unresolved,
    reopen_code,
    translate_code,
)
from tests.factories.accounts import UserFactory

NEEDED = ("provinces", "st-fields")


@pytest.fixture
def loaded(db):
    """The vocabularies of two schemes and the tables between them, as shipped."""
    for data in shipped_vocabularies():
        if data.scheme in NEEDED and data.path:
            load_vocabulary(data, terms=read_terms(data.path), shipped=True)
    for table in read_tables(SHIPPED):
        load_crosswalk(table, pairs=read_pairs(table.path), shipped=True)
    forget_translations()


def province(value, vocabulary="provinces"):
    return translate_code(vocabulary, value, to="provinces-2025")


# --- the merger of 2025 ---------------------------------------------------------------------------

MERGED = {
    "08": "02 08", "15": "10 15", "19": "06 19", "24": "24 27", "25": "17 25 26", "31": "30 31",
    "33": "33 34", "37": "35 36 37", "44": "44 45", "48": "48 49", "51": "51 62", "52": "52 64",
    "56": "56 58", "66": "54 66", "68": "60 67 68", "75": "70 75", "79": "74 77 79", "80": "72 80",
    "82": "82 87", "86": "83 84 86", "91": "89 91", "92": "92 93 94", "96": "95 96",
}  # fmt: skip
ALONE = "01 04 11 12 14 20 22 38 40 42 46"


def test_shipped_table_is_the_merger_of_63_into_34():
    """Against a second writing of the list: 11 provinces stay, 52 become 23."""
    data = next(one for one in read_tables(SHIPPED) if one.code == "provinces-63-to-2025")
    into: dict[str, set[str]] = {}
    for pair in read_pairs(data.path):
        into.setdefault(pair.to_code, set()).add(pair.from_code)

    assert into == {new: set(old.split()) for new, old in MERGED.items()} | {
        code: {code} for code in ALONE.split()
    }
    assert set(into) == {term.code for term in load_shipped("provinces-2025")}
    assert {c for codes in into.values() for c in codes} == {
        term.code for term in load_shipped("provinces-63")
    }


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("Hải Dương", "31"),
        ("tỉnh Hải Dương (cũ)", "31"),
        ("HAI DUONG", "31"),
        ("TP. Hải Phòng", "31"),
        ("Hải Phòng", "31"),
        ("Thừa Thiên - Huế", "46"),
        ("Sài Gòn", "79"),
        ("TP HCM", "79"),
        ("Thành phố Hồ Chí Minh", "79"),
        ("Bà Rịa-Vũng Tàu", "79"),
        ("Đắc Lắc", "66"),
        ("Hà Tây", "01"),
        ("Bắc Thái", "19"),
        ("30", "31"),
        ("2", "08"),
        ("30 - Hải Dương", "31"),
    ],
)
def test_names_and_codes_of_before_are_understood(loaded, value, code):
    found = province(value)

    assert (found.outcome, found.code) == ("exact", code)
    assert found.value == value


def test_code_that_meant_two_places_is_exact_where_both_lead_to_one(loaded):
    """15 was Yên Bái and is Lào Cai, which Yên Bái has joined."""
    assert province("15").code == "15"
    assert all(province(term.code).outcome == "exact" for term in load_shipped("provinces-63"))


@pytest.mark.parametrize(
    ("value", "candidates"),
    [("Hải Hưng", ("31", "33")), ("Sông Bé", ("75", "79")), ("Nghệ Tĩnh", ("40", "42"))],
)
def test_province_that_was_divided_is_ambiguous(loaded, value, candidates):
    found = province(value)

    assert (found.outcome, found.code, found.candidates) == ("ambiguous", "", candidates)
    assert found.can_wait


@pytest.mark.parametrize("value", ["Atlantis", "03", "99", "", "  ", "x" * 500])
def test_what_no_table_knows_is_unknown(loaded, value):
    found = province(value)

    assert (found.outcome, found.code, found.candidates) == ("unknown", "", ())


def test_without_tables_everything_is_unknown(db):
    forget_translations()

    assert province("Hải Dương").outcome == "unknown"
    assert not province("Hải Dương").can_wait


# --- fields and industries ------------------------------------------------------------------------


def test_levels_at_hand_are_translated_and_deeper_ones_are_not_guessed(loaded):
    assert translate_code("st-fields", "1.2", to="st-fields-2025").code == "102"
    deep = translate_code("st-fields-2008", "40107", to="st-fields-2025")

    assert (deep.outcome, deep.code, deep.above) == ("unknown", "", "401")
    assert not deep.can_wait  # nobody can answer before the table is there
    assert queue_unresolved([deep]) == 0


def industries(status="official"):
    old = VocabularyData("nganh-2018", "nganh", "Ngành 2018", "", "official", edition="2018")
    new = VocabularyData("nganh-2025", "nganh", "Ngành 2025", "", status, edition="2025")
    load_vocabulary(old, terms=[TermData(c, c) for c in "JKL"], shipped=False)
    load_vocabulary(new, terms=[TermData(c, c) for c in "JKLM"], shipped=False)


def test_section_that_was_split_waits_and_a_letter_without_its_edition_too(tmp_path, db):
    industries()
    file = tmp_path / "vsic.tsv"
    file.write_text(
        "from\tto\trelation\n# J was split\nJ\tJ\tnarrower\nJ\tK\tnarrower\nK\tL\t\nL\tM\texact\n",
        encoding="utf-8",
    )
    out = StringIO()
    call_command(
        "load_crosswalk", str(file), "--from=nganh-2018", "--to=nganh-2025", "--status=official",
        stdout=out,
    )  # fmt: skip
    forget_translations()

    assert "thêm 4" in out.getvalue()
    assert translate_code("nganh-2018", "J", to="nganh-2025").candidates == ("J", "K")
    assert translate_code("nganh-2018", "K", to="nganh-2025").code == "L"
    # K alone may be insurance of 2018 or telecommunication of 2025.
    assert translate_code("nganh", "K", to="nganh-2025").candidates == ("K", "L")
    assert translate_code("nganh", "M", to="nganh-2025").code == "M"


def test_one_narrower_code_is_not_the_whole(db):
    industries()
    table = CrosswalkData("a", "nganh-2018", "nganh-2025", "A")
    load_crosswalk(table, pairs=[Pair(1, "J", "K", "narrower")], shipped=False)
    forget_translations()

    assert translate_code("nganh-2018", "J", to="nganh-2025").outcome == "ambiguous"


# --- loading --------------------------------------------------------------------------------------


def test_loading_again_changes_nothing_and_a_new_file_replaces_the_pairs(db):
    industries()
    table = CrosswalkData("a", "nganh-2018", "nganh-2025", "A", source="Tệp")
    first = load_crosswalk(
        table, pairs=[Pair(1, "J", "J", "exact"), Pair(2, "K", "L", "exact")], shipped=False
    )
    again = load_crosswalk(
        table, pairs=[Pair(1, "J", "J", "broader"), Pair(2, "L", "M", "exact")], shipped=False
    )
    same = load_crosswalk(
        table, pairs=[Pair(1, "J", "J", "broader"), Pair(2, "L", "M", "exact")], shipped=False
    )

    assert (first.added, again.added, again.updated, again.removed) == (2, 1, 1, 1)
    assert (same.added, same.updated, same.removed, same.unchanged) == (0, 0, 0, 2)
    assert set(Crosswalk.objects.values_list("from_term__code", "relation", "source")) == {
        ("J", "broader", "Tệp"),
        ("L", "exact", "Tệp"),
    }


def test_upgrade_leaves_an_official_table_alone(db):
    industries()
    official = CrosswalkData("a", "nganh-2018", "nganh-2025", "A", status="official")
    load_crosswalk(official, pairs=[Pair(1, "K", "L", "exact")], shipped=False)

    load_crosswalk(official, pairs=[Pair(1, "K", "K", "exact")], shipped=True)

    assert Crosswalk.objects.get().to_term.code == "L"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("from\tto\nJ\tZ\n", "mã “Z” không có trong nganh-2025"),
        ("from\tto\nZ\tJ\n", "mã “Z” không có trong nganh-2018"),
        ("from\tto\nJ\t\n", "thiếu mã"),
        ("from\tto\trelation\nJ\tK\tnhư nhau\n", "không có quan hệ"),
        ("from\tto\nJ\tK\nJ\tK\n", "đã có ở dòng 2"),
        ("from\tto\nJ\tK\tnhiều\tquá\n", "có 4 cột"),
        ("cu\tmoi\nJ\tK\n", "dòng đầu phải có"),
        ("", "tệp trống"),
    ],
)
def test_file_with_a_fault_loads_nothing_and_says_where(tmp_path, db, text, reason):
    industries()
    file = tmp_path / "a.tsv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=reason):
        call_command("load_crosswalk", str(file), "--from=nganh-2018", "--to=nganh-2025")

    assert not Crosswalk.objects.exists()
    assert not CrosswalkTable.objects.exists()


def test_file_in_another_encoding_and_a_vocabulary_that_is_not_there(tmp_path, db):
    file = tmp_path / "a.tsv"
    file.write_bytes("from\tto\nJ\tK\tệ".encode("utf-16"))
    with pytest.raises(CommandError, match="không phải UTF-8"):
        call_command("load_crosswalk", str(file), "--from=nganh-2018", "--to=nganh-2025")
    file.write_text("from\tto\nJ\tK\n", encoding="utf-8")
    with pytest.raises(CommandError, match="chưa nạp"):
        call_command("load_crosswalk", str(file), "--from=nganh-2018", "--to=nganh-2025")
    with pytest.raises(CommandError, match="--from"):
        call_command("load_crosswalk", str(file))


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"code": "a"}]', "không", '[{"code":"a","from":"b","to":"c","file":"d","label_vi":"e","status":"mới"}]'])  # fmt: skip
def test_broken_manifest_is_refused(tmp_path, text):
    file = tmp_path / "a.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(VocabularyFileError):
        read_tables(file)


def test_vocabularies_and_tables_come_together(db):
    call_command("load_vocabularies", stdout=StringIO())

    tables = CrosswalkTable.objects.order_by("code")
    assert [table.pairs.count() for table in tables] == [63, 31, 52]
    assert Vocabulary.objects.get(code="provinces-63").terms.count() == 63


def test_places_of_titles_keep_the_name_of_their_day():
    names = place_names()

    assert names["hải dương"] != names["hải phòng"]
    assert names["đắc lắc"] == names["dak lak"] == names["đắk lắk"]
    assert "huế" not in names  # one syllable says too little


# --- what waits for a person ----------------------------------------------------------------------


@pytest.fixture
def waiting(loaded):
    queue_unresolved([province("Hải Hưng"), province("HẢI HƯNG"), province("Hải Dương")])
    return UnresolvedCode.objects.get()


def test_queue_keeps_a_value_once_with_how_often_it_was_met(waiting):
    assert (waiting.value, waiting.times_seen, waiting.candidates) == ("Hải Hưng", 2, ["31", "33"])

    assert queue_unresolved([province("Tỉnh Hải Hưng"), province("Atlantis")]) == 1

    waiting.refresh_from_db()
    assert waiting.times_seen == 3
    assert UnresolvedCode.objects.get(value="Atlantis").outcome == "unknown"


def test_decision_answers_for_every_spelling_from_then_on(
    waiting, django_capture_on_commit_callbacks
):
    person = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        decide_code(waiting, code="33", by=person, note="Theo hồ sơ")

    found = province("tỉnh HẢI HƯNG")
    assert (found.outcome, found.code, found.is_decision) == ("exact", "33", True)
    assert (waiting.state, waiting.decided_by, waiting.note) == ("resolved", person, "Theo hồ sơ")
    line = AuditEntry.objects.get(action="unresolved_code.resolved")
    assert line.data == {"to": "provinces-2025", "code": "33"}


def test_decision_names_a_code_that_exists(waiting):
    with pytest.raises(NoSuchCode):
        decide_code(waiting, code="99", by=UserFactory())

    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_second_decision_is_refused_and_taking_it_back_lets_it_wait_again(
    waiting, django_capture_on_commit_callbacks
):
    first, second = UserFactory(), UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        leave_code_empty(waiting, by=first)
    assert province("Hải Hưng").outcome == "ambiguous"
    with pytest.raises(InvalidTransition):
        decide_code(UnresolvedCode.objects.get(), code="33", by=second)

    with django_capture_on_commit_callbacks(execute=True):
        reopen_code(waiting, by=second)

    assert (waiting.state, waiting.decided_by) == ("waiting", None)
    with pytest.raises(InvalidTransition):
        reopen_code(waiting, by=second)


def test_translating_again_asks_no_database(loaded, django_assert_num_queries):
    province("Hải Dương")

    with django_assert_num_queries(0):
        for value in ("Hải Dương", "Sông Bé", "Atlantis", "30"):
            province(value)
