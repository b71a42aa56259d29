"""The pairs of Vietnamese and English terms that come with the exchange, read as plain files."""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from marketplace.taxonomy.shipped import DATA

TERMS = DATA / "terms"
HEADER = "vi\ten\tnote"
LAYERS = {"general-technology", "general-everyday"}
SEPARATOR = " | "
# The tone of an open oa, oe or uy stands on the first vowel (hóa, khỏe, thủy); after q the u is
# no vowel (quý), and after a closing consonant the rule is another (hoàn).
MISPLACED_TONE = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", re.IGNORECASE)


class Pair(NamedTuple):
    """One line: its file, the forms of both languages and the note."""

    file: str
    vi: tuple[str, ...]
    en: tuple[str, ...]
    note: str


@cache
def pairs() -> tuple[Pair, ...]:
    found = []
    for path in sorted(TERMS.glob("*.tsv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        assert header == HEADER, path.name
        for line in lines:
            cells = line.split("\t")
            assert len(cells) == 3, (path.name, line)
            vi, en = (tuple(cell.split(SEPARATOR)) for cell in cells[:2])
            found.append(Pair(path.stem, vi, en, cells[2]))
    return tuple(found)


def sectors() -> set[str]:
    """Level 2 of the fields of Circular 24/2025."""
    lines = (DATA / "st-fields-2025.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {code for code, parent, *_ in (line.split("\t") for line in lines) if parent}


def test_every_sector_has_its_terms():
    per_file = Counter(pair.file for pair in pairs())

    assert len(sectors()) == 46
    assert set(per_file) == sectors() | LAYERS
    assert {file: count for file, count in per_file.items() if count < 40} == {}


def test_there_are_enough_distinct_pairs():
    assert len({(pair.vi, pair.en) for pair in pairs()}) >= 3000


def test_a_pair_stands_in_one_line_only():
    where = {}
    for pair in pairs():
        forms = {(vi.casefold(), en.casefold()) for vi in pair.vi for en in pair.en}
        assert len(forms) == len(pair.vi) * len(pair.en), pair
        for form in forms:
            assert where.setdefault(form, pair) is pair, (form, pair.file, where[form].file)


def test_the_files_are_composed_and_without_stray_whitespace():
    for path in TERMS.glob("*.tsv"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name
        assert text.endswith("\n"), path.name
    for pair in pairs():
        for text in (*pair.vi, *pair.en):
            assert text, pair
            assert text == " ".join(text.split()), pair
            assert "|" not in text, pair
        assert pair.note == " ".join(pair.note.split()), pair


def test_the_tone_stands_where_the_house_writes_it():
    assert [vi for vi in ("hoá", "khoẻ", "thuỷ", "Hoà") if not MISPLACED_TONE.search(vi)] == []
    assert [vi for vi in ("hóa", "quý", "hoàn", "quỹ") if MISPLACED_TONE.search(vi)] == []
    assert [vi for pair in pairs() for vi in pair.vi if MISPLACED_TONE.search(vi)] == []


def test_an_english_form_is_plain_and_without_its_article():
    for pair in pairs():
        for en in pair.en:
            assert not en.casefold().startswith(("the ", "a ", "an ")), pair
            assert not re.search(r"[àáảãạăâđèẻẽẹêìỉĩịòỏõọôơùủũụưỳỷỹỵ]", en), pair
