"""`manage.py evaluate`: the quality of search or matching on a judged set; touches no data."""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from marketplace.matching.evaluation import QUALITY, MatchRanker, ablation
from marketplace.matching.fitting import chosen
from marketplace.matching.likeness_of_sets import likeness_of
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import Weights
from marketplace.matching.scoring.weights import read_weights, shipped_weights
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
        parser.add_argument("dataset", type=Path, metavar="DATASET_DIR")
        parser.add_argument("--json", action="store_true", help="JSON alone on standard output")
        parser.add_argument("--path", choices=["search", "match"], default="search")
        parser.add_argument("--strip-diacritics", action="store_true")
        parser.add_argument(
            "--ablation", action="store_true", help="matching with each component removed in turn"
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
            "--engine",
            default="",
            metavar="URL",
            help="an index on a search server to fill and measure, e.g. opensearch://host:9200/evaluate?timeout=10",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dataset = load_dataset(options["dataset"])
        except (FileNotFoundError, NotADirectoryError) as error:
            raise CommandError(str(error)) from error
        except (ValueError, KeyError) as error:
            raise CommandError(
                f"{options['dataset']} is not in the BEIR layout: {error!r}"
            ) from error
        if not dataset.queries:
            raise CommandError(f"{options['dataset']} has no query with a positive judgement.")
        if options["queries"]:
            dataset = replace(dataset, queries=chosen(dataset, options["queries"], options["seed"]))
        weights = _weights(options["weights"])
        print(f"{len(dataset.queries)} queries; indexing …", file=sys.stderr)  # noqa: T201
        source = None
        if options["semantic"]:
            cache = options["semantic_cache"] or settings.DATA_DIR / "semantic" / "sets"
            source = likeness_of(dataset, cache)
        with only_meaning(source), indexed(dataset, options["engine"]) as engine:
            strip = options["strip_diacritics"]
            if options["ablation"]:
                self._ablate(dataset, engine, weights, strip=strip, as_json=options["json"])
                return
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

    def _ablate(
        self, dataset: Dataset, engine: Engine, weights: Weights, *, strip: bool, as_json: bool
    ) -> None:
        rows = {
            name: {figure: found[figure] for figure in QUALITY}
            for name, found in ablation(dataset, engine, weights, strip_diacritics=strip)
        }
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        whole = rows["nothing"]
        for name, row in rows.items():
            told = "  ".join(
                f"{figure} {row[figure]:.4f} ({row[figure] - whole[figure]:+.4f})"
                for figure in QUALITY
            )
            self.stdout.write(f"{name:16} {told}")


def _weights(path: Path | None) -> Weights:
    if path is None:
        return shipped_weights()
    try:
        return read_weights(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
