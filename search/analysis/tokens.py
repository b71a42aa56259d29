"""From text to index terms.

A *term* is a lower-case syllable with its tone in one place, the stem of a word that is no
Vietnamese syllable, or a number; a *pair* is two neighbouring terms joined by ``_``. Both exist
in an exact form and in a folded one (without diacritics).

The work per token is remembered, so that a corpus costs little more than splitting it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from search.analysis.english import STOP_WORDS, stem
from search.analysis.language import Language, detect_language
from search.analysis.text import compose, join_abbreviations
from search.analysis.vietnamese import MARKED_LETTERS, is_syllable, place_tone, strip_marks

PAIR: Final = "_"
LONGEST_TERM: Final = 64
_REMEMBERED: Final = 400_000

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:&[^\W_]+)*")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_MARKED: Final = re.compile(f"[{MARKED_LETTERS}]")
_PLAIN_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_NEVER: Final = re.compile(r"(?!)")
#: Folded letter → the marked letters that fold to it, of all languages in Latin script.
_VARIANTS: Final[dict[str, str]] = {"d": "ð"}
for _point in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
    _bare = strip_marks(chr(_point))
    if "a" <= _bare <= "z" and len(_bare) == 1:
        _VARIANTS[_bare] = _VARIANTS.get(_bare, "") + chr(_point)
_BREAK: Final = re.compile(r"(?<=[.!?;:\n])\s+")
_SHORTEST_FOREIGN_PART: Final = 40
_FOREIGN_SAMPLE: Final = 400
_MOST_FOREIGN_LETTERS: Final = 2


def _number(token: str) -> str:
    """1.200, 1,200 and 1200 are one number; so are 7,5 and 7.5."""
    if _THOUSANDS.fullmatch(token):
        return token.replace(".", "").replace(",", "")
    return token.replace(",", ".")


class _Exact(dict[str, str]):
    def __missing__(self, token: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        term = self[token] = _exact(token)
        return term


class _Folded(dict[str, str]):
    def __missing__(self, term: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        folded = strip_marks(term)
        if folded != term and not is_syllable(folded):
            folded = stem(folded)
        self[term] = folded
        return folded


class _English(dict[str, str]):
    """Token to term in English text; stop words become nothing."""

    def __missing__(self, token: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        term = self[token] = "" if token in STOP_WORDS else _EXACT[token]
        return term


def _exact(token: str) -> str:
    token = token[:LONGEST_TERM]
    if "&" in token:
        token = token.replace("&", "")
    if token[0].isdigit() and not token.isalnum():
        return _number(token)
    if not token.isascii():
        if "ð" in token and is_syllable(token.replace("ð", "đ")):
            # Old Vietnamese fonts typed the Icelandic letter where đ was meant.
            token = token.replace("ð", "đ")
        return place_tone(token)
    return token if is_syllable(token) else stem(token)


_EXACT: Final = _Exact()
_FOLDED: Final = _Folded()
_ENGLISH: Final = _English()


def _prepared(text: str) -> str:
    """Composed and lower case, with compatibility characters spelled out (m³, CO₂, ＡＢＣ)."""
    text = join_abbreviations(compose(text))
    if text.isascii():
        return text.lower()
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.lower()


def _tokens(text: str) -> list[str]:
    # The plainer pattern is a fifth faster, and finds the same where neither of these stands.
    pattern = _TOKEN if "&" in text or "_" in text else _PLAIN_TOKEN
    return pattern.findall(text)


def _without_foreign_stops(text: str) -> list[str]:
    """Terms of Vietnamese text in which whole sentences may be English."""
    found: list[str] = []
    for part in _BREAK.split(text):
        marked = _MARKED.search(part) is not None
        if not marked and len(part) > _SHORTEST_FOREIGN_PART and detect_language(part) == "en":
            found += filter(None, map(_ENGLISH.__getitem__, _tokens(part)))
        else:
            found += map(_EXACT.__getitem__, _tokens(part))
    return found


def exact_terms(text: str, language: Language | None = None) -> list[str]:
    """Terms in order, as written; English stop words are left out of English text."""
    prepared = _prepared(text)
    if language is None or not language:
        language = detect_language(prepared)
    if language == "en":
        return list(filter(None, map(_ENGLISH.__getitem__, _tokens(prepared))))
    if prepared.isascii() or len(prepared) < _SHORTEST_FOREIGN_PART:
        return list(map(_EXACT.__getitem__, _tokens(prepared)))
    return _without_foreign_stops(prepared)


def plain_terms(text: str) -> list[str]:
    """Terms in order for a second look at a text that was found: a quarter of the work of
    `exact_terms`, which differs only where sentences of another language stand in a text."""
    prepared = _prepared(text)
    tokens = _tokens(prepared)
    if _is_plainly_english(prepared):
        return list(filter(None, map(_ENGLISH.__getitem__, tokens)))
    return list(map(_EXACT.__getitem__, tokens))


def _is_plainly_english(text: str) -> bool:
    """English enough to leave its stop words out, without looking at every word of this lower-case
    text. A curly quote or a foreign name does not make it another language."""
    if " the " not in text and " of " not in text:
        return False
    return text.isascii() or len(_MARKED.findall(text[:_FOREIGN_SAMPLE])) <= _MOST_FOREIGN_LETTERS


def fold_terms(terms: Iterable[str]) -> list[str]:
    return list(map(_FOLDED.__getitem__, terms))


def fold_term(term: str) -> str:
    """The folded form of one term or pair."""
    if PAIR in term:
        return PAIR.join(_FOLDED[part] for part in term.split(PAIR))
    return _FOLDED[term]


def pairs(terms: list[str]) -> list[str]:
    return list(map(PAIR.join, pairwise(terms)))


def terms(text: str, language: Language | None = None, *, folded: bool = False) -> list[str]:
    """All index terms of a text: single terms in order, then their pairs."""
    single = exact_terms(text, language)
    if folded:
        single = fold_terms(single)
    return single + pairs(single)


Place = tuple[int, int]


class Token(NamedTuple):
    """One token in its text: where it stands and the term it becomes ("" for a stop word)."""

    start: int
    end: int
    term: str


def tokens_of(text: str, language: Language | None = None) -> list[Token]:
    """Tokens with their places in ``text``, which should be normalised already.

    Places are only exact for text that keeps its length when lower-cased and composed, which
    holds for all Vietnamese and English; characters that do not are treated as separators.
    """
    return [Token(start, end, term) for term, (start, end) in _placed(text, language)]


def terms_in_place(text: str, language: Language | None = None) -> list[tuple[str, Place]]:
    """Terms with their places, as `tokens_of` finds them, without what is no term."""
    return [one for one in _placed(text, language) if one[0]]


def _placed(text: str, language: Language | None) -> list[tuple[str, Place]]:
    table = _ENGLISH if (language or detect_language(text)) == "en" else _EXACT
    lowered = _lowered(text)
    if lowered.isascii():
        return [(table[found[0]], found.span()) for found in _TOKEN.finditer(lowered)]
    return [(table[_compatible(found[0])], found.span()) for found in _TOKEN.finditer(lowered)]


def tokens_in(
    text: str, wanted: Mapping[str, str], pattern: re.Pattern[str] = _TOKEN
) -> list[Token]:
    """Only the tokens to which ``wanted`` gives a term, with their places in composed text.

    ``pattern`` may look at fewer tokens (see ``beginning_with``): most of a text need not be looked up.
    """
    return [
        Token(match.start(), match.end(), term)
        for match in pattern.finditer(_lowered(text))
        if (term := wanted[match.group()])
    ]


def beginning_with(terms: Iterable[str]) -> re.Pattern[str]:
    """Finds the tokens that may become one of the terms: their folded first letters agree.

    Stemming and folding keep a word's first letter; numbers are read from their first digit on.
    """
    initials = {fold_term(term)[:1] for term in terms if term}
    if not initials:
        return _NEVER
    if not all("a" <= initial <= "z" for initial in initials):
        return _TOKEN
    letters = "".join(initial + _VARIANTS.get(initial, "") for initial in sorted(initials))
    return re.compile(rf"(?<![^\W_])(?<!&)[{letters}][^\W_]*(?:&[^\W_]+)*")


def term_of(token: str) -> str:
    """The exact term of one lower-case token."""
    return _EXACT[_compatible(token)]


def _lowered(text: str) -> str:
    """Lower case of the same length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else " " for char in text)


def _compatible(token: str) -> str:
    return token if token.isascii() else unicodedata.normalize("NFKC", token)
