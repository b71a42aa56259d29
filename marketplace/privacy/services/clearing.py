"""Personal data whose time is over goes, row by row as the ledger says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import FileField, Min, QuerySet

from marketplace.core import audit
from marketplace.privacy.ledger import Clearing, Purpose, purposes

STAGE = "privacy.clear"


@dataclass(frozen=True, slots=True)
class Due:
    """What one row of the ledger finds: how many rows, and the oldest day among them."""

    purpose: Purpose
    clearing: Clearing
    rows: int
    oldest: Any


def preview() -> list[Due]:
    """What would be cleared now, changing nothing; those that another stage clears are named too."""
    return [
        Due(purpose, one, one.due().count(), one.due().aggregate(oldest=Min(one.since))["oldest"])
        for purpose, one in _clearings()
    ]


def clear_batch(limit: int = 200) -> int:
    """Clears the next rows that are due; 0 when there are none. Run under the lease only.

    Killed in between, what was not committed is found again: a row leaves the question by being
    cleared, and a file goes before its row does.
    """
    for purpose, one in _clearings():
        if one.by != STAGE:
            continue
        keys = list(one.due().values_list("pk", flat=True)[:limit])
        if not keys:
            continue
        rows = one.model._base_manager.filter(pk__in=keys)
        _remove_files(one, rows)
        with transaction.atomic():
            if one.act == "delete":
                rows.delete()
            else:
                rows.update(**{name: one.emptied(name) for name in one.fields})
            subject = f"ledger:{purpose.code}"
            audit.record(
                "privacy.cleared", subject, by=STAGE, model=one.model._meta.label, rows=len(keys)
            )
        return len(keys)
    return 0


def _remove_files(one: Clearing, rows: QuerySet) -> None:
    options = one.model._meta
    names = one.fields if one.act == "blank" else [field.name for field in options.concrete_fields]
    for name in names:
        if isinstance(options.get_field(name), FileField):
            for row in rows.exclude(**{name: ""}):
                getattr(row, name).delete(save=False)


def _clearings() -> Iterator[tuple[Purpose, Clearing]]:
    for purpose in purposes():
        for one in purpose.clearings:
            yield purpose, one
