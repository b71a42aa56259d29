"""What everybody may read."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from marketplace.accounts.fronts import address_at, belongs_to, default_front
from marketplace.accounts.models import Membership, Organization, OrganizationKind
from marketplace.accounts.province_map import tiles
from marketplace.accounts.structured import describe_organization
from marketplace.core.kept_pages import kept
from marketplace.core.structured import script
from marketplace.taxonomy.models import Term

PAGE = 20


@login_not_required
@require_GET
@kept("page", "loai", "tinh")
def organization_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    kind = request.GET.get("loai", "")
    province = request.GET.get("tinh", "")
    organizations = Organization.objects.visible_to(request.user).order_by("name_folded", "pk")
    if text:
        organizations = organizations.named_like(text)
    if kind in OrganizationKind.values:
        organizations = organizations.filter(kind=kind)
    provinces = Term.objects.in_vocabulary("provinces").choices()
    if province in dict(provinces):
        organizations = organizations.filter(province_code=province)
    page = Paginator(organizations, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "text": text,
        "kind": kind,
        "province": province,
        "kinds": OrganizationKind.choices,
        "provinces": provinces,
        "tiles": tiles(),
    }
    return render(request, "accounts/organizations/list.html", context)


@login_not_required
@require_GET
@kept()
def organization(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    merged = Organization.objects.filter(public_id=public_id).exclude(merged_into=None).first()
    if merged is not None and merged.merged_into is not None:
        # Not for good: a merge can be taken back.
        return redirect(merged.merged_into)
    found = get_object_or_404(Organization.objects.visible_to(request.user), public_id=public_id)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    belongs_to(request, default_front())
    membership = (
        Membership.objects.filter(user=request.user, organization=found).first()
        if request.user.is_authenticated
        else None
    )
    context = {
        "organization": found,
        "membership": membership,
        "may_edit": membership is not None and membership.may_manage,
        # The first of these templates that exists is shown: a panel of a higher app, or nothing.
        "listing_panels": ["listings/_organization_panel.html", "accounts/_no_panel.html"],
        "people_panels": ["privacy/_organization_panel.html", "accounts/_no_panel.html"],
        "certificates": found.certificates.all(),
        "structured": script(
            describe_organization(
                found, address_at(request, default_front(), found.get_absolute_url())
            )
        ),
    }
    return render(request, "accounts/organizations/detail.html", context)
