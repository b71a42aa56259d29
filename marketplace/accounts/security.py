"""Second factors: which sessions have passed one, and steps that cannot be taken back."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
    suspend_request,
)
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]
Condition = Callable[[HttpRequest], bool]
Kind = Authenticator.Type


def page_for_second_factor(request: HttpRequest) -> str:
    """The address at which the second factor is set up, or given; empty where this session gave it.

    It counts only while the account still has it: a session that was opened by password before the
    factor was switched on, or by a key that was removed since, has not passed what is demanded now.
    """
    held = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    if not {Kind.TOTP, Kind.WEBAUTHN} & set(held.values()):
        return reverse("mfa_index")
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" and record.get("id") in held for record in records):
        return ""
    by_code = Kind.TOTP in held.values()
    return reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")


def ask_for_second_factor(request: HttpRequest, to_set_up: str) -> HttpResponse | None:
    """Leads to the second factor where this session lacks it; None where it was given.

    `to_set_up` is said to who has none yet. Who has one gives it, and allauth goes on with what was
    asked for, a form as it was sent included.
    """
    page = page_for_second_factor(request)
    if not page:
        return None
    if page == reverse("mfa_index"):
        messages.warning(request, to_set_up)
        return redirect(page)
    messages.info(
        request, _("Phiên này chưa qua bước xác thực thứ hai. Hãy xác nhận một lần để đi tiếp.")
    )
    return suspend_request(request, page)


def sensitive(
    view: View | None = None, *, when: Condition = lambda request: request.method == "POST"
) -> Any:
    """Guards a view of signed-in people where `when` holds; goes outside of `idempotent`.

    Who has no second factor is led to where it is set up. Who has one gives it once in a session,
    and it or the password again unless that was a few minutes ago; allauth then goes on with the
    form as it was sent.
    """
    if view is None:
        return functools.partial(sensitive, when=when)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if when(request):
            asked = ask_for_second_factor(
                request, _("Bước này cần xác thực hai lớp. Hãy bật rồi làm lại.")
            )
            if asked is not None:
                return asked
            raise_if_reauthentication_required(request, app="accounts")
        return view(request, *args, **kwargs)

    return wrapped
