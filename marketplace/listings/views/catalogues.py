"""An organisation brings in its own catalogue: the sheet, what was read of it, the drafts, and taking them back."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.fronts import front_of
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError, UploadRejected
from marketplace.core.idempotency import idempotent
from marketplace.core.uploads import CheckedFile, check_image
from marketplace.listings.catalogues.sheets import MOST_ROWS, blank_sheet, read_sheet
from marketplace.listings.examining.documents import check_listing_document
from marketplace.listings.models import LISTING_MODELS, CatalogueRun
from marketplace.listings.paper_forms.writing import XLSX
from marketplace.listings.services.catalogues import (
    make_drafts,
    read_catalogue,
    undo_catalogue,
)
from marketplace.listings.views.editing import own_organizations

_SHOWN_RUNS = 10
#: What one request takes; the rest is added to its draft by hand.
_MOST_FILES = 60
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


class CatalogueForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("Danh mục gồm"),
        choices=lambda: [
            (k, capfirst(str(m._meta.verbose_name))) for k, m in LISTING_MODELS.items()
        ],
        initial="offer",
    )
    file = forms.FileField(
        label=gettext_lazy("Danh mục"),
        help_text=gettext_lazy("XLSX theo mẫu ở trên, mỗi dòng một tin."),
        error_messages={
            "required": gettext_lazy("Chọn tệp danh mục."),
            "empty": gettext_lazy("Tệp rỗng."),
        },
        widget=forms.FileInput(
            attrs={"accept": ".xlsx", "data-max-bytes": settings.UPLOAD_MAX_BYTES}
        ),
    )
    organization = forms.ChoiceField(
        label=gettext_lazy("Đăng cho tổ chức"),
        error_messages={"required": gettext_lazy("Chọn tổ chức.")},
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organizations) < 2:
            del self.fields["organization"]
        else:
            self.fields["organization"].choices = [(o.public_id, o.name) for o in organizations]


@require_http_methods(["GET", "POST"])
@idempotent
def begin(request: SignedInRequest) -> HttpResponse:
    """The sheets to take away, the place to bring one back, and what was brought before."""
    organizations = own_organizations(request)
    posted = request.method == "POST"
    form = CatalogueForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        organizations=organizations,
    )
    if posted and organizations and form.is_valid():
        chosen = form.cleaned_data.get("organization", organizations[0].public_id)
        organization = next(one for one in organizations if one.public_id == chosen)
        kind = form.cleaned_data["kind"]
        try:
            rows, unknown = read_sheet(form.cleaned_data["file"], kind)
            run = read_catalogue(kind, rows, organization=organization, by=request.user)
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            if unknown:
                messages.warning(
                    request,
                    _("Không đọc các cột sau vì không có trong mẫu: %(names)s.")
                    % {"names": ", ".join(unknown[:10])},
                )
            return redirect("listings:catalogue", run.public_id)
    context = {
        "form": form,
        "may_post": bool(organizations),
        "kinds": [(k, capfirst(str(m._meta.verbose_name))) for k, m in LISTING_MODELS.items()],
        "most": MOST_ROWS,
        "runs": CatalogueRun.objects.editable_by(request.user)
        .select_related("organization")
        .defer("rows")[:_SHOWN_RUNS],
    }
    return render(request, "listings/catalogues.html", context, status=400 if form.errors else 200)


@require_safe
def sheet(request: SignedInRequest, kind: str) -> HttpResponse:
    response = HttpResponse(blank_sheet(kind), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="danh-muc-{kind}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@idempotent
def catalogue(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One catalogue: looked at, made into drafts with the files that its rows name, taken back."""
    runs = CatalogueRun.objects.editable_by(request.user).select_related("organization")
    run = get_object_or_404(runs, public_id=public_id)
    if request.method == "POST":
        try:
            _act(request, run)
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect("listings:catalogue", run.public_id)
    return render(
        request,
        "listings/catalogue.html",
        {"run": run, "kind_name": capfirst(str(LISTING_MODELS[run.kind]._meta.verbose_name))},
    )


def _act(request: SignedInRequest, run: CatalogueRun) -> None:
    if "hoan-tac" in request.POST:
        undo_catalogue(run, by=request.user)
        messages.success(request, _("Đã hoàn tác. Bản nháp đã sửa hoặc đã gửi duyệt được giữ lại."))
        return
    if "nhap" not in request.POST:
        raise DomainError(_("Không hiểu yêu cầu này."))
    files: dict[str, tuple[CheckedFile, bool]] = {}
    for upload in request.FILES.getlist("files")[:_MOST_FILES]:
        try:
            files[upload.name or ""] = _checked(upload)
        except UploadRejected as rejected:
            messages.error(request, f"{upload.name}: {rejected.message}")
    made = make_drafts(run, by=request.user, files=files, exchange=front_of(request).exchange)
    messages.success(
        request,
        _("Đã tạo %(count)s bản nháp. Xem từng bản rồi gửi duyệt.") % {"count": len(made.made)},
    )


def _checked(upload: UploadedFile) -> tuple[CheckedFile, bool]:
    is_picture = (upload.name or "").lower().endswith(_PICTURES)
    return (check_image if is_picture else check_listing_document)(upload), is_picture
