"""Measures linking on labelled pairs made from the demo's records, and on real awards."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.reading.records.scoring import AUTOMATIC, REVIEW, VERSION
from marketplace.sources.linking.awards import try_awards
from marketplace.sources.linking.evaluation import Figures, demo_records, measure
from marketplace.sources.linking.fitting import fitted
from marketplace.sources.linking.labelled import (
    HARD_SEEDS,
    SEEDS,
    Half,
    Labelled,
    hard_set,
    labelled_set,
)

_RECORDS: Final = "marketplace/demo/data"
#: Name → half, seeds and maker of the sets it is measured on.
_PARTS: Final[dict[str, tuple[Half, tuple[int, ...], Callable[..., Labelled]]]] = {
    "development": ("development", SEEDS["development"], labelled_set),
    "development, hard": ("development", HARD_SEEDS["development"], hard_set),
    "held-out": ("held-out", SEEDS["held-out"], labelled_set),
    "held-out, hard": ("held-out", HARD_SEEDS["held-out"], hard_set),
}


class Command(BaseCommand):
    help = (
        "Đo việc tìm bản ghi trùng trên tập có nhãn sinh từ dữ liệu mẫu (nửa để chỉnh và nửa để kiểm tra); "
        "--awards FILE thử thêm trên tệp đề tài thật."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="chỉ in JSON ra đầu ra chuẩn")
        parser.add_argument(
            "--half", choices=list(SEEDS), help="chỉ một nửa của tập (mặc định: cả hai)"
        )
        parser.add_argument(
            "--fit", action="store_true", help="tính lại trọng số trên nửa để chỉnh và in ra"
        )
        parser.add_argument("--awards", type=Path, metavar="FILE", help="tệp đề tài (.jsonl.gz)")

    def handle(self, *args: Any, **options: Any) -> None:
        records = demo_records(Path(settings.BASE_DIR) / _RECORDS)
        if not records:
            raise CommandError(_("không có dữ liệu mẫu trong %(folder)s") % {"folder": _RECORDS})
        found: dict[str, Any] = {
            "weights_version": VERSION,
            "thresholds": {"automatic": AUTOMATIC, "review": REVIEW},
        }
        for name, (half, seeds, make) in _PARTS.items():
            if options["half"] in (None, half):
                started = time.monotonic()
                figures = Figures()
                for seed in seeds:
                    figures.add(measure(make(records, half=half, seed=seed)))
                found[name] = figures.as_data() | {"seconds": round(time.monotonic() - started, 1)}
        if options["fit"]:
            found["weights"] = fitted(
                [
                    make(records, half=half, seed=seed)
                    for half, seeds, make in _PARTS.values()
                    if half == "development"
                    for seed in seeds
                ]
            )
        if options["awards"]:
            started = time.process_time()
            awards = try_awards(options["awards"])
            spent = time.process_time() - started
            # Made ready twice and every pair compared twice: what linking costs without the database, at most.
            found["awards"] = awards | {
                "milliseconds_a_record": round(1000 * spent / (awards["awards"] or 1), 2)
            }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: dict[str, Any]) -> None:
        for name in _PARTS:
            if name in found:
                one = found[name]
                automatic, together = one["automatic"], one["together"]
                self.stdout.write(
                    _(
                        "%(part)s: %(pairs)d cặp trùng; tự gộp %(merged)d cặp, đúng %(precision).4f (%(precision_95)s), "
                        "tìm ra %(automatic).4f (%(automatic_95)s); về cùng nhóm đúng %(grouped_right).4f, "
                        "tìm ra %(grouped).4f (%(grouped_95)s); nhờ xem %(asked)d cặp, tìm thêm %(review).4f; "
                        "tất cả %(recall).4f"
                    )
                    % {
                        "part": name,
                        "pairs": one["true_pairs"],
                        "merged": automatic["merged"],
                        "precision": automatic["precision"] or 0,
                        "precision_95": _span(automatic["precision_95"]),
                        "automatic": automatic["recall"] or 0,
                        "automatic_95": _span(automatic["recall_95"]),
                        "grouped_right": together["precision"] or 0,
                        "grouped": together["recall"] or 0,
                        "grouped_95": _span(together["recall_95"]),
                        "asked": one["review"]["asked"],
                        "review": one["review"]["recall"] or 0,
                        "recall": one["recall"] or 0,
                    }
                )
        for name in ("weights", "awards"):
            if name in found:
                self.stdout.write(json.dumps(found[name], ensure_ascii=False, indent=1))


def _span(interval: tuple[float, float] | None) -> str:
    return "–".join(f"{end:.4f}" for end in interval) if interval else "–"
