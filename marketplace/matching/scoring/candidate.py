"""A shortlisted candidate read for proof: sentences with their tokens, figures and exclusions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from marketplace.matching.scoring.data import CandidateText, Evidence, Span
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.need import figure_of
from marketplace.reading.marks import NO_MARKS, Marks
from marketplace.reading.negation import Exclusion, read_negations
from marketplace.reading.quantities import Quantity, read_quantities
from marketplace.reading.sentences import split_sentences
from search.analysis import Language, detect_language, fold_terms, terms_in_place

_LONGEST = 12_000  # characters of one candidate that are read for proof
#: Candidates whose sentences are remembered, some 40 KB each.
_REMEMBERED: Final = 256
#: What `str.isdigit` takes for one, found in a sentence at once.
_DIGIT: Final = re.compile(r"[\d²³¹⁰⁴-⁹₀-₉\u1369-\u1371\u19da①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]")


class ReadSentence:
    """A sentence by its terms; where they stand is found out only for those that prove something."""

    def __init__(
        self, text: str, language: Language, *, title: bool, folded: bool, marks: Marks = NO_MARKS
    ) -> None:
        self.text = text
        self.title = title
        self.language = language
        self.folded = folded
        self.marks = marks
        self.terms = tokenize(text, language, folded=folded)
        if folded and marks.spelled:
            self.terms = tuple(self._compared(tokenize(text, language, folded=False)))
        self.term_set = frozenset(self.terms)

    @cached_property
    def placed(self) -> list[tuple[str, Span]]:
        """Terms with their places."""
        placed = terms_in_place(self.text, self.language or None)
        if not self.folded:
            return placed
        terms = self._compared([term for term, _ in placed])
        return list(zip(terms, (span for _, span in placed), strict=True))

    def _compared(self, terms: Sequence[str]) -> list[str]:
        """Without marks, but for words that the need surely does not mean: "bùn" where it says bún."""
        return [
            folded if self.marks.allow(term, folded) else term
            for term, folded in zip(terms, fold_terms(terms), strict=True)
        ]

    @cached_property
    def exclusions(self) -> list[Exclusion]:
        """What it excludes, lessens or lacks; asked only of sentences that name what matters."""
        return read_negations(self.text)

    def evidence(self, spans: Iterable[Span] = ()) -> Evidence:
        return Evidence(self.text, merged(spans, self.text), "title" if self.title else "text")

    def find(self, sequence: Sequence[str]) -> Span | None:
        """Where the terms stand one after another."""
        length = len(sequence)
        if not length or not self.term_set.issuperset(sequence):
            return None
        # Most that has them all has them apart: told without their places.
        if tuple(sequence) not in zip(*(self.terms[at:] for at in range(length)), strict=False):
            return None
        wanted = list(sequence)
        terms = [term for term, _ in self.placed]
        for start in range(len(terms) - length + 1):
            if terms[start : start + length] == wanted:
                return self.placed[start][1][0], self.placed[start + length - 1][1][1]
        return None


@dataclass(frozen=True, slots=True)
class Figure:
    quantity: Quantity
    sentence: ReadSentence | None  # None: a row of the candidate's own table


class _Sentences:
    """A title and the sentences of a text, and what terms they have together."""

    def __init__(
        self, title: str, text: str, language: Language, *, folded: bool, marks: Marks = NO_MARKS
    ) -> None:
        parts = [(title, True)] if title else []
        parts += [(sentence.text, False) for sentence in split_sentences(text)]
        self.sentences = tuple(
            ReadSentence(part, language, title=is_title, folded=folded, marks=marks)
            for part, is_title in parts
        )
        self.terms = frozenset[str]().union(*(sentence.term_set for sentence in self.sentences))


#: Needs of one field meet the same candidates again and again, above all when many are matched.
_sentences = lru_cache(maxsize=_REMEMBERED)(_Sentences)


class ReadCandidate:
    def __init__(self, candidate: CandidateText, *, folded: bool, marks: Marks = NO_MARKS) -> None:
        self.candidate = candidate
        self.folded = folded
        self.marks = marks
        self.language = candidate.language or detect_language(
            f"{candidate.title} {candidate.text[:600]}"
        )

    @property
    def sentences(self) -> tuple[ReadSentence, ...]:
        """The title first, then the sentences of the text."""
        return self._read.sentences

    @property
    def terms(self) -> frozenset[str]:
        """Of all sentences: what is not here need not be looked for in each of them."""
        return self._read.terms

    @cached_property
    def _read(self) -> "_Sentences":
        title, text = self.candidate.title, self.candidate.text[:_LONGEST]
        if self.marks is NO_MARKS:
            return _sentences(title, text, self.language, folded=self.folded)
        return _Sentences(title, text, self.language, folded=self.folded, marks=self.marks)

    @cached_property
    def figures(self) -> list[Figure]:
        rows = [
            Figure(figure, None)
            for row in self.candidate.specifications
            if (figure := figure_of(row)) is not None
        ]
        return rows + [
            Figure(quantity, sentence)
            for sentence in self.sentences
            if _DIGIT.search(sentence.text)
            for quantity in _quantities(sentence.text, self.language)
        ]


@lru_cache(maxsize=8_192)
def _quantities(sentence: str, language: Language) -> tuple[Quantity, ...]:
    """Remembered: needs of one field meet the same candidates, and most sentences with a digit hold none."""
    return tuple(read_quantities(sentence, language))


def merged(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Spans in order, neighbours joined when only a space parts them: a line's end parts phrases."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and not text[result[-1][1] : start].strip(" \t\u00a0"):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)
