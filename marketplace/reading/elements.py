"""Splits a text into the five elements of a technology: material, method, efficacy, product,
application (after the demand models in peers' literature), by vocabulary and by cue phrases.

A first, plain reading: what the vocabulary knows is named with its spellings in both languages;
what follows a cue ("máy …", "từ …", "giảm …") is taken as it stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from marketplace.reading.folding import fold_in_place


class ElementKind(StrEnum):
    MATERIAL = "material"
    METHOD = "method"
    EFFICACY = "efficacy"
    PRODUCT = "product"
    APPLICATION = "application"
    #: Not an element: longer words in which a spelling of one stands ("công nghệ" and "nghệ").
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    kind: ElementKind
    vietnamese: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.vietnamese, *self.english)


@dataclass(frozen=True, slots=True)
class Element:
    kind: ElementKind
    text: str  # as written in the text
    start: int
    end: int
    spellings: tuple[str, ...] = ()  # other ways to write it, in both languages


class Gazetteer:
    """Entries found by the words of their spellings; the longest spelling wins."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Entry]]] = {}
        for entry in self.entries:
            for spelling in entry.spellings:
                # A short abbreviation counts only as one: "AI" is not "ai".
                abbreviation = spelling.isupper() and len(spelling) <= 4
                written = tuple(_words_of(spelling if abbreviation else spelling.lower()))
                folded = tuple(fold_in_place(word) for word in written)
                self._by_first.setdefault(folded[0], []).append((folded, written, entry))
        for found in self._by_first.values():
            found.sort(key=lambda item: -len(item[0]))

    def find(self, text: str) -> Iterator[tuple[Entry, int, int]]:
        words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        folded = [fold_in_place(word) for _, _, word in words]
        marked = not text.isascii()
        position = 0
        while position < len(words):
            hit = self._at(words, folded, position, marked)
            if hit is None:
                position += 1
                continue
            entry, length = hit
            yield entry, words[position][0], words[position + length - 1][1]
            position += length

    def _at(
        self, words: list[tuple[int, int, str]], folded: list[str], position: int, marked: bool
    ) -> tuple[Entry, int] | None:
        for form, written, entry in self._by_first.get(_singular(folded[position]), ()) or (
            self._by_first.get(folded[position], ())
        ):
            end = position + len(form)
            if end > len(words):
                continue
            if all(
                _same(
                    words[position + index][2],
                    folded[position + index],
                    form[index],
                    written[index],
                    marked,
                )
                for index in range(len(form))
            ):
                return entry, len(form)
        return None


_WORD = re.compile(r"[^\W_]+")


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _same(word: str, folded: str, form: str, written: str, marked: bool) -> bool:
    """In a text with diacritics a syllable must carry its own; without, the bare form is enough."""
    if written.isupper():
        return word == written
    word = word.lower()
    if word == written:
        return True
    if written.isascii():
        return _singular(word) == _singular(written)
    if not word.isascii():
        return folded == form and _tone_moved(word, written)
    return not marked and folded == form


def _tone_moved(word: str, written: str) -> bool:
    """ "hoá" and "hóa" are one word."""
    return len(word) == len(written) and sorted(_marks(word)) == sorted(_marks(written))


@lru_cache(maxsize=4096)
def _marks(word: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFD", word))


@lru_cache(maxsize=1)
def shipped_gazetteer() -> Gazetteer:
    return Gazetteer(read_entries(Path(__file__).parent / "data" / "elements.tsv"))


def read_entries(path: Path) -> Iterator[Entry]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, vietnamese, english = line.split("\t")
        yield Entry(
            ElementKind(kind),
            tuple(part.strip() for part in vietnamese.split(";")),
            tuple(part.strip() for part in english.split(";")),
        )


# What follows a cue up to the next boundary is the element; the head itself belongs to a product.
_CUES: Mapping[ElementKind, tuple[str, bool]] = {
    ElementKind.PRODUCT: (
        "máy|thiết bị|dây chuyền|hệ thống|chế phẩm|phần mềm|bộ điều khiển|lò|tủ|robot|cảm biến|kit",
        True,
    ),
    ElementKind.METHOD: (
        "bằng phương pháp|phương pháp|bằng công nghệ|công nghệ|kỹ thuật|sử dụng công nghệ",
        False,
    ),
    ElementKind.MATERIAL: (
        "nguyên liệu là|nguyên liệu|từ nguồn|sản xuất từ|làm từ|chế biến",
        False,
    ),
    ElementKind.EFFICACY: (
        "giảm|tăng|nâng cao|giữ|giữ nguyên|hạn chế|chống|khử|loại bỏ|phát hiện|tiết kiệm|thu hồi|"
        "tách|kéo dài|ngăn ngừa|cải thiện",
        True,
    ),
    ElementKind.APPLICATION: (
        "ứng dụng trong|dùng cho|dùng trong|phục vụ|áp dụng cho|trong ngành|trong lĩnh vực|"
        "lĩnh vực|ngành",
        False,
    ),
}
_ENGLISH_CUES: Mapping[ElementKind, tuple[str, bool]] = {
    ElementKind.METHOD: ("based on|by means of|using|via", False),
    ElementKind.MATERIAL: ("made from|made of|derived from|produced from", False),
    ElementKind.EFFICACY: (
        "reduces?|reducing|increases?|increasing|improves?|improving|removes?|removing|detects?|"
        "detecting|prevents?|preventing|extends?|extending",
        True,
    ),
    ElementKind.APPLICATION: ("for use in|applicable to|applications? in", False),
}
_BOUNDARY = re.compile(
    r"[.,;:!?()\[\]\n\"“”–]|\s[-—]\s|\d|(?<!\w)(?:và|bằng|từ|cho|để|với|trong|khi|nhằm|giúp|mà|đạt|"
    r"có|được|là|ở|tại|của|theo|không|cần|dùng|sử dụng|thay|hoặc|hay|nhưng|vẫn|khoảng|trên|dưới|"
    r"đến|do|vì|nếu|vào|ra|so|qua|cùng|gồm|như|này|các|những|mỗi|hiện|đang|sẽ|phải|"
    r"va|bang|tu|cho|de|voi|trong|khi|nham|giup|ma|dat|co|duoc|cua|theo|khong|can|dung|khoang|"
    r"and|or|for|to|from|with|without|by|that|which|in|on|of|at|using|is|are|was|were|while|when|"
    r"as|than|the|a|an|can|will|may|its|their|such|into|through|under|over)(?!\w)",
    re.IGNORECASE,
)
_MAX_WORDS = {ElementKind.PRODUCT: 6, ElementKind.EFFICACY: 5}
_LIMIT_A_KIND = 6
_REACH = 160  # characters behind a cue


def _compile(
    cues: Mapping[ElementKind, tuple[str, bool]],
) -> list[tuple[ElementKind, re.Pattern[str], bool]]:
    compiled = []
    for kind, (written, with_head) in cues.items():
        bare = "|".join(fold_in_place(cue) for cue in written.split("|"))
        compiled.append(
            (kind, re.compile(rf"(?<!\w)(?:{written}|{bare})(?!\w)", re.IGNORECASE), with_head)
        )
    return compiled


_COMPILED = _compile(_CUES)
_COMPILED_ENGLISH = _compile(_ENGLISH_CUES)


def read_elements(
    text: str, language: str = "", gazetteer: Gazetteer | None = None
) -> list[Element]:
    """The elements of a text in the order they stand, each named once."""
    known = gazetteer or shipped_gazetteer()
    found = [
        Element(entry.kind, text[start:end], start, end, entry.spellings)
        for entry, start, end in known.find(text)
        if entry.kind is not ElementKind.NONE
    ]
    cues = _COMPILED_ENGLISH if language == "en" else _COMPILED
    for kind, pattern, with_head in cues:
        for cue in pattern.finditer(text):
            element = _after_cue(text, kind, cue, with_head)
            if element is not None:
                found.append(element)
    return _without_overlaps(found)


def _after_cue(text: str, kind: ElementKind, cue: re.Match[str], with_head: bool) -> Element | None:
    reach = min(len(text), cue.end() + _REACH)
    boundary = _BOUNDARY.search(text, cue.end(), reach)
    limit = boundary.start() if boundary is not None else reach
    words = list(_WORD.finditer(text, cue.end(), limit))[: _MAX_WORDS.get(kind, 4)]
    if not words:
        return None
    start = cue.start() if with_head else words[0].start()
    return Element(kind, text[start : words[-1].end()], start, words[-1].end())


def _without_overlaps(found: list[Element]) -> list[Element]:
    """A phrase after a cue yields to what the vocabulary knows inside it, except a product's or
    an efficacy's name, which says more than its parts ("máy sấy xoài", "giữ màu xoài")."""
    kept: list[Element] = []
    known = [element for element in found if element.spellings]
    for element in found:
        if not element.spellings:
            inside = [
                other for other in known if other.start < element.end and element.start < other.end
            ]
            if inside and element.kind not in {ElementKind.PRODUCT, ElementKind.EFFICACY}:
                continue
            if any(other.kind == element.kind and other.end >= element.end for other in inside):
                continue
        kept.append(element)
    unique: dict[tuple[ElementKind, str], Element] = {}
    counts: dict[ElementKind, int] = {}
    for element in sorted(kept, key=lambda item: (item.start, -item.end)):
        key = (element.kind, fold_in_place(element.text))
        if key in unique or counts.get(element.kind, 0) >= _LIMIT_A_KIND:
            continue
        unique[key] = element
        counts[element.kind] = counts.get(element.kind, 0) + 1
    return list(unique.values())
