"""The index of tantivy, and the fingerprint that says whether a folder still fits."""

import hashlib
import zlib
from importlib.metadata import version
from typing import Any, Final, NamedTuple

import tantivy

from search.analysis.words import Words, written_words
from search.documents import NUMBERS, Document
from search.engines.fields import (
    BODY_TEXT,
    CODE,
    FACETS,
    FORMAT,
    ID,
    KIND,
    LENGTH,
    STREAMS,
    TITLE_TEXT,
    VERSION,
    analyse,
)

#: A number made of the id, under which documents are gone through in bounded batches.
SLOT: Final = "slot"
STREAM_TOKENIZER: Final = "terms"

#: Raise it when what is stored of a document changes, and with it what `taken_apart` reads.
_LAYOUT: Final = 2
#: Without header and checksum, which tantivy has of its own.
_RAW: Final = -15
#: Between the words and the text; no word holds it.
_END_OF_WORDS: Final = b"\0"


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
    repr((FORMAT, _LAYOUT, version("tantivy"), STREAMS, NUMBERS)).encode()
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
    analysed = analyse(document)
    values: dict[str, list[Any]] = {
        ID: [analysed.id],
        KIND: [analysed.kind],
        TITLE_TEXT: [analysed.title.encode()],
        BODY_TEXT: [_stored(analysed.title, analysed.text)],
        LENGTH: [analysed.length],
        VERSION: [document.version],
        SLOT: [slot_of(document.id)],
    }
    if analysed.codes:
        values[CODE] = analysed.codes
    if analysed.facets:
        values[FACETS] = [analysed.facets]
    for name, number in analysed.numbers.items():
        values[name] = [number]
    for name, terms in analysed.streams.items():
        values[name] = [terms]
    return tantivy.Document.from_dict(values, SCHEMA)


def _stored(title: str, text: str) -> bytes:
    """The text and, so that nobody has to read it twice, its terms. They repeat each other, and packed
    together take hardly more than the text by itself."""
    packer = zlib.compressobj(wbits=_RAW)
    whole = b"".join((written_words(title, text).encode(), _END_OF_WORDS, text.encode()))
    return packer.compress(whole) + packer.flush()


class Stored(NamedTuple):
    id: str
    title: str
    text: str
    words: Words | None


def taken_apart(document: tantivy.Document) -> Stored:
    """What `to_tantivy` stored."""
    title, packed = document.get_first(TITLE_TEXT), document.get_first(BODY_TEXT)
    known, named = str(document.get_first(ID)), title.decode() if isinstance(title, bytes) else ""
    if not isinstance(packed, bytes):
        return Stored(known, named, "", None)
    words, _, text = zlib.decompress(packed, _RAW).partition(_END_OF_WORDS)
    return Stored(known, named, text.decode(), Words(words.decode()))
