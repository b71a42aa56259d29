import pytest
import structlog
from structlog.testing import capture_logs

from marketplace.taxonomy.words import list_version, words_in_use
from search.analysis import abbreviations, exact_terms, fold_terms, lists
from search.analysis.abbreviations import (
    Entry,
    expansions,
    found_by,
    other_forms,
    set_provider,
    trying,
)


def meanings(text: str, **options) -> set[str]:
    exact = exact_terms(text)
    found = expansions(fold_terms(exact), exact=exact, **options)
    return {" ".join(one.exact_terms) for one in found}


@pytest.fixture
def own_words():
    """The list of an application, which the test may change."""
    entries: list[Entry] = []
    set_provider(lambda: list(entries), version=lambda: len(entries))
    yield entries
    set_provider(words_in_use, version=list_version)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ứng dụng CNTT", "công nghệ thông tin"),
        ("ung dung cntt", "công nghệ thông tin"),
        ("KH&CN", "khoa học và công nghệ"),
        ("DN KH&CN", "doanh nghiệp khoa học và công nghệ"),
        ("XLNT làng nghề", "xử lý nước thải"),
        ("xử lý nước thải làng nghề", "xlnt"),
        ("xử lý nước thải làng nghề", "wastewat treatment"),
        ("wastewater treatment", "xử lý nước thải"),
        ("doi moi sang tao", "đmst"),
        ("đổi mới sáng tạo", "đmst"),
        ("sấy xoài", "mango"),
    ],
)
def test_forms_stand_for_each_other(text, meaning):
    assert {fold_term(m) for m in meanings(text)} >= {fold_term(meaning)}


def fold_term(text: str) -> str:
    return " ".join(fold_terms(text.split()))


def test_words_around_choose_the_meaning():
    assert "điều khiển số" in meanings("máy phay CNC")
    assert "công nghệ cao" not in meanings("máy phay CNC")
    assert meanings("nông nghiệp CNC") == {"công nghệ cao"}
    assert meanings("CNC") >= {"điều khiển số", "công nghệ cao"}


@pytest.mark.parametrize(
    ("chosen", "meaning", "other"),
    [
        (["203"], "điều khiển số", "công nghệ cao"),
        (["2"], "điều khiển số", "công nghệ cao"),
        (["20301"], "điều khiển số", "công nghệ cao"),
        (["4"], "công nghệ cao", "điều khiển số"),
        (["5", "505"], "công nghệ cao", "điều khiển số"),
    ],
)
def test_chosen_field_decides_above_all(chosen, meaning, other):
    for text in ("CNC", "nông nghiệp CNC", "máy phay CNC"):
        assert meaning in meanings(text, fields=chosen)
        assert other not in meanings(text, fields=chosen)


def test_field_of_no_meaning_leaves_those_of_every_field(own_words):
    own_words += [
        Entry("CNC", "công nghệ cao", fields=("4",)),
        Entry("CNC", "cầu nối cứng"),
    ]
    assert meanings("CNC", fields=["6"]) == {"cầu nối cứng"}
    assert meanings("CNC", fields=["4"]) == {"công nghệ cao"}
    assert meanings("CNC") == {"công nghệ cao", "cầu nối cứng"}


def test_meanings_say_which_they_are():
    notes = {one.source: one.note for one in other_forms("CNC")}
    assert "cơ khí" in notes["computer numerical control"]
    assert "nông nghiệp" in notes["công nghệ cao"]


def test_syllable_is_an_abbreviation_only_with_a_hint():
    assert meanings("ai là chủ nhiệm") == set()
    assert "trí tuệ nhân tạo" in meanings("mô hình AI nhận dạng")


def test_marks_tell_syllables_apart():
    assert "weld" in meanings("máy hàn")
    assert meanings("hạn nộp") == meanings("hai sàn") == meanings("thuộc tỉnh") == set()
    assert meanings("han") == set()


def test_one_way_is_one_way(own_words):
    own_words.append(Entry("máy sấy", "thiết bị nhiệt", kind="synonym", is_one_way=True))
    assert meanings("máy sấy xoài") == {"thiết bị nhiệt"}
    assert meanings("thiết bị nhiệt") == set()


def test_change_of_the_list_is_seen_after_a_moment(own_words, monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(lists.time, "monotonic", lambda: now[0])
    assert meanings("trạm QTHT") == set()
    own_words.append(Entry("QTHT", "quan trắc hiện trường"))
    assert meanings("trạm QTHT") == set()
    now[0] += lists.FRESH_SECONDS
    assert meanings("trạm QTHT") == {"quan trắc hiện trường"}
    own_words.clear()
    now[0] += lists.FRESH_SECONDS
    assert meanings("trạm QTHT") == set()


def test_list_that_cannot_be_read_leaves_the_one_before(monkeypatch):
    """It is asked for again every second, and the log is told once an outage."""
    now, is_gone = [0.0], [True]
    monkeypatch.setattr(lists.time, "monotonic", lambda: now[0])
    # One that was used before goes on past whoever listens.
    monkeypatch.setattr(lists, "logger", structlog.get_logger())

    def version():
        if is_gone[0]:
            raise OSError("database is gone")
        return now[0]

    def asked_again() -> int:
        now[0] += lists.FRESH_SECONDS
        assert "công nghệ thông tin" in meanings("CNTT")
        return sum(one["event"] == "list not read" for one in log)

    with capture_logs() as log:
        set_provider(lambda: [Entry("CNTT", "công nghệ thông tin")], version=version)
        try:
            assert [asked_again() for _ in range(3)] == [1, 1, 1]
            is_gone[0] = False
            assert asked_again() == 1
            is_gone[0] = True
            assert asked_again() == 2
        finally:
            set_provider(words_in_use, version=list_version)


def test_list_can_be_tried_before_it_is_used():
    with trying([Entry("QTHT", "quan trắc hiện trường")]):
        assert meanings("trạm QTHT") == {"quan trắc hiện trường"}
    assert meanings("trạm QTHT") == set()


@pytest.mark.parametrize(
    ("words", "shown", "sources"),
    [
        ("máy sấy xoài", "Mango dryers", ["dryer", "mango"]),
        ("sấy xoài", "Máy sấy xoài và mango", []),
        ("xử lý nước thải", "Wastewater treatment by reed beds", ["wastewater treatment"]),
        ("xử lý nước thải", "Xử lý nước thải; wastewater treatment", []),
        ("máy phay", "Lò hơi", []),
    ],
)
def test_hit_says_which_form_brought_it(words, shown, sources):
    found = [one.source for one in found_by(words, shown)]
    assert found == sources


def test_forms_of_no_use_are_left_out(own_words):
    own_words += [
        Entry("!!!", "gì đó"),
        Entry("máy sấy", "May Say"),
        Entry("x", " ".join("abcdefghijklmnop")),
    ]
    assert meanings("!!! máy sấy x") == set()


def test_many_expansions_are_bounded(own_words):
    own_words += [Entry("xoài", f"quả thứ {n}", kind="synonym") for n in range(500)]
    assert len(expansions(["xoai"] * 50, exact=["xoài"] * 50)) == abbreviations._MOST_EXPANSIONS
