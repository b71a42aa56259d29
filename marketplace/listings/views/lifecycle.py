"""What an owner does with a whole listing: pass on, take back, withdraw, restore, confirm, extend."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.fields import DateField, TextField
from marketplace.core.idempotency import idempotent
from marketplace.listings import services
from marketplace.listings.access import editable_or_404, managed_or_404
from marketplace.listings.models import Listing
from marketplace.taxonomy.choices import choices


def _act(
    request: SignedInRequest, listing: Listing, done: Any, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    try:
        act(listing, by=request.user, **values)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, str(done))
    return redirect(listing.owner_url)


class WithdrawForm(forms.Form):
    use_required_attribute = False

    code = forms.ChoiceField(
        label=gettext_lazy("Vì sao rút"),
        required=False,
        help_text=gettext_lazy("Ai mở lại địa chỉ của tin sẽ đọc được điều này."),
    )
    reason = TextField(
        label=gettext_lazy("Ghi thêm"),
        help_text=gettext_lazy("Chỉ bạn và cán bộ sàn đọc được."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [
            ("", gettext_lazy("Không nêu")),
            *choices("withdrawal-reasons"),
        ]


@require_http_methods(["GET", "POST"])
@idempotent
def withdraw(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """Asks first, on a page of its own: it works without script, and nothing is withdrawn by a slip."""
    listing = editable_or_404(request.user, kind, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            listing,
            _("Đã rút. Tin không còn hiển thị, trang tìm kiếm được cập nhật trong vài giây."),
            services.withdraw,
            reason=form.cleaned_data["reason"],
            code=form.cleaned_data["code"],
        )
    return render(request, "listings/withdraw.html", {"listing": listing, "form": form})


@require_POST
@idempotent
def restore(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    return _act(request, listing, _("Đã khôi phục thành bản nháp."), services.restore_draft)


@require_POST
@idempotent
def recall(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    return _act(request, listing, _("Đã rút về để sửa. Gửi duyệt lại khi xong."), services.recall)


@require_POST
@idempotent
def own_answer(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """A manager of the organisation passes a submission on to the staff, or gives it back to its writer."""
    listing = managed_or_404(request.user, kind, public_id)
    note, seen = (
        request.POST.get("note", "").replace("\0", "")[:500],
        request.POST.get("revision", ""),
    )
    if request.POST.get("viec") == "tra-lai":
        told = _("Đã trả lại người soạn.")
        return _act(request, listing, told, services.return_as_manager, note=note)
    return _act(
        request,
        listing,
        _("Đã đồng ý. Tin chuyển sang cán bộ sàn."),
        services.approve_as_manager,
        note=note,
        revision_id=int(seen) if seen.isdecimal() else None,
    )


@require_POST
@idempotent
def own_take_back(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    return _act(
        request,
        listing,
        _("Đã rút về để sửa. Trình lại khi xong."),
        services.take_back_from_manager,
    )


@require_POST
@idempotent
def confirm(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    return _act(request, listing, _("Đã xác nhận tin vẫn đúng."), services.confirm_still_valid)


class ExtendForm(forms.Form):
    use_required_attribute = False

    until = DateField(
        label=gettext_lazy("Hiển thị đến ngày"),
        help_text=gettext_lazy("Tối đa một năm kể từ hôm nay. Không cần duyệt lại."),
        error_messages={"required": gettext_lazy("Chọn một ngày.")},
    )


@require_http_methods(["GET", "POST"])
@idempotent
def extend(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    usual = max(listing.valid_until or clock.today(), clock.today()) + timedelta(days=90)
    latest = clock.today() + services.LONGEST_VALIDITY
    form = ExtendForm(request.POST or None, initial={"until": min(usual, latest)})
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_validity(listing, until=form.cleaned_data["until"], by=request.user)
        except DomainError as error:
            form.add_error("until", str(error.message))
        else:
            messages.success(request, _("Đã gia hạn."))
            return redirect(listing.owner_url)
    return render(request, "listings/extend.html", {"listing": listing, "form": form})
