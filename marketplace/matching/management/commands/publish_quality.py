"""`manage.py publish_quality`: the figures of a release, for the public page. The file goes into the repository."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from marketplace.core import clock
from marketplace.matching.meaning import only_meaning
from marketplace.matching.measuring import measure
from marketplace.matching.published import FOLDER
from marketplace.matching.scoring.weights import shipped_weights
from search.evaluation import indexed, load_dataset


class Command(BaseCommand):
    help = (
        "Measures the shipped weights on judged sets (BEIR layout), as typed and without diacritics,"
        " and writes the figures of a release."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("datasets", type=Path, nargs="+", metavar="DATASET_DIR")
        parser.add_argument("--release", required=True, metavar="VERSION")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the file goes")

    def handle(self, *args: Any, **options: Any) -> None:
        weights, sets = shipped_weights(), []
        for path in options["datasets"]:
            try:
                dataset = load_dataset(path, unanswered=True)
            except (OSError, ValueError, KeyError) as error:
                raise CommandError(f"{path}: {error!r}") from error
            if not dataset.queries:
                raise CommandError(f"{path} has no judged query.")
            print(f"{path.name}: {len(dataset.queries)} needs …", file=sys.stderr)  # noqa: T201
            # Figures of words alone: what an installation without the semantic part is worth.
            with indexed(dataset) as engine, only_meaning(None):
                for bare in (False, True):
                    figures = measure(dataset, engine, weights, without_marks=bare)
                    sets.append({"set": path.name, "without_marks": bare, **figures})
        release = {
            "release": options["release"],
            "measured_on": clock.today().isoformat(),
            "weights": weights.version,
            "sets": sets,
        }
        file = options["folder"] / f"{options['release']}.json"
        file.write_text(f"{json.dumps(release, indent=1, ensure_ascii=False)}\n", encoding="utf-8")
        self.stdout.write(str(file))
