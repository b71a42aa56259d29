from hypothesis import given
from hypothesis import strategies as st

from search.analysis import highlight
from search.analysis.highlighting import _Wanted
from search.analysis.tokens import tokens_in

#: Every way a word may begin, end and be written.
WORDS = [
    "sấy", "SẤY", "say", "Đo", "đo", "do", "ðo", "ở", "ôxy", "ưu", "ướt", "ỷ", "yếu", "hoá", "hóa",
    "drying", "dried", "Dryers", "tests", "tied", "tying", "R&D", "KH&CN", "d", "&", "1.200", "7,5", "5",
    "45", "H2O", "pH", "m³", "CO₂", "é", "Über", "ß", "İ", "the",
]  # fmt: skip

TEXT = (
    "Thay xông lưu huỳnh bằng chần nhanh. Hệ sấy lạnh năm tầng cho xoài cát. "
    "Không dùng hoá chất giữ màu; đã thử ở Tiền Giang."
)


def marked(query: str, **options) -> list[str]:
    return [fragment for fragment, is_match in highlight(TEXT, query, **options) if is_match]


def test_pieces_are_the_whole_text_again():
    pieces = highlight(TEXT, "sấy xoài")
    assert "".join(piece for piece, _ in pieces) == TEXT.replace("hoá", "hóa")


def test_neighbours_are_one_piece():
    assert marked("lưu huỳnh") == ["lưu huỳnh"]


def test_unmarked_query_finds_marked_words():
    assert marked("luu huynh") == ["lưu huỳnh"]


def test_marked_query_does_not_find_other_words():
    assert marked("lưu hoá") == ["lưu", "hóa"]
    assert marked("sậy") == []


def test_tone_placement_does_not_matter():
    assert marked("hóa chất") == ["hóa chất"]


def test_function_words_alone_are_not_marked():
    assert marked("sấy bằng gì") == ["sấy"]


def test_words_that_only_look_like_grammar_are_marked():
    text = "Máy đo độ ẩm lá chè là máy cầm tay."
    pieces = highlight(text, "máy đo ẩm lá")
    assert [piece for piece, hit in pieces if hit] == ["Máy đo", "ẩm lá", "máy"]
    bare = highlight(text, "may do am")
    assert "Máy" in [piece for piece, hit in bare if hit][0]


def test_english_words_by_stem():
    pieces = highlight("The dryers were tested in two plants.", "dryer testing")
    assert [piece for piece, is_match in pieces if is_match] == ["dryers", "tested"]


def test_passage_is_the_sentence_that_says_most():
    pieces = highlight(TEXT, "sấy xoài", limit=60)
    text = "".join(piece for piece, _ in pieces)
    assert "sấy lạnh năm tầng" in text
    assert text.startswith("…")
    assert text.endswith("…")


def test_passage_without_a_match_is_the_beginning():
    pieces = highlight(TEXT, "điện", limit=40)
    assert pieces[0][0].startswith("Thay xông")


def test_lines_of_a_passage_stand_one_after_another():
    text = "Nhiệt độ sấy: 45 °C\nTiêu hao điện: 0,8 kWh\n\nsấy xoài"
    pieces = highlight(text, "sấy", limit=200)
    assert "".join(piece for piece, _ in pieces) == (
        "Nhiệt độ sấy: 45 °C · Tiêu hao điện: 0,8 kWh · sấy xoài"
    )


def test_empty_texts():
    assert highlight("", "sấy") == []
    assert highlight(TEXT, "") == [(TEXT.replace("hoá", "hóa"), False)]


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=30),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from([" ", ", ", ". ", "\n", " - "]),
)
def test_looking_at_fewer_tokens_finds_the_same(text, query, between):
    written, wanted = between.join(text), _Wanted(" ".join(query))

    assert tokens_in(written, wanted, wanted.pattern) == tokens_in(written, wanted)
