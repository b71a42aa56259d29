"""What a visitor began to write before they had an account: kept in the session, found again after sign-up."""

from typing import Any, Final

from django.http import HttpRequest

_SESSION_KEY: Final = "begun_draft"
LONGEST: Final = 4000


def keep(request: HttpRequest, *, kind: str, text: str) -> None:
    request.session[_SESSION_KEY] = {"kind": kind, "text": text[:LONGEST]}


def begun(request: HttpRequest) -> dict[str, Any] | None:
    """`{"kind", "text"}` of what was begun in this browser, or None."""
    found: dict[str, Any] | None = request.session.get(_SESSION_KEY)
    return found


def text_of(request: HttpRequest, kind: str) -> str:
    found = begun(request)
    return str(found["text"]) if found and found["kind"] == kind else ""


def forget(request: HttpRequest, kind: str) -> None:
    found = begun(request)
    if found and found["kind"] == kind:
        del request.session[_SESSION_KEY]
