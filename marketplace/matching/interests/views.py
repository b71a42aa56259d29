"""Pages of standing interests: of the person's organisations, read-only for exchange staff."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.models import Membership, Organization
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.matching.interests import services
from marketplace.matching.interests.forms import ExcludeForm, InterestForm
from marketplace.matching.interests.presenting import (
    interest_card,
    narrowing_words,
    unwanted_words,
)
from marketplace.matching.models import Interest, InterestMatch

PAGE: Final = 20


def _organizations(request: HttpRequest) -> Any:
    acting = Membership.objects.filter(user=request.user, role__in=Membership.EDITING_ROLES)
    return Organization.objects.filter(pk__in=acting.values("organization")).order_by("name", "pk")


def _own(request: HttpRequest, public_id: str) -> Interest:
    mine = Interest.objects.editable_by(request.user).select_related("organization")
    return get_object_or_404(mine.standing(), public_id=public_id)


@require_safe
def list_interests(request: HttpRequest) -> HttpResponse:
    shown = Interest.objects.visible_to(request.user).with_found()
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    mine = Interest.objects.editable_by(request.user)
    context = {
        "page": page,
        "editable": set(mine.values_list("pk", flat=True)),
        "may_write": _organizations(request).exists(),
        "deleted": mine.exclude(deleted_at=None).order_by("-deleted_at", "-pk")[:10],
        "just_deleted": request.GET.get("da-xoa", ""),
    }
    return render(request, "matching/interests.html", context)


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    interest = get_object_or_404(
        Interest.objects.visible_to(request.user).select_related("organization"),
        public_id=public_id,
    )
    rows = InterestMatch.objects.shown().filter(interest=interest).order_by("rank", "pk")
    context = {
        "interest": interest,
        "cards": [interest_card(row) for row in rows.with_candidates()],
        "narrowing": narrowing_words(interest),
        "unwanted": unwanted_words(interest),
        "may_edit": Interest.objects.editable_by(request.user).filter(pk=interest.pk).exists(),
    }
    return render(request, "matching/interest.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def write(request: HttpRequest) -> HttpResponse:
    form = InterestForm(request.POST or None, organizations=_organizations(request))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            interest = services.write_interest(
                values.pop("organization"), by=request.user, **values
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request, _("Đã lưu. Sàn đang đối chiếu, kết quả đầu tiên hiện sau vài giây.")
            )
            return redirect(interest)
    context = {"form": form, "may_write": _organizations(request).exists()}
    return render(request, "matching/interest_form.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    interest = _own(request, public_id)
    initial = {name: getattr(interest, name) for name in services.FIELDS}
    form = InterestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_interest(interest, by=request.user, **form.cleaned_data)
        messages.success(request, _("Đã lưu. Danh sách được lập lại trong vài giây."))
        return redirect(interest)
    context = {"form": form, "interest": interest, "may_write": True}
    return render(request, "matching/interest_form.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def exclude(request: HttpRequest, public_id: str, match_id: str) -> HttpResponse:
    """Nothing of the kind of one that was found."""
    interest = _own(request, public_id)
    row = get_object_or_404(
        InterestMatch.objects.shown().filter(interest=interest), public_id=match_id
    )
    form = ExcludeForm(request.POST or None, row=row.candidate)
    if request.method == "POST" and form.is_valid():
        services.exclude(
            interest,
            by=request.user,
            kinds=form.cleaned_data.get("kinds", ()),
            fields=form.cleaned_data.get("fields_of_it", ()),
            words=form.cleaned_data["words"],
        )
        messages.success(
            request, _("Đã ghi nhận. Từ lần đối chiếu tới, loại này không còn trong danh sách.")
        )
        return redirect(interest)
    return render(
        request, "matching/interest_exclude.html", {"interest": interest, "row": row, "form": form}
    )


@require_POST
@idempotent
def pause(request: HttpRequest, public_id: str) -> HttpResponse:
    interest = _own(request, public_id)
    services.pause_interest(interest, by=request.user)
    messages.success(request, _("Đã tạm ngừng. Sàn không báo gì thêm cho đến khi bạn bật lại."))
    return redirect(interest)


@require_POST
@idempotent
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    interest = _own(request, public_id)
    services.resume_interest(interest, by=request.user)
    messages.success(request, _("Đã bật lại. Danh sách được lập lại trong vài giây."))
    return redirect(interest)


@require_POST
@idempotent
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    interest = _own(request, public_id)
    services.delete_interest(interest, by=request.user)
    listed = redirect("matching:interests")
    return HttpResponseRedirect(f"{listed.url}?da-xoa={interest.public_id}")


@require_POST
@idempotent
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    mine = Interest.objects.editable_by(request.user).exclude(deleted_at=None)
    interest = get_object_or_404(mine.select_related("organization"), public_id=public_id)
    try:
        services.restore_interest(interest, by=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Đã khôi phục mối quan tâm."))
    return redirect("matching:interests")
