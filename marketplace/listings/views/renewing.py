"""Owners say that what they posted still holds: by the link of a mail, or for several at their desk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings import services
from marketplace.listings.liveness import SpentLink, liveness_terms, read_link, unconfirmed_of
from marketplace.listings.models import LISTING_MODELS, Listing


@login_not_required
@require_http_methods(["GET", "POST"])
@idempotent
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links by themselves."""
    try:
        found = read_link(token)
    except SpentLink as spent:
        return _page(request, {"listing": spent.listing, "state": _state(spent.listing)})
    if found is None:
        return _page(request, {"listing": None, "state": "unknown"}, status=404)
    listing, person = found
    if request.method == "POST" and listing.can_be_renewed:
        try:
            services.renew(listing, by=person)
        except DomainError as error:
            messages.warning(request, str(error.message))
        # The link is spent now: its page says what came of it.
        return redirect(request.path)
    state = "asked" if listing.can_be_renewed else "gone"
    return _page(request, {"listing": listing, "state": state, "days": liveness_terms().renew_days})


def _state(listing: Listing) -> str:
    return "done" if listing.is_public else "gone"


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "listings/renew.html", context, status=status)
    # The address is a key: no other site hears of it. Without any referrer a browser would post from
    # "null", which is refused as a forgery.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "POST"])
@idempotent
def confirm_many(request: SignedInRequest) -> HttpResponse:
    """Everything that the organisation shows, what waits for a word first and chosen already."""
    listings = _shown_of(request)
    if request.method == "POST":
        wanted = set(request.POST.getlist("listing"))
        chosen = [one for one in listings if f"{one.KIND}:{one.public_id}" in wanted]
        try:
            count = services.renew_many(chosen, by=request.user)
        except DomainError as error:
            messages.warning(request, str(error.message))
        else:
            told = ngettext("Đã xác nhận %(n)s tin.", "Đã xác nhận %(n)s tin.", count)
            messages.success(request, told % {"n": count})
        return redirect("listings:confirm_many")
    waiting = {(one.KIND, one.pk) for one in unconfirmed_of(listings)}
    rows = [{"listing": one, "waits": (one.KIND, one.pk) in waiting} for one in listings]
    rows.sort(key=lambda row: (not row["waits"], row["listing"].KIND, row["listing"].pk))
    return render(request, "listings/confirm_many.html", {"rows": rows, "waiting": len(waiting)})


def _shown_of(request: SignedInRequest) -> list[Listing]:
    """What the person may confirm for the organisation they act for."""
    organization = acting_organization(request)
    if organization is None:
        return []
    return [
        one
        for model in LISTING_MODELS.values()
        for one in model.objects.editable_by(request.user)
        .filter(organization=organization, live=True, withdrawn_at=None)
        .defer("confidential", "draft_inputs")
        .order_by("pk")
        if one.can_be_renewed
    ]
