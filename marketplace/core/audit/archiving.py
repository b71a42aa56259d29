"""Whole years of the log leave the database for a file, and the file is kept for ten years.

Killed at any point the stage goes on where it stopped: a file without its row is written again, and
lines that an archive holds are removed by the next run.
"""

import gzip
import hashlib
import tempfile
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Min

from marketplace.core import clock
from marketplace.core.audit.checking import digest_of, kept_lines, text_of
from marketplace.core.models import AuditArchive, AuditEntry
from marketplace.core.storage import private_storage, stored_name

#: Of the year that is over last, so much stays at hand: people ask about what was some months ago.
YEARS_AT_HAND = 1
#: Required of records of transactions and of logs (domain facts, section 4.8).
YEARS_KEPT = 10
_REMOVED_AT_ONCE = 2000


def archive_batch() -> int:
    """Archives the oldest year that is due, removes what an archive holds, forgets what is too old."""
    return _remove_archived() or _archive_year() or _forget_old()


def _archive_year() -> int:
    before = datetime(clock.today().year - YEARS_AT_HAND, 1, 1, tzinfo=clock.VIETNAM)
    first = AuditEntry.objects.exclude(sequence=None).order_by("sequence").first()
    if first is None or first.at >= before:
        return 0
    year = first.at.astimezone(clock.VIETNAM).year
    end = datetime(year + 1, 1, 1, tzinfo=clock.VIETNAM)
    rows = AuditEntry.objects.filter(sequence__gte=first.sequence, at__lt=end)
    # A line that was written late and sealed in the next year keeps its place in the chain.
    later = AuditEntry.objects.filter(at__gte=end).aggregate(first=Min("sequence"))["first"]
    if later is not None:
        rows = rows.filter(sequence__lt=later)
    last = rows.aggregate(last=Max("sequence"))["last"]
    _write(year, int(first.sequence or 0), int(last))
    return 1


def _write(year: int, first: int, last: int) -> None:
    before = AuditArchive.objects.filter(last_sequence=first - 1).first()
    seal = ""
    with tempfile.TemporaryFile() as file:
        # No time of writing in it: the same lines make the same file.
        with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
            for line in kept_lines(after=first - 1):
                if line.sequence > last:
                    break
                packed.write(f"{text_of(line)}\n".encode())
                seal = line.seal
        file.seek(0)
        written = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        name = private_storage().save(stored_name(None, "audit.gz"), File(file))
    if digest_of(name) != written:
        raise OSError(f"{name} was not stored as it was written")
    AuditArchive.objects.create(
        year=year,
        first_sequence=first,
        last_sequence=last,
        previous_seal=before.last_seal if before else "",
        last_seal=seal,
        file=name,
        sha256=written,
        made_at=clock.now(),
        keep_until=date(year + YEARS_KEPT, 12, 31),
    )


def _remove_archived() -> int:
    """In steps of a second or less: on SQLite writers wait for one another."""
    last = AuditArchive.objects.aggregate(last=Max("last_sequence"))["last"]
    if last is None:
        return 0
    with transaction.atomic():
        keys = AuditEntry.objects.filter(sequence__lte=last).order_by("sequence")
        found = list(keys.values_list("pk", flat=True)[:_REMOVED_AT_ONCE])
        rows = AuditEntry._base_manager.filter(pk__in=found)
        return rows._raw_delete(rows.db) if found else 0


def _forget_old() -> int:
    """The newest stays whatever its age: the chain goes on from its seal."""
    archives = list(AuditArchive.objects.order_by("first_sequence")[:2])
    if len(archives) < 2 or archives[0].keep_until >= clock.today():
        return 0
    private_storage().delete(archives[0].file)
    archives[0].delete()
    return 1
