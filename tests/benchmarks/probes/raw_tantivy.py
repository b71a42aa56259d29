"""The same work on tantivy as it comes: its default analysis, its facets, its snippets."""

import json
import time
from pathlib import Path

import tantivy
from tantivy import Occur

from tests.benchmarks.probes import combined
from tests.benchmarks.references import FOLDER

FACETS = ("kind", "field", "province")
HEAP = 64_000_000
WARMING = 5


def main(what: str, folder: str, count: str) -> None:
    data = build(Path(folder), int(count)) if what == "build" else ask(Path(folder), int(count))
    print(json.dumps(data))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True)
    builder.add_text_field("body", stored=True)
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def build(folder: Path, count: int) -> dict[str, float]:
    folder.mkdir(parents=True)
    documents = list(combined.documents(FOLDER, count)) if count <= 200_000 else None
    started, busy = time.perf_counter(), time.process_time()
    writer = tantivy.Index(_schema(), path=str(folder)).writer(HEAP, 1)
    for document in documents or combined.documents(FOLDER, count):
        writer.add_document(
            tantivy.Document(
                title=document.title,
                body=document.text,
                kind=document.kind,
                field=document.facets["field"][0],
                province=document.facets["province"][0],
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    return {
        "seconds": time.perf_counter() - started,
        "worked": time.process_time() - busy,
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    }


def ask(folder: Path, count: int) -> dict[str, list[float]]:
    index = tantivy.Index.open(str(folder))
    searcher, schema = index.searcher(), index.schema
    short, words, long = [], [], []
    for number, text in enumerate(combined.short_queries(FOLDER, count + WARMING)):
        query = _query(index, text)
        started = time.perf_counter()
        found = searcher.search(query, 20)
        snippets = tantivy.SnippetGenerator.create(searcher, query, schema, "body")
        for _score, address in found.hits:
            snippets.snippet_from_doc(searcher.doc(address)).to_html()
        for name in FACETS:
            searcher.aggregate(query, {name: {"terms": {"field": name, "size": 200}}})
        if number >= WARMING:
            short.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        for _score, address in searcher.search(query, 20).hits:
            searcher.doc(address)
        if number >= WARMING:
            words.append((time.perf_counter() - started) * 1000)
    for number, text in enumerate(combined.long_queries(FOLDER, count + WARMING)):
        query = _query(index, text)
        started = time.perf_counter()
        for _score, address in searcher.search(query, 200, count=False).hits:
            searcher.doc(address)
        if number >= WARMING:
            long.append((time.perf_counter() - started) * 1000)
    return {"short": short, "words": words, "long": long}


def _query(index: tantivy.Index, text: str) -> tantivy.Query:
    """Any of the words, in title or body: what its own parser makes of plain words."""
    plain = "".join(char if char.isalnum() else " " for char in text)
    query, _errors = index.parse_query_lenient(plain, ["title", "body"])
    return tantivy.Query.boolean_query([(Occur.Must, query)])
