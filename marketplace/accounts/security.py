"""Steps that cannot be taken back need a second factor, and the person asked again a moment ago."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]
Condition = Callable[[HttpRequest], bool]


def sensitive(
    view: View | None = None, *, when: Condition = lambda request: request.method == "POST"
) -> Any:
    """Guards a view of signed-in people where `when` holds; goes outside of `idempotent`.

    Who has no second factor is led to where it is set up. Who has one is asked for it, or for the
    password, unless that was a few minutes ago; allauth then goes on with the form as it was sent.
    """
    if view is None:
        return functools.partial(sensitive, when=when)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if when(request):
            if not is_mfa_enabled(request.user):
                messages.warning(request, _("Bước này cần xác thực hai lớp. Hãy bật rồi làm lại."))
                return redirect("mfa_index")
            raise_if_reauthentication_required(request, app="accounts")
        return view(request, *args, **kwargs)

    return wrapped
