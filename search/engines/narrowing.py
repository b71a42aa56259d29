"""What a query is narrowed to: kinds, facets and ranges, those chosen and those typed."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from search.documents import NUMBERS, fit
from search.engines import fields
from search.engines.plan import Combined, Node, Nothing, OneOf, Range
from search.facets import KIND as KIND_FACET
from search.queries import Narrowing, Query

_FACET_NAME: Final = re.compile(r"[a-z][a-z_]{0,40}")
_LARGEST: Final = 2**63 - 1


def filters_of(
    query: Query,
    kinds: tuple[str, ...],
    typed: dict[str, tuple[str, ...]],
    typed_ranges: dict[str, tuple[int | None, int | None]],
) -> dict[str, Node]:
    filters: dict[str, Node] = {}
    for name, wanted in ((KIND_FACET, query.kinds), (f"{KIND_FACET}:", kinds)):
        if wanted:
            filters[name] = OneOf(fields.KIND, tuple(map(fit, wanted)))
    # What was typed and what was chosen must both hold; only the chosen is left out of counts.
    for suffix, found in (("", query.filters), (":", typed)):
        filters |= facets_of(suffix, found)
    for suffix, ranges in ((" range", query.ranges), (" range:", typed_ranges)):
        for name, (low, high) in ranges.items():
            if name in NUMBERS and not (low is None and high is None):
                filters[f"{name}{suffix}"] = Range(name, _bounded(low), _bounded(high))
    return filters


def facets_of(suffix: str, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, Node]:
    filters: dict[str, Node] = {}
    for name, values in wanted.items():
        if values and name in NUMBERS:
            numbers = tuple(int(value) for value in values if _is_number(value))
            filters[f"{name}{suffix}"] = OneOf(name, numbers) if numbers else Nothing()
        elif values and _FACET_NAME.fullmatch(name):
            filters[f"{name}{suffix}"] = OneOf(fields.facet_field(name), tuple(map(fit, values)))
    return filters


def left_out(narrowed: Iterable[Narrowing]) -> tuple[Node, ...]:
    """What a narrowed query never finds: documents of the kinds without any of the values."""
    return tuple(
        Combined(
            every=(OneOf(fields.KIND, tuple(map(fit, one.kinds))),),
            none=(OneOf(fields.facet_field(one.facet), tuple(map(fit, one.values))),)
            if one.values
            else (),
        )
        for one in narrowed
        if one.kinds
    )


def _bounded(number: int | None) -> int | None:
    """No engine holds larger numbers."""
    return None if number is None else max(-_LARGEST, min(number, _LARGEST))


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) <= 18
