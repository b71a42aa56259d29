"""A long log: how fast it is checked, sealed and archived."""

import json
import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from marketplace.core import audit
from marketplace.core.audit import guard
from marketplace.core.audit.archiving import archive_batch
from marketplace.core.audit.checking import check_chain
from marketplace.core.models import AuditEntry

YEAR = 2021
SEALED_BY_TICK = 5_000


def main(lines: str) -> None:
    count = int(lines)
    _fill(count)
    found = {"rows": _seconds(_bare_rows), "checked": _seconds(_check, count)}
    guard.remove(connection)
    changed = count * 9 // 10
    line = AuditEntry.objects.filter(sequence=changed)
    subject = line.get().subject
    AuditEntry._base_manager.filter(sequence=changed).update(subject="need:other")
    started = time.perf_counter()
    broken = check_chain().broken_at
    found["found"] = time.perf_counter() - started
    assert broken == changed, (broken, changed)
    AuditEntry._base_manager.filter(sequence=changed).update(subject=subject)
    guard.install(connection)
    found["archived"] = _seconds(_archive)
    assert not AuditEntry.objects.exists()
    for number in range(SEALED_BY_TICK):
        audit.record("need.published", f"need:{number}", by="bench")
    found["sealed"] = SEALED_BY_TICK / _seconds(_seal)
    assert check_chain(with_archives=True).lines == count + SEALED_BY_TICK
    print(json.dumps(found))


def _fill(count: int) -> None:
    """Sealed lines of one year, as the tick would have left them."""
    at = datetime(YEAR, 1, 1, tzinfo=UTC)
    seal, rows = "", []
    with transaction.atomic():
        for sequence in range(1, count + 1):
            at += timedelta(seconds=30)
            row = AuditEntry(
                at=at, actor=f"{sequence % 500:032x}", action="need.published",
                subject=f"need:{sequence:010d}", sequence=sequence,
                data={"from": "draft", "to": "published", "version": sequence},
            )  # fmt: skip
            row.seal = seal = audit.seal_of(row, sequence, seal)
            rows.append(row)
            if len(rows) == 10_000 or sequence == count:
                AuditEntry.objects.bulk_create(rows)
                rows = []


def _bare_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_auditentry ORDER BY sequence")
        while cursor.fetchmany(5000):
            pass


def _check(count: int) -> None:
    checked = check_chain()
    assert checked.holds
    assert checked.lines == count


def _archive() -> None:
    while archive_batch():
        pass


def _seal() -> None:
    while audit.seal_batch():
        pass


def _seconds(work, *arguments) -> float:
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started
