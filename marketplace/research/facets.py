"""The filters of the register lists: values with names, counts and addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.research.browsing import FIELD, Filters
from marketplace.research.models import Programme, TaskLevel
from marketplace.taxonomy.labels import label

#: Facet → its parameter in the address.
PARAMETERS: Final = {
    FIELD: "linh-vuc",
    "level": "cap",
    "agency": "co-quan",
    "province": "tinh",
    "programme": "chuong-trinh",
    "year": "nam",
    "organization": "to-chuc",
}
LEGENDS: Final[dict[str, str | Promise]] = {
    FIELD: _("Lĩnh vực"),
    "level": _("Cấp nhiệm vụ"),
    "agency": _("Cơ quan chủ quản"),
    "province": _("Tỉnh, thành phố"),
    "programme": _("Chương trình"),
    "year": _("Năm"),
}
_SHOWN, _MORE = 8, 40
_LEVELS: Final = {value: at for at, value in enumerate(TaskLevel.values)}
#: Facets whose values are keys of rows: the address has their public id.
_ROWS: Final[dict[str, Any]] = {
    "agency": Organization,
    "organization": Organization,
    "programme": Programme,
}

Address = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    url: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    legend: str | Promise
    options: list[Option]
    more: list[Option]
    #: Values above those listed, from the widest on: the way back up the tree.
    above: list[Option] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address asks for. `unknown` names a value that leads nowhere: then nothing is found."""

    filters: Filters
    labels: Mapping[str, str]
    is_unknown: bool = False


def chosen_in(query: QueryDict) -> Chosen:
    values: dict[str, str] = {}
    labels: dict[str, str] = {}
    is_unknown = False
    for facet, parameter in PARAMETERS.items():
        given = query.get(parameter, "").replace("\0", "").strip()[:40]
        if not given:
            continue
        found = _row(facet, given) if facet in _ROWS else _plain(facet, given)
        if found is None:
            is_unknown = True
        else:
            values[facet], labels[facet] = found
    return Chosen(Filters(**values), labels, is_unknown)


def _row(facet: str, public_id: str) -> tuple[str, str] | None:
    rows = _ROWS[facet].objects.public()
    row = rows.filter(public_id=public_id).first()
    if row is None and _ROWS[facet] is Organization:
        # An address from before two profiles became one leads to what the other has now.
        row = rows.filter(merged__public_id=public_id).first()
    return (str(row.pk), str(row)) if row else None


def _plain(facet: str, value: str) -> tuple[str, str] | None:
    if facet == FIELD:
        return (value, label("st-fields", value)) if value.isdecimal() and len(value) <= 5 else None
    if facet == "level":
        return (value, str(TaskLevel(value).label)) if value in _LEVELS else None
    if facet == "year":
        return (value, value) if value.isdecimal() and len(value) == 4 else None
    return (value, label("provinces", value)) if value.isalnum() and len(value) <= 4 else None


def groups(
    chosen: Filters, counts: Mapping[str, Mapping[str, int | None]], address: Address
) -> list[Group]:
    """The filter groups of a page; one without any value to choose is left out."""
    made = []
    for facet, legend in LEGENDS.items():
        current = getattr(chosen, facet)
        values = dict(counts.get(facet, {}))
        if facet == FIELD:
            made.append(_field_group(legend, current, values, address))
            continue
        if current:
            values.setdefault(current, None)
        ordered = sorted(values, key=_order(facet, values))
        shown = ordered[: _SHOWN + _MORE]
        if current in ordered and current not in shown:
            shown.insert(0, current)
        names = _names(facet, shown)
        options = [
            Option(
                name,
                address(facet, "" if value == current else key),
                values[value],
                value == current,
            )
            for value in shown
            if (named := names.get(value))
            for name, key in [named]
        ]
        made.append(Group(legend, options[:_SHOWN], options[_SHOWN:]))
    return [group for group in made if group.options or group.above]


def _order(facet: str, values: Mapping[str, int | None]) -> Callable[[str], Any]:
    if facet == "year":
        return lambda value: -int(value)
    if facet == "level":
        return lambda value: _LEVELS.get(value, 9)
    return lambda value: (-(values[value] or 0), value)


def _names(facet: str, values: list[str]) -> dict[str, tuple[str, str]]:
    """Value → its name and what stands for it in an address."""
    if facet in _ROWS:
        rows = _ROWS[facet].objects.public().filter(Q(pk__in=[v for v in values if v.isdecimal()]))
        return {str(row.pk): (str(row), row.public_id) for row in rows}
    if facet == "level":
        return {v: (str(TaskLevel(v).label), v) for v in values if v in _LEVELS}
    if facet == "province":
        return {v: (label("provinces", v), v) for v in values}
    return {v: (v, v) for v in values}


def _field_group(
    legend: str | Promise, current: str, counts: Mapping[str, int | None], address: Address
) -> Group:
    """The fields right below the chosen one, and the way up: 4 › 401 › 40107."""
    deeper = {0: 1, 1: 3, 3: 5}.get(len(current), 0)
    codes = sorted(c for c in counts if len(c) == deeper and c.startswith(current))
    options = [
        Option(label("st-fields", code), address(FIELD, code), counts[code], False)
        for code in codes
    ]
    above = [
        Option(
            label("st-fields", code),
            address(FIELD, code),
            counts.get(code),
            code == current,
        )
        for code in dict.fromkeys(current[:length] for length in (1, 3, 5))
        if code
    ]
    return Group(legend, options[:12], options[12:], above)


def chips(labels: Mapping[str, str], address: Address) -> list[dict[str, str]]:
    """The filters that hold, each with the address without it."""
    return [{"label": name, "url": address(facet, "")} for facet, name in labels.items()]
