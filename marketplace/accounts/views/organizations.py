"""One's own organisation: found, made, changed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.accounts import services
from marketplace.accounts.acting import act_for
from marketplace.accounts.forms import FindOrganizationForm, NewOrganizationForm, OrganizationForm
from marketplace.accounts.forms.certificates import certificate_rows, certificates_in
from marketplace.accounts.lookalikes import LooksLikeAnother
from marketplace.accounts.models import Organization
from marketplace.accounts.names import guess_kind
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.services.organizations import OrganizationExists, set_certificates
from marketplace.accounts.tax_codes import clean_tax_code
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent

FOUND = 10


@require_http_methods(["GET", "POST"])
def find_organization(request: SignedInRequest) -> HttpResponse:
    """The first question after sign-up: is the organisation here already?

    Asked by POST though it changes nothing: a tax code may be a person's number, and addresses are kept.
    """
    form = FindOrganizationForm(request.POST or None)
    found: list[Organization] | None = None
    if form.is_bound and form.is_valid():
        found = _matching(form.cleaned_data["ten"], request)
    asked = form.data.get("ten", "")
    is_name = any(sign.isalpha() for sign in asked)
    context = {"form": form, "found": found, "asked": asked if is_name else ""}
    return render(request, "accounts/organizations/find.html", context)


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
    asked = request.GET.get("ten", "").replace("\0", "")[:300]
    form = NewOrganizationForm(
        request.POST or None, initial={"name": asked, "kind": guess_kind(asked)}
    )
    known: Organization | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organization(request.user, **form.cleaned_data)
        except OrganizationExists as error:
            known = error.organization
            form.add_error("name", str(error.message))
        except LooksLikeAnother as error:
            form.add_error("name", str(error.message))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            act_for(request, made)
            messages.success(request, _("Đã tạo hồ sơ của tổ chức."))
            return redirect("accounts:my_organizations")
    return render(request, "accounts/organizations/create.html", {"form": form, "known": known})


@require_http_methods(["GET", "POST"])
@idempotent
def edit_organization(request: SignedInRequest, public_id: str) -> HttpResponse:
    edited = get_object_or_404(Organization.objects.managed_by(request.user), public_id=public_id)
    form = OrganizationForm(request.POST or None, organization=edited)
    rows = certificate_rows(edited, request.POST or None)
    saves = request.method == "POST" and "them-dong" not in request.POST
    if saves and form.is_valid() and (rows.is_valid() or not rows.is_bound):
        try:
            services.update_organization(edited, by=request.user, **form.cleaned_data)
            if rows.is_bound:
                set_certificates(edited, certificates_in(rows), by=request.user)
        except OrganizationExists as error:
            form.add_error("name", str(error.message))
        except LooksLikeAnother as error:
            form.add_error("name", str(error.message))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã lưu hồ sơ của tổ chức."))
            return redirect(edited)
    context = {"form": form, "organization": edited, "rows": rows}
    return render(request, "accounts/organizations/edit.html", context)
