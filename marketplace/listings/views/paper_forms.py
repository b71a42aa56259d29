"""Paper forms: handed out blank or filled, and read back into a draft."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.fronts import front_of
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings import services, wizard
from marketplace.listings.access import editable_or_404
from marketplace.listings.models import Listing, StaffPost
from marketplace.listings.paper_forms import PaperForm, document, form_for, forms_on, read_form
from marketplace.listings.paper_forms.writing import TYPES
from marketplace.listings.services.paper_forms import (
    draft_from_form,
    faults_of,
    fill_from_form,
    forms_of,
)
from marketplace.listings.views.editing import own_organizations, step_url


class PaperForms(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("Phiếu đã điền"),
        help_text=gettext_lazy("DOCX hoặc XLSX tải từ trang này, tối đa 20 MB."),
        error_messages={
            "required": gettext_lazy("Chọn tệp phiếu."),
            "empty": gettext_lazy("Tệp rỗng."),
        },
        widget=forms.FileInput(
            attrs={"accept": ".docx,.xlsx", "data-max-bytes": settings.UPLOAD_MAX_BYTES}
        ),
    )
    organization = forms.ChoiceField(
        label=gettext_lazy("Đăng cho tổ chức"),
        error_messages={"required": gettext_lazy("Chọn tổ chức.")},
    )

    def __init__(self, *args: Any, organizations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organizations is None or len(organizations) == 1:
            del self.fields["organization"]
        else:
            self.fields["organization"].choices = [(o.public_id, o.name) for o in organizations]


@require_http_methods(["GET", "POST"])
@idempotent
def begin(request: SignedInRequest) -> HttpResponse:
    """All forms to take away, and the place to bring one back: it begins a draft."""
    organizations = own_organizations(request)
    form = PaperForms(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        organizations=organizations or None,
    )
    if request.method == "POST" and organizations and form.is_valid():
        chosen = form.cleaned_data.get("organization", organizations[0].public_id)
        organization = next(one for one in organizations if one.public_id == chosen)
        try:
            answers = read_form(form.cleaned_data["file"])
            listing = draft_from_form(
                answers,
                organization=organization,
                contact=request.user,
                by=request.user,
                exchange=front_of(request).exchange,
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return _told(request, listing)
    context = {"forms": forms_on(), "form": form, "may_post": bool(organizations), "listing": None}
    return render(request, "listings/paper_forms.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@idempotent
def fill(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """The forms of one draft, filled from it; brought back, one fills it. Staff do so for a firm."""
    listing = editable_or_404(request.user, kind, public_id)
    posted = request.method == "POST"
    form = PaperForms(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            listing = fill_from_form(
                listing, answers=read_form(form.cleaned_data["file"]), by=request.user
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return _told(request, listing)
    context = {
        "forms": forms_of(kind),
        "form": form,
        "may_post": True,
        "listing": listing,
        "faults": [(fault, step_url(listing, fault.step)) for fault in faults_of(listing)],
        "first_url": step_url(listing, wizard.STEPS[kind][0].slug),
        "for_firm": StaffPost.objects.of(listing).running().exists(),
    }
    return render(request, "listings/paper_forms.html", context, status=400 if form.errors else 200)


def _told(request: SignedInRequest, listing: Listing) -> HttpResponse:
    """To the page of what could not be read; where all could be, to the form."""
    if listing.draft_inputs:
        messages.warning(
            request, _("Đã đọc phiếu vào bản nháp. Có chỗ chưa đọc được, xem dưới đây.")
        )
        return redirect("listings:fill", listing.KIND, listing.public_id)
    messages.success(request, _("Đã đọc phiếu vào bản nháp. Xem lại từng bước rồi gửi duyệt."))
    return redirect(step_url(listing, wizard.STEPS[listing.KIND][0].slug))


def _file(form: PaperForm, suffix: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=TYPES[suffix])
    name = f"phieu-{form.code.lower()}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_not_required
@require_safe
def blank(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    form = form_for(code.upper())
    if form is None or suffix not in TYPES:
        raise Http404
    return _file(form, suffix, document(form, suffix))


@require_safe
def filled(
    request: SignedInRequest, kind: str, public_id: str, code: str, suffix: str
) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    form = form_for(code.upper())
    if form is None or form.kind != kind or suffix not in TYPES:
        raise Http404
    data = document(
        form, suffix, draft=services.draft_of(listing), organization=listing.organization
    )
    response = _file(form, suffix, data)
    response["Cache-Control"] = "private, no-store"
    return response
