"""A new version of a required document is agreed to before the person's own pages go on."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from marketplace.privacy import ledger
from marketplace.privacy.services import missing_documents

_SESSION_KEY = "agreed_to"
#: allauth's pages: ways in, ways out and second factors stay open whatever was agreed to.
_OPEN = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")


class AgreementMiddleware:
    """Leads to the page of agreement, which leads back.

    Only pages are led away: a form that was sent is taken, since what was typed would be lost, and the
    page that answers it is led away then. What everybody may see, one's own data (a copy, closing the
    account) and allauth's pages stay open to who does not agree. The session remembers what was found,
    so that nothing is asked of the database until a version changes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_view: Any) -> HttpResponse | None:
        if request.method != "GET" or request.headers.get("HX-Request"):
            return None
        if getattr(view, "login_required", True) is False or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if (
            match is None
            or match.namespace == "privacy"
            or (match.url_name or "").startswith(_OPEN)
        ):
            return None
        if request.session.get(_SESSION_KEY) == in_force():
            return None
        if missing_documents(request.user):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('privacy:agree')}?{query}")
        request.session[_SESSION_KEY] = in_force()
        return None


def in_force() -> list[str]:
    return [document.key for document in ledger.required_documents()]
