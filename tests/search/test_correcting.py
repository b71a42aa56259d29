"""What somebody meant whose words the index does not know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.keystrokes import typed_word
from search.correcting import correction
from search.documents import Document


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("xoaif", "xoài"), ("xoafi", "xoài"), ("saays", "sấy"), ("mays", "máy"),
        ("nuwowcs", "nước"), ("nuowcs", "nước"), ("ddieenj", "điện"), ("khoong", "không"),
        ("vieetj", "việt"), ("viete", "viêt"), ("quaf", "quà"), ("gioongs", "giống"),
        ("xoai2", "xoài"), ("co6ng", "công"), ("cong6", "công"), ("nghe65", "nghệ"),
        ("nuoc71", "nước"), ("nu7o7c1", "nước"), ("d9ie65n", "điện"), ("thu3y", "thủy"),
        ("XOAIF", "xoài"),
    ],
)  # fmt: skip
def test_keys_of_telex_and_vni(keys, word):
    assert typed_word(keys) == word


@pytest.mark.parametrize(
    "keys", ["machine", "pump", "xoai", "2019", "h2o", "a", "", "x1y2z3", "kq015440", "nghe6n6"]
)
def test_keys_of_no_word(keys):
    assert typed_word(keys) == ""


@given(st.text(max_size=20))
def test_any_keys(keys):
    typed_word(keys)


@pytest.fixture
def corrected(engine):
    titles = [
        "Máy sấy xoài bằng bơm nhiệt", "Công nghệ xử lý nước thải dệt nhuộm", "Sấy trái cây",
        "Trại chăn nuôi gà", "Chai thủy tinh", "Đo áp suất không khí", "Machine vision for fruit",
        "Biogas từ bã sắn", "Khuôn cho máy ép",
    ]  # fmt: skip
    engine.rebuild(
        Document(kind="result", key=str(place), title=title, text="")
        for place, title in enumerate(titles)
    )
    return lambda text: correction(text, engine=engine)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("xoaif", "xoài"),
        ("mays saays xoaif", "máy sấy xoài"),
        ("co6ng nghe65", "công nghệ"),
        ('trl:>=7 xoaif -than "sấy"', 'trl:>=7 xoài -than "sấy"'),
    ],
)
def test_keys_are_read_as_what_they_mean(corrected, typed, meant):
    found = corrected(typed)
    assert (found.text, found.is_certain) == (meant, True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("máy sấy xoìa", "máy sấy xoài"),
        ("may say xoia", "may say xoai"),
        ("nuoc thai det nhuomm", "nuoc thai det nhuom"),
        ("áp suấtt", "áp suất"),
        ("machne vision", "machine vision"),
        ("biogass", "biogas"),
        ("maysay", "may say"),
        ("sấy chái cây", "sấy trái cây"),
    ],
)
def test_slips_are_asked_about(corrected, typed, meant):
    found = corrected(typed)
    assert (found.text, found.is_certain) == (meant, False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # Two in one long word: a letter left out and one too many, two swaps, two wrong.
        ("bogass", "biogas"),
        ("mahcnie vision", "machine vision"),
        ("machime visiom", "machine vision"),
        ("khuoonn", "khuon"),
        ("công nghệ nhuommm", "công nghệ nhuộm"),
        ("xử lý nước thảiii dệt", "xử lý nước thải dệt"),
        # One in each of two words, each of which makes the other likely.
        ("máy sấyy xoìa", "máy sấy xoài"),
        ("thuyr tnih", "thủy tinh"),
        ("det nhoum nuoc thia", "det nhuom nuoc thai"),
        ("biogass tu ba sann", "biogas tu ba san"),
    ],
)
def test_two_slips(corrected, typed, meant):
    found = corrected(typed)
    assert (found.text, found.is_certain) == (meant, False)


def test_two_doubtful_words_are_chosen_together(engine):
    """By itself each would be the commoner word."""
    titles = ["Bia hơi", *["Bít tất"] * 3, *["Hoa hồng"] * 3]
    engine.rebuild(
        Document(kind="result", key=str(place), title=title, text="")
        for place, title in enumerate(titles)
    )
    assert correction("bic hoj", engine=engine).text == "bia hoi"


def test_two_slips_leave_words_that_exist(corrected):
    """ "vision" and "may" are in the index, however near "fusion" or "machine" may be."""
    found = corrected("vision mahcnie")
    assert found.text == "vision machine"
    assert corrected("vision fruit may") is None


@pytest.mark.parametrize("typed", ["xoiaaa", "zzgas", "snab", "macrame"])
def test_short_words_and_strange_ones_are_left(corrected, typed):
    """Two slips in a short word leave nothing of it, and the first letter stays."""
    assert corrected(typed) is None


class TestNearTerms:
    def test_two_letters_away_with_their_documents(self, engine):
        engine.rebuild(
            Document(kind="result", key=str(n), title=title, text="")
            for n, title in enumerate(["Biogas", "biogas", "Biogaz", "bioreactor", "Diogas", "Bio"])
        )
        assert engine.near_terms(["biogsa"]) == {"bioga": 2, "biogaz": 1}
        assert engine.near_terms(["bioga", "biogz"]) == {"bioga": 2, "biogaz": 1, "bio": 1}

    @pytest.mark.parametrize("term", ["", "x", "a b", "\x00", "*", "x" * 300, "sấy"])
    def test_whatever_is_asked(self, corrected, engine, term):
        assert isinstance(engine.near_terms([term]), dict)


@pytest.mark.parametrize(
    "typed",
    [
        "máy sấy xoài",
        "xu ly nuoc thai",
        "2019-02-566/KQNC",
        "KQ015440",
        "1-2019-04512",
        "xzqwvk",
        "",
        '""',
        "trl:7",
        "a" * 100,
        "một hai ba " * 50,
    ],
)
def test_what_is_known_or_hopeless_stays(corrected, typed):
    assert corrected(typed) is None


@given(text=st.text(alphabet=st.sampled_from('aăxoifsjw126 -"|:()ORtrl\u0301'), max_size=40))
def test_anything_may_be_corrected(text):
    class Nothing:
        def term_statistics(self, terms):
            from search.queries import TermStatistics

            return TermStatistics(1, 1.0, dict.fromkeys(terms, 0))

        def near_terms(self, terms):
            return {}

    assert correction(text, engine=Nothing()) is None
