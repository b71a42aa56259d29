from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.notifications import services
from marketplace.notifications.forms import PreferencesForm
from marketplace.notifications.kinds import get_kind
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.rendering import UNSUBSCRIBE_SALT, subject_of

PAGE = 20


def inbox(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.filter(recipient=request.user, retired_at=None).order_by(
        "-created_at", "-pk"
    )
    page = Paginator(notices, PAGE).get_page(request.GET.get("page"))
    for notice in page.object_list:
        notice.recipient = request.user
    rows = [(notice, subject_of(notice)) for notice in page.object_list]
    return render(request, "notifications/inbox.html", {"page": page, "rows": rows})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a notice read and goes where it leads; a POST, since it changes something."""
    notice = get_object_or_404(Notice, pk=pk, recipient=request.user, retired_at=None)
    services.mark_read(request.user, pks=[notice.pk])
    return HttpResponseRedirect(notice.url or "/")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(request.user)
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        for kind, mode in form.chosen():
            services.set_preference(request.user, kind=kind, mode=mode)
        services.set_times(request.user, form.times())
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form})


@csrf_exempt  # a mail program posts here (RFC 8058); the signed token is the permission
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        data = signing.loads(token, salt=UNSUBSCRIBE_SALT)
        kind = get_kind(data["k"])
    except (signing.BadSignature, KeyError) as error:
        raise Http404 from error
    user = get_object_or_404(get_user_model(), pk=data["u"])
    done = request.method == "POST"
    if done:
        services.set_preference(user, kind=kind.code, mode=Preference.Mode.OFF)
    context = {"kind": kind, "done": done}
    return render(request, "notifications/unsubscribe.html", context)
