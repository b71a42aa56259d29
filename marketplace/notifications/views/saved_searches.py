"""Searches somebody saved: only their owner sees, changes and deletes them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.notifications import saved_searches as services
from marketplace.notifications.forms import SavedSearchForm
from marketplace.notifications.models import Frequency, SavedSearch
from search.addresses import address_of, query_of
from search.narrowed import narrowed_for

#: The parameter under which a form carries the address of the search page.
ADDRESS = "address"


@require_safe
def list_searches(request: HttpRequest) -> HttpResponse:
    mine = SavedSearch.objects.of(request.user).with_news().order_by("-news", "-created_at", "-pk")
    rows = [(search, services.name_of(search.query())) for search in mine]
    deleted = SavedSearch.objects.filter(owner=request.user).exclude(deleted_at=None)
    return render(
        request,
        "notifications/saved_searches.html",
        {
            "rows": rows,
            "deleted": deleted.order_by("-deleted_at", "-pk")[:10],
            "just_deleted": request.GET.get("da-xoa", ""),
            "daily": Frequency.DAILY,
            "off": Frequency.OFF,
        },
    )


@require_http_methods(["GET", "POST"])
@idempotent
def save(request: HttpRequest) -> HttpResponse:
    """Saves the search whose parameters the address holds, or the form's field `address`."""
    params = QueryDict(request.POST[ADDRESS]) if ADDRESS in request.POST else request.GET
    query = query_of(params)
    page = f"{reverse('search:search')}?{address_of(params)}"
    form = SavedSearchForm(
        request.POST or None, initial={"name": services.name_of(query)}, is_new=True
    )
    try:
        services.check_query(query)
        if request.method == "POST" and form.is_valid():
            search, is_new = services.save_search(
                params,
                owner=request.user,
                name=form.cleaned_data["name"],
                frequency=form.cleaned_data["frequency"],
                narrowed=narrowed_for(request),
            )
            if is_new:
                messages.success(request, _("Đã lưu tìm kiếm. Bạn được báo khi có kết quả mới."))
            else:
                messages.info(
                    request,
                    _("Bạn đã lưu tìm kiếm này với tên “%(name)s”.") % {"name": search.name},
                )
            return HttpResponseRedirect(page)
    except DomainError as error:
        messages.error(request, str(error.message))
        return HttpResponseRedirect(page)
    context = {
        "form": form,
        "address": address_of(params),
        "page_url": page,
        "asked": services.name_of(query),
    }
    return render(request, "notifications/save_search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_search(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leads to the search page; a POST says that its owner has seen what is new there."""
    search = _own(request, public_id)
    if request.method == "POST":
        services.mark_seen(search)
    return HttpResponseRedirect(f"{reverse('search:search')}?{search.address}")


@require_http_methods(["GET", "POST"])
@idempotent
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    search = _own(request, public_id)
    form = SavedSearchForm(
        request.POST or None, initial={"name": search.name, "frequency": search.frequency}
    )
    if request.method == "POST" and form.is_valid():
        services.change_search(search, **form.cleaned_data)
        messages.success(request, _("Đã lưu thay đổi."))
        return redirect("notifications:saved_searches")
    context = {"form": form, "search": search, "asked": services.name_of(search.query())}
    return render(request, "notifications/change_saved_search.html", context)


@require_POST
@idempotent
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    search = _own(request, public_id)
    services.delete_search(search)
    return HttpResponseRedirect(
        f"{reverse('notifications:saved_searches')}?da-xoa={search.public_id}"
    )


@require_POST
@idempotent
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    search = get_object_or_404(
        SavedSearch.objects.filter(owner=request.user).exclude(deleted_at=None),
        public_id=public_id,
    )
    try:
        services.restore_search(search)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Đã khôi phục tìm kiếm."))
    return redirect("notifications:saved_searches")


@csrf_exempt  # opened from a mail; the signed token is the permission
@login_not_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Pauses one saved search without a login, from the link in its mails."""
    try:
        search = services.search_to_stop(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if search is None:
        raise Http404
    if request.method == "POST" and search.frequency != Frequency.OFF:
        services.pause_search(search)
    context = {"search": search, "done": request.method == "POST"}
    return render(request, "notifications/stop_saved_search.html", context)


def _own(request: HttpRequest, public_id: str) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.of(request.user), public_id=public_id)
