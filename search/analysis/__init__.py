"""Text analysis shared by the index, the search page and the matching. Pure functions."""

from search.analysis.codes import code_keys, find_codes, typed_codes
from search.analysis.highlighting import highlight
from search.analysis.language import Language, detect_language
from search.analysis.text import compose, fold, has_diacritics, normalize
from search.analysis.tokens import (
    PAIR,
    Token,
    exact_terms,
    fold_term,
    fold_terms,
    pairs,
    terms,
    terms_in_place,
    tokens_of,
)
from search.analysis.vietnamese import is_syllable, place_tone, strip_marks

__all__ = [
    "PAIR",
    "Language",
    "Token",
    "code_keys",
    "compose",
    "detect_language",
    "exact_terms",
    "find_codes",
    "fold",
    "fold_term",
    "fold_terms",
    "has_diacritics",
    "highlight",
    "is_syllable",
    "normalize",
    "pairs",
    "place_tone",
    "strip_marks",
    "terms",
    "terms_in_place",
    "tokens_of",
    "typed_codes",
]
