from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.core.idempotency import idempotent
from marketplace.listings.models import Need
from marketplace.matching import queries, services
from marketplace.matching.models import Match
from marketplace.matching.unmet import unmet_needs_for

PAGE = 20
UNMET = 10


class PassForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Vì sao không phù hợp?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một lý do.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Nói thêm"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Cán bộ sàn đọc được; bên kia chỉ thấy lý do đã chọn, không thấy ai chọn."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = services.pass_reasons()


def _own_match(request: HttpRequest, public_id: str) -> Match:
    """A match of a need that the person edits: only its owner answers a match."""
    mine = Match.objects.shown_to(request.user).filter(
        need__in=Need.objects.editable_by(request.user)
    )
    return get_object_or_404(mine.with_candidates(), public_id=public_id)


@require_safe
def needs_for_us(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.answerable_needs(request.user), PAGE).get_page(request.GET.get("page"))
    found = queries.answers_to(page.object_list, request.user)
    context = {"page": page, "found": found, "unmet": unmet_needs_for(request.user, UNMET)}
    return render(request, "matching/needs_for_us.html", context)


@require_POST
def open_candidate(request: HttpRequest, public_id: str) -> HttpResponse:
    match = _own_match(request, public_id)
    services.record_opened(match)
    return HttpResponseRedirect(match.candidate.get_absolute_url())


@require_http_methods(["GET", "POST"])
@idempotent
def pass_on(request: HttpRequest, public_id: str) -> HttpResponse:
    match = _own_match(request, public_id)
    form = PassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.pass_on(
            match,
            by=request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        )
        messages.success(request, _("Đã ghi nhận. Gợi ý này được xếp xuống cuối trang."))
        return HttpResponseRedirect(f"{match.need.get_absolute_url()}#goi-y")
    return render(request, "matching/pass.html", {"match": match, "form": form})


@require_POST
@idempotent
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    match = _own_match(request, public_id)
    services.take_back_pass(match, by=request.user)
    messages.success(request, _("Đã đưa gợi ý trở lại danh sách."))
    return HttpResponseRedirect(f"{match.need.get_absolute_url()}#goi-y")
