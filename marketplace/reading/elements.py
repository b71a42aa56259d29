"""Splits a text into the five elements of a technology: material, method, efficacy, product,
application (after the demand models in peers' literature), by vocabulary and by cue phrases.

A first, plain reading: what the vocabulary knows is named with its spellings in both languages;
what follows a cue ("máy …", "từ …", "giảm …") is taken as it stands.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from marketplace.reading.cues import (
    ANY_PLACE,
    APPLICATION,
    BARE_TWO_SYLLABLES,
    BOUNDARY,
    CONDITION,
    EFFICACY,
    ENGLISH,
    ENGLISH_BOUNDARY,
    ENGLISH_HEADS,
    MANNER,
    MATERIAL,
    NEXT_OR_TROUBLE,
    NEXT_VERB,
    PRODUCT,
    TOO_BARE,
    TROUBLE,
    TWO_SYLLABLES,
    VIETNAMESE,
    Cue,
    is_vague,
)
from marketplace.reading.folding import fold_in_place
from marketplace.reading.heads import head_of, is_light, without_when
from search.analysis import has_diacritics


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
    loose: bool = False  # told by its place in the sentence alone
    head: str = ""  # the verb or noun that carries it, as written; "" where the vocabulary names it


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

    def find(self, text: str, *, guessed: bool = False) -> Iterator[tuple[Entry, int, int]]:
        """
        Args:
            text: to look through.
            guessed: typed without marks, with those put back that are beyond doubt: a syllable that
                stayed bare is no word of its own.
        """
        words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        folded = [fold_in_place(word) for _, _, word in words]
        marked = not (guessed or text.isascii())
        position = 0
        while position < len(words):
            hit = self._at(words, folded, position, marked, guessed)
            if hit is None:
                position += 1
                continue
            entry, length = hit
            yield entry, words[position][0], words[position + length - 1][1]
            position += length

    def _at(
        self,
        words: list[tuple[int, int, str]],
        folded: list[str],
        position: int,
        marked: bool,
        guessed: bool,
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
                    len(form) == 1,
                    guessed,
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


def _same(
    word: str, folded: str, form: str, written: str, marked: bool, alone: bool, guessed: bool
) -> bool:
    """In a text with diacritics a syllable must carry its own; without, the bare form is enough."""
    if written.isupper():
        return word == written
    word = word.lower()
    is_too_bare = folded in TOO_BARE or (guessed and not written.isascii())
    if alone and not marked and word.isascii() and is_too_bare:
        return False
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


_LIMIT_A_KIND = 6
_ARTICLE: Final = re.compile(r" (?:the|its|their)$", re.IGNORECASE)
_REACH = 160  # characters behind a cue


def read_elements(
    text: str,
    language: str = "",
    gazetteer: Gazetteer | None = None,
    *,
    marked: str = "",
    is_left_out: Callable[[Element], bool] = lambda _: False,
) -> list[Element]:
    """The elements of a text in the order they stand, each named once.

    Args:
        text: as typed.
        language: "vi" or "en", where it is known.
        gazetteer: the vocabulary; by default what is shipped.
        marked: the text with the marks that are beyond doubt, letter for letter.
        is_left_out: whether an element is named where it stands to leave something out.
    """
    known = gazetteer or shipped_gazetteer()
    read = marked or text
    english = language == "en"
    found = [
        Element(entry.kind, text[start:end], start, end, entry.spellings)
        for entry, start, end in known.find(read, guessed=bool(marked))
        if entry.kind is not ElementKind.NONE
        and not (english and _is_other_word(text[start:end], entry))
    ]
    bare = english or bool(marked) or not has_diacritics(text)
    for cue in ENGLISH if english else VIETNAMESE:
        for match in (cue.bare_pattern if bare else cue.pattern).finditer(read):
            element = _after_cue(text, read, cue, match, english=english)
            if element is not None:
                found.append(element)
    if english:
        found.extend(_before_head(text))
    found.extend(_species(text))
    names = [(one.start, one.end) for one in found if one.spellings]
    whole = [_to_its_end(element, names, text) for element in found]
    return _without_what_is_there(_without_overlaps(whole, is_left_out), text)


#: "Xưởng có sáu máy phay CNC", "đang xài máy hút túi vải": what is there already; and what is wished for.
_THERE: Final = re.compile(
    r"(?<!\w)(?:co (?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi(?: \w+)?|may|vai|\d+)|(?:dang|hien) (?:co|dung|xai|su dung|chay|thue))"
    r" (?:(?:mot|hai|ba|cai|chiec|con|bo|dan|\d+) ){0,2}"
)
_WISHED: Final = re.compile(
    r"(?<!\w)(?:can|muon|mua|tim|kiem|them|sam|doi)(?: (?:mua|tim|them|mot|cai|chiec|con|bo|loai|co)){0,3} "
)


def _without_what_is_there(elements: list[Element], text: str) -> list[Element]:
    """Machines that the text says are there already, and does not wish for, are not what is looked for."""
    folded = fold_in_place(text)
    # Most texts say of nothing that it is there: a pattern made for each name is what it costs.
    if _THERE.search(folded) is None:
        return elements

    def is_there(one: Element) -> bool:
        name = re.escape(fold_in_place(one.text)) + r"(?!\w)"
        return (
            one.kind is ElementKind.PRODUCT
            and re.search(_THERE.pattern + name, folded) is not None
            and re.search(_WISHED.pattern + name, folded) is None
        )

    there = [one for one in elements if is_there(one)]
    return [one for one in elements if one not in there] if len(there) < len(elements) else elements


def _to_its_end(element: Element, names: Sequence[tuple[int, int]], text: str) -> Element:
    """A phrase that was cut within a name of the vocabulary goes on to the end of it ("kit thử vi bào tử | trùng").

    Args:
        element: as it was read.
        names: where names of the vocabulary stand, in their order; none overlaps another.
        text: of all of it.
    """
    # The last name that begins before the phrase ends is the only one that may go on behind it.
    place = bisect_left(names, (element.end, 0)) - 1
    if element.spellings or place < 0:
        return element
    start, end = names[place]
    if not element.start < start < element.end < end:
        return element
    return replace(element, text=text[element.start : end], end=end)


def _is_other_word(written: str, entry: Entry) -> bool:
    """A Vietnamese syllable without marks is in English another word: coal is not what "less than" says."""
    if not written.isascii() or " " in written:
        return False
    return _singular(written.lower()) not in {_singular(one.lower()) for one in entry.english}


#: Where a phrase of a kind ends, beside the ends of all.
_STOPS = {
    EFFICACY: NEXT_VERB,
    MATERIAL: NEXT_VERB,
    PRODUCT: NEXT_OR_TROUBLE,
    APPLICATION: TROUBLE,
}


def _after_cue(
    text: str, read: str, cue: Cue, match: re.Match[str], *, english: bool
) -> Element | None:
    """`read` is where the cue was found, `text` what the element is called by."""
    boundary = ENGLISH_BOUNDARY if english else BOUNDARY
    reach = min(len(read), match.end() + _REACH)
    end_of_phrase = boundary.search(read, match.end(), reach)
    limit = end_of_phrase.start() if end_of_phrase is not None else reach
    stop = None if english else _STOPS.get(cue.kind)
    words = list(_WORD.finditer(read, match.end(), limit))
    if stop is not None and words:
        # A place may end at once ("kho | ít khe"); a verb has something to work on.
        begin = match.end() if cue.kind == APPLICATION else words[0].end()
        if ends := stop.search(read, begin, limit):
            words = [word for word in words if word.end() <= ends.start()]
    words = _whole_words(words, cue.most_words)
    if (
        not english
        and cue.kind != PRODUCT
        and words
        and MANNER.match(read, words[0].start(), limit)
    ):
        return None  # "đếm tay" says how, not what
    while words and is_vague(words[-1].group()):
        words.pop()
    if not words:
        # "bệnh viện", "phòng thí nghiệm": the place by itself; one syllable alone says too little.
        place = match.group().lower()
        whole = cue.kind == APPLICATION and cue.head and " " in place and place not in ANY_PLACE
        return _found(cue, text, match.start(), match.end()) if whole else None
    if cue.loose and words[0].start() - match.end() > 2:
        return None
    if cue.kind == MATERIAL and CONDITION.match(read, words[0].start()):
        return None
    if not cue.head and "/" in read[match.end() : words[0].start()]:
        return None  # "tấn nguyên liệu/năm" is a unit
    start = match.start() if cue.head else words[0].start()
    end = words[-1].end()
    if (english or not cue.head) and is_light(text[words[0].start() : end]):
        return None  # "drying equipment" works on no equipment, "a drying process" names no effect
    return _found(
        cue,
        text,
        start,
        end,
        english=english,
        carried_by=_ARTICLE.sub("", without_when(match.group())) if cue.head else "",
    )


def _whole_words(words: list[re.Match[str]], most: int) -> list[re.Match[str]]:
    """The first `most`, without the half of a word that was cut ("mài bạc đạn chính | xác")."""
    kept, behind = words[:most], words[most : most + 1]
    if kept and behind:
        cut = f"{kept[-1].group()} {behind[0].group()}".lower()
        if cut in TWO_SYLLABLES or (cut.isascii() and cut in BARE_TWO_SYLLABLES):
            kept.pop()
    return kept


def _found(
    cue: Cue, text: str, start: int, end: int, *, english: bool = False, carried_by: str = ""
) -> Element:
    phrase = text[start:end]
    head = head_of(phrase, carried_by=carried_by, last=english and not cue.head)
    return Element(ElementKind(cue.kind), phrase, start, end, loose=cue.loose, head=head)


#: "E. coli", "V. parahaemolyticus": a living thing by its Latin name, the genus as a letter. No word of either
#: language ends so behind a sentence that ends with a letter ("vitamin C. Sản phẩm").
_SPECIES: Final = re.compile(
    r"(?<![\w.])[A-Z]\. ?[a-z]{2,}(?:i|us|um|is|ae|ea|ia|na|la|ta|sa|ra|ma|va|ens|ans|es|er|or|ax|ix|yx)(?![\w])"
)


def _species(text: str) -> Iterator[Element]:
    for match in _SPECIES.finditer(text):
        yield Element(ElementKind.MATERIAL, match.group(), match.start(), match.end())


def _before_head(text: str) -> Iterator[Element]:
    for kind, pattern in ENGLISH_HEADS.items():
        for match in pattern.finditer(text):
            *before, name = _words_of(match.group())
            if kind == PRODUCT and is_light(name) and all(map(is_vague, before)):
                continue  # "old machine" names none
            if kind == APPLICATION and match.group().lower() in ANY_PLACE:
                continue  # "results in the field"
            yield Element(
                ElementKind(kind),
                match.group(),
                match.start(),
                match.end(),
                loose=kind == APPLICATION,
                head=head_of(match.group(), last=True),
            )


#: The vocabulary of things has machines too; a cue knows better what they are.
_MACHINE_AS_THING = (ElementKind.PRODUCT, ElementKind.MATERIAL)


def _says_more(element: Element, inside: list[Element]) -> bool:
    if element.kind is ElementKind.APPLICATION:
        return element.loose
    if element.kind is ElementKind.METHOD:
        # "using heat recovery": the vocabulary's word is a part of it, and of another kind.
        return all(
            one.kind is not element.kind and one.end - one.start < element.end - element.start
            for one in inside
        )
    return element.kind in {ElementKind.PRODUCT, ElementKind.EFFICACY} and not element.loose


def _without_overlaps(
    found: list[Element], is_left_out: Callable[[Element], bool]
) -> list[Element]:
    """A phrase after a cue yields to what the vocabulary knows inside it, except a product's or
    an efficacy's name, which says more than its parts ("máy sấy xoài", "giữ màu xoài"), and the place
    where it is used. What makes up the name of a works ("textile mill") is no element by itself."""
    kept: list[Element] = []
    works = [e for e in found if e.loose and e.kind is ElementKind.APPLICATION and e.text.isascii()]
    known = [
        element
        for element in found
        if element.spellings
        and not any(w.start <= element.start and element.end < w.end for w in works)
    ]
    for element in found:
        if element.spellings:
            if element in known:
                kept.append(element)
            continue
        inside = [one for one in known if one.start < element.end and element.start < one.end]
        same = [one for one in inside if (one.start, one.end) == (element.start, element.end)]
        if any((element.kind, one.kind) != _MACHINE_AS_THING for one in same):
            continue  # the vocabulary says what it is
        if any(one.start < element.start < one.end < element.end for one in inside):
            continue  # "saving" of "energy saving" governs nothing behind it
        if inside and not _says_more(element, inside):
            continue
        if any(other.kind == element.kind and other.end >= element.end for other in inside):
            continue
        kept.append(element)
    unique: dict[tuple[ElementKind, str | tuple[str, ...]], Element] = {}
    counts: dict[ElementKind, int] = {}
    for element in sorted(kept, key=lambda item: (item.start, -item.end)):
        # By other names it is the same thing ("bearing", "rolling bearing"); the fullest is shown, unless it is
        # named there to leave something out.
        key = (element.kind, element.spellings or fold_in_place(element.text))
        if key in unique and len(element.text) > len(unique[key].text) and not is_left_out(element):
            unique[key] = element
        if key in unique or counts.get(element.kind, 0) >= _LIMIT_A_KIND:
            continue
        unique[key] = element
        counts[element.kind] = counts.get(element.kind, 0) + 1
    return list(unique.values())
