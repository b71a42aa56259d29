"""Prints how well needs are read, and what reading negation is worth. Touches no data."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketplace.matching.negation import CASES, negation_lines
from marketplace.reading.folding import fold_in_place
from marketplace.reading.measuring import Measured, load_labelled, measure_reading
from marketplace.taxonomy.places import place_names
from search.evaluation import indexed, load_dataset

LABELLED = Path(__file__).parents[3] / "demo" / "data" / "reading" / "labelled.jsonl"


class Command(BaseCommand):
    help = "Đo việc đọc nhu cầu trên bộ nhu cầu gán nhãn tay, và phủ định trên các cặp đã đánh giá."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--labelled", type=Path, default=LABELLED)
        parser.add_argument("--negation", type=Path, default=CASES)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = {
            "reading": _reading(options["labelled"]),
            "negation": _negation(options["negation"]),
        }
        if options["as_json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for name, kinds in figures["reading"].items():
            self.stdout.write(f"\n{name} ({kinds['needs']})")
            for kind, row in kinds["kinds"].items():
                self.stdout.write(
                    f"  {kind:12} precision {row['precision']:.2f} of {row['read']:3}   "
                    f"recall {row['recall']:.2f} of {row['labelled']:3}"
                )
        self.stdout.write("\nnegation")
        for name, row in figures["negation"].items():
            self.stdout.write(
                f"  {name:18} nDCG {row['ndcg']:.3f}   pairs right {row['pairs_right']:.3f}"
            )


def _reading(path: Path) -> dict[str, Any]:
    places = {fold_in_place(name) for name in place_names()}
    needs = list(load_labelled(path))
    groups = {
        "all": needs,
        "held out": [need for need in needs if need.part == "held out"],
        "without diacritics": [need for need in needs if need.writing == "bare"],
        "English": [need for need in needs if need.writing == "en"],
    }
    return {
        name: _figures(measure_reading(rows, places=places))
        for name, rows in groups.items()
        if rows
    }


def _figures(measured: Measured) -> dict[str, Any]:
    rows = measured.kinds | {"together": measured.overall}
    return {
        "needs": measured.needs,
        "kinds": {
            kind: {
                "precision": round(tally.precision, 3),
                "recall": round(tally.recall, 3),
                "read": tally.read,
                "labelled": tally.labelled,
            }
            for kind, tally in rows.items()
        },
    }


def _negation(folder: Path) -> dict[str, Any]:
    dataset = load_dataset(folder)
    with indexed(dataset) as engine:
        return {name: asdict(row) for name, row in negation_lines(dataset, engine)}
