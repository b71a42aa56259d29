"""Offers and equipment as what may answer a need."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from marketplace.accounts.supply import SupplyCard, SupplyFacts, SupplyKind, register_supply
from marketplace.core.templatetags.design import vi_number
from marketplace.listings.models import Equipment, TechnologyOffer
from marketplace.listings.models import Specification as SpecificationRow
from marketplace.reading.specifications import Specification

#: Operators of the form's rows in the words of who compares them.
_OPERATORS: Final = {"ge": ">=", "le": "<=", "eq": "=", "between": "range", "text": "text"}


def plain_specifications(rows: Iterable[SpecificationRow]) -> tuple[Specification, ...]:
    return tuple(
        Specification(
            name=row.name,
            operator=_OPERATORS[row.operator],
            low=None if row.low is None else float(row.low),
            high=None if row.high is None else float(row.high),
            unit=row.unit,
            text=row.text,
        )
        for row in rows
    )


def listing_supply_facts(listing: TechnologyOffer | Equipment) -> SupplyFacts:
    rights = listing.ip_rights.all() if isinstance(listing, TechnologyOffer) else ()
    return SupplyFacts(
        fields=tuple(listing.field_codes),
        province=listing.province_code,
        trl=listing.trl,
        price_min=listing.price_min,
        specifications=plain_specifications(listing.specifications.all()),
        ip_numbers=len(rights),
    )


def listing_supply_card(listing: TechnologyOffer | Equipment) -> SupplyCard:
    return SupplyCard(owner=listing.public_owner(), trl=listing.trl)


def _public(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.public()  # type: ignore[attr-defined]


def count_offers(n: int) -> str:
    return ngettext("%(n)s công nghệ", "%(n)s công nghệ", n) % {"n": vi_number(n)}


def count_equipment(n: int) -> str:
    return ngettext("%(n)s thiết bị", "%(n)s thiết bị", n) % {"n": vi_number(n)}


def register_listing_supply() -> None:
    register_supply(
        SupplyKind(
            code=TechnologyOffer.KIND,
            model=TechnologyOffer,
            open=_public,
            facts=listing_supply_facts,
            card=listing_supply_card,
            answered_by=TechnologyOffer.objects.editable_by,
            counted=count_offers,
            noun=pgettext_lazy("một loại trong câu", "công nghệ"),
            quoted=_("Thông tin của bên chào bán"),
            opens=_("Xem chi tiết"),
        )
    )
    register_supply(
        SupplyKind(
            code=Equipment.KIND,
            model=Equipment,
            open=_public,
            facts=listing_supply_facts,
            card=listing_supply_card,
            answered_by=Equipment.objects.editable_by,
            counted=count_equipment,
            noun=pgettext_lazy("một loại trong câu", "thiết bị"),
            quoted=_("Thông tin của bên chào bán"),
            opens=_("Xem chi tiết"),
        )
    )
