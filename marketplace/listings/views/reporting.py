"""Anybody reports a listing, without an account; and the operating regulation that says what comes of it."""

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.fronts import front_of
from marketplace.core.errors import DomainError
from marketplace.core.fields import TextField
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import LISTING_MODELS
from marketplace.listings.operating_rules import editions, operating_rules, report_reasons
from marketplace.listings.services.reports import report_listing


class ReportForm(forms.Form):
    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Vì sao bạn phản ánh?"),
        widget=forms.RadioSelect,
        choices=report_reasons,
        error_messages={"required": _("Chọn một lý do.")},
    )
    text = TextField(
        label=_("Điều gì sai?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("Đừng ghi thông tin cá nhân của bạn hay của người khác."),
        error_messages={"required": _("Ghi vài lời để cán bộ kiểm tra được.")},
    )
    #: People do not see it; what fills every field does.
    website = forms.CharField(required=False, widget=forms.HiddenInput)


@login_not_required
@require_http_methods(["GET", "POST"])
@idempotent
def report(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    shown = LISTING_MODELS[kind].objects.public().shown_on(front_of(request))
    listing = get_object_or_404(shown, public_id=public_id)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("listings:reported")
        try:
            report_listing(
                listing,
                reason=form.cleaned_data["reason"],
                text=form.cleaned_data["text"],
                address=get_adapter().get_client_ip(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("listings:reported")
    return render(
        request,
        "listings/report.html",
        {"listing": listing, "form": form, "rules": operating_rules()},
    )


@login_not_required
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    return render(request, "listings/reported.html", {"rules": operating_rules()})


@login_not_required
@require_safe
def operating_regulation(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "listings/operating_rules.html",
        {
            "current": operating_rules(),
            "others": [one for one in reversed(editions()) if one != operating_rules()],
        },
    )
