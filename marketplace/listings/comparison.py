"""Listings side by side: the same rows for each, aligned by name, those that differ marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.accounts.fronts import Front
from marketplace.core.templatetags.design import date_vi
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.presentation import amount, details, facts, owner_name, passages, price
from marketplace.listings.search import listing_facts
from search.analysis import fold

MOST = 4

_Values = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` are in the order of the listings, "" where one says nothing."""

    name: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len({" ".join(fold(cell).split()) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    rows: tuple[Row, ...]


def chosen_listings(named: Iterable[str], front: Front) -> list[Listing]:
    """Those that the site shows among `kind:public_id`, in the order named, each once, at most four."""
    wanted = list(dict.fromkeys(named))[: MOST * 5]
    found: dict[str, Listing] = {}
    for kind, model in LISTING_MODELS.items():
        keys = [one.partition(":")[2] for one in wanted if one.startswith(f"{kind}:")]
        # Identifiers are letters and digits; a database may refuse what else is typed.
        keys = [key for key in keys if key.isalnum()]
        if keys:
            rows = model.objects.public().shown_on(front).filter(public_id__in=keys)
            for row in rows.select_related("organization"):
                found[f"{kind}:{row.public_id}"] = row
    return [found[name] for name in wanted if name in found][:MOST]


def compared(listings: Sequence[Listing]) -> list[Section]:
    """Every fact that any of them states; sections without rows are left out."""
    sections = (
        (_("Thông tin chính"), [_main(listing) for listing in listings]),
        (_("Chỉ tiêu, thông số"), [_specifications(listing) for listing in listings]),
        (_("Chi tiết"), [details(listing) for listing in listings]),
        (_("Mô tả bằng lời"), [passages(listing) for listing in listings]),
    )
    return [Section(heading, rows) for heading, columns in sections if (rows := _aligned(columns))]


def _main(listing: Listing) -> list[tuple[str, str]]:
    known = listing_facts(listing)
    owner = listing.public_owner()
    verified = owner is not None and owner.is_verified
    head = [
        (_("Bên đăng"), owner_name(listing)),
        (_("Xác minh"), _("Tổ chức đã xác minh") if verified else ""),
        (_("Giá, ngân sách"), price(listing)),
        (_("Mức sẵn sàng"), f"TRL {known.trl}" if known.trl else ""),
        (_("Địa điểm"), known.place),
        (_("Hiển thị đến"), date_vi(listing.valid_until)),
    ]
    said = {value for _name, value in head if value}
    # The price has a name of its own in each listing, the one it is stated by.
    rest = [(name, value) for name, value in facts(listing) if value not in said]
    return [*head, *rest]


def _specifications(listing: Listing) -> list[tuple[str, str]]:
    return [(row.name, amount(row)) for row in listing.specifications.all()]


def _aligned(columns: Sequence[Sequence[tuple[str, str]]]) -> tuple[Row, ...]:
    """Rows in the order in which their names first come; names match however they are spelled."""
    names: dict[str, str] = {}
    cells: list[_Values] = []
    for column in columns:
        values: _Values = {}
        for name, value in column:
            key = " ".join(fold(name).split())
            names.setdefault(key, name)
            if value:
                values.setdefault(key, []).append(value)
        cells.append(values)
    rows = (
        Row(name, tuple("; ".join(values.get(key, ())) for values in cells))
        for key, name in names.items()
    )
    return tuple(row for row in rows if any(row.cells))
