"""`manage.py evaluate`: the quality of search or matching on a judged set; touches no data."""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from marketplace.matching.evaluation import QUALITY, MatchRanker, ablation, ladder
from marketplace.matching.fitting import chosen
from marketplace.matching.likeness_of_sets import first_candidates, likeness_of
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import Weights
from marketplace.matching.scoring.weights import read_weights, shipped_weights
from search.analysis import has_diacritics
from search.engines import Engine
from search.evaluation import (
    Bm25Ranker,
    Dataset,
    Ranker,
    SearchRanker,
    evaluate,
    indexed,
    load_dataset,
)


class Command(BaseCommand):
    help = "Measures ranking on a set in the BEIR layout, with an index of its own."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "datasets",
            type=Path,
            nargs="+",
            metavar="DATASET_DIR",
            help="one; with --ablation as many as the table shall have",
        )
        parser.add_argument("--json", action="store_true", help="JSON alone on standard output")
        parser.add_argument("--path", choices=["search", "match"], default="search")
        parser.add_argument("--strip-diacritics", action="store_true")
        parser.add_argument(
            "--ablation",
            nargs="?",
            choices=["added", "removed"],
            const="added",
            help="matching from BM25 up, one component after the other, or with each removed in turn; with"
            " --strip-diacritics typed both ways",
        )
        parser.add_argument(
            "--queries", type=int, default=0, metavar="N", help="only so many, chosen by --seed"
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--weights", type=Path, metavar="FILE", help="instead of those shipped")
        parser.add_argument(
            "--semantic",
            action=BooleanOptionalAction,
            default=False,
            help="matching with likeness of meaning too, where it is installed",
        )
        parser.add_argument(
            "--semantic-cache",
            type=Path,
            metavar="FOLDER",
            help="where the vectors of the set are kept for the next run; by default in the data folder",
        )
        parser.add_argument(
            "--semantic-first",
            type=int,
            default=0,
            metavar="N",
            help="of a large set reads for meaning only the first N candidates by words of each query (30 is"
            " what the second look takes); the others stand in the middle",
        )
        parser.add_argument(
            "--engine",
            default="",
            metavar="URL",
            help="an index on a search server to fill and measure, e.g. opensearch://host:9200/evaluate?timeout=10",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        weights = _weights(options["weights"])
        if options["ablation"]:
            self._ablate(options, weights)
            return
        if len(options["datasets"]) > 1:
            raise CommandError("Several sets only with --ablation.")
        dataset = _load(options["datasets"][0], options)
        with _prepared(dataset, weights, options) as engine:
            strip = options["strip_diacritics"]
            matching = options["path"] == "match"
            ranker: Ranker = MatchRanker(engine, weights) if matching else SearchRanker(engine)
            figures: dict[str, Any] = dict(evaluate(dataset, ranker, strip_diacritics=strip))
            # Matching is held against the yardstick on the same index in the same run.
            if matching:
                plain = evaluate(dataset, Bm25Ranker(engine), strip_diacritics=strip)
                figures["bm25"] = {name: plain[name] for name in QUALITY}
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        beside = figures.pop("bm25", {})
        for name, value in figures.items():
            told = f"   BM25 {beside[name]}" if name in beside else ""
            self.stdout.write(f"{name:12} {value}{told}")

    def _ablate(self, options: dict[str, Any], weights: Weights) -> None:
        rows = ladder if options["ablation"] == "added" else ablation
        table: dict[str, dict[str, dict[str, float | int]]] = {}
        for path in options["datasets"]:
            dataset = _load(path, options)
            with _prepared(dataset, weights, options) as engine:
                for strip in (False, True) if options["strip_diacritics"] else (False,):
                    if strip and not any(map(has_diacritics, dataset.queries.values())):
                        continue
                    name = f"{path.name}, bare" if strip else path.name
                    print(f"{name} …", file=sys.stderr)  # noqa: T201
                    found = rows(dataset, engine, weights, strip_diacritics=strip)
                    table[name] = {row: {one: told[one] for one in QUALITY} for row, told in found}
        if options["json"]:
            self.stdout.write(json.dumps(table))
            return
        self._print(table)

    def _print(self, table: dict[str, dict[str, dict[str, float | int]]]) -> None:
        """nDCG@10 / recall@100, a line a component and a column a set, as docs/quality.md has it."""
        self.stdout.write(f"| | {' | '.join(table)} |")
        self.stdout.write(f"|---|{'---|' * len(table)}")
        names = dict.fromkeys(name for rows in table.values() for name in rows)
        for name in names:
            cells = (
                f"{rows[name]['ndcg@10']:.3f} / {rows[name]['recall@100']:.3f}"
                if name in rows
                else "–"
                for rows in table.values()
            )
            self.stdout.write(f"| {name} | {' | '.join(cells)} |")


def _load(path: Path, options: dict[str, Any]) -> Dataset:
    try:
        dataset = load_dataset(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandError(str(error)) from error
    except (ValueError, KeyError) as error:
        raise CommandError(f"{path} is not in the BEIR layout: {error!r}") from error
    if not dataset.queries:
        raise CommandError(f"{path} has no query with a positive judgement.")
    if options["queries"]:
        dataset = replace(dataset, queries=chosen(dataset, options["queries"], options["seed"]))
    return dataset


@contextmanager
def _prepared(dataset: Dataset, weights: Weights, options: dict[str, Any]) -> Iterator[Engine]:
    """The set indexed, and read for its meaning where that is asked."""
    print(f"{len(dataset.queries)} queries; indexing …", file=sys.stderr)  # noqa: T201
    with indexed(dataset, options["engine"]) as engine:
        source, first = None, options["semantic_first"]
        if options["semantic"]:
            cache = options["semantic_cache"] or settings.DATA_DIR / "semantic" / "sets"
            only = first_candidates(dataset, engine, weights, first) if first else None
            source = likeness_of(dataset, cache, only=only)
        with only_meaning(source):
            yield engine


def _weights(path: Path | None) -> Weights:
    if path is None:
        return shipped_weights()
    try:
        return read_weights(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
