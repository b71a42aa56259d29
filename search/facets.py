"""Names under which documents can be filtered, and how people type them (``tỉnh:Hà Nội``).

Applications register the labels of their own facets; the names themselves are fixed by
``Document.facets`` and ``Document.numbers``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from search.analysis import fold

Choices = Callable[[], Mapping[str, str]]
KIND = "kind"

#: "500 triệu", "1,2 tỷ": money as it is spoken here, folded.
_UNITS: Final = {
    "nghin": 1_000, "k": 1_000, "trieu": 1_000_000, "tr": 1_000_000, "m": 1_000_000,
    "million": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000, "billion": 1_000_000_000,
    "bn": 1_000_000_000,
}  # fmt: skip
_AMOUNT: Final = re.compile(r"(?P<figure>\d{1,6}(?:[.,]\d{1,3})?)(?P<unit>[a-z]{1,7})")


@dataclass(frozen=True, slots=True)
class Facet:
    """``label`` may be lazy; ``choices`` gives value → label in display order, if known.

    ``parents`` gives value → the value it stands below, for facets that are a tree.
    """

    name: str
    label: str | Promise
    prefixes: tuple[str, ...] = ()
    choices: Choices | None = None
    parents: Choices | None = None

    def labels(self) -> dict[str, str]:
        if self.choices is None:
            return {}
        return {value: str(label) for value, label in self.choices().items()}

    def tree(self) -> dict[str, str]:
        """Value → parent; nothing for a facet without levels."""
        return {} if self.parents is None else dict(self.parents())

    def lineage(self, value: str) -> list[str]:
        """What stands above the value, the nearest first."""
        tree, above = self.tree(), list[str]()
        while (value := tree.get(value, "")) and value not in above:
            above.append(value)
        return above

    def values_typed(self, typed: str) -> tuple[str, ...]:
        """Values a person may mean: an exact value or label, else labels holding the words."""
        wanted = " ".join(fold(typed).replace("_", " ").split())
        if not wanted:
            return ()
        if self.choices is None:
            return (typed,)
        try:
            labels = self._spelled()
        except DatabaseError:
            # Before the first migration an evaluation reads queries too; then they are words.
            return ()
        exact = tuple(v for v, forms in labels.items() if wanted in (fold(v), *forms))
        if exact:
            return exact
        padded = f" {wanted} "
        return tuple(v for v, forms in labels.items() if any(padded in f" {f} " for f in forms))

    def _spelled(self) -> dict[str, tuple[str, ...]]:
        """Value → its label as it is typed in each language of the page."""
        spelled: dict[str, tuple[str, ...]] = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                for value, label in self.labels().items():
                    spelled[value] = (*spelled.get(value, ()), fold(label))
        return spelled


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
        if self.name == "price":
            amount = _AMOUNT.fullmatch(fold(typed).replace(" ", ""))
            unit = _UNITS.get(amount["unit"]) if amount else None
            if amount is not None and unit is not None:
                return int(float(amount["figure"].replace(",", ".")) * unit)
        digits = typed.replace(".", "").replace(",", "")
        return int(digits) if digits.isdecimal() and len(digits) <= 15 else None


_facets: dict[str, Facet] = {}
_numbers: dict[str, Number] = {}


def register_facet(facet: Facet) -> None:
    """Register or refine a facet; prefixes add to those already known."""
    known = _facets.get(facet.name)
    if known is not None:
        merged = tuple(dict.fromkeys((*known.prefixes, *facet.prefixes)))
        facet = replace(
            facet,
            prefixes=merged,
            choices=facet.choices or known.choices,
            parents=facet.parents or known.parents,
        )
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
        Number("trl", ("mức sẵn sàng", "readiness")),
        Number("year", ("năm",)),
        Number("deadline", ("hạn", "hạn nộp", "due")),
        Number("published", ("ngày đăng", "posted")),
        Number("price", ("giá", "ngân sách", "budget")),
    )
)
_facets.update(
    (entry.name, entry)
    for entry in (
        Facet(KIND, _("Loại"), ("loại", "type")),
        Facet("field", _("Lĩnh vực"), ("lĩnh vực",)),
        Facet("province", _("Tỉnh, thành phố"), ("tỉnh", "tỉnh thành", "place")),
        Facet("industry", _("Ngành"), ("ngành",)),
        Facet(
            "organization", pgettext_lazy("một tổ chức", "Tổ chức"), ("tổ chức", "đơn vị", "org")
        ),
        Facet("transfer", _("Hình thức chuyển giao"), ("chuyển giao",)),
        Facet("service", _("Loại dịch vụ"), ("dịch vụ",)),
        Facet("price_band", _("Giá, ngân sách"), ("khoảng giá",)),
        Facet(
            "language",
            _("Ngôn ngữ"),
            ("ngôn ngữ", "lang"),
            lambda: {"vi": str(_("Tiếng Việt")), "en": str(_("Tiếng Anh"))},
        ),
        Facet("verified", _("Xác minh"), ("xác minh",)),
        Facet("evidence", _("Căn cứ"), ("căn cứ",)),
    )
)
