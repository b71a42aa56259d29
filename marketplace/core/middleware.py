"""The number by which a request is found in the logs; the admin's content policy; machines that forgot https, and
those that call with a signature."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.translation import override


class RequestIdMiddleware:
    """Tells the visitor the id that every log line of this request, and of its tasks, carries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")
        return response


class AdminContentPolicyMiddleware:
    """The admin may run scripts written into its pages, but loads and sends nothing elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response.headers.setdefault(
                "Content-Security-Policy", settings.ADMIN_CONTENT_SECURITY_POLICY
            )
        return response


class PlainMachinesMiddleware:
    """Refuses machines that speak without TLS, where people are led to https.

    A program that is led on never learns that it sends its key for everybody to read (OWASP ASVS 5.0, 4.1.2).
    What is asked without a key at addresses for people and harvesters may be led on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.SECURE_SSL_REDIRECT
            and not request.is_secure()
            and (request.path.startswith("/api/") or "Authorization" in request.headers)
        ):
            return HttpResponse(
                "https only: what was sent could be read on its way; change the key.\n",
                status=403,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class SignedCallsMiddleware:
    """Leads calls of machines that prove themselves by a signature straight to their view (`is_called_by_machine`).

    They know no session, language or page; what is done for these with each request cost as much as the call.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path_info.startswith(settings.SIGNED_CALLS):
            return self.get_response(request)
        # The language of whoever this thread answered before decides nothing about addresses.
        with override(settings.LANGUAGE_CODE):
            try:
                match = resolve(request.path_info)
                if not getattr(match.func, "is_called_by_machine", False):
                    return self.get_response(request)
                request.resolver_match = match
                response = match.func(request, *match.args, **match.kwargs)
                # Without it even an answer that says nothing comes in pieces.
                response.headers.setdefault("Content-Length", str(len(response.content)))
                return response
            except Http404:
                # Said as to everybody who asks for what is not there.
                return self.get_response(request)
