"""What stands in the index, and the fingerprint that says whether a folder still fits."""

import hashlib
from importlib.metadata import version
from typing import Any, Final

import tantivy

from search.analysis import code_keys, detect_language, exact_terms, find_codes, fold_terms, pairs
from search.documents import NUMBERS, Document

#: Raise it when documents or analysis change so that an old index answers wrongly.
FORMAT: Final = 2

ID: Final = "id"
KIND: Final = "kind"
CODE: Final = "code"
LENGTH: Final = "length"
VERSION: Final = "version"
#: A number made of the id, under which documents are gone through in bounded batches.
SLOT: Final = "slot"
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
STREAM_TOKENIZER: Final = "terms"


def _build() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(KIND, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(CODE, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(TITLE_TEXT, stored=True)
    builder.add_bytes_field(BODY_TEXT, stored=True)
    builder.add_json_field(FACETS, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(LENGTH, fast=True)
    builder.add_integer_field(VERSION, fast=True)
    builder.add_integer_field(SLOT, fast=True)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in STREAMS:
        builder.add_text_field(name, tokenizer_name=STREAM_TOKENIZER, index_option="freq")
    return builder.build()


SCHEMA: Final = _build()

FINGERPRINT: Final = hashlib.sha256(
    repr((FORMAT, version("tantivy"), STREAMS, NUMBERS)).encode()
).hexdigest()[:16]


def register_tokenizers(index: tantivy.Index) -> None:
    """Must follow every opening of an index: tantivy forgets them."""
    index.register_tokenizer(
        STREAM_TOKENIZER,
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build(),
    )


def slot_of(document_id: str) -> int:
    """62 bits of a digest: spread evenly, and two documents in one slot will not be met."""
    digest = hashlib.blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 2


def to_tantivy(document: Document) -> tantivy.Document:
    unknown = document.numbers.keys() - set(NUMBERS)
    if unknown:
        raise ValueError(f"unknown numbers in {document.id}: {', '.join(sorted(unknown))}")
    language = document.language or detect_language(f"{document.title}\n{document.text}")
    # A title is too short to tell its language by itself.
    title_language = "en" if language == "en" else document.language or None
    title = exact_terms(document.title, title_language)
    body = exact_terms(document.text, language)
    codes = {*document.codes, *find_codes(document.title), *find_codes(document.text)}
    values: dict[str, list[Any]] = {
        ID: [document.id],
        KIND: [document.kind],
        TITLE_TEXT: [document.title.encode()],
        BODY_TEXT: [document.text.encode()],
        LENGTH: [len(title) + len(body)],
        VERSION: [document.version],
        SLOT: [slot_of(document.id)],
    }
    if codes:
        values[CODE] = sorted(set().union(*map(code_keys, codes)))
    if document.facets:
        values[FACETS] = [{name: list(found) for name, found in document.facets.items() if found}]
    for name, number in document.numbers.items():
        values[name] = [number]
    if language != "en" and not (document.title.isascii() and document.text.isascii()):
        values[EXACT] = [" ".join(title + body)]
        values[EXACT_PAIRS] = [" ".join(pairs(title) + pairs(body))]
        values[TITLE_EXACT] = [" ".join(title + pairs(title))]
        title, body = fold_terms(title), fold_terms(body)
    values[FOLDED] = [" ".join(title + body)]
    values[FOLDED_PAIRS] = [" ".join(pairs(title) + pairs(body))]
    values[TITLE] = [" ".join(title + pairs(title))]
    return tantivy.Document.from_dict(values, SCHEMA)
