"""The harvest of another system's records, as a stage that can be killed anywhere."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.sources.harvesting.progress import Progress
from marketplace.sources.models import Fault, RawRecord, Run, Source, SourceKind
from marketplace.sources.tasks import harvest as harvest_tick
from tests.benchmarks.probes.stage import Stage, State
from tests.sources.harvesting.server import Repository, serving

RECORDS, PAGE = 900, 30


class Harvest(Stage):
    """Records, deletions and a damaged title, brought in page by page, ten pages a batch."""

    address = ""

    @contextmanager
    def surroundings(self) -> Iterator[None]:
        """The other system, a process of its own: it outlives each harvest that is killed."""
        here, there = multiprocessing.Pipe()
        other = multiprocessing.get_context("fork").Process(
            target=_serve, args=(there,), daemon=True
        )
        other.start()
        self.address = here.recv()
        try:
            yield
        finally:
            other.kill()
            other.join(10)

    def prepare(self) -> None:
        Source.objects.create(
            slug="kill-harvest",
            name="Kho thử",
            kind=SourceKind.HARVEST,
            mapping={"harvest": {"inside": ["127.0.0.1"], "interval": 0}},
        )

    def work(self) -> None:
        source = Source.objects.get(slug="kill-harvest")
        if not source.address:
            progress = Progress.of(source)
            progress.asked_at = clock.now().isoformat()
            source.address = self.address
            source.cursor = {}
            source.save(update_fields=["address", "cursor"])
            progress.save(source)
        harvest_tick()

    def state(self) -> State:
        mine = Result.objects.filter(source="kill-harvest")
        runs = Run.objects.filter(source__slug="kill-harvest")
        return {
            "results": sorted(
                [row.source_id, row.title, row.content_version, row.withdrawn_at is None]
                for row in mine
            ),
            "raw": sorted(
                RawRecord.objects.filter(source__slug="kill-harvest").values_list(
                    "identifier", "content_hash"
                )
            ),
            # A batch may be in whose count is not: the page is read again and says "unchanged".
            "runs": sorted(runs.values_list("records_done", "problem")),
            "open runs": runs.filter(finished_at=None).count(),
            "faults": sorted(Fault.objects.filter(run__in=runs).values_list("line", "rule")),
            "others": Result.objects.exclude(source="kill-harvest").count(),
        }

    def faults(self) -> list[str]:
        kept = Result.objects.filter(source="kill-harvest", withdrawn_at=None).count()
        source = Source.objects.get(slug="kill-harvest")
        faults = [] if kept == RECORDS else [f"{kept} of {RECORDS} records are public"]
        if Progress.of(source).walk is not None:
            faults.append("the harvest is still on its way")
        return faults


def _serve(told: Connection) -> None:
    repository = Repository(RECORDS, page=PAGE)
    for number in range(0, RECORDS, 90):
        repository.put(f"oai:x:{RECORDS + number}", None, "2026-01-01T00:00:59Z")
    repository.put(f"oai:x:{RECORDS - 1}", "Nghi?n c?u s?y xo?i", "2026-01-01T00:00:59Z")
    with serving(repository) as address:
        told.send(address)
        multiprocessing.Event().wait()
