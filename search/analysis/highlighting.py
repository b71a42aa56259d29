"""Showing why a text was found: which words answer the query, and the passage that says most."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final

from search.analysis.grammar import telling
from search.analysis.text import compose, join_abbreviations, place_tones
from search.analysis.tokens import (
    Token,
    beginning_with,
    exact_terms,
    fold_term,
    term_of,
    tokens_in,
)

Fragment = tuple[str, bool]

ELLIPSIS: Final = "…"
_REMEMBERED: Final = 20_000
_SENTENCE: Final = re.compile(r"[^.!?\n]*(?:[.!?](?=\S)[^.!?\n]*)*[.!?\n]?\s*")
_LINES: Final = re.compile(r"\s*\n\s*")
_WORD_EDGE: Final = re.compile(r"\s+\S*$")


class _Wanted(dict[str, str]):
    """Lower-case token → its term where it answers the query, else "". Each token is judged once.

    A term is matched with its marks if it was typed with marks.
    """

    def __init__(self, query: str) -> None:
        exact = telling(exact_terms(query))
        self.exact = frozenset(term for term in exact if not term.isascii())
        self.bare = frozenset(term for term in exact if term.isascii())
        self.folded = frozenset(fold_term(term) for term in self.exact)
        self.pattern = beginning_with(exact)

    def __missing__(self, token: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        term = term_of(token)
        found = self[token] = term if self._answers(term) else ""
        return found

    def _answers(self, term: str) -> bool:
        if term in self.exact or term in self.bare:
            return True
        if term.isascii():
            return term in self.folded
        return fold_term(term) in self.bare


#: The texts of one page are shown with one query, or very few.
_wanted = lru_cache(maxsize=32)(_Wanted)


def highlight(text: str, query: str, *, limit: int | None = None) -> list[Fragment]:
    """The text in pieces, each with whether it answers the query; neighbours are one piece.

    With ``limit`` only the passage of about that many characters that answers most of the query.
    """
    text = join_abbreviations(compose(text))
    wanted = _wanted(query)
    matched = tokens_in(text, wanted, wanted.pattern)
    start, end = (0, len(text)) if limit is None else _passage(text, matched, limit)
    pieces = [(place_tones(piece), hit) for piece, hit in _pieces(text, matched, start, end)]
    if limit is not None:
        # Lines of a listing stand one after another in a passage.
        pieces = [(_LINES.sub(" · ", piece), is_match) for piece, is_match in pieces]
    if start > 0:
        pieces.insert(0, (f"{ELLIPSIS} ", False))
    if end < len(text.rstrip()):
        pieces.append((f" {ELLIPSIS}", False))
    return pieces


def _pieces(text: str, matched: list[Token], start: int, end: int) -> list[Fragment]:
    spans: list[list[int]] = []
    for token in matched:
        if token.start < start or token.end > end:
            continue
        if spans and text[spans[-1][1] : token.start].isspace():
            spans[-1][1] = token.end
        else:
            spans.append([token.start, token.end])
    pieces: list[Fragment] = []
    at = start
    for left, right in spans:
        if left > at:
            pieces.append((text[at:left], False))
        pieces.append((text[left:right], True))
        at = right
    rest = text[at:end].rstrip()
    if rest:
        pieces.append((rest, False))
    return pieces


def _passage(text: str, matched: list[Token], limit: int) -> tuple[int, int]:
    """Start and end of the best run of whole sentences; a long sentence is cut at a word."""
    if len(text) <= limit:
        return 0, len(text)
    starts = [m.start() for m in _SENTENCE.finditer(text) if m.end() > m.start()] or [0]
    # Words stand in order: found by halving, or a text of many sentences would take the square of their number.
    begins, ends = [token.start for token in matched], [token.end for token in matched]
    best, best_value = 0, (-1, 0)
    for start in starts:
        inside = matched[bisect_left(begins, start) : bisect_right(ends, start + limit)]
        value = (len({token.term for token in inside}), len(inside))
        if value > best_value:
            best, best_value = start, value
    first = next((token.start for token in matched if token.start >= best), best)
    if first > best + limit:
        best = max(0, first - limit // 4)
        best = text.find(" ", best) + 1
    end = best + limit
    if end >= len(text):
        return best, len(text)
    sentence_ends = [start for start in starts if best + limit // 2 < start <= end]
    if sentence_ends:
        return best, sentence_ends[-1]
    cut = _WORD_EDGE.search(text[best:end])
    return best, best + cut.start() if cut else end
