"""A file through the importer twice, provenance kept and indexing apart: `FILE [migrate]`."""

import json
import os
import resource
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from marketplace.research.models import Result
from marketplace.sources.models import RawRecord
from marketplace.sources.services import import_file


def main(path: str) -> None:
    call_command("migrate", verbosity=0)
    first = _timed(Path(path))
    before = _state()
    again = _timed(Path(path))
    print(
        json.dumps(
            {
                "database": connection.vendor,
                "first": first,
                "again": again,
                "results": before[0],
                "raw": RawRecord.objects.count(),
                "changed_again": before != _state(),
                # Of both processes, as if they shared nothing.
                "peak_mib": sum(
                    resource.getrusage(whose).ru_maxrss / 1024
                    for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
                ),
            }
        )
    )


def _timed(path: Path) -> dict[str, Any]:
    started, worked = time.perf_counter(), _processor_time()
    summary = import_file(path)
    return {
        "read": summary.read,
        "refused": summary.refused,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": _processor_time() - worked,
    }


def _processor_time() -> float:
    """Of this process and of those it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _state() -> tuple[int, int]:
    versions = Result.objects.values_list("content_version", flat=True)
    return len(versions), sum(versions)
