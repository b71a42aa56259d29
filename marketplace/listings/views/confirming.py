"""A firm answers, by the link of a mail, what staff wrote for it; staff send that mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.fields import TextField
from marketplace.core.idempotency import idempotent
from marketplace.listings import services
from marketplace.listings.access import editable_or_404
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import StaffPost, StaffPostState
from marketplace.listings.staff_links import read_answer_link
from marketplace.listings.views.editing import review_context
from marketplace.listings.views.public import detail_context


class RejectForm(forms.Form):
    use_required_attribute = False

    answer = TextField(
        label=gettext_lazy("Chỗ nào chưa đúng?"),
        help_text=gettext_lazy(
            "Cán bộ sàn sửa theo lời bạn rồi hỏi lại. Không muốn đăng nữa, hãy ghi vậy."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Ghi ngắn chỗ chưa đúng, hoặc “không đăng nữa”.")},
    )


@login_not_required
@require_http_methods(["GET", "POST"])
@idempotent
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links by themselves."""
    found = read_answer_link(token)
    if found is None or found[0].listing is None:
        return _page(request, {"state": "unknown"}, status=404)
    post, serial = found
    is_open = post.has_open_link and post.serial == serial
    form = RejectForm(request.POST if "reject" in request.POST else None)
    if request.method == "POST" and is_open:
        try:
            if "reject" not in request.POST:
                services.confirm_as_firm(post, serial=serial)
                return redirect(request.path)
            if form.is_valid():
                services.reject_as_firm(post, serial=serial, answer=form.cleaned_data["answer"])
                return redirect(request.path)
        except DomainError as error:
            messages.warning(request, str(error.message))
            return redirect(request.path)
    state = "asked" if is_open else _state(post)
    listing = post.listing
    return _page(
        request,
        {
            "state": state,
            "post": post,
            "listing": listing,
            "draft": services.draft_of(listing) if is_open else None,
            "words": KINDS[post.kind],
            "form": form,
            "token": token,
        },
        status=400 if form.errors else 200,
    )


def _state(post: StaffPost) -> str:
    if post.state in (StaffPostState.CONFIRMED, StaffPostState.REJECTED):
        return str(post.state)
    return "old"


@login_not_required
@require_safe
def look(request: HttpRequest, token: str) -> HttpResponse:
    """The page as readers would see it, for whoever holds the open link."""
    found = read_answer_link(token)
    if found is None or not found[0].has_open_link or found[0].serial != found[1]:
        raise Http404
    listing = found[0].listing
    if listing is None:
        raise Http404
    draft = services.draft_of(listing)
    context = detail_context(draft, sees_everything=False) | {"is_preview": True, "back_url": "../"}
    return _sealed(render(request, f"listings/{listing.KIND}_detail.html", context))


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return _sealed(render(request, "listings/firm_answer.html", context, status=status))


def _sealed(response: HttpResponse) -> HttpResponse:
    # The address is a key: no other site hears of it. Without any referrer a browser would post from
    # "null", which is refused as a forgery.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


@require_POST
@idempotent
def ask(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """Staff who have written for a firm ask it to confirm."""
    listing = editable_or_404(request.user, kind, public_id)
    posts = StaffPost.objects.curated_by(request.user, "change").of(listing)
    post = get_object_or_404(posts)
    try:
        services.ask_firm(post, by=request.user)
    except services.Incomplete as incomplete:
        context = review_context(listing, problem=incomplete.message)
        return render(request, "listings/edit_review.html", context, status=400)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(
            request, _("Đã gửi thư xác nhận. Bạn được báo ngay khi doanh nghiệp trả lời.")
        )
    return redirect(listing.owner_url)
