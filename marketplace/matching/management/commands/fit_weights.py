"""`manage.py fit_weights`: new weights from judgements, refused where they lose against BM25."""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from marketplace.core.errors import DomainError
from marketplace.matching.calibrating_sets import Sets, calibrated
from marketplace.matching.fitting import Fitted, chosen, fit, losers, observe
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import Weights
from marketplace.matching.scoring.weights import SHIPPED, read_weights, shipped_weights
from marketplace.matching.weighing import activate_weights, keep_weights
from search.evaluation import Bm25Ranker, Dataset, evaluate, indexed, load_dataset


class Command(BaseCommand):
    help = (
        "Fits the weights of matching on several judged sets at once (BEIR layout). What loses against"
        " BM25 on any of them is refused."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "datasets",
            type=Path,
            nargs="*",
            metavar="DATASET_DIR",
            help="without any the ranking stays and the probability alone is fitted",
        )
        parser.add_argument("--new-version", required=True, metavar="VERSION")
        parser.add_argument(
            "--from", dest="start", type=Path, metavar="FILE", help="weights to start from"
        )
        parser.add_argument(
            "--queries", type=int, default=250, metavar="N", help="of each set; 0 is all"
        )
        parser.add_argument("--folds", type=int, default=5)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--calibrate",
            type=Path,
            metavar="DATASET_DIR",
            help="graded set with needs that nothing answers: fits the probability too",
        )
        parser.add_argument(
            "--shorter",
            type=Path,
            metavar="DATASET_DIR",
            help="the needs of --calibrate in fewer words, named NEED/FORM: the probability knows them too",
        )
        parser.add_argument(
            "--across",
            type=Path,
            nargs=2,
            action="append",
            default=[],
            metavar=("QUERIES_DIR", "CORPUS_DIR"),
            help="queries of one language and the collection of another, for the probability (repeatable)",
        )
        parser.add_argument(
            "--semantic",
            action=BooleanOptionalAction,
            default=False,
            help="fits the probability with likeness of meaning beside that of words alone",
        )
        parser.add_argument("--semantic-cache", type=Path, metavar="FOLDER")
        parser.add_argument("--write", type=Path, metavar="FILE", help="write them as a file")
        parser.add_argument(
            "--keep", action="store_true", help="keep them as a row under their version"
        )
        parser.add_argument(
            "--activate", action="store_true", help="keep them and put them in force"
        )
        parser.add_argument("--json", action="store_true", help="JSON alone on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        start = _read(options["start"] or SHIPPED)
        if not options["datasets"] and options["calibrate"] is None:
            raise CommandError("Name judged sets to fit on, or --calibrate one.")
        # Nothing of the exchange's own vectors: what meaning adds is fitted apart.
        with only_meaning(None):
            fitted, yardstick = _fitted(options, start)
        weights = replace(fitted.weights, version=options["new_version"])
        told: dict[str, Any] = {}
        if options["calibrate"] is not None:
            sets = Sets(
                _load(options["calibrate"], unanswered=True),
                shorter=options["shorter"] and _load(options["shorter"], unanswered=True),
                across=tuple((_load(one), _load(other)) for one, other in options["across"]),
            )
            cache = options["semantic_cache"] or settings.DATA_DIR / "semantic" / "sets"
            weights, told = calibrated(
                sets, weights, seed=options["seed"], cache=cache if options["semantic"] else None
            )
        figures = _figures(fitted, yardstick) | {f"probability, {k}": v for k, v in told.items()}
        self._print(weights, figures, as_json=options["json"])
        lost = losers(fitted, yardstick)
        if lost:
            raise CommandError(f"Refused: they lose against BM25 on {', '.join(lost)}.")
        if options["write"] is not None:
            data = json.dumps(weights.to_data(), indent=2, sort_keys=True, ensure_ascii=False)
            options["write"].write_text(f"{data}\n", encoding="utf-8")
        try:
            if options["keep"] or options["activate"]:
                keep_weights(weights, figures=figures, note=_note(options))
            if options["activate"]:
                activate_weights(weights.version, by="fit_weights")
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _print(self, weights: Weights, figures: Mapping[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"weights": weights.to_data(), "figures": figures}))
            return
        for name, row in figures.items():
            shown = "  ".join(f"{key} {value}" for key, value in row.items() if key != "bins")
            self.stdout.write(f"{name:20} {shown}")
        for end in ("short", "long"):
            for tongue, lexical in getattr(weights, end).items():
                self.stdout.write(f"{end} {tongue}: {lexical}")
        self.stdout.write(str(weights.calibration))
        if weights.calibration_with_meaning is not None:
            self.stdout.write(f"with meaning: {weights.calibration_with_meaning}")


def _fitted(options: Mapping[str, Any], start: Weights) -> tuple[Fitted, dict[str, float]]:
    observed, yardstick = {}, {}
    for path in options["datasets"]:
        dataset = _load(path)
        queries = chosen(dataset, options["queries"], options["seed"])
        _say(f"{path.name}: {len(queries)} queries; indexing …")
        with indexed(dataset) as engine:
            observed[path.name] = observe(dataset, queries, engine, start)
            plain = evaluate(replace(dataset, queries=queries), Bm25Ranker(engine))
            yardstick[path.name] = float(plain["ndcg@10"])
    if not observed:
        return Fitted(start, {}, {}, {}), {}
    _say("fitting …")
    return fit(observed, start, folds=options["folds"], seed=options["seed"]), yardstick


def _figures(fitted: Fitted, yardstick: Mapping[str, float]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "bm25": round(yardstick[name], 4),
            "before": round(fitted.before[name], 4),
            "after": round(fitted.after[name], 4),
            "left_out": round(fitted.left_out.get(name, fitted.after[name]), 4),
        }
        for name in yardstick
    }


def _load(path: Path, *, unanswered: bool = False) -> Dataset:
    try:
        dataset = load_dataset(path, unanswered=unanswered)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandError(str(error)) from error
    except (ValueError, KeyError) as error:
        raise CommandError(f"{path} is not in the BEIR layout: {error!r}") from error
    if not dataset.queries:
        raise CommandError(f"{path} has no judged query.")
    return dataset


def _read(path: Path) -> Weights:
    if path == SHIPPED:
        return shipped_weights()
    try:
        return read_weights(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error


def _note(options: Mapping[str, Any]) -> str:
    return ", ".join(path.name for path in options["datasets"])


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
