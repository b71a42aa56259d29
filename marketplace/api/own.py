"""What an organisation reads of its own by key."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from marketplace.api.keys import by_organization_key
from marketplace.api.models import KeyScope, OrganizationKey
from marketplace.api.requests import BadRequest, as_json
from marketplace.listings.models import LISTING_MODELS, Listing

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


def _told(listing: Listing) -> dict[str, Any]:
    address = settings.PUBLIC_URL.rstrip("/") + listing.get_absolute_url()
    return {
        "kind": listing.KIND,
        "id": listing.public_id,
        "number": listing.display_number or None,
        "title": listing.draft_title or listing.title,
        "status": listing.status.value,
        "valid_until": listing.valid_until.isoformat() if listing.valid_until else None,
        "address": address if listing.is_public else None,
    }
