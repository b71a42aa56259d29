"""A repeated POST (second click, reload, lost connection) answers with the first result."""

import functools
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from marketplace.core.models import IdempotencyKey

FIELD = "idempotency_key"
View = Callable[..., HttpResponse]


def new_key() -> str:
    return secrets.token_urlsafe(16)


def idempotent(view: View) -> View:
    """Runs the view once for a form as it was sent; a repeat is led where the first one was led.

    The same key with other content is another request: somebody went back, changed something and sent
    the form again, and must not lose it. Only redirects are remembered: a form shown again with
    errors changed nothing and may be posted again.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not request.POST.get(FIELD):
            return view(request, *args, **kwargs)
        known = {
            "user": request.user if request.user.is_authenticated else None,
            "key": _fingerprint(request),
            # PostgreSQL keeps no NUL; a path with one leads nowhere anyway.
            "path": request.path.replace("\x00", "")[:300],
        }
        # One transaction for the key and what the view does: killed in between, neither remains. A
        # second click waits for the first to commit and then finds its answer.
        with transaction.atomic():
            try:
                with transaction.atomic():
                    row = IdempotencyKey.objects.create(**known)
            except IntegrityError:
                return _first_answer(request, known)
            response = view(request, *args, **kwargs)
            row.location = _leads_to(response)
            if row.location:
                row.status = response.status_code
                row.save(update_fields=["status", "location"])
            else:
                row.delete()
        return response

    return wrapped


def _fingerprint(request: HttpRequest) -> str:
    """The form's key and everything sent with it, as one digest."""
    digest = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _leads_to(response: HttpResponse) -> str:
    if response.status_code in (301, 302, 303):
        return str(response["Location"])
    return str(response.headers.get("HX-Redirect", ""))


def _first_answer(request: HttpRequest, known: dict[str, Any]) -> HttpResponse:
    first = IdempotencyKey.objects.filter(**known).first()
    if first is None or not first.location:
        # The key is another person's: it says nothing to this one.
        return HttpResponse(
            _("Yêu cầu này đang được xử lý. Hãy tải lại trang sau vài giây."),
            status=409,
            content_type="text/plain; charset=utf-8",
        )
    if first.status == 200:
        return HttpResponseClientRedirect(first.location)
    return HttpResponseRedirect(first.location)
