"""Offers, equipment and services as what may answer a need."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from marketplace.accounts.supply import SupplyCard, SupplyFacts, SupplyKind, register_supply
from marketplace.core.templatetags.design import vi_number
from marketplace.listings.models import Equipment, PricedListing, Service, TechnologyOffer
from marketplace.listings.models import Specification as SpecificationRow
from marketplace.reading.specifications import Specification
from marketplace.taxonomy.choices import table

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


#: Kinds of need that ask for somebody's work, and not for a technology.
ASKING_FOR_WORK: Final = frozenset({"service", "advice", "testing"})


def listing_supply_facts(listing: PricedListing) -> SupplyFacts:
    return SupplyFacts(
        fields=tuple(listing.field_codes),
        province=listing.province_code,
        trl=getattr(listing, "trl", None),
        price_min=listing.price_min,
        specifications=plain_specifications(listing.specifications.all()),
        ip_numbers=len(listing.ip_rights.all()) if isinstance(listing, TechnologyOffer) else 0,
        answers=answered_needs(listing) if isinstance(listing, Service) else (),
    )


def answered_needs(service: Service) -> tuple[str, ...]:
    """The kinds of need that its kinds answer, as the vocabulary says."""
    known = table("service-kinds")
    kinds = (known[code].notation for code in service.service_kinds if code in known)
    return tuple(dict.fromkeys(" ".join(kinds).split()))


def listing_supply_card(listing: PricedListing) -> SupplyCard:
    seals: tuple[str, ...] = ()
    if isinstance(listing, Service):
        seals = tuple(f"{row.name} {row.number}" for row in listing.accreditations.all()[:2])
    return SupplyCard(owner=listing.public_owner(), trl=getattr(listing, "trl", None), seals=seals)


def _public(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.public()  # type: ignore[attr-defined]


def count_offers(n: int) -> str:
    return ngettext("%(n)s công nghệ", "%(n)s công nghệ", n) % {"n": vi_number(n)}


def count_equipment(n: int) -> str:
    return ngettext("%(n)s thiết bị", "%(n)s thiết bị", n) % {"n": vi_number(n)}


def count_services(n: int) -> str:
    return ngettext("%(n)s dịch vụ", "%(n)s dịch vụ", n) % {"n": vi_number(n)}


def register_listing_supply() -> None:
    for model, counted, noun, asked_by in (
        (
            TechnologyOffer,
            count_offers,
            pgettext_lazy("một loại trong câu", "công nghệ"),
            frozenset[str](),
        ),
        (
            Equipment,
            count_equipment,
            pgettext_lazy("một loại trong câu", "thiết bị"),
            frozenset[str](),
        ),
        (
            Service,
            count_services,
            pgettext_lazy("một loại trong câu", "dịch vụ"),
            ASKING_FOR_WORK,
        ),
    ):
        register_supply(
            SupplyKind(
                code=model.KIND,
                model=model,
                open=_public,
                facts=listing_supply_facts,
                card=listing_supply_card,
                answered_by=model.objects.editable_by,
                counted=counted,
                noun=noun,
                quoted=_("Thông tin của bên chào bán"),
                opens=_("Xem chi tiết"),
                asked_by=asked_by,
            )
        )
