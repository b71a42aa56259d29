"""Making the daily files: beside the old ones, which stay until the new ones are complete."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files import File
from django.db.models import Max

from marketplace.api.bulk.columns import DATASETS, RESULTS, Dataset
from marketplace.api.bulk.files import FORMATS, checksum, file_name, write_files
from marketplace.api.models import Export, PublishedRecord
from marketplace.core import clock
from marketplace.core.leases import lease
from marketplace.core.storage import public_storage, stored_name

EVERY: Final = timedelta(hours=24)
#: What was taken off the public pages is not offered for longer than this.
WITHDRAWN_WITHIN: Final = timedelta(hours=1)
_CHUNK: Final = 2000
#: So that a download that began before the change comes to its end.
_KEPT: Final = 2


class Interrupted(Exception):
    """Another process holds the work now."""


def export_if_due() -> bool:
    """Makes new files where the last are a day old and something changed; says whether it did.

    Killed anywhere, the next run begins anew: nobody is told of files before all of them are there.
    """
    with lease("api.export", seconds=120) as held:
        if held is None or not _is_due():
            return False
        make_export(keep_going=held.renew)
        return True


def _is_due() -> bool:
    last = Export.objects.latest_made()
    if last is None:
        return PublishedRecord.objects.exists()
    changed = PublishedRecord.objects.filter(position__gt=last.position)
    age = clock.now() - last.made_at
    if age < EVERY:
        return age >= WITHDRAWN_WITHIN and changed.filter(is_deleted=True).exists()
    return changed.exists()


def _position() -> int:
    return PublishedRecord.objects.aggregate(last=Max("position"))["last"] or 0


def make_export(*, keep_going: Callable[[], bool] = lambda: True) -> Export:
    """Writes the files of all public results and of their uses, and makes them the ones on offer."""
    position, made_at = _position(), clock.now()
    folder = Path(tempfile.mkdtemp(prefix="export-", dir=_work_folder()))
    try:
        counts = {one.name: write_files(folder, one, _chunks(one, keep_going)) for one in DATASETS}
        files = [
            _publish(folder / file_name(one, kind), kind.media_type)
            | {"dataset": one.name, "records": counts[one.name]}
            for one in DATASETS
            for kind in FORMATS
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    export = Export.objects.create(
        made_at=made_at, position=position, records=counts[RESULTS.name], files=files
    )
    _forget_old()
    return export


def _work_folder() -> Path:
    folder = settings.DATA_DIR / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("export-*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    return folder


def _chunks(dataset: Dataset, keep_going: Callable[[], bool]) -> Iterator[list[dict[str, Any]]]:
    rows, last = dataset.rows(), 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        last = page[-1].pk
        yield [dataset.record(row) for row in page]
        if not keep_going():
            raise Interrupted


def _publish(path: Path, media_type: str) -> dict[str, Any]:
    with path.open("rb") as opened:
        stored = public_storage().save(stored_name(None, path.name), File(opened))
    return {
        "name": path.name,
        "media_type": media_type,
        "stored": stored,
        "bytes": path.stat().st_size,
        "sha256": checksum(path),
    }


def _forget_old() -> None:
    for old in Export.objects.order_by("-made_at", "-pk")[_KEPT:]:
        for file in old.files:
            public_storage().delete(file["stored"])
        old.delete()
