from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.accounts import services
from marketplace.accounts.acting import act_for, acting_organization
from marketplace.accounts.forms import FindOrganizationForm, OrganizationForm, ProfileForm
from marketplace.accounts.models import Membership, Organization, OrganizationKind
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.services.claims import InvitationUnusable
from marketplace.accounts.services.organizations import OrganizationExists
from marketplace.accounts.tax_codes import clean_tax_code
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.models import Term

PAGE = 20
FOUND = 10


# --- what everybody may read ------------------------------------------------------------------


@login_not_required
@require_GET
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
    }
    return render(request, "accounts/organization_list.html", context)


@login_not_required
@require_GET
def organization(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = get_object_or_404(Organization.objects.visible_to(request.user), public_id=public_id)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
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
    }
    return render(request, "accounts/organization.html", context)


# --- one's own organisations ------------------------------------------------------------------


@require_GET
def my_organizations(request: SignedInRequest) -> HttpResponse:
    memberships = (
        Membership.objects.filter(user=request.user)
        .select_related("organization")
        .order_by("organization__name_folded", "pk")
    )
    return render(
        request,
        "accounts/my_organizations.html",
        {"memberships": memberships, "acting": acting_organization(request)},
    )


@require_GET
def find_organization(request: SignedInRequest) -> HttpResponse:
    """The first question after sign-up: is the organisation here already?"""
    form = FindOrganizationForm(request.GET if "ten" in request.GET else None)
    found: list[Organization] | None = None
    if form.is_bound and form.is_valid():
        found = _matching(form.cleaned_data["ten"], request)
    context = {"form": form, "found": found, "asked": form.data.get("ten", "")}
    return render(request, "accounts/find_organization.html", context)


def _matching(text: str, request: HttpRequest) -> list[Organization]:
    visible = Organization.objects.visible_to(request.user)
    try:
        return list(visible.filter(tax_code=clean_tax_code(text))[:FOUND])
    except ValidationError:
        pass  # a name, then
    exact = services.find_organization(text)
    similar = visible.named_like(text).order_by("name_folded", "pk")
    found = [exact] if exact is not None and not exact.is_hidden else []
    return found + [row for row in similar[:FOUND] if row not in found]


@require_http_methods(["GET", "POST"])
@idempotent
def create_organization(request: SignedInRequest) -> HttpResponse:
    form = OrganizationForm(
        request.POST or None, initial={"name": request.GET.get("ten", "")[:300]}
    )
    known: Organization | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organization(request.user, **form.cleaned_data)
        except OrganizationExists as error:
            known = error.organization
            form.add_error("name", str(error.message))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            act_for(request, made)
            messages.success(request, _("Đã tạo hồ sơ của tổ chức."))
            return redirect("accounts:my_organizations")
    return render(request, "accounts/create_organization.html", {"form": form, "known": known})


@require_http_methods(["GET", "POST"])
@idempotent
def edit_organization(request: SignedInRequest, public_id: str) -> HttpResponse:
    edited = get_object_or_404(Organization.objects.managed_by(request.user), public_id=public_id)
    form = OrganizationForm(request.POST or None, organization=edited)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_organization(edited, by=request.user, **form.cleaned_data)
        except OrganizationExists as error:
            form.add_error("name", str(error.message))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã lưu hồ sơ của tổ chức."))
            return redirect("accounts:my_organizations")
    return render(
        request, "accounts/edit_organization.html", {"form": form, "organization": edited}
    )


@require_POST
@idempotent
def request_claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Anybody signed in may say that they speak for an unclaimed organisation; staff check it."""
    wanted = get_object_or_404(Organization.objects.visible_to(request.user), public_id=public_id)
    try:
        services.request_claim(wanted, user=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("Sàn đã nhận đề nghị. Cán bộ sàn sẽ liên hệ tổ chức và gửi thư mời nhận hồ sơ."),
        )
    return redirect(wanted)


@require_POST
def switch_organization(request: SignedInRequest) -> HttpResponse:
    public_id = request.POST.get("organization", "").replace("\0", "")
    chosen = get_object_or_404(request.user.organizations(), public_id=public_id)
    act_for(request, chosen)
    messages.success(request, _("Bạn đang làm việc thay mặt %(name)s.") % {"name": chosen.name})
    return HttpResponseRedirect(_next_page(request))


def _next_page(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("accounts:my_organizations")


# --- oneself ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu hồ sơ của bạn."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


# --- taking over a profile --------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@idempotent
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Where the invitation letter leads: what there is to receive, and the button that receives it.

    Who is not signed in signs in or up first; the address, token included, is kept as `next`.
    """
    try:
        invitation = services.open_invitation(token)
        if request.method == "POST":
            if not request.user.is_authenticated:
                return redirect_to_login(request.path)
            claimed = services.claim_organization(token, user=request.user)
            act_for(request, claimed)
            messages.success(request, _("Hồ sơ của tổ chức đã thuộc về bạn."))
            return redirect("accounts:my_organizations")
    except InvitationUnusable as error:
        return render(request, "accounts/claim_unusable.html", {"error": error}, status=410)
    response = render(
        request,
        "accounts/claim.html",
        {
            "invitation": invitation,
            "organization": invitation.organization,
            "waiting_panels": ["matching/_claim_panel.html", "accounts/_no_panel.html"],
        },
    )
    # The address is the key: no other site gets it, and our own form still says where it is from.
    response["Referrer-Policy"] = "same-origin"
    return response
