"""Measures linking on labelled pairs made from the demo's records, and on real awards."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.reading.records.scoring import AUTOMATIC, REVIEW
from marketplace.sources.linking.awards import try_awards
from marketplace.sources.linking.evaluation import (
    Figures,
    demo_records,
    fit,
    measure,
    training_pairs,
)
from marketplace.sources.linking.labelled import labelled_set
from marketplace.sources.linking.labelled.sets import SEEDS

_RECORDS: Final = "marketplace/demo/data"


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
        found: dict[str, Any] = {"thresholds": {"automatic": AUTOMATIC, "review": REVIEW}}
        for half, seeds in SEEDS.items():
            if options["half"] in (None, half):
                started = time.monotonic()
                figures = Figures()
                for seed in seeds:
                    figures.add(measure(labelled_set(records, half=half, seed=seed)))
                found[half] = figures.as_data() | {"seconds": round(time.monotonic() - started, 1)}
        if options["fit"]:
            sets = [
                labelled_set(records, half="development", seed=seed)
                for seed in SEEDS["development"]
            ]
            found["weights"] = fit([pair for one in sets for pair in training_pairs([one])])
        if options["awards"]:
            found["awards"] = try_awards(options["awards"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: dict[str, Any]) -> None:
        for half in SEEDS:
            if half in found:
                one = found[half]
                self.stdout.write(
                    _(
                        "%(half)s: %(pairs)d cặp trùng; tự gộp đúng %(precision).4f, tìm ra %(automatic).4f "
                        "tự động, %(review).4f nhờ xem lại, %(recall).4f tất cả"
                    )
                    % {
                        "half": half,
                        "pairs": one["true_pairs"],
                        "precision": one["automatic"]["precision"] or 0,
                        "automatic": one["automatic"]["recall"] or 0,
                        "review": one["review"]["recall"] or 0,
                        "recall": one["recall"] or 0,
                    }
                )
        for name in ("weights", "awards"):
            if name in found:
                self.stdout.write(json.dumps(found[name], ensure_ascii=False, indent=1))
