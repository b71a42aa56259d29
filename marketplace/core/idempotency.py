"""A repeated POST (second click, reload, lost connection) answers with the first result."""

import functools
import secrets
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from marketplace.core.models import IdempotencyKey

FIELD = "idempotency_key"
View = Callable[..., HttpResponse]


def new_key() -> str:
    return secrets.token_urlsafe(16)


def idempotent(view: View) -> View:
    """Runs the view once per key of its form; a repeat is sent where the first one was sent.

    Only redirects are remembered: a form shown again with errors changed nothing and may be posted
    again. A repeat while the first is still running is told so.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "")[:64] if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        user = request.user if request.user.is_authenticated else None
        # One transaction for the key and what the view does: killed in between, neither remains. A
        # second click waits for the first to commit and then finds its answer.
        with transaction.atomic():
            try:
                with transaction.atomic():
                    row = IdempotencyKey.objects.create(
                        user=user, key=key, path=request.path[:300]
                    )
            except IntegrityError:
                return _first_answer(request, key, user)
            response = view(request, *args, **kwargs)
            if response.status_code in (301, 302, 303):
                row.status, row.location = response.status_code, response["Location"][:500]
                row.save(update_fields=["status", "location"])
            else:
                row.delete()
        return response

    return wrapped


def _first_answer(request: HttpRequest, key: str, user: Any) -> HttpResponse:
    first = IdempotencyKey.objects.filter(key=key, path=request.path[:300], user=user).first()
    if first is not None and first.location:
        return HttpResponseRedirect(first.location)
    return HttpResponse(
        _("Yêu cầu này đang được xử lý. Hãy tải lại trang sau vài giây."),
        status=409,
        content_type="text/plain; charset=utf-8",
    )
