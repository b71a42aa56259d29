"""Titles made comparable, and what in them sets two records of one series apart."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from search.analysis import detect_language, fold, has_diacritics, is_syllable, normalize

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_YEAR_SPAN: Final = re.compile(r"\b((?:19|20)\d\d)\s*[-–—/]\s*((?:19|20)?\d\d)\b")
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\b")
_NUMBER_WORDS: Final = {
    "mot": "1", "nhat": "1", "dau": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5",
    "one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10",
}  # fmt: skip
_PLACE_IN_SERIES: Final = rf"(?:so\s+|thu\s+)?(\d{{1,2}}|[ivx]{{1,4}}|[a-e]|{'|'.join(_NUMBER_WORDS)})\b(?!\s*[-–—/.,]?\s*\d{{2}})"
_SERIES: Final = tuple(
    (kind, re.compile(rf"\b(?:{words})\.?\s*{_PLACE_IN_SERIES}"))
    for kind, words in (
        ("phase", "giai doan|gd|phase|stage"),
        ("part", "phan|hop phan|part|component"),
        ("volume", "tap|quyen|vol|volume"),
        ("time", "dot|lan|ky|quy|round"),
        ("branch", "chuyen de|nhanh|de muc|de tai nhanh|noi dung|work package"),
        ("model", "mo hinh|mau|lo|the he|phien ban|version|generation|model|batch"),
    )
)
_LAST_ROMAN: Final = re.compile(r"[\s(,:;–-](ii|iii|iv|vi|vii|viii|ix)\W*$")

#: What sources write before a title: the kind of work with a colon, or the code of a programme.
_OPENING: Final = re.compile(
    r"\W*(?:(?:bao cao(?: (?:tong hop|tong ket|tom tat|cuoi ky|nghiem thu|ket qua|khoa hoc|ky thuat"
    r"|nghien cuu|thuc hien|cua|va))*\s*)?"
    r"(?:de tai|du an|nhiem vu|de an|du an sxtn|du an san xuat thu nghiem)?"
    r"(?: (?:khoa hoc|kh|va|cong nghe|cn|khcn|nckh|cap (?:bo|tinh|nha nuoc|quoc gia|co so|thanh pho)))*"
    r"|[a-z]{1,5}[\w.]*\d[\w./-]*)\s*[:–—-]\s+"
)
#: So many words have to follow, or the opening is the title.
_AFTER_OPENING: Final = 4

#: Words of many titles, folded: they say that it is a study, not of what.
_LIGHT_WORDS: Final = (
    "nghien cuu xay dung ung dung thu nghiem danh gia de xuat giai phap hoan thien quy trinh cong nghe san xuat "
    "phat trien tai cho va cua trong bang tu de theo mot so tren o den voi cac nhung la duoc khong co thuc trang "
    "tinh thanh pho vung khu vuc the of and for in on to a an with by from using study research development"
)
_LIGHT: Final = frozenset(_LIGHT_WORDS.split())


@dataclass(frozen=True, slots=True)
class Title:
    """One title: its words with and without marks, and what tells members of a series apart."""

    text: str = ""
    folded: str = ""
    words: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    has_marks: bool = False
    language: str = ""
    numbers: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    series: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words)


def read_title(text: str, *, places: Mapping[str, str] | None = None, language: str = "") -> Title:
    """`places` gives the place behind a lower-case name, with marks and without ("hà giang", "ha giang").

    A title that carries marks is looked up with them, one that has capitals where it writes some:
    "nâng cao bằng phân bón" is no Cao Bằng.
    """
    text = " ".join(normalize(text).split())
    subject = _without_opening(text)
    tokens = _TOKEN.findall(subject)
    marked = tuple(_plain_number(token.lower()) for token in tokens)
    words = tuple(fold(word) for word in marked)
    folded = fold(subject)
    years = _years(folded)
    series = _series(folded)
    numbers = {word for word in words if word[0].isdecimal()} - years
    return Title(
        text=text,
        folded=" ".join(words),
        words=words,
        marked=marked,
        has_marks=has_diacritics(text),
        language=language or (detect_language(text) if words else ""),
        numbers=frozenset(numbers - {n for n in series.values() if n in numbers}),
        years=frozenset(years),
        series=series,
        places=_places(_names_in(tokens, marked if has_diacritics(text) else words), places or {}),
    )


def _without_opening(text: str) -> str:
    folded = fold(text)
    opening = _OPENING.match(folded)
    if opening is None or len(folded) != len(text):
        return text
    rest = text[opening.end() :]
    return rest if len(_TOKEN.findall(rest)) >= _AFTER_OPENING else text


def _plain_number(token: str) -> str:
    """`1.200` and `1,200` are one number, `0,5` and `0.5` too."""
    if not token[0].isdecimal():
        return token
    if re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", token):
        return re.sub(r"[.,]", "", token)
    return token.replace(",", ".")


def _years(folded: str) -> set[str]:
    years = set(_YEAR.findall(folded))
    for start, end in _YEAR_SPAN.findall(folded):
        years |= {start, end if len(end) == 4 else start[:2] + end}
    return years


def _series(folded: str) -> dict[str, str]:
    without_years = _YEAR_SPAN.sub(" ", folded)
    found: dict[str, str] = {}
    for kind, pattern in _SERIES:
        if match := pattern.search(without_years):
            place = match[1]
            found[kind] = _ROMAN.get(place) or _NUMBER_WORDS.get(place) or place.lstrip("0")
    if not found and (last := _LAST_ROMAN.search(without_years)):
        found["phase"] = _ROMAN[last[1]]
    return found


def _names_in(tokens: list[str], words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, those without a capital blanked where the title tells names by capitals."""
    tells = any(token[0].isupper() for token in tokens[1:]) and not all(map(str.isupper, tokens))
    if not tells:
        return words
    return tuple(
        word if token[0].isupper() else "" for token, word in zip(tokens, words, strict=True)
    )


def _places(words: tuple[str, ...], places: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in (4, 3, 2):
            code = places.get(" ".join(words[at : at + length]))
            if code is not None and at + length <= len(words):
                found.add(code)
                at += length - 1
                break
        at += 1
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """Two titles word by word. Words that stand against one another matter more than words that one
    of them has besides: a title is cut, or a place added, more often than a subject is exchanged."""

    ratio: float
    same: float
    #: Weight of the words each side has that the other has not.
    left_only: float
    right_only: float
    left_words: tuple[str, ...]
    right_words: tuple[str, ...]
    other_marks: tuple[tuple[str, str], ...]
    is_beginning: bool
    #: Two words, a letter apart, that may be a slip or another thing ("lúa", "dứa").
    doubtful: tuple[tuple[str, str], ...] = ()
    is_translation: bool = False

    @property
    def exchanged(self) -> float:
        return min(self.left_only, self.right_only)

    @property
    def besides(self) -> float:
        return abs(self.left_only - self.right_only)


def match_titles(left: Title, right: Title) -> TitleMatch:
    ratio = fuzz.ratio(left.folded, right.folded) / 100
    left_rest, right_rest, doubtful = _unmatched(left.words, right.words)
    weight = sum(map(_weight, left.words)) + sum(map(_weight, right.words))
    left_only, right_only = sum(map(_weight, left_rest)), sum(map(_weight, right_rest))
    return TitleMatch(
        ratio=ratio,
        same=1 - (left_only + right_only) / weight if weight else 0.0,
        left_only=left_only,
        right_only=right_only,
        left_words=tuple(left_rest),
        right_words=tuple(right_rest),
        other_marks=_other_marks(left, right),
        is_beginning=_is_beginning(left, right),
        doubtful=tuple(doubtful),
    )


def _weight(word: str) -> float:
    return 0.3 if word in _LIGHT else 1.0


def _unmatched(
    left: tuple[str, ...], right: tuple[str, ...]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """The words of each that the other lacks, after equal words, slips of the pen, lost spaces and a
    last word cut off; and the pairs that are taken for slips though both are words."""
    common = Counter(left) & Counter(right)
    left_rest, right_rest = _without(left, common), _without(right, common)
    if left_rest and right_rest and "".join(left_rest) == "".join(right_rest):
        return [], [], []
    doubtful: list[tuple[str, str]] = []
    for word in list(left_rest):
        other = next((one for one in right_rest if _is_slip(word, one)), None)
        if other is not None:
            left_rest.remove(word)
            right_rest.remove(other)
            if _are_both_words(word, other):
                doubtful.append((word, other))
    _drop_cut_word(left, left_rest, right_rest)
    _drop_cut_word(right, right_rest, left_rest)
    return left_rest, right_rest, doubtful


def _are_both_words(one: str, other: str) -> bool:
    """A slip mostly leaves what is no syllable ("phmy"); of two syllables either may be meant."""
    return is_syllable(one) and is_syllable(other)


def _drop_cut_word(words: tuple[str, ...], own: list[str], others: list[str]) -> None:
    """A title cut in the midst of a word ends with its beginning."""
    if own and own[-1] == words[-1] and not own[-1].isdecimal():
        whole = next((one for one in others if one.startswith(own[-1])), None)
        if whole is not None:
            own.pop()
            others.remove(whole)


def _without(words: tuple[str, ...], common: Counter[str]) -> list[str]:
    left = Counter(common)
    rest = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            rest.append(word)
    return rest


def _is_slip(one: str, other: str) -> bool:
    """One letter more, fewer, other or exchanged; digits never, and in short syllables, where nearly
    every other letter makes another word, only what makes no syllable of two letters. Two letters
    where the word is long, or one of the two is no word of this language ("phẩm", "phmy")."""
    if one[0].isdecimal() or other[0].isdecimal() or abs(len(one) - len(other)) > 2:
        return False
    longer = max(len(one), len(other))
    if longer < 3:
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance == 2 and 4 <= longer < 8:
        return is_syllable(one) != is_syllable(other) and one[0] == other[0]
    return distance <= (2 if longer >= 8 else 1)


def _other_marks(left: Title, right: Title) -> tuple[tuple[str, str], ...]:
    """Words that differ in their marks alone ("bưởi", "buồi") where both titles carry marks."""
    if not (left.has_marks and right.has_marks):
        return ()
    ours, theirs = _by_word(left), _by_word(right)
    return tuple(
        (sorted(ours[word])[0], sorted(theirs[word])[0])
        for word in sorted(ours.keys() & theirs.keys())
        if not ours[word] & theirs[word]
    )


def _by_word(title: Title) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word, marked in zip(title.words, title.marked, strict=True):
        found.setdefault(word, set()).add(marked)
    return found


def _is_beginning(left: Title, right: Title) -> bool:
    """Whether one was cut: it is the beginning of the other."""
    short, long = sorted((left.folded, right.folded), key=len)
    if len(short) < 15 or len(long) < len(short) * 1.08:
        return False
    return fuzz.ratio(short, long[: len(short)]) >= 94
