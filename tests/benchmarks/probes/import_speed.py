"""A file through the importer twice, provenance kept and indexing apart: `FILE [migrate]`."""

import json
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
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def _timed(path: Path) -> dict[str, Any]:
    started, worked = time.perf_counter(), time.process_time()
    summary = import_file(path)
    return {
        "read": summary.read,
        "refused": summary.refused,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - worked,
    }


def _state() -> tuple[int, int]:
    versions = Result.objects.values_list("content_version", flat=True)
    return len(versions), sum(versions)
