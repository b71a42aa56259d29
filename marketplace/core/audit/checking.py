"""Whether the chain holds: from the first line, or from where the archives end."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from marketplace.core.audit import SEALED_FIELDS, Line, seal_of
from marketplace.core.models import AuditArchive, AuditEntry
from marketplace.core.storage import private_storage

_READ_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read, and where the chain broke: at a line's number, or at an archive's file."""

    lines: int
    sequence: int
    seal: str
    broken_at: int | None = None
    broken_file: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def check_chain(*, with_archives: bool = False, expect: tuple[int, str] | None = None) -> Checked:
    """Reads every sealed line and makes its seal again.

    Args:
        with_archives: reads the files of the years that were taken out too. Without them the chain
            starts at the seal that the last archive ended with.
        expect: number and seal of a line as an earlier check found it. A chain that was made anew as a
            whole holds in itself, and breaks here.
    """
    found = _check(with_archives)
    if found.holds and expect is not None and _seal_at(expect[0]) != expect[1]:
        return replace(found, broken_at=expect[0])
    return found


def _seal_at(sequence: int) -> str | None:
    """The seal of a line: in the database, or written at the end of an archive or within it."""
    kept = AuditEntry.objects.filter(sequence=sequence).values_list("seal", flat=True).first()
    if kept is not None:
        return str(kept)
    archive = AuditArchive.objects.filter(
        first_sequence__lte=sequence, last_sequence__gte=sequence
    ).first()
    lines = map(line_of, texts_of(archive)) if archive else ()
    return next((line.seal for line in lines if line.sequence == sequence), None)


def _check(with_archives: bool) -> Checked:
    sequence, seal, lines = 0, "", 0
    for number, archive in enumerate(AuditArchive.objects.order_by("first_sequence")):
        # The first one may stand alone: what was before it is older than is kept.
        follows = (archive.first_sequence, archive.previous_seal) == (sequence + 1, seal)
        if number and not follows:
            return Checked(lines, sequence, seal, sequence + 1, archive.file)
        if with_archives:
            read = _follow(_lines_of(archive), archive.first_sequence - 1, archive.previous_seal)
            lines += read.lines
            if not read.holds or (read.sequence, read.seal) != archive.end:
                at = read.broken_at or read.sequence + 1
                return Checked(lines, read.sequence, read.seal, at, archive.file)
        sequence, seal = archive.end
    read = _follow(kept_lines(after=sequence), sequence, seal)
    return Checked(lines + read.lines, read.sequence, read.seal, read.broken_at)


def _follow(lines: Iterable[Line], sequence: int, seal: str) -> Checked:
    count = 0
    for line in lines:
        if line.sequence != sequence + 1 or line.seal != seal_of(line, sequence + 1, seal):
            return Checked(count, sequence, seal, broken_at=sequence + 1)
        sequence, seal, count = line.sequence, line.seal, count + 1
    return Checked(count, sequence, seal)


def kept_lines(*, after: int = 0) -> Iterator[Line]:
    """The sealed lines in the database, in the order of the chain."""
    rows = AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")
    found = rows.values_list("sequence", *SEALED_FIELDS, "seal")
    return map(Line._make, found.iterator(chunk_size=_READ_AT_ONCE))


def _lines_of(archive: AuditArchive) -> Iterator[Line]:
    """None where the file is gone or is not what was written."""
    with suppress(FileNotFoundError):
        if digest_of(archive.file) == archive.sha256:
            yield from map(line_of, texts_of(archive))


def digest_of(name: str) -> str:
    digest = hashlib.sha256()
    with private_storage().open(name) as stored:
        for chunk in stored.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def texts_of(archive: AuditArchive) -> Iterator[str]:
    """The lines of a year as they were written, each a JSON object."""
    with private_storage().open(archive.file) as stored, gzip.open(stored, "rt") as unpacked:
        for text in unpacked:
            yield text.rstrip("\n")


def line_of(text: str) -> Line:
    row = json.loads(text)
    return Line(**row | {"at": datetime.fromisoformat(row["at"])})


def text_of(line: Line) -> str:
    return json.dumps(line._asdict() | {"at": line.at.isoformat()}, ensure_ascii=False)


def first_broken_seal() -> int | None:
    """The sequence number at which the chain breaks, or None where it holds."""
    return check_chain().broken_at
