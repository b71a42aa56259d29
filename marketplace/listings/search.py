"""How listings are found. Documents hold public text only: neither the confidential part nor the
name of an owner who hides it; filters by organisation find only those who show themselves.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.core import clock
from marketplace.listings.models import Equipment, Listing, Need, Service, TechnologyOffer
from marketplace.listings.presentation import amount, owner_name, price
from marketplace.taxonomy.choices import table, with_everything_above
from marketplace.taxonomy.labels import label, labels
from search.documents import Document
from search.facets import Facet, register_facet
from search.registry import Facts, Source, register

#: Text in the order of its weight for a reader; every piece is a sentence or a paragraph of its own.
TEXTS: dict[str, tuple[str, ...]] = {
    "need": ("summary", "problem", "required", "volume", "site", "partner_role"),
    "offer": (
        "summary", "problem", "advantage", "improvement", "compared_with", "principle", "customers",
        "certificates",
    ),
    "equipment": ("summary", "advantage", "principle", "manufacturer"),
    "service": ("summary", "scope", "deliverables", "experience", "client_provides"),
}  # fmt: skip

#: The facet by which a site is narrowed to its own (`search.queries.Narrowing`); nobody chooses it.
EXCHANGE: Final = "exchange"

#: Name, the first sum above it in dong, and how people call it.
PRICE_BANDS: Final[tuple[tuple[str, int | None, str | Promise], ...]] = (
    ("100m", 100_000_000, _("Dưới 100 triệu đồng")),
    ("500m", 500_000_000, _("100–500 triệu đồng")),
    ("1b", 1_000_000_000, _("500 triệu–1 tỷ đồng")),
    ("5b", 5_000_000_000, _("1–5 tỷ đồng")),
    ("more", None, _("Từ 5 tỷ đồng")),
)
#: What stands behind an offer or a result, by the value of the facet.
EVIDENCE: Final[dict[str, str | Promise]] = {
    "registered": _("Kết quả đã đăng ký"),
    "result": _("Dựa trên kết quả nghiên cứu"),
    "ip": _("Có văn bằng hoặc đơn sở hữu trí tuệ"),
    "certificate": _("Có chứng nhận"),
    "applied": _("Đã ứng dụng"),
}


def build_document(listing: Listing) -> Document:
    return Document(
        kind=listing.KIND,
        key=listing.public_id,
        title=listing.title,
        text="\n".join(filter(None, _texts(listing))),
        language="en" if listing.language == "en" else "vi",
        codes=tuple(filter(None, _codes(listing))),
        facets={name: values for name, values in _facets(listing).items() if values},
        numbers={name: value for name, value in _numbers(listing).items() if value is not None},
    )


def _texts(listing: Listing) -> list[str]:
    texts = [getattr(listing, name) for name in TEXTS[listing.KIND]]
    with override(listing.language):  # numbers as the rest of the text writes them
        texts += [f"{row.name}: {amount(row)}" for row in listing.specifications.all()]
        if isinstance(listing, Service):
            texts += labels("service-kinds", listing.service_kinds)
            texts += [f"{row.name} {row.number}".strip() for row in listing.accreditations.all()]
    return [*texts, listing.keywords]


def _codes(listing: Listing) -> list[str]:
    codes = [listing.display_number]
    if isinstance(listing, TechnologyOffer):
        codes += [right.number for right in listing.ip_rights.all()]
    elif isinstance(listing, Equipment):
        codes.append(listing.model_name)
    elif isinstance(listing, Service):
        codes += [row.number for row in listing.accreditations.all()]
    return codes


def _facets(listing: Listing) -> dict[str, tuple[str, ...]]:
    owner = listing.public_owner()
    published = listing.first_published_at
    return {
        EXCHANGE: (str(listing.exchange_id),),
        "field": with_everything_above("st-fields", listing.field_codes),
        "industry": with_everything_above("industries", listing.industry_codes),
        "province": _provinces(listing),
        "organization": (owner.public_id,) if owner is not None else (),
        "year": (str(published.astimezone(clock.VIETNAM).year),) if published else (),
        "transfer": tuple(getattr(listing, "transfer_forms", ())),
        "service": tuple(getattr(listing, "service_kinds", ())),
        "price_band": band_of(_price(listing)),
        "language": ("en" if listing.language == "en" else "vi",),
        "verified": ("yes",) if owner is not None and owner.is_verified else (),
        "evidence": _evidence(listing),
    }


def _provinces(listing: Listing) -> tuple[str, ...]:
    """Where it is; of a service where it is to be had."""
    found = [listing.province_code] if listing.province_code else []
    if isinstance(listing, Service):
        found += list(table("provinces")) if listing.is_nationwide else listing.served_provinces
    return tuple(dict.fromkeys(found))


def _evidence(listing: Listing) -> tuple[str, ...]:
    """What an offer or a service can show for itself; the results of a hidden owner would name it."""
    if isinstance(listing, Service):
        return ("certificate",) if listing.accreditations.all() else ()
    if not isinstance(listing, TechnologyOffer):
        return ()
    stands_on_results = bool(listing.results) and not listing.hide_owner
    return tuple(
        name
        for name, has in (
            ("result", stands_on_results),
            ("ip", bool(listing.ip_rights.all())),
            ("certificate", bool(listing.certificates)),
        )
        if has
    )


def _price(listing: Listing) -> int | None:
    if isinstance(listing, Need):
        return listing.budget_max or listing.budget_min
    return getattr(listing, "price_min", None)


def band_of(dong: int | None) -> tuple[str, ...]:
    """The band of a price, for counts that every engine can give."""
    if dong is None:
        return ()
    return (next(name for name, most, _label in PRICE_BANDS if most is None or dong < most),)


def _numbers(listing: Listing) -> dict[str, int | None]:
    published = listing.first_published_at
    deadline = getattr(listing, "deadline", None)
    return {
        "trl": getattr(listing, "trl", None),
        "year": published.astimezone(clock.VIETNAM).year if published else None,
        "price": _price(listing),
        "deadline": deadline.toordinal() if deadline else None,
        "published": published.astimezone(clock.VIETNAM).date().toordinal() if published else None,
    }


def _public(listings: QuerySet[Any]) -> QuerySet[Any]:
    return listings.public()  # type: ignore[attr-defined]


def _visible(listings: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Only what is public, for its owner too: what was withdrawn never comes back in a list."""
    return _public(listings)


def _within(listings: QuerySet[Any], exchanges: tuple[str, ...]) -> QuerySet[Any]:
    return listings.filter(exchange__in=exchanges)


def listing_facts(listing: Listing) -> Facts:
    return Facts(
        number=listing.display_number,
        by=owner_name(listing),
        place=label("provinces", listing.province_code) if listing.province_code else "",
        trl=getattr(listing, "trl", None),
        price=price(listing),
        deadline=getattr(listing, "deadline", None),
    )


def _choices(scheme: str) -> Callable[[], dict[str, str]]:
    return lambda: {code: entry.label for code, entry in table(scheme).items()}


def _parents(scheme: str) -> Callable[[], dict[str, str]]:
    return lambda: {code: entry.parent for code, entry in table(scheme).items() if entry.parent}


def _bands() -> dict[str, str]:
    return {name: str(words) for name, _most, words in PRICE_BANDS}


def _verified() -> dict[str, str]:
    return {"yes": str(_("Tổ chức đã xác minh"))}


def _evidence_labels() -> dict[str, str]:
    return {name: str(words) for name, words in EVIDENCE.items()}


def register_listings() -> None:
    offered = (TechnologyOffer.KIND, Equipment.KIND)
    # The matches of a need are its owner's; everybody may see needs like it.
    sources: tuple[tuple[type[Listing], str | Promise, str, tuple[str, ...]], ...] = (
        (Need, _("Nhu cầu"), "", (Need.KIND,)),
        (TechnologyOffer, _("Công nghệ"), "ip_rights", offered),
        (Equipment, _("Thiết bị"), "", offered),
        (Service, _("Dịch vụ"), "accreditations", (Service.KIND,)),
    )
    for model, name, rows, similar in sources:
        register(
            Source(
                kind=model.KIND,
                label=name,
                model=model,
                since=attrgetter("first_published_at"),
                indexable=_public,
                build=build_document,
                related=("organization", "specifications", *filter(None, (rows,))),
                visible=_visible,
                within=_within,
                card_template="listings/_hit.html",
                facts=listing_facts,
                similar=similar,
                comparison="listings:compare",
            )
        )
    for facet, heading, scheme in (
        ("field", _("Lĩnh vực"), "st-fields"),
        ("industry", _("Ngành"), "industries"),
        ("province", _("Tỉnh, thành phố"), "provinces"),
        ("transfer", _("Hình thức chuyển giao"), "transfer-forms"),
        ("service", _("Loại dịch vụ"), "service-kinds"),
    ):
        register_facet(Facet(facet, heading, choices=_choices(scheme), parents=_parents(scheme)))
    register_facet(Facet("price_band", _("Giá, ngân sách"), choices=_bands))
    register_facet(Facet("verified", _("Xác minh"), choices=_verified))
    register_facet(Facet("evidence", _("Căn cứ"), choices=_evidence_labels))
