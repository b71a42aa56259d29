"""Sessions end by themselves: sooner where more can be done with them, and at the latest after two weeks."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Role, User
from marketplace.core import clock

_MARK: Final = "activity"
#: Seconds within which a further request is not written down.
_NOTED_EACH: Final = 60
_OFFICIALS: list[Callable[[User], bool]] = []


def register_officials(are_one: Callable[[User], bool]) -> None:
    """Says of whom else a session ends as soon as one of staff: people of desks outside the admin."""
    if are_one not in _OFFICIALS:
        _OFFICIALS.append(are_one)


def allowed_idle(user: User) -> int:
    """Seconds without a request after which the person's session ends (`SESSION_IDLE`)."""
    limits = settings.SESSION_IDLE
    if user.is_staff or any(are_one(user) for are_one in _OFFICIALS):
        return int(limits["staff"])
    if Membership.objects.filter(user=user, role=Role.OWNER).exists():
        return int(limits["owner"])
    return int(limits["everybody"])


class SessionEndMiddleware:
    """Ends a session that was left alone, or is too old; and keeps pages of a session out of shared caches.

    What goes on is asked as a stranger: public pages open, others lead to the login and back. When it was
    used last stands in the session itself and in the list of sessions, written once a minute or when the
    browser or its address is another one, so that no other request asks the database for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        was_inside = False
        if has_session and request.user.is_authenticated:
            was_inside = True
            self._look(request, request.user)
        response = self.get_response(request)
        if has_session:
            _keep_private(request, response)
        if was_inside and not request.user.is_authenticated:
            # On a shared computer nothing is left for the next person. Browsers do it over TLS alone.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _look(self, request: HttpRequest, user: User) -> None:
        now = int(clock.now().timestamp())
        # Sessions from before the browser was noted have two parts.
        began, seen, noted = (*request.session.get(_MARK, (now, 0)), "")[:3]
        gap = now - seen if seen else 0
        is_idle = gap > min(settings.SESSION_IDLE.values()) and gap > allowed_idle(user)
        if is_idle or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
            messages.info(
                request,
                _("Bạn đã được đăng xuất vì lâu không dùng. Đăng nhập lại để đi tiếp.")
                if is_idle
                else _("Phiên đăng nhập đã hết hạn. Đăng nhập lại để đi tiếp."),
            )
            return
        browser = _browser(request)
        if browser != noted or not 0 <= gap < _NOTED_EACH:
            request.session[_MARK] = (began, now, browser)
            if settings.USERSESSIONS_TRACK_ACTIVITY:
                UserSession.objects.create_from_request(request)


def _browser(request: HttpRequest) -> str:
    """What a session is used from, and its key, which changes with a new password."""
    said = (
        request.session.session_key,
        get_adapter().get_client_ip(request),
        request.META.get("HTTP_USER_AGENT", ""),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _keep_private(request: HttpRequest, response: Any) -> None:
    """Pages of somebody's own are for their browser alone; what shows most of a person is not kept at all.

    Not all of them: a form typed into has to be there after a step back.
    """
    said = response.headers.get("Cache-Control", "")
    if "public" in said or "no-store" in said:
        return
    if request.path.removeprefix("/en").startswith(settings.NOT_KEPT_BY_BROWSERS):
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, private=True)
