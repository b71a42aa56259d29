"""“Ask staff to call me”, on every step of the posting forms."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.fields import TextField
from marketplace.core.idempotency import idempotent
from marketplace.listings import services, wizard
from marketplace.listings.access import editable_or_404
from marketplace.listings.models import CallRequest, Listing


class CallForm(forms.Form):
    use_required_attribute = False

    phone = TextField(
        label=gettext_lazy("Số điện thoại"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Ghi số điện thoại để cán bộ gọi lại.")},
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Gọi lúc nào"),
        choices=CallRequest.When.choices,
        widget=forms.RadioSelect,
    )
    note = TextField(
        label=gettext_lazy("Bạn đang vướng ở đâu"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_http_methods(["GET", "POST"])
@idempotent
def call_me(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """A page of its own: it works without a script and leaves the form that is being written alone."""
    listing = editable_or_404(request.user, kind, public_id)
    step = wizard.find_step(kind, request.GET.get("buoc", ""))
    back = _back(listing, step)
    waiting = CallRequest.objects.waiting(listing, request.user)
    if request.method == "POST" and "thoi" in request.POST:
        try:
            services.cancel_call(listing, by=request.user)
        except DomainError as error:
            messages.info(request, str(error.message))
        else:
            messages.success(request, _("Đã thôi nhờ gọi lại."))
        return redirect(back)
    initial = {
        "phone": waiting.phone if waiting else getattr(request.user, "phone", ""),
        "when": waiting.when if waiting else CallRequest.When.ANY,
        "note": waiting.note if waiting else "",
    }
    form = CallForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_call(
                listing, by=request.user, step=step.slug if step else "", **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("phone", str(error.message))
        else:
            messages.success(
                request, _("Cán bộ sàn sẽ gọi bạn trong một ngày làm việc. Bản nháp vẫn còn đây.")
            )
            return redirect(back)
    context = {"listing": listing, "form": form, "waiting": waiting, "back": back}
    return render(request, "listings/call_me.html", context, status=400 if form.errors else 200)


def _back(listing: Listing, step: wizard.Step | None) -> str:
    if step is None:
        return listing.owner_url
    return reverse("listings:edit", args=[listing.KIND, listing.public_id, step.slug])
