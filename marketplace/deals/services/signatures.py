"""What the digital signatures of an uploaded contract say. The file is read by a program of its own."""

import hashlib
import json
import resource
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction

from marketplace.core import audit, clock
from marketplace.deals.models import ContractPaper, ContractRecord, SignedCopy
from marketplace.deals.services.rows import subject_of
from marketplace.deals.states import ContractState

logger = structlog.get_logger(__name__)

STAGE: Final = "deals.signatures"
#: Of the program that reads files of strangers.
SECONDS: Final = 60
BYTES: Final = 2 * 1024**3
_PROGRAM: Final = Path(__file__).parent.parent / "pades.py"
#: Goes up when the same file may be judged differently.
_EDITION: Final = 1
#: What is kept where the program does not come to an end with a file.
UNREAD: Final[dict[str, Any]] = {"paper": "other", "signatures": []}


def hand_out(contract: ContractRecord, content: bytes) -> None:
    """Remembers a PDF of the contract that was given out: what comes back signed is compared with it."""
    if contract.state == ContractState.CONFIRMED:
        ContractPaper.objects.get_or_create(
            contract=contract,
            sha256=hashlib.sha256(content).hexdigest(),
            defaults={"size": len(content)},
        )


def checked_with() -> str:
    """By what a copy is checked: library, edition of the rules, roots that are trusted. Changes, and copies are checked anew."""
    try:
        library = version("pyhanko")
    except PackageNotFoundError:
        library = ""
    roots = Path(settings.SIGNATURE_TRUST_ROOTS)
    known = roots.read_bytes() if settings.SIGNATURE_TRUST_ROOTS else b""
    return f"{_EDITION}:{library}:{hashlib.sha256(known).hexdigest()[:16]}"


def check_batch(limit: int = 5) -> int:
    """Checks signed copies that were not checked yet, or not with what is trusted now."""
    by = checked_with()
    rows = SignedCopy.objects.filter(signatures__gt=0).exclude(checked_with=by)
    rows = rows.select_related("contract__deal").order_by("pk")[:limit]
    return sum(_check(row, by=by) for row in rows)


def _check(row: SignedCopy, *, by: str) -> int:
    # It may take its time: no transaction is open meanwhile.
    found = read_signatures(row)
    with transaction.atomic():
        kept = SignedCopy.objects.filter(pk=row.pk, checked_with=row.checked_with).update(
            checked=found, checked_with=by, checked_at=clock.now()
        )
        if kept:
            audit.record(
                "contract.signatures_checked", subject_of(row.contract.deal), by=STAGE,
                copy=row.sha256, paper=found["paper"],
                states=[one["state"] for one in found["signatures"]],
            )  # fmt: skip
    return 1


def read_signatures(row: SignedCopy) -> dict[str, Any]:
    """As of the moment when the copy was uploaded: that the signatures stood by then is what the exchange has seen."""
    asked = {
        "roots": settings.SIGNATURE_TRUST_ROOTS,
        "papers": list(row.contract.papers.values_list("size", "sha256")),
        "moment": row.uploaded_at.isoformat(),
    }
    try:
        with row.file.open() as file:
            run = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-I", str(_PROGRAM), json.dumps(asked)],
                input=file.read(),
                capture_output=True,
                check=True,
                timeout=SECONDS,
                env={},
                preexec_fn=_bounded,
            )
        found: dict[str, Any] = json.loads(run.stdout)
    except FileNotFoundError:
        logger.warning("deals.signatures_unread", copy=row.key, why="no file")
        return UNREAD
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        logger.warning("deals.signatures_unread", copy=row.key, why="".join(last)[:300])
        return UNREAD
    except subprocess.TimeoutExpired:
        logger.warning("deals.signatures_unread", copy=row.key, why="time")
        return UNREAD
    return found


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
