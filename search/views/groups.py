"""The boxes beside the hits: what can be chosen, how many hits each choice would give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from search.facets import KIND, facet
from search.queries import Results
from search.views.address import FILTERS, TRL, TRL_BANDS, YEAR, Chosen, Filter, legend, without

_SHOWN: Final = 8
_MOST_SHOWN: Final = 40

Labels = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class Option:
    value: str
    label: str
    count: int
    checked: bool
    children: list["Option"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(child.checked or child.is_open for child in self.children)


def groups(results: Results, chosen: Chosen, labels: Labels) -> list[dict[str, Any]]:
    """The groups that have anything to choose, each with its options in reading order."""
    found = []
    for entry in FILTERS:
        options = _options(entry, results, chosen[entry.parameter], labels[entry.name])
        if not options:
            continue
        first, rest = _parted(options)
        found.append(
            {
                "name": entry.parameter,
                "legend": legend(entry.name),
                "options": first,
                "more": rest,
                "is_folded": entry.is_folded,
                "is_open": bool(chosen[entry.parameter]),
            }
        )
    return found


def chips(data: QueryDict, chosen: Chosen, labels: Labels) -> list[dict[str, str]]:
    """One for each choice, with the address that takes it back."""
    return [
        {
            "label": labels[entry.name].get(value, value),
            "url": f"?{without(data, entry.parameter, value=value)}",
        }
        for entry in FILTERS
        for value in chosen[entry.parameter]
    ]


def _options(
    entry: Filter, results: Results, picked: list[str], labels: Mapping[str, str]
) -> list[Option]:
    counts = _counts(entry.name, results)
    parents = facet(entry.name).tree() if entry.name not in (TRL, YEAR) else {}
    if parents:
        return _tree(counts, picked, labels, parents)
    if entry.name in (KIND, TRL, "price_band"):
        values = [value for value in labels if counts.get(value) or value in picked]
        if entry.name == KIND:
            values.sort(key=lambda value: -counts.get(value, 0))
    elif entry.name == YEAR:
        values = sorted({*counts, *picked}, reverse=True)
    else:
        known = [value for value in counts if not labels or value in labels]
        values = [*(value for value in picked if value not in known), *known]
    return [
        Option(value, labels.get(value, value), counts.get(value, 0), value in picked)
        for value in values[:_MOST_SHOWN]
    ]


def _tree(
    counts: Mapping[str, int],
    picked: list[str],
    labels: Mapping[str, str],
    parents: Mapping[str, str],
) -> list[Option]:
    """Options below options. A value whose parent nobody knows stands at the top."""
    wanted = [value for value in labels if counts.get(value) or value in picked]
    nodes = {
        value: Option(value, labels[value], counts.get(value, 0), value in picked)
        for value in wanted
    }
    top: list[Option] = []
    for value, node in nodes.items():
        above = parents.get(value, "")
        (nodes[above].children if above in nodes else top).append(node)
    for node in nodes.values():
        node.children.sort(key=lambda child: -child.count)
    # A choice that nobody knows any more can still be taken back.
    top += [Option(value, value, 0, checked=True) for value in picked if value not in labels]
    return sorted(top, key=lambda node: -node.count)


def _parted(options: list[Option]) -> tuple[list[Option], list[Option]]:
    """The first few, with all that are chosen, and the rest behind a fold."""
    if len(options) <= _SHOWN + 2:
        return options, []
    first = [o for place, o in enumerate(options) if place < _SHOWN or o.checked or o.is_open]
    return first, [option for option in options if option not in first]


def _counts(name: str, results: Results) -> Mapping[str, int]:
    counts = results.facets.get(name, {})
    if name != TRL:
        return counts
    return {
        band: sum(counts.get(str(level), 0) for level in levels)
        for band, (levels, _label) in TRL_BANDS.items()
    }
