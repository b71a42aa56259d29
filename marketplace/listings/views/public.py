"""What anybody may read: lists and pages of listings of every kind."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.fronts import belongs_to, front_of, home_of
from marketplace.core.kept_pages import kept
from marketplace.listings import filters, perms, services
from marketplace.listings.elsewhere import elsewhere
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import LISTING_MODELS, Listing, Need, curates
from marketplace.listings.presentation import life
from marketplace.taxonomy.choices import choices, lineage, table, upper_choices
from marketplace.taxonomy.labels import label

PAGE_SIZE = 24
MOST_CHOSEN = 20


@login_not_required
@require_safe
@kept("page", "linh-vuc", "tinh", "cach", "thong-so", "tu", "den", "xep")
def listing_list(request: HttpRequest, kind: str) -> HttpResponse:
    fields = _chosen(request, "linh-vuc", "st-fields")
    provinces = _chosen(request, "tinh", "provinces")
    modes = _chosen(request, "cach", "supply-modes") if kind == "equipment" else []
    front = front_of(request)
    listings = LISTING_MODELS[kind].objects.public().for_cards()
    listings = listings.shown_on(front).own_first(front)
    if fields:
        listings = listings.in_fields(*_narrowest(fields))
    if provinces:
        listings = listings.filter(province_code__in=provinces)
    listings = filters.filter_rows(listings, kind, request.GET, modes)
    page = Paginator(listings, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "listings/list.html",
        {
            "kind": kind,
            "words": KINDS[kind],
            "page": page,
            "listings": list(page.object_list),
            "field_groups": _field_groups(fields),
            "provinces": choices("provinces"),
            "province": provinces[0] if provinces else "",
            "chips": _chips(request, fields, provinces, modes) + _figure_chip(request, kind),
            "modes": [
                {"value": code, "label": name, "checked": code in modes}
                for code, name in (choices("supply-modes") if kind == "equipment" else ())
            ],
            "figures": filters.figures_to_choose(front) if kind == "equipment" else [],
            "chosen": {
                "figure": request.GET.get("thong-so", ""),
                "low": request.GET.get("tu", ""),
                "high": request.GET.get("den", ""),
                "order": request.GET.get("xep", ""),
            },
            "list_url": reverse(KINDS[kind].list_url),
        },
    )


def _chosen(request: HttpRequest, name: str, scheme: str) -> list[str]:
    known = table(scheme)
    return [code for code in request.GET.getlist(name)[:MOST_CHOSEN] if code in known]


def _narrowest(fields: list[str]) -> list[str]:
    """A field chosen below another narrows it; beside another it widens."""
    above = {code for field in fields for code in lineage("st-fields", field)[:-1]}
    return [field for field in fields if field not in above]


def _field_groups(chosen: list[str]) -> list[dict[str, Any]]:
    """The top fields, and the second level below those chosen: short enough to read."""
    groups: dict[str, dict[str, Any]] = {"": {"legend": _("Lĩnh vực"), "options": []}}
    opened = {lineage("st-fields", code)[0] for code in chosen}
    for code, name in upper_choices("st-fields"):
        path = lineage("st-fields", code)
        option = {"value": code, "label": name, "checked": code in chosen}
        if len(path) == 1:
            groups[""]["options"].append(option)
            if code in opened:
                groups[code] = {"legend": name, "options": []}
        elif path[0] in groups:
            groups[path[0]]["options"].append(option)
    return list(groups.values())


def _figure_chip(request: HttpRequest, kind: str) -> list[dict[str, str]]:
    wanted = filters.read_figure(request.GET) if kind == "equipment" else None
    if wanted is None:
        return []
    query = request.GET.copy()
    for name in ("thong-so", "tu", "den", "page"):
        query.pop(name, None)
    return [{"label": filters.summary(wanted), "url": f"?{query.urlencode()}"}]


def _chips(
    request: HttpRequest, fields: list[str], provinces: list[str], modes: list[str]
) -> list[dict[str, str]]:
    chips = []
    for name, scheme, codes in (
        ("linh-vuc", "st-fields", fields),
        ("tinh", "provinces", provinces),
        ("cach", "supply-modes", modes),
    ):
        for code in codes:
            query = request.GET.copy()
            query.pop("page", None)
            query.setlist(name, [other for other in query.getlist(name) if other != code])
            chips.append({"label": table(scheme)[code].label, "url": f"?{query.urlencode()}"})
    return chips


@login_not_required
@require_safe
@kept()
def listing_detail(request: HttpRequest, kind: str, public_id: str, slug: str = "") -> HttpResponse:
    listing = get_object_or_404(
        LISTING_MODELS[kind]
        .objects.select_related("organization")
        .with_status()
        .prefetch_related("specifications", "pictures", "attachments"),
        public_id=public_id,
    )
    role = perms.role_of(request.user, listing) or (
        "broker" if perms.acts_for(request.user, listing) else ""
    )
    sees_everything = bool(role) or curates(request.user, listing)
    if not sees_everything and not front_of(request).shows(listing.exchange_id):
        return elsewhere(listing)
    if not listing.is_public:
        if isinstance(listing, Need) and (kept_need := services.merged_into(listing)) is not None:
            # Not for ever: a merge may be undone.
            return HttpResponseRedirect(kept_need.get_absolute_url())
        if not sees_everything:
            return _not_shown(request, listing)
        # Nothing is live: its own people read the draft, under the address of the row.
        listing = services.draft_of(listing)
    elif request.path != listing.get_absolute_url():
        return HttpResponsePermanentRedirect(listing.get_absolute_url())
    belongs_to(request, home_of(listing.exchange_id))
    return render(
        request,
        f"listings/{kind}_detail.html",
        detail_context(listing, sees_everything=sees_everything, role=role),
    )


def detail_context(listing: Listing, *, sees_everything: bool, role: str = "") -> dict[str, Any]:
    return {
        "listing": listing,
        "stages": life(listing) if sees_everything else [],
        "sees_everything": sees_everything,
        "is_owner": bool(role),
        "crumbs": [(KINDS[listing.KIND].crumb, reverse(KINDS[listing.KIND].list_url))],
    }


def _not_shown(request: HttpRequest, listing: Listing) -> HttpResponse:
    """What was public once says that it is gone, and nothing more; a draft was never there."""
    if listing.first_published_at is None:
        raise Http404
    return render(
        request,
        "listings/gone.html",
        {
            "is_withdrawn": listing.withdrawn_at is not None,
            "is_suspended": listing.can_be_renewed,
            "reason": label("withdrawal-reasons", listing.withdrawal_code)
            if listing.withdrawal_code
            else "",
            "words": KINDS[listing.KIND],
            "list_url": reverse(KINDS[listing.KIND].list_url),
        },
        status=410,
    )


@login_not_required
@require_POST
def count_view(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The page says by itself that a person opened it: a GET stays a read, and few robots get here."""
    shown = LISTING_MODELS[kind].objects.public().shown_on(front_of(request))
    listing = shown.filter(public_id=public_id).first()
    if listing is not None and not perms.sees_everything(request.user, listing):
        services.record_view(kind, public_id, user_agent=request.headers.get("User-Agent", ""))
    return HttpResponse(status=204)
