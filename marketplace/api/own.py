"""What an organisation reads of its own by key."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from marketplace.accounts.fronts import default_front, home_of
from marketplace.api.keys import by_organization_key
from marketplace.api.models import KeyScope, OrganizationKey
from marketplace.api.requests import BadRequest, as_json
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.matching.explanations import reasons
from marketplace.matching.models import Match

PAGE: Final = 100


@by_organization_key("GET")
def key_itself(request: HttpRequest, key: OrganizationKey) -> JsonResponse:
    """What the key is for; the first thing to ask when a program is set up."""
    return as_json(
        {
            "organization": {"id": key.organization.public_id, "name": key.organization.name},
            "name": key.name,
            "scopes": key.scopes,
            "expires_at": key.expires_at.isoformat(),
            "limits": {"requests_a_minute": settings.API_REQUESTS_A_MINUTE},
        }
    )


@by_organization_key("GET", scope=KeyScope.LISTINGS)
def listings(request: HttpRequest, key: OrganizationKey, kind: str) -> JsonResponse:
    """The organisation's own listings of a kind, drafts too, by their numbers in the database; `after`
    goes on behind the last one read. Never the confidential part."""
    model = LISTING_MODELS.get(kind)
    if model is None:
        raise BadRequest(
            _("Không có loại tin này. Có: %(kinds)s.") % {"kinds": ", ".join(LISTING_MODELS)},
            status=404,
            code="not_found",
        )
    rows = model.objects.filter(organization=key.organization)
    after = request.GET.get("after", "")
    if after:
        last = rows.filter(public_id=after.replace("\0", "")).values_list("pk", flat=True).first()
        if last is None:
            raise BadRequest(_("Không có tin nào mang mã ở after."), code="unknown_after")
        rows = rows.filter(pk__gt=last)
    found = list(rows.with_status().defer("confidential").order_by("pk")[: PAGE + 1])
    page = found[:PAGE]
    return as_json(
        {
            "listings": [_told(listing) for listing in page],
            "next_after": page[-1].public_id if len(found) > PAGE else None,
        }
    )


@by_organization_key("GET", scope=KeyScope.MATCHES)
def matches(request: HttpRequest, key: OrganizationKey) -> JsonResponse:
    """The matches that the organisation's people see on its pages now, the newest first: `side` says which
    of the two it is. `before` goes on with those that were first found earlier than the last one read."""
    found = Match.objects.of_organization(key.organization_id)
    before = request.GET.get("before", "")
    if before:
        last = found.filter(public_id=before.replace("\0", "")).values_list("pk", flat=True).first()
        if last is None:
            raise BadRequest(_("Không có gợi ý nào mang mã ở before."), code="unknown_before")
        found = found.filter(pk__lt=last)
    rows = list(found.with_candidates().order_by("-pk")[: PAGE + 1])
    page = rows[:PAGE]
    return as_json(
        {
            "matches": [_match(match, key.organization_id) for match in page],
            "next_before": page[-1].public_id if len(rows) > PAGE else None,
        }
    )


def _match(match: Match, organization: int) -> dict[str, Any]:
    """Public words of both sides alone; who stands behind a hidden owner is on neither."""
    is_need = match.need.organization_id == organization
    return {
        "id": match.public_id,
        "side": "need" if is_need else "supply",
        "need": _named("need", match.need),
        "candidate": _named(match.kind, match.candidate),
        "fit": match.band,
        "rank": match.rank if is_need else None,
        "reasons": reasons(match),
        "first_matched_at": match.first_matched_at.isoformat(),
        "passed_at": match.passed_at.isoformat() if is_need and match.passed_at else None,
    }


def _address(row: Any) -> str:
    home = home_of(row.exchange_id) if isinstance(row, Listing) else default_front()
    return home.url(row.get_absolute_url())


def _named(kind: str, row: Any) -> dict[str, Any]:
    address = _address(row)
    return {"kind": kind, "id": row.public_id, "title": row.title, "address": address}


def _told(listing: Listing) -> dict[str, Any]:
    address = _address(listing)
    return {
        "kind": listing.KIND,
        "id": listing.public_id,
        "number": listing.display_number or None,
        "title": listing.draft_title or listing.title,
        "status": listing.status.value,
        "valid_until": listing.valid_until.isoformat() if listing.valid_until else None,
        "address": address if listing.is_public else None,
    }
