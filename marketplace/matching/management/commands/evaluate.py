"""`manage.py evaluate`: the quality of search or matching on a judged set; touches no data."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from marketplace.matching.evaluation import MatchRanker
from search.evaluation import Ranker, SearchRanker, evaluate, indexed, load_dataset


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
        print(f"{len(dataset.queries)} queries; indexing …", file=sys.stderr)  # noqa: T201
        with indexed(dataset, options["engine"]) as engine:
            ranker: Ranker = (
                MatchRanker(engine) if options["path"] == "match" else SearchRanker(engine)
            )
            figures = evaluate(dataset, ranker, strip_diacritics=options["strip_diacritics"])
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:12} {value}")
