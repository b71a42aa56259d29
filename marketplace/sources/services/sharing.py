"""Who sees the records of a source follows what its row says."""

from typing import Any

from django.db import transaction

from marketplace.core import clock
from marketplace.sources.models import Source
from marketplace.sources.registers import REGISTERS, Register
from marketplace.sources.visibility import NOT_PUBLIC, SANDBOX, hidden_because


@transaction.atomic
def hide_or_show(source: Source) -> int:
    """Brings the source's rows to what its sharing level says; returns how many changed.

    What staff withdrew, what the source deleted and what was undone stays as it is.
    """
    return sum(_follow(source, register) for register in REGISTERS.values())


def _follow(source: Source, register: Register) -> int:
    hidden = hidden_because(source)
    rows: Any = register.rows(source.slug)
    by_level = rows.filter(withdrawal_reason__in=(SANDBOX, NOT_PUBLIC))
    if hidden:
        other = by_level.exclude(withdrawal_reason=hidden)
        changed: int = other.update_content(withdrawal_reason=hidden)
        changed += rows.filter(withdrawn_at=None).update_content(
            withdrawn_at=clock.now(), withdrawal_reason=hidden
        )
        return changed
    shown: int = by_level.update_content(withdrawn_at=None, withdrawal_reason="")
    return shown
