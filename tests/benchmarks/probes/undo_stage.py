"""A run that is undone, as a stage that can be killed anywhere."""

import json
from typing import Any

from django.core.management import call_command

from marketplace.accounts.models import User
from marketplace.research.models import Result
from marketplace.sources.models import RawRecord, Run
from marketplace.sources.services import ask_undo, correct_field
from marketplace.sources.tasks import undo as undo_tick
from tests.benchmarks.probes.stage import Stage, State, data_file

RECORDS = 1200


class Undo(Stage):
    NAME = "kill-undo.jsonl"

    def prepare(self) -> None:
        """A first version of all records, a second of most and new ones, corrections since."""
        clerk = User.objects.order_by("pk").first()
        assert clerk is not None
        for edition in (1, 2):
            with data_file(self.NAME).open("w", encoding="utf-8") as out:
                for n in range(RECORDS if edition == 2 else RECORDS * 2 // 3):
                    out.write(json.dumps(_record(n, edition if n % 3 else 1)) + "\n")
            with data_file("undo.log").open("a") as log:
                call_command(
                    "import_results",
                    str(data_file(self.NAME)),
                    no_index=True,
                    stdout=log,
                    stderr=log,
                )
        mine = Result.objects.filter(source="kill-undo").order_by("pk")
        for result in self.random.sample(list(mine[: RECORDS // 2]), 20):
            correct_field(
                result, field="title", value=f"{result.title} (sửa)", reason="thử", by=clerk
            )
        run = Run.objects.filter(source="kill-undo").order_by("-pk").first()
        assert run is not None
        ask_undo(run, by=clerk)

    def work(self) -> None:
        undo_tick()

    def state(self) -> State:
        mine = Result.objects.filter(source="kill-undo")
        run = Run.objects.filter(source="kill-undo").order_by("-pk").first()
        assert run is not None
        return {
            "results": sorted(
                [row.source_id, row.title, row.year, row.content_hash, row.withdrawn_at is None]
                for row in mine
            ),
            "versions": sorted(mine.values_list("source_id", "content_version")),
            "outcomes": sorted(
                RawRecord.objects.filter(run=run).values_list("identifier", "undo_outcome")
            ),
            "left": run.undo_left,
        }

    def faults(self) -> list[str]:
        run = Run.objects.filter(source="kill-undo").order_by("-pk").first()
        if run is None or run.undone_at is None:
            return ["the run is not undone"]
        if not RawRecord.objects.filter(run=run).exists():
            return ["nothing to undo: nothing was proved"]
        return []


def _record(number: int, edition: int) -> dict[str, Any]:
    return {
        "id": f"U{number}",
        "title": f"Kết quả {number}, bản {edition}",
        "year": 2000 + edition,
        "org": f"Viện số {number % 40}",
    }
