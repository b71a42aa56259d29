"""Names under which documents can be filtered, and how people type them (``tỉnh:Hà Nội``).

Applications register the labels of their own facets; the names themselves are fixed by
``Document.facets`` and ``Document.numbers``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.analysis import fold

Choices = Callable[[], Mapping[str, str]]
KIND = "kind"


@dataclass(frozen=True, slots=True)
class Facet:
    """``label`` may be lazy; ``choices`` gives value → label in display order, if known."""

    name: str
    label: str | Promise
    prefixes: tuple[str, ...] = ()
    choices: Choices | None = None

    def labels(self) -> dict[str, str]:
        if self.choices is None:
            return {}
        return {value: str(label) for value, label in self.choices().items()}

    def values_typed(self, typed: str) -> tuple[str, ...]:
        """Values a person may mean: an exact value or label, else labels holding the words."""
        wanted = " ".join(fold(typed).replace("_", " ").split())
        if not wanted:
            return ()
        if self.choices is None:
            return (typed,)
        try:
            labels = {value: fold(label) for value, label in self.labels().items()}
        except DatabaseError:
            # Before the first migration an evaluation reads queries too; then they are words.
            return ()
        exact = tuple(v for v, label in labels.items() if wanted in (fold(v), label))
        if exact:
            return exact
        return tuple(v for v, label in labels.items() if f" {wanted} " in f" {label} ")


@dataclass(frozen=True, slots=True)
class Number:
    name: str
    prefixes: tuple[str, ...]

    def value_typed(self, typed: str) -> int | None:
        """A plain number, or a day written as it is spoken here (31/12/2026)."""
        if self.name in ("deadline", "published"):
            day = [int(part) for part in typed.replace("-", "/").split("/") if part.isdigit()]
            if len(day) == 3:
                year, month, day_of_month = day if day[0] > 31 else day[::-1]
                try:
                    return date(year, month, day_of_month).toordinal()
                except ValueError:
                    return None
            return None
        digits = typed.replace(".", "").replace(",", "")
        return int(digits) if digits.isdecimal() and len(digits) <= 15 else None


_facets: dict[str, Facet] = {}
_numbers: dict[str, Number] = {}


def register_facet(facet: Facet) -> None:
    """Register or refine a facet; prefixes add to those already known."""
    known = _facets.get(facet.name)
    if known is not None:
        merged = tuple(dict.fromkeys((*known.prefixes, *facet.prefixes)))
        facet = Facet(facet.name, facet.label, merged, facet.choices or known.choices)
    _facets[facet.name] = facet


def facet(name: str) -> Facet:
    """The registered facet; an unknown name is its own label."""
    return _facets.get(name) or Facet(name, name)


def facets() -> dict[str, Facet]:
    return dict(_facets)


def by_prefix() -> dict[str, Facet | Number]:
    """Folded prefix without spaces → what it filters by."""
    named: dict[str, Facet | Number] = {}
    entries: list[Facet | Number] = [*_numbers.values(), *_facets.values()]
    for entry in entries:
        for prefix in (entry.name, *entry.prefixes):
            named[fold(prefix).replace(" ", "")] = entry
    return named


_numbers.update(
    (number.name, number)
    for number in (
        Number("trl", ("mức sẵn sàng",)),
        Number("year", ("năm",)),
        Number("deadline", ("hạn", "hạn nộp")),
        Number("published", ("ngày đăng",)),
        Number("price", ("giá",)),
    )
)
_facets.update(
    (entry.name, entry)
    for entry in (
        Facet(KIND, _("Loại"), ("loại",)),
        Facet("field", _("Lĩnh vực"), ("lĩnh vực",)),
        Facet("province", _("Tỉnh, thành phố"), ("tỉnh", "tỉnh thành")),
        Facet("industry", _("Ngành"), ("ngành",)),
        Facet(
            "organization", pgettext_lazy("một tổ chức", "Tổ chức"), ("tổ chức", "đơn vị", "org")
        ),
        Facet("transfer", _("Hình thức chuyển giao"), ("chuyển giao",)),
    )
)
