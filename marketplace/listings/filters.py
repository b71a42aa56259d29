"""What narrows the public lists beside fields and places: how equipment is had, its figures, the order of needs."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict

from marketplace.accounts.fronts import Front
from marketplace.core import clock
from marketplace.listings.models import EquipmentSpecification, ListingQuerySet, Specification
from marketplace.listings.models.listing import public_now

#: Figures that a select can hold; the search finds the others.
_FIGURES_SHOWN: Final = 60
_LONGEST_FIGURE: Final = 160
DEADLINE_FIRST: Final = "han"


@dataclass(frozen=True, slots=True)
class FigureWanted:
    """A figure by its name and unit, in a range that may be open at either end."""

    name: str
    unit: str
    low: Decimal | None
    high: Decimal | None


def supplied_by(rows: ListingQuerySet, modes: list[str]) -> ListingQuerySet:
    """Equipment that is had in one of these ways (to buy, to hire, to use where it stands)."""
    wanted = Q(pk__in=[])
    for mode in modes:
        wanted |= Q(_modes__contains=f'"{mode}"')
    return rows.alias(_modes=Cast("supply_modes", TextField())).filter(wanted)


def figures_to_choose(front: Front) -> list[tuple[str, str]]:
    """Value and label of the figures that public equipment states, those of most machines first."""
    rows = (
        EquipmentSpecification.objects.filter(public_now("listing__"))
        .filter(Q(listing__exchange=front.exchange) if front.own_only else Q())
        .exclude(operator=Specification.Operator.TEXT)
        .values_list("name", "unit")
        .annotate(machines=Count("pk"))
        .order_by("-machines", "name", "unit")[:_FIGURES_SHOWN]
    )
    chosen = [(f"{name}|{unit}", f"{name} ({unit})" if unit else name) for name, unit, _n in rows]
    return sorted(chosen, key=lambda one: one[1].casefold())


def read_figure(query: QueryDict) -> FigureWanted | None:
    name, _bar, unit = query.get("thong-so", "").replace("\0", "")[:_LONGEST_FIGURE].partition("|")
    return FigureWanted(name, unit, _number(query, "tu"), _number(query, "den")) if name else None


def with_figure(rows: ListingQuerySet, wanted: FigureWanted) -> ListingQuerySet:
    """Equipment whose stated figure meets the range anywhere: "up to 100 kW" is found from 50 kW on."""
    operator = Specification.Operator
    figures = EquipmentSpecification.objects.filter(
        listing=OuterRef("pk"), name=wanted.name, unit=wanted.unit
    ).exclude(operator=operator.TEXT)
    figures = figures.alias(_low=Coalesce("low", "high"), _high=Coalesce("high", "low"))
    if wanted.high is not None:
        figures = figures.filter(Q(operator=operator.AT_MOST) | Q(_low__lte=wanted.high))
    if wanted.low is not None:
        figures = figures.filter(Q(operator=operator.AT_LEAST) | Q(_high__gte=wanted.low))
    return rows.filter(Exists(figures))


def by_deadline(rows: ListingQuerySet) -> ListingQuerySet:
    """Needs that still take proposals, the nearest deadline first; those without one last."""
    still = Q(deadline=None) | Q(deadline__gte=clock.today())
    return rows.filter(still).order_by(F("deadline").asc(nulls_last=True), "-pk")


def _number(query: QueryDict, name: str) -> Decimal | None:
    """As it is typed in either language: 1,5 and 1.5. Nothing where it is no number."""
    try:
        number = Decimal(query.get(name, "").strip().replace(",", ".")[:20])
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def summary(wanted: FigureWanted) -> str:
    """≥ 50 kW, as a chip says it."""
    low, high = (("" if n is None else f"{n.normalize():f}") for n in (wanted.low, wanted.high))
    bounds = f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}" if high else ""
    return " ".join(filter(None, [wanted.name, bounds, wanted.unit]))


def filter_rows(rows: Any, kind: str, query: QueryDict, modes: list[str]) -> Any:
    """The rows of one kind as the query asks for them."""
    if kind == "equipment":
        if modes:
            rows = supplied_by(rows, modes)
        if wanted := read_figure(query):
            rows = with_figure(rows, wanted)
    if kind == "need" and query.get("xep") == DEADLINE_FIRST:
        rows = by_deadline(rows)
    return rows
