"""Experts for everybody, and one's own profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.experts import services
from marketplace.experts.forms import LANGUAGES, ExpertForm
from marketplace.experts.models import Expert, ExpertField, ExpertState
from marketplace.research.models import Participation, Person, Result

_PAGE = 24
_MOST_WORKS = 20


@login_not_required
@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    rows = Expert.objects.visible_to(request.user).select_related("user", "organization")
    page = Paginator(rows.order_by("-published_at", "-pk"), _PAGE).get_page(request.GET.get("page"))
    return render(request, "experts/list.html", {"page": page})


@login_not_required
@require_safe
def expert(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """What the person lets be seen. Once the consent is back there is no page, and no trace of one."""
    rows = Expert.objects.visible_to(request.user).select_related("user", "organization", "person")
    found = get_object_or_404(rows, public_id=public_id)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=False)
    return render(request, "experts/detail.html", shown_of(found))


def shown_of(found: Expert) -> dict[str, Any]:
    said = found.public_value
    names = dict(LANGUAGES)
    person: Person | None = said(ExpertField.WORKS)
    works = []
    if person is not None:
        parts = Participation.objects.filter(person=person, result__isnull=False)
        works = list(
            Result.objects.public()
            .filter(pk__in=parts.values("result"))
            .order_by("-year", "-pk")[:_MOST_WORKS]
        )
    return {
        "expert": found,
        "advises_on": said(ExpertField.ADVICE),
        "experience": said(ExpertField.EXPERIENCE),
        "fields": said(ExpertField.FIELDS) or [],
        "languages": [names.get(code, code) for code in said(ExpertField.LANGUAGES) or []],
        "province": said(ExpertField.PROVINCE) or "",
        "organization": found.public_owner(),
        "works": works,
    }


@require_http_methods(["GET", "POST"])
@idempotent
def mine(request: SignedInRequest) -> HttpResponse:
    """One's own profile: written, handed in, taken back."""
    found = services.profile_of(request.user)
    form = ExpertForm(expert=found)
    if request.method == "POST":
        act = request.POST.get("viec", "luu")
        if act == "rut":
            services.withdraw_profile(request.user)
            messages.success(
                request, _("Đã rút. Từ bây giờ không ai thấy hồ sơ chuyên gia của bạn.")
            )
            return redirect("experts:mine")
        if act not in ("luu", "gui"):
            raise Http404
        form = ExpertForm(request.POST, expert=found)
        if form.is_valid() and _saved(request, form, submits=act == "gui"):
            return redirect("experts:mine")
    context = {
        "form": form,
        "expert": found,
        "is_shown": found.pk is not None and found.is_public,
        "may_withdraw": found.state not in (ExpertState.DRAFT, ExpertState.WITHDRAWN),
        "may_submit": found.state not in (ExpertState.SUBMITTED, ExpertState.PUBLISHED),
    }
    return render(request, "experts/mine.html", context, status=400 if form.errors else 200)


def _saved(request: SignedInRequest, form: ExpertForm, *, submits: bool) -> bool:
    try:
        saved = services.save_profile(request.user, values=form.values())
        if submits:
            services.submit_profile(request.user)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    if submits or saved.state == ExpertState.SUBMITTED:
        messages.success(request, _("Đã gửi. Hồ sơ hiện ra sau khi cán bộ sàn xem."))
    else:
        messages.success(request, _("Đã lưu."))
    return True
