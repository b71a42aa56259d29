from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.models import Organization
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import Need
from marketplace.matching import passes, queries, services
from marketplace.matching.forms import PassForm, PassManyForm, PassNeedsForm
from marketplace.matching.models import Match, MatchQuerySet, Side
from marketplace.matching.unmet import unmet_needs_for

PAGE = 20
UNMET = 10


def _answerable(request: HttpRequest, side: Side) -> MatchQuerySet:
    """Matches that the person may answer for one side: need or supply is theirs to edit."""
    shown = Match.objects.shown_to(request.user)
    if side == Side.NEED:
        return shown.filter(need__in=Need.objects.editable_by(request.user))
    return passes.answerable_for_supply(shown, request.user)


def _own_match(request: HttpRequest, public_id: str, side: Side = Side.NEED) -> Match:
    return get_object_or_404(_answerable(request, side).with_candidates(), public_id=public_id)


def _list_of(match: Match, side: Side) -> str:
    if side == Side.NEED:
        return f"{match.need.get_absolute_url()}#goi-y"
    return reverse("matching:needs_for_us")


@require_safe
def needs_for_us(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.answerable_needs(request.user), PAGE).get_page(request.GET.get("page"))
    found = queries.answers_to(page.object_list, request.user)
    context = {
        "page": page,
        "found": found,
        "unmet": unmet_needs_for(request.user, UNMET),
        "passed": passes.passed_for_supply(request.user),
    }
    return render(request, "matching/needs_for_us.html", context)


@require_POST
def open_candidate(request: HttpRequest, public_id: str) -> HttpResponse:
    match = _own_match(request, public_id)
    services.record_opened(match)
    return HttpResponseRedirect(match.candidate.get_absolute_url())


@require_http_methods(["GET", "POST"])
@idempotent
def pass_on(request: HttpRequest, public_id: str, side: Side = Side.NEED) -> HttpResponse:
    match = _own_match(request, public_id, side)
    form = PassForm(
        request.POST or None, side=side, requirements=passes.requirements_of([match.need])
    )
    if request.method == "POST" and form.is_valid():
        services.pass_on(match, by=request.user, **form.answer())
        messages.success(request, _("Đã ghi nhận. Gợi ý này được xếp xuống cuối trang."))
        return HttpResponseRedirect(_list_of(match, side))
    return render(
        request,
        "matching/pass.html",
        {"match": match, "form": form, "side": side, "back": _list_of(match, side)},
    )


@require_POST
@idempotent
def take_back(request: HttpRequest, public_id: str, side: Side = Side.NEED) -> HttpResponse:
    match = _own_match(request, public_id, side)
    services.take_back_pass(match, by=request.user, side=side)
    messages.success(request, _("Đã đưa gợi ý trở lại danh sách."))
    return HttpResponseRedirect(_list_of(match, side))


@require_http_methods(["GET", "POST"])
@idempotent
def pass_on_many(request: HttpRequest, public_id: str) -> HttpResponse:
    """Several matches of a need for one reason."""
    need = get_object_or_404(Need.objects.editable_by(request.user), public_id=public_id)
    open_ones = _answerable(request, Side.NEED).filter(need=need, passed_at=None)
    form = PassManyForm(
        request.POST or None,
        side=Side.NEED,
        requirements=passes.requirements_of([need]),
        matches=open_ones.with_candidates().order_by("rank"),
    )
    back = f"{need.get_absolute_url()}#goi-y"
    return _pass_many(request, form, title=need.title, back=back)


@require_http_methods(["GET", "POST"])
@idempotent
def pass_on_needs(request: HttpRequest) -> HttpResponse:
    """Several needs that the person's organisations do not take, for one reason."""
    open_ones = _answerable(request, Side.SUPPLY).without_passes_of(Side.SUPPLY)
    form = PassNeedsForm(
        request.POST or None,
        side=Side.SUPPLY,
        matches=open_ones.with_candidates().order_by("-score", "pk"),
    )
    return _pass_many(request, form, title="", back=reverse("matching:needs_for_us"))


def _pass_many(request: HttpRequest, form: Any, *, title: str, back: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        done = services.pass_on_many(form.cleaned_data["match"], by=request.user, **form.answer())
        told = ngettext(
            "Đã ghi nhận lý do cho %(n)s gợi ý.", "Đã ghi nhận lý do cho %(n)s gợi ý.", len(done)
        )
        messages.success(request, told % {"n": len(done)})
        return HttpResponseRedirect(back)
    is_empty = not form.fields["match"].queryset.exists()
    return render(
        request,
        "matching/pass_many.html",
        {"form": form, "title": title, "back": back, "is_empty": is_empty},
    )


@require_safe
def why_not(request: HttpRequest) -> HttpResponse:
    """Why others passed on the supply of the person's organisations: in sum, never who."""
    return render(request, "matching/why_not.html", {"sums": passes.sums_for(request.user)})


@require_POST
@idempotent
def staff_look(request: HttpRequest, public_id: str) -> HttpResponse:
    """An organisation asks, or asks no longer, that staff look before its matches go out."""
    mine = Organization.objects.managed_by(request.user)
    organization = get_object_or_404(mine, public_id=public_id)
    wanted = request.POST.get("wanted") == "yes"
    services.set_staff_look(organization, wanted=wanted, by=request.user)
    messages.success(
        request,
        _("Từ nay cán bộ sàn xem gợi ý của tổ chức trước khi gửi.")
        if wanted
        else _("Từ nay gợi ý của tổ chức được gửi ngay."),
    )
    return HttpResponseRedirect(reverse("accounts:edit_organization", args=[public_id]))
