"""How many requests a minute: of one address, of one account, of all people of one organisation.

What anybody may do again and again is counted: knocking at the doors (login, sign-up, reset, code),
sending other forms, asking lists and the search a question. allauth counts at the doors too, more
strictly and by what came of it; here a flood is refused before it costs a page.
"""

import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import structlog
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.emails import email_key
from marketplace.accounts.fronts import Front, front_of
from marketplace.core import clock

logger = structlog.get_logger(__name__)

MINUTE: Final = 60
#: Apps whose pages answer questions from the search engine or the database.
_ASKED: Final = frozenset({"search", "listings", "research", "accounts", "taxonomy"})
#: Where an account is named by who is not signed in yet.
_DOORS: Final = frozenset(
    {
        "account_login", "account_signup", "account_signup_by_passkey", "account_reset_password",
        "account_request_login_code",
    }
)  # fmt: skip
_CHANGES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestLimitMiddleware:
    """Refuses what is over the limits of REQUEST_LIMITS, with 429 and the seconds to wait.

    Nothing is locked: counts are of one minute of the clock and forget themselves. The interface for
    machines (`api`, `sources`) and the admin count for themselves or serve known people. A view that is
    marked `is_called_by_machine` answers a provider, which has a few addresses and proves itself by a signature.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        limits = settings.REQUEST_LIMITS.get(kind := _kind_of(request))
        if not limits:
            return None
        now = int(clock.now().timestamp())
        for whose, number in _who(request, kind):
            if _count(f"{kind}:{whose}:{number}", now) > limits[whose]:
                logger.warning("over the limit of requests", kind=kind, whose=whose)
                return _refusal(request, now)
        return None


def _kind_of(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.namespace == "api" or request.path.startswith("/admin/"):
        return ""
    if getattr(match.func, "is_called_by_machine", False):
        return ""
    if request.method in _CHANGES:
        return "door" if match.url_name in _DOORS else "write"
    return "ask" if request.GET and match.namespace in _ASKED else ""


def _refusal(request: HttpRequest, now: int) -> HttpResponse:
    if request.user.is_authenticated:
        response = render(request, "429.html", status=429)
    else:
        language = get_language() or "vi"
        page = _page_for_strangers(front_of(request), language, now // (5 * MINUTE))
        response = HttpResponse(page, status=429)
    response["Retry-After"] = str(MINUTE - now % MINUTE)
    return response


@functools.lru_cache(maxsize=16)
def _page_for_strangers(front: Front, language: str, moment: int) -> str:
    """Made once in five minutes: in a flood no refusal costs a page of its own."""
    context = {"user": AnonymousUser(), "front": front, "exchange": front.exchange}
    return render_to_string("429.html", context)


def _who(request: HttpRequest, kind: str) -> Iterator[tuple[str, str]]:
    if not request.user.is_authenticated:
        yield "address", get_adapter().get_client_ip(request)
        if kind == "door":
            yield "account", email_key(request.POST.get("login") or request.POST.get("email", ""))
        return
    yield "account", str(request.user.pk)
    organization = acting_organization(request)
    if organization is not None:
        yield "organization", organization.public_id


def _count(name: str, now: int) -> int:
    """Of this minute, this request included. Neither an address nor a person can be read from the key."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{name}:{now // MINUTE}".encode()).hexdigest()
    key = f"requests:{digest[:32]}"
    if cache.add(key, 1, 2 * MINUTE):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ran out in between
        return 1
