"""A reading that staff ask for before its time; the tick does it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.sources.harvesting.progress import Progress
from marketplace.sources.models import Source, SourceKind


def may_be_asked(source: Source) -> bool:
    """Whether there is something to read: an active source with an address to harvest from."""
    return source.kind == SourceKind.HARVEST and source.is_active and bool(source.address)


@transaction.atomic
def ask_reading(source: Source, *, by: Any) -> None:
    """Has the next tick read the source; asking twice is asking once.

    Raises DomainError where it cannot be read, or where a reading is on its way: that one goes on by
    itself, and a server that asked for patience is not pressed.
    """
    row = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if not may_be_asked(row):
        raise DomainError(
            _(
                "Chỉ đọc được nguồn thu thập OAI-PMH đang dùng và đã có địa chỉ. Hãy sửa nguồn trước."
            )
        )
    progress = Progress.of(row)
    if progress.walk is not None:
        raise DomainError(_("Nguồn đang được đọc; lần đọc này tự tiếp tục cho đến hết."))
    if progress.asked_at:
        return
    # Between readings only our own wait after a fault of the row stands here: staff may have mended it.
    progress.asked_at, progress.not_before = clock.now().isoformat(), ""
    progress.save(row)
    audit.record("source.reading_asked", f"source:{row.pk}", by=by)


def waits_until(source: Source) -> datetime | None:
    """Until when no request goes out, where that is still to come."""
    text = Progress.of(source).not_before
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment and moment > clock.now() else None
