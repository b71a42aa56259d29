"""Vietnamese typed without its marks: which word each syllable is, where the context leaves no doubt.

"Bun" is bún (noodles), bùn (mud) and bủn; what stands beside it tells which. Each spelling that the index or
the vocabulary knows is weighed by how often it stands together with those of its neighbours, forwards and
backwards over the clause. What stays in doubt stays bare, and is no evidence by itself.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from marketplace.reading.elements import Gazetteer
from marketplace.reading.syllables import syllable_shares
from marketplace.reading.vocabulary import known_gazetteer
from search.analysis import PAIR, exact_terms, is_syllable
from search.analysis.restoring import spellings
from search.queries import TermStatistics

#: How often documents have terms and pairs, as an engine tells it.
Statistics = Callable[[Iterable[str]], TermStatistics]

_SURE: Final = 0.8
_MOST_WORDS: Final = 150
_MOST_SPELLINGS: Final = 8
#: What a word and a pair of the vocabulary count beside those of documents.
_WORD: Final = 3
_TOGETHER: Final = 5
_SMOOTHING: Final = 3.0
#: Syllables of the language that count with each document of the index, which has not every word that people type.
_LANGUAGE: Final = 5
#: Unseen words: a trace of a document.
_TRACE: Final = 0.2
_TERM: Final = re.compile(r"[^\W\d_]+")
_CLAUSE_END: Final = re.compile(r"[.,;:!?()\[\]\n\"“”/|–]|\s-\s|\d")


@dataclass(frozen=True, slots=True)
class Marks:
    """
    Attributes:
        text: the text, of the same length, with the marks that are beyond doubt.
        spelled: syllable as typed → what it is.
        doubtful: syllables that may be several words.
    """

    text: str = ""
    spelled: Mapping[str, str] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()

    def allow(self, term: str, folded: str) -> bool:
        """May a term of another text be the syllable that was typed? Bare ones may always."""
        meant = self.spelled.get(folded)
        return meant is None or meant == term or term.isascii()


NO_MARKS: Final = Marks()


def surely_marked(text: str, statistics: Statistics, gazetteer: Gazetteer | None = None) -> Marks:
    """
    Args:
        text: Vietnamese without marks.
        statistics: of the index.
        gazetteer: words that are known beside those of the index.
    """
    clauses = _clauses(text)
    words, pairs = _counts(gazetteer or known_gazetteer())
    typed = dict.fromkeys(word for clause in clauses for _, word in clause)
    candidates = _candidates(typed, statistics, words)
    together = _together(clauses, candidates, statistics, pairs)
    found: dict[str, set[str]] = {}
    for clause in clauses:
        steps = [candidates[word] for _, word in clause]
        for (_, word), spelling in zip(clause, _likeliest(steps, together), strict=True):
            found.setdefault(word, set()).add(spelling)
    # One word is meant all through a text, or it is in doubt.
    spelled = {w: next(iter(s)) for w, s in found.items() if len(s) == 1 and "" not in s}
    # Of what is no syllable ("amiang") no spelling is known, so none is ruled out.
    unknown = {word for word in found if candidates[word][1] <= 0 or not is_syllable(word)}
    return Marks(
        _with_marks(text, clauses, spelled),
        {word: spelling for word, spelling in spelled.items() if word not in unknown},
        frozenset(word for word in found if word not in spelled),
    )


_Clause = list[tuple[int, str]]
#: Spellings with their counts, and the counts' sum.
_Spelled = tuple[tuple[tuple[str, float], ...], float]


def _clauses(text: str) -> list[_Clause]:
    """Words with their places, as far as is read."""
    clauses: list[_Clause] = []
    start, left = 0, _MOST_WORDS
    for end in [*(stop.start() for stop in _CLAUSE_END.finditer(text)), len(text)]:
        clause = [(m.start(), m.group().lower()) for m in _TERM.finditer(text, start, end)][:left]
        left -= len(clause)
        start = end
        if clause:
            clauses.append(clause)
    return clauses


@lru_cache(maxsize=4)
def _counts(gazetteer: Gazetteer) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How often the vocabulary has words and pairs."""
    words: dict[str, int] = {}
    pairs: dict[str, int] = {}
    for entry in gazetteer.entries:
        for form in entry.vietnamese:
            terms = exact_terms(form, "vi")
            for term in terms:
                words[term] = words.get(term, 0) + _WORD
            for left, right in pairwise(terms):
                pair = f"{left}{PAIR}{right}"
                pairs[pair] = pairs.get(pair, 0) + _TOGETHER
    return words, pairs


def _candidates(
    typed: Iterable[str], statistics: Statistics, words: Mapping[str, int]
) -> dict[str, _Spelled]:
    possible = {word: spellings(word) if is_syllable(word) else (word,) for word in typed}
    told = statistics([one for forms in possible.values() for one in forms])
    language, weight = syllable_shares(), _LANGUAGE * told.document_count
    found: dict[str, _Spelled] = {}
    for word, forms in possible.items():
        counts = {one: float(told.document_frequency.get(one, 0)) for one in forms}
        if word in counts:
            spelled = [count for one, count in counts.items() if one != word]
            counts[word] = _bare_alone(counts[word], spelled, told.document_count)
        counted = [
            (one, count + words.get(one, 0) + weight * language.get(one, 0.0))
            for one, count in counts.items()
        ]
        best = sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))
        best = best[:_MOST_SPELLINGS]
        found[word] = (tuple(best) or ((word, 0.0),), sum(count for _, count in best))
    return found


def _bare_alone(any_spelling: float, spelled: Sequence[float], documents: int) -> float:
    """In how many documents a syllable stands without marks: an index counts it in whatever spelling, and the
    spellings as if they were spread over the documents by chance."""
    without = math.prod(1 - count / documents for count in spelled) if documents else 0.0
    if without <= 0:
        return 0.0
    return max(0.0, any_spelling - sum(spelled), documents - (documents - any_spelling) / without)


def _together(
    clauses: Sequence[_Clause],
    candidates: Mapping[str, _Spelled],
    statistics: Statistics,
    pairs: Mapping[str, int],
) -> Callable[[str, str], float]:
    """How often two spellings stand together. Of bare neighbours documents tell nothing, since so others type
    as well, but the vocabulary does, which is written with its marks ("vi sinh")."""
    asked = {
        f"{left}{PAIR}{right}"
        for clause in clauses
        for (_, one), (_, other) in pairwise(clause)
        for left, _ in candidates[one][0]
        for right, _ in candidates[other][0]
        if not (left.isascii() and right.isascii())
    }
    known = statistics(asked).document_frequency if asked else {}

    def count(left: str, right: str) -> float:
        pair = f"{left}{PAIR}{right}"
        return known.get(pair, 0) + pairs.get(pair, 0)

    return count


def _likeliest(steps: Sequence[_Spelled], together: Callable[[str, str], float]) -> list[str]:
    """The spelling of each place by the sum over all ways through the clause; "" where none is sure."""
    total = sum(count for _, count in steps) + len(steps)
    spelled = [forms for forms, _ in steps]

    def follows(left: tuple[str, float], right: tuple[str, float]) -> float:
        background = _SMOOTHING * (right[1] + _TRACE) / total
        return (together(left[0], right[0]) + background) / (left[1] + _SMOOTHING)

    ways = [
        [[follows(left, right) for right in after] for left in before]
        for before, after in pairwise(spelled)
    ]
    forwards = [_shares([count + _TRACE for _, count in spelled[0]])]
    for way in ways:
        reached = forwards[-1]
        forwards.append(
            _shares(
                [
                    sum(s * row[at] for s, row in zip(reached, way, strict=True))
                    for at in range(len(way[0]))
                ]
            )
        )
    backwards = [[1.0] * len(spelled[-1])]
    for way in reversed(ways):
        ahead = backwards[-1]
        backwards.append(
            _shares([sum(s * p for s, p in zip(ahead, row, strict=True)) for row in way])
        )
    result = []
    for forms, before, after in zip(spelled, forwards, reversed(backwards), strict=True):
        chances = _shares([one * other for one, other in zip(before, after, strict=True)])
        best = max(range(len(forms)), key=chances.__getitem__)
        result.append(forms[best][0] if chances[best] >= _SURE else "")
    return result


def _shares(values: Sequence[float]) -> list[float]:
    whole = sum(values)
    return [value / whole for value in values]


def _with_marks(text: str, clauses: Sequence[_Clause], spelled: Mapping[str, str]) -> str:
    letters = list(text)
    for clause in clauses:
        for start, word in clause:
            spelling = spelled.get(word, word)
            if len(spelling) != len(word):
                continue
            for place, letter in enumerate(spelling, start):
                letters[place] = letter.upper() if text[place].isupper() else letter
    return "".join(letters)
