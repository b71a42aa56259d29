"""What stands in an index, whatever engine keeps it: fields, and the terms of a document.

All analysis is ours. An engine gets streams of ready terms, parted by spaces, and splits them at
the spaces and nowhere else, so that every engine holds the same terms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from search.analysis import (
    PAIR,
    code_keys,
    detect_language,
    exact_terms,
    find_codes,
    fold_terms,
    pairs,
)
from search.documents import NUMBERS, Document

#: Raise it when documents or analysis change so that an old index answers wrongly.
FORMAT: Final = 2

ID: Final = "id"
KIND: Final = "kind"
CODE: Final = "code"
LENGTH: Final = "length"
VERSION: Final = "version"
FACETS: Final = "facets"
TITLE_TEXT: Final = "title_text"
BODY_TEXT: Final = "body_text"

# Streams of ready terms. The exact ones hold Vietnamese only: other words are equal in both.
EXACT: Final = "exact"
EXACT_PAIRS: Final = "exact_pairs"
FOLDED: Final = "folded"
FOLDED_PAIRS: Final = "folded_pairs"
TITLE: Final = "title"
TITLE_EXACT: Final = "title_exact"

STREAMS: Final = (EXACT, EXACT_PAIRS, FOLDED, FOLDED_PAIRS, TITLE, TITLE_EXACT)

#: Of BM25, on every engine; the embedded one offers no other.
K1: Final = 1.2
B: Final = 0.75
#: A list of facet values ends here.
MOST_FACET_VALUES: Final = 200


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document as an engine stores it. ``length`` counts single terms; empty streams are left out."""

    id: str
    kind: str
    title: str
    text: str
    length: int
    codes: list[str]
    facets: dict[str, list[str]]
    numbers: Mapping[str, int]
    streams: dict[str, str]


def analyse(document: Document) -> Analysed:
    """
    Raises:
        ValueError: a number that is not one of ``NUMBERS``.
    """
    unknown = document.numbers.keys() - set(NUMBERS)
    if unknown:
        raise ValueError(f"unknown numbers in {document.id}: {', '.join(sorted(unknown))}")
    language = document.language or detect_language(f"{document.title}\n{document.text}")
    # A title is too short to tell its language by itself.
    title_language = "en" if language == "en" else document.language or None
    title = exact_terms(document.title, title_language)
    body = exact_terms(document.text, language)
    length = len(title) + len(body)
    codes = {*document.codes, *find_codes(document.title), *find_codes(document.text)}
    streams: dict[str, str] = {}
    if language != "en" and not (document.title.isascii() and document.text.isascii()):
        streams[EXACT] = " ".join(title + body)
        streams[EXACT_PAIRS] = " ".join(pairs(title) + pairs(body))
        streams[TITLE_EXACT] = " ".join(title + pairs(title))
        title, body = fold_terms(title), fold_terms(body)
    streams[FOLDED] = " ".join(title + body)
    streams[FOLDED_PAIRS] = " ".join(pairs(title) + pairs(body))
    streams[TITLE] = " ".join(title + pairs(title))
    return Analysed(
        document.id,
        document.kind,
        document.title,
        document.text,
        length,
        sorted(set().union(*map(code_keys, codes))),
        {name: list(values) for name, values in document.facets.items() if values},
        document.numbers,
        streams,
    )


def stream_of(term: str) -> str:
    """The stream that counts the documents with this term or pair."""
    if PAIR in term:
        return FOLDED_PAIRS if term.isascii() else EXACT_PAIRS
    return FOLDED if term.isascii() else EXACT


def facet_field(name: str) -> str:
    """Where the values of a facet stand."""
    return name if name == KIND or name in NUMBERS else f"{FACETS}.{name}"
