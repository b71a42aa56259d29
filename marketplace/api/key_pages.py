"""Where those who manage an organisation make and take back its keys."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.accounts.models import Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.api.keys import create_key, revoke_key
from marketplace.api.models import KeyScope
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.fields import DateField, TextField
from marketplace.core.idempotency import idempotent

#: Where a new key waits for the page after the form, which shows and forgets it.
_NEW: Final = "new_api_key"
_USUAL: Final = timedelta(days=180)


class KeyForm(forms.Form):
    use_required_attribute = False

    name = TextField(
        label=gettext_lazy("Tên gọi"),
        help_text=gettext_lazy("Ví dụ tên máy chủ hoặc phần mềm sẽ dùng."),
        max_length=120,
        error_messages={"required": gettext_lazy("Đặt tên gọi cho khóa.")},
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Khóa được làm gì?"),
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một việc.")},
    )
    last_day = DateField(
        label=gettext_lazy("Dùng đến hết ngày"),
        help_text=gettext_lazy("Tối đa một năm."),
        error_messages={"required": gettext_lazy("Chọn một ngày.")},
    )


@require_http_methods(["GET", "POST"])
@sensitive
@never_cache
@idempotent
def organization_keys(request: SignedInRequest, public_id: str) -> HttpResponse:
    organization = get_object_or_404(
        Organization.objects.managed_by(request.user), public_id=public_id
    )
    form = KeyForm(initial={"last_day": clock.today() + _USUAL})
    if request.method == "POST":
        if revoked := request.POST.get("thu-hoi"):
            return _revoke(request, organization, revoked)
        form = KeyForm(request.POST)
        if form.is_valid() and _create(request, organization, form):
            return redirect("api_pages:organization_keys", organization.public_id)
    new = request.session.pop(_NEW, None) if request.method == "GET" else None
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "keys": list(organization.api_keys.select_related("created_by")[:100]),
        "new_key": new[1] if new and new[0] == organization.public_id else "",
    }
    status = 400 if form.is_bound else 200
    return render(request, "api/organization_keys.html", context, status=status)


def _create(request: SignedInRequest, organization: Organization, form: KeyForm) -> bool:
    try:
        _key, text = create_key(organization, by=request.user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    request.session[_NEW] = [organization.public_id, text]
    return True


def _revoke(request: SignedInRequest, organization: Organization, prefix: str) -> HttpResponse:
    key = get_object_or_404(organization.api_keys, prefix=prefix.replace("\0", ""))
    try:
        revoke_key(key, by=request.user)
        messages.success(request, _("Đã thu hồi khóa; khóa này không mở được gì nữa."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("api_pages:organization_keys", organization.public_id)
