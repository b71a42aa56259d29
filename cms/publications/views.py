"""The pages behind the links in the letters of a series."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from cms.publications import subscribing
from cms.publications.models import IssueSending
from cms.publications.readers import may_read


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link shows a button: programs that look at the links of a mail confirm nothing."""
    try:
        act = subscribing.confirm if request.method == "POST" else subscribing.to_confirm
        subscription = act(token)
    except signing.BadSignature:
        subscription = None
    return render(
        request,
        "cms/publications/confirm.html",
        {"subscription": subscription},
        status=200 if subscription else 404,
    )


@csrf_exempt  # a mail program presses the button alone (RFC 8058); the token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    try:
        subscription = subscribing.to_stop(token)
        if request.method == "POST":
            subscribing.stop(token)
    except signing.BadSignature as error:
        raise Http404 from error
    context = {
        "series": subscription.series if subscription else None,
        "is_over": subscription is None or request.method == "POST",
    }
    return render(request, "cms/publications/stop.html", context)


@never_cache
@require_GET
def open_issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """The door in a letter to readers of a restricted issue: signs them in and leads to its page."""
    sending = get_object_or_404(IssueSending.objects.select_related("issue"), public_id=public_id)
    issue = sending.issue
    if not issue.live or not issue.url or not may_read(request.user, issue):
        raise Http404
    return redirect(issue.get_url(request))
