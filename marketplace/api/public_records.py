"""Each public page once more for programs, without a key: what the page says, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.accounts.fronts import Front, front_of, home_of
from marketplace.accounts.models import Organization
from marketplace.accounts.structured import describe_organization
from marketplace.api.requests import as_json
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.presentation import passages
from marketplace.listings.structured import describe_listing
from marketplace.research.models import Result
from marketplace.research.structured import describe_result
from marketplace.taxonomy.labels import label

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class PublicKind:
    """
    Attributes:
        rows: those that a site shows to anybody, newest number last.
        told: one of them in words of our own; `address` is that of its page.
    """

    rows: Callable[[Front], QuerySet[Any]]
    told: Callable[[Any, str], dict[str, Any]]


def _told_listing(listing: Listing, address: str) -> dict[str, Any]:
    figures: Any = listing.specifications
    return {
        "number": listing.display_number or None,
        "title": str(listing),
        "summary": listing.summary,
        "language": listing.language,
        "texts": [{"heading": str(heading), "text": text} for heading, text in passages(listing)],
        "fields": [
            {"code": code, "label": label("st-fields", code)} for code in listing.field_codes
        ],
        "province": listing.province_code or None,
        "readiness_level": getattr(listing, "trl", None),
        "specifications": [
            {
                "name": row.name,
                "operator": row.operator,
                "low": None if row.low is None else float(row.low),
                "high": None if row.high is None else float(row.high),
                "unit": row.unit,
                "text": row.text,
            }
            for row in figures.all()
        ],
        "published_at": _moment(listing.first_published_at),
        "confirmed_at": _moment(listing.last_confirmed_at),
        "valid_until": listing.valid_until.isoformat() if listing.valid_until else None,
        "owner": _owner(listing),
        "schema": describe_listing(listing, address),
    }


def _owner(listing: Listing) -> dict[str, Any] | None:
    """None where the owner is hidden, as on the page."""
    owner = listing.public_owner()
    if owner is None:
        return None
    return {"id": owner.public_id, "name": owner.name, "is_verified": owner.is_verified}


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _told_result(result: Result, address: str) -> dict[str, Any]:
    return {
        "title": result.title,
        "language": result.language,
        "is_registered": result.is_registered,
        "readiness_level": result.trl,
        "schema": describe_result(result, address),
    }


def _told_organization(organization: Organization, address: str) -> dict[str, Any]:
    return {
        "title": organization.name,
        "kind_of_organization": organization.kind,
        "is_verified": organization.is_verified,
        "province": organization.province_code or None,
        "schema": describe_organization(organization, address),
    }


def _listings(model: type[Listing]) -> Callable[[Front], QuerySet[Any]]:
    return lambda front: model.objects.public().shown_on(front).select_related("organization")


PUBLIC_KINDS: Final[dict[str, PublicKind]] = {
    **{kind: PublicKind(_listings(model), _told_listing) for kind, model in LISTING_MODELS.items()},
    "result": PublicKind(
        lambda _front: Result.objects.public().select_related("organization"), _told_result
    ),
    "organization": PublicKind(lambda _front: Organization.objects.public(), _told_organization),
}


@login_not_required
@require_safe
def public_list(request: HttpRequest, kind: str) -> JsonResponse:
    """Ids, titles and addresses by the numbers of the rows; `after` goes on behind the last one read."""
    found = PUBLIC_KINDS.get(kind)
    if found is None:
        return _unknown()
    front = front_of(request)
    rows = found.rows(front).order_by("pk")
    after = request.GET.get("after", "").replace("\0", "")
    if after:
        last = rows.filter(public_id=after).values_list("pk", flat=True).first()
        if last is None:
            return as_json({"error": {"code": "unknown_after"}}, status=400)
        rows = rows.filter(pk__gt=last)
    page = list(rows[: PAGE + 1])
    shown = page[:PAGE]
    return as_json(
        {
            "items": [
                {"id": row.public_id, "title": str(row), "json": _json_address(kind, row, front)}
                | {"address": _address(row, front)}
                for row in shown
            ],
            "next_after": shown[-1].public_id if len(page) > PAGE else None,
        }
    )


@login_not_required
@require_safe
def public_record(request: HttpRequest, kind: str, public_id: str) -> JsonResponse:
    found = PUBLIC_KINDS.get(kind)
    front = front_of(request)
    row = found.rows(front).filter(public_id=public_id).first() if found else None
    if found is None or row is None:
        return _unknown()
    address = _address(row, front)
    return as_json(
        {"kind": kind, "id": row.public_id, "address": address} | found.told(row, address)
    )


def _unknown() -> JsonResponse:
    return as_json(
        {"error": {"code": "not_found", "message": _("Không có bản ghi công khai này.")}},
        status=404,
    )


def _address(row: Any, front: Front) -> str:
    """Of its page: a listing's is on the site of its exchange, whichever site names it."""
    home = home_of(row.exchange_id) if isinstance(row, Listing) else front
    return home.url(row.get_absolute_url())


def _json_address(kind: str, row: Any, front: Front) -> str:
    return front.url(reverse("api:public_record", args=[kind, row.public_id]))
