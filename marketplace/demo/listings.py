"""Listings of the models from the demo's records."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.core import clock
from marketplace.demo.records import province_code
from marketplace.listings.models import (
    LISTING_MODELS,
    Listing,
    OfferIpRight,
    ServiceAccreditation,
)
from marketplace.research.models import Result
from marketplace.taxonomy.codes import parse_code

#: Field of the model ← key of the record, where the two differ.
RENAMED = {
    "need": {
        "need_kinds": "kinds",
        "partners_sought": "partner_sought",
    },
    "offer": {
        "transfer_rights": "rights",
        "transfer_methods": "methods",
        "supply_ways": "supply",
    },
    "equipment": {
        "model_name": "model",
        "year_made": "year",
        "development_level": "development",
    },
    "service": {
        "service_kinds": "kinds",
    },
}
COMMON = {
    "field_codes": "fields",
}
TEXTS = {
    "need": ("problem", "required", "volume", "site", "partner_role", "required_trl", "budget_min", "budget_max"),
    "offer": (
        "problem", "principle", "advantage", "compared_with", "improvement", "trl", "ip_status", "transfer_forms",
        "price_mode", "price_min", "price_max", "price_note", "extra_costs", "warranty", "right_basis",
        "right_decision", "co_owner_share", "is_technology_transfer", "customers",
    ),
    "equipment": (
        "principle", "advantage", "manufacturer", "origin", "condition", "supply_modes", "price_mode", "price_min",
        "price_max", "price_note", "warranty", "is_technology_transfer", "trl",
    ),
    "service": (
        "scope", "deliverables", "client_provides", "experience", "price_mode", "price_min", "price_max",
        "price_note", "price_basis", "turnaround", "is_nationwide", "served_provinces",
    ),
}  # fmt: skip


def build(kind: str, record: dict[str, Any]) -> Listing:
    """An unsaved listing of a record, its rows included."""
    model = LISTING_MODELS[kind]
    values: dict[str, Any] = {
        "title": record["title"],
        "summary": record["summary"],
        "language": record.get("language", "vi"),
        "keywords": ", ".join(record.get("keywords") or []),
        "confidential": record.get("confidential") or "",
        "hide_owner": record.get("hide_owner", False),
        "province_code": province_code(record),
        "industry_codes": [
            parse_code("industries", code) or code for code in record.get("industries") or []
        ],
    }
    for field, key in (COMMON | RENAMED[kind]).items():
        values[field] = record.get(key)
    for field in TEXTS[kind]:
        values[field] = record.get(field)
    if kind == "need":
        values["deadline"] = _months_on(record.get("deadline_months"))
    known = {
        name: _fitting(model, name, value) for name, value in values.items() if value is not None
    }
    listing = model(**known)
    listing.specifications = [
        _specification(model, row, number)
        for number, row in enumerate(record.get("specifications") or [])
    ]
    if kind == "service":
        listing.accreditations = [
            ServiceAccreditation(
                name=row["name"],
                number=row["number"],
                issuer=row["issuer"],
                valid_until=_months_on(row["valid_months"]),
                sort_order=n,
            )
            for n, row in enumerate(record["accreditations"])
        ]
    if kind == "offer":
        listing.ip_rights = [
            OfferIpRight(
                number=row["number"],
                kind=row.get("type", ""),
                status=row.get("status", ""),
                sort_order=n,
            )
            for n, row in enumerate(record.get("ip") or [])
        ]
        sources = record.get("result_ids") or []
        listing.results = list(
            Result.objects.filter(source="demo", source_id__in=sources).values_list(
                "public_id", flat=True
            )
        )
    return listing


def _fitting(model: type[Listing], name: str, value: Any) -> Any:
    limit = getattr(model._meta.get_field(name), "max_length", None)
    return value[:limit] if isinstance(value, str) and limit else value


def _specification(model: type[Listing], row: dict[str, Any], number: int) -> Any:
    operator = row.get("operator") or "text"
    low, high = _decimal(row.get("low")), _decimal(row.get("high"))
    if operator == "le" and high is None:
        low, high = (
            None,
            low,
        )  # the records write a single value in `low`, the model a limit in `high`
    rows: Any = model._meta.get_field("specifications").related_model
    return rows(
        name=row["name"],
        operator=operator,
        low=low,
        high=high,
        unit=row.get("unit") or "",
        text=row.get("text") or "",
        sort_order=number,
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _months_on(months: int | None) -> date | None:
    return clock.today() + timedelta(days=30 * months) if months else None
