"""The small query language: words, "phrases", -not, OR, and prefixes such as ``tỉnh:Hà Nội``.

Nothing a person types is an error. What cannot be read as an operator is words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from search.analysis import compose, fold
from search.facets import KIND, Facet, Number, by_prefix

#: Longer texts, and texts of several lines, are pasted prose in which nothing is an operator.
LONGEST_QUERY: Final = 300

_ALTERNATIVES: Final = re.compile(r"(?:^|\s)(?:OR|HOẶC|\|\|?)(?=\s|$)")
_PHRASE: Final = re.compile(r'(?P<minus>(?<!\S)-)?["“”](?P<phrase>[^"“”]*)["“”]')
_EXCLUDED: Final = re.compile(r"(?<!\S)-(?P<word>[^\W_][^\s]*)")
_UNIT: Final = r"(?:\s?[^\W\d_]{1,7})?"
_RANGE: Final = re.compile(
    rf"(?P<low>[\d.,/]*\d{_UNIT})\s?(?:\.\.|–|-)\s?(?P<high>[\d.,/]*\d{_UNIT})"
)
_COMPARED: Final = re.compile(rf"(?P<sign>>=|<=|=>|=<|≥|≤|>|<|=)?\s?(?P<value>[\d.,/\-]*\d{_UNIT})")

Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative: all of it must hold (how many of the words, the engine decides)."""

    words: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded)


@dataclass(frozen=True, slots=True)
class Parsed:
    branches: tuple[Branch, ...] = ()
    kinds: tuple[str, ...] = ()
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Bounds] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """All that was asked for in plain words, for highlighting."""
        parts = [part for b in self.branches for part in (b.words, *b.phrases)]
        return " ".join(part for part in parts if part)


def parse(text: str) -> Parsed:
    text = compose(text).strip()
    if not text:
        return Parsed()
    if len(text) > LONGEST_QUERY or "\n" in text:
        return Parsed(branches=(Branch(words=text),))
    filters: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, Bounds] = {}
    text = _take_prefixes(text, filters, ranges)
    branches = tuple(filter(None, (_branch(part) for part in _split(text))))
    return Parsed(branches, filters.pop(KIND, ()), filters, ranges)


def _split(text: str) -> Iterable[str]:
    """The text at its ORs, but not inside quotes."""
    quoted = [match.span() for match in _PHRASE.finditer(text)]
    at = 0
    for match in _ALTERNATIVES.finditer(text):
        if not any(start < match.start() < end for start, end in quoted):
            yield text[at : match.start()]
            at = match.end()
    yield text[at:]


def _branch(text: str) -> Branch:
    phrases: list[str] = []
    excluded: list[str] = []

    def take_phrase(match: re.Match[str]) -> str:
        phrase = match["phrase"].strip()
        if phrase:
            (excluded if match["minus"] else phrases).append(phrase)
        return " "

    def take_excluded(match: re.Match[str]) -> str:
        excluded.append(match["word"])
        return " "

    words = _EXCLUDED.sub(take_excluded, _PHRASE.sub(take_phrase, text))
    return Branch(" ".join(words.split()), tuple(phrases), tuple(excluded))


def _take_prefixes(
    text: str, filters: dict[str, tuple[str, ...]], ranges: dict[str, Bounds]
) -> str:
    """Move readable ``prefix:value`` parts into filters and ranges; leave the rest as words."""
    folded = fold(text)
    if ":" not in text or len(folded) != len(text):
        return text
    named = by_prefix()
    longest_first = sorted(named, key=len, reverse=True)
    # "lĩnh vực:" and "linhvuc:" are one prefix, so a space may stand between any two letters.
    spelled = "|".join(" ?".join(map(re.escape, prefix)) for prefix in longest_first)
    pattern = re.compile(
        rf'(?<![^\s(])(?P<prefix>{spelled})\s?:\s?(?:["“”](?P<quoted>[^"“”]*)["“”]|(?P<plain>\S+))'
    )
    kept: list[str] = []
    at = 0
    for match in pattern.finditer(folded):
        part = "quoted" if match["quoted"] is not None else "plain"
        value = text[match.start(part) : match.end(part)].strip()
        if not _understood(named[match["prefix"].replace(" ", "")], value, filters, ranges):
            continue
        kept.append(text[at : match.start()])
        at = match.end()
    kept.append(text[at:])
    return " ".join(kept)


def _understood(
    entry: Facet | Number,
    value: str,
    filters: dict[str, tuple[str, ...]],
    ranges: dict[str, Bounds],
) -> bool:
    if isinstance(entry, Number):
        bounds = _bounds(entry, value)
        if bounds is not None:
            ranges[entry.name] = bounds
        return bounds is not None
    values = entry.values_typed(value)
    if values:
        filters[entry.name] = tuple(dict.fromkeys((*filters.get(entry.name, ()), *values)))
    return bool(values)


def _bounds(number: Number, typed: str) -> Bounds | None:
    typed = typed.rstrip(".,;")
    between = _RANGE.fullmatch(typed)
    if between:
        low, high = number.value_typed(between["low"]), number.value_typed(between["high"])
        return None if low is None or high is None else (min(low, high), max(low, high))
    compared = _COMPARED.fullmatch(typed)
    value = number.value_typed(compared["value"]) if compared else None
    if compared is None or value is None:
        return None
    match compared["sign"]:
        case ">=" | "=>" | "≥":
            return value, None
        case "<=" | "=<" | "≤":
            return None, value
        case ">":
            return value + 1, None
        case "<":
            return None, value - 1
        case _:
            return value, value
