import re
import unicodedata
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from marketplace.core.templatetags.design import money, money_range
from marketplace.core.text import fold, new_public_id, nfc, slugify

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    "ĐÂỨ 0123456789-–_.,/()&’"
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Sấy lạnh xoài ở 45 °C", "say-lanh-xoai-o-45-c"),
        ("Đường đi của nước thải", "duong-di-cua-nuoc-thai"),
        ("ĐÈN LED", "den-led"),
        ("KH&CN", "kh-cn"),
        ("  --  ", "x"),
        ("", "x"),
        ("日本", "x"),
        ("a" * 100, "a" * 80),
    ],
)
def test_slugify_of(text, slug):
    assert slugify(text) == slug


@given(VIETNAMESE | st.text())
@example("Đ̀")
def test_slug_is_an_address_part_whatever_the_text(text):
    slug = slugify(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80
    assert slugify(slug) == slug


@given(VIETNAMESE)
def test_slug_and_folding_do_not_depend_on_how_marks_are_stored(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert slugify(text) == slugify(decomposed)
    assert fold(text) == fold(decomposed)
    assert nfc(text) == nfc(decomposed)


@given(VIETNAMESE)
def test_folded_vietnamese_is_ascii_and_stays(text):
    folded = fold(text.replace("–", "-").replace("’", "'"))
    assert folded.isascii()
    assert fold(folded) == folded
    assert fold(folded.upper()) == folded


@given(st.lists(VIETNAMESE, min_size=1), st.integers(5, 60))
def test_long_slug_is_cut_at_a_word(words, limit):
    whole, cut = slugify(" ".join(words), limit=10**6), slugify(" ".join(words), limit=limit)
    assert len(cut) <= limit
    assert whole.startswith(cut)
    first = whole.split("-")[0]
    assert len(first) > limit or whole == cut or whole[len(cut)] == "-"


def test_public_ids_differ_and_are_easy_to_read_out():
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert not set("".join(ids)) & set("aeiouyl10")


UNITS = {"tỷ đồng": 10**9, "triệu đồng": 10**6, "đồng": 1}


@given(st.integers(-(10**15), 10**15))
def test_money_is_never_rounded(dong):
    with override("vi"):
        amount, unit = re.fullmatch(r"(\S+) (.+)", money(dong)).groups()
    assert Decimal(amount.replace(".", "").replace(",", ".")) * UNITS[unit] == dong


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, None, ""),
        (0, 0, "0 đồng"),
        (1_200_000_000, 1_800_000_000, "1,2–1,8 tỷ đồng"),
        (800_000_000, 1_200_000_000, "0,8–1,2 tỷ đồng"),
        (800_000_000, None, "từ 800 triệu đồng"),
        (None, 60_000, "đến 60.000 đồng"),
        (60_000, 60_000, "60.000 đồng"),
    ],
)
def test_money_range_of(low, high, text):
    with override("vi"):
        assert money_range(low, high) == text
