"""The weights of the second stage, in one place, each with its why.

Chosen over all development sets of a language together, on plateaus rather than peaks;
docs/quality.md has what each gives and how little its exact value matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Weights:
    """What each component adds, in units of what its words are worth; 0 removes it."""

    #: The engine's own score, brought to the scale of the others: it knows titles, codes,
    #: abbreviations and the whole of long texts.
    engine: float
    #: BM25 of single terms with the parameters below.
    words: float
    #: BM25 of neighbouring pairs.
    pairs: float
    #: The best passage: what the distinct words that stand close together are worth.
    passage: float
    #: The same for words in the title.
    title: float
    #: Terms that a passage is long.
    passage_length: int
    #: BM25 for queries of up to `short_terms` distinct terms and for texts of `long_terms`;
    #: between the two they slide with the logarithm, and the passage fades out: no passage
    #: answers a whole page of a need.
    k1_short: float = 1.2
    k1_long: float = 2.0
    b_short: float = 0.75
    b_long: float = 0.9
    pairs_long: float = 0.6
    short_terms: int = 24
    long_terms: int = 80
    #: A syllable met without its marks, or with others, as a share of the one that was typed.
    other_marks: float = 0.1
    #: Words that ask ("gì", "bao nhiêu") stand in no answer, and words of grammar in all; both
    #: are rarer in a small index than they are telling.
    asking: float = 0.5
    grammar: float = 0.75
    #: Other forms of an abbreviation or its phrase.
    other_form: float = 0.5
    #: What a term is worth by its rarity, to this power: above 1 the rare ones decide, as a whole text
    #: needs it, which says much beside its point.
    rarity: float = 1.0


VIETNAMESE: Final = Weights(
    engine=0.5, words=1.0, pairs=0.5, passage=2.0, title=0.3, passage_length=15
)
ENGLISH: Final = Weights(
    engine=1.0, words=0.0, pairs=0.0, passage=0.5, title=0.3, passage_length=15
)

BY_LANGUAGE: Final[Mapping[str, Weights]] = {"vi": VIETNAMESE, "": VIETNAMESE, "en": ENGLISH}
