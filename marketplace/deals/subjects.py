"""What an expression of interest may be about: needs, and every kind of supply."""

from typing import Any

from django.db.models import QuerySet

from marketplace.accounts.supply import supply_kinds
from marketplace.listings.models import Need


def open_subjects(kind: str) -> QuerySet[Any] | None:
    """Rows of a kind that may be asked about today; None where there is no such kind."""
    if kind == Need.KIND:
        rows: QuerySet[Any] = Need.objects.public()
        return rows
    supply = supply_kinds().get(kind)
    return supply.rows() if supply is not None else None


def all_subjects(kind: str) -> QuerySet[Any]:
    """Rows of a kind, whatever became of them."""
    supply = supply_kinds().get(kind)
    if supply is not None:
        return supply.all_rows()
    return Need.objects.all() if kind == Need.KIND else Need.objects.none()


def subject_is_open(kind: str, pk: int) -> bool:
    rows = open_subjects(kind)
    return rows is not None and rows.filter(pk=pk).exists()


def kind_of(row: Any) -> str:
    """The kind of a row that may be asked about; empty for any other."""
    if isinstance(row, Need):
        return Need.KIND
    kinds = (code for code, kind in supply_kinds().items() if isinstance(row, kind.model))
    return next(kinds, "")
