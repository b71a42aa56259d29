"""A listing as machines read it: a demand, or an offer of a product or a service (schema.org)."""

from typing import Any

from marketplace.core.structured import stated
from marketplace.listings.models import (
    Equipment,
    Listing,
    Need,
    PricedListing,
    Service,
    Specification,
)
from marketplace.taxonomy.labels import label, labels

_CONDITIONS = {
    "new": "https://schema.org/NewCondition",
    "used": "https://schema.org/UsedCondition",
}


def describe_listing(listing: Listing, url: str) -> dict[str, Any]:
    """What the page says, and nothing that it does not: a hidden owner stays hidden.

    Args:
        url: the address of the page, whole.
    """
    owner = listing.public_owner()
    described: dict[str, Any] = {
        "@type": "Demand" if isinstance(listing, Need) else "Offer",
        "@id": url,
        "url": url,
        "name": str(listing),
        "description": listing.summary,
        "identifier": listing.display_number,
        "inLanguage": listing.language,
        "validFrom": listing.first_published_at and listing.first_published_at.date().isoformat(),
        "validThrough": listing.valid_until and listing.valid_until.isoformat(),
        "areaServed": label("provinces", listing.province_code) if listing.province_code else "",
        "itemOffered": _item(listing),
        "offeredBy": owner and {"@type": "Organization", "name": owner.name},
    }
    if isinstance(listing, Need):
        described["priceSpecification"] = _sum(listing.budget_min, listing.budget_max)
    elif isinstance(listing, PricedListing):
        described["priceSpecification"] = _sum(listing.price_min, listing.price_max)
        described["seller"] = described.pop("offeredBy")
    if isinstance(listing, Equipment):
        described["itemCondition"] = _CONDITIONS.get(listing.condition, "")
    return stated(described)


def _item(listing: Listing) -> dict[str, Any]:
    item: dict[str, Any] = {
        "@type": "Service" if isinstance(listing, Service) else "Product",
        "name": str(listing),
        "description": listing.summary,
        "category": "; ".join(labels("st-fields", listing.field_codes)),
    }
    figures: Any = listing.specifications
    if not isinstance(listing, Service):
        item["additionalProperty"] = [_property(row) for row in figures.all()]
    if isinstance(listing, Equipment):
        item["model"] = listing.model_name
        item["manufacturer"] = listing.manufacturer and {
            "@type": "Organization", "name": listing.manufacturer
        }  # fmt: skip
    return stated(item)


def _property(row: Specification) -> dict[str, Any]:
    low = None if row.low is None else float(row.low)
    high = None if row.high is None else float(row.high)
    operator = Specification.Operator
    named = {"@type": "PropertyValue", "name": row.name, "unitText": row.unit}
    if row.operator == operator.TEXT:
        return stated(named | {"value": row.text})
    if row.operator == operator.EQUAL:
        return stated(named | {"value": high if low is None else low})
    if row.operator == operator.AT_LEAST:
        return stated(named | {"minValue": high if low is None else low})
    if row.operator == operator.AT_MOST:
        return stated(named | {"maxValue": low if high is None else high})
    return stated(named | {"minValue": low, "maxValue": high})


def _sum(low: int | None, high: int | None) -> dict[str, Any]:
    if low is None and high is None:
        return {}
    return stated(
        {"@type": "PriceSpecification", "priceCurrency": "VND", "minPrice": low, "maxPrice": high}
    )
