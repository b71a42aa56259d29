"""Pages for readers without an account, kept for a minute and forgotten with the first change of content.

A view is named here one by one (`kept`); nothing is kept by default. Only a reader who brings nothing
but the cookies against forgery and of the language gets a kept page, so it can hold nobody's own things.
What is public goes at once when it is withdrawn: every change of a versioned row gives the kept pages a
new generation when it commits (`forget_pages`, called by `core.models`), and a page is kept under the
generation that was in force before its view read anything. Parts that are the same for every reader
are kept in the same way (`kept_part`, many small ones `kept_each`), for pages that are made anew.
"""

import functools
import hashlib
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

View = Callable[..., HttpResponseBase]
T = TypeVar("T")

_GENERATION: Final = "kept-pages:generation"
#: A new one comes with each change; left alone it may stay for long.
_GENERATION_SECONDS: Final = 7 * 24 * 3600
_LONGEST_QUERY: Final = 300
#: So many small parts stay in the memory of a process; with one more it is begun anew.
_MOST_EACH: Final = 2000
#: A form with a key is sent once: two readers must not send the same (`core.idempotency.FIELD`).
NEVER_KEPT: Final = b'name="idempotency_key"'
_NOT_KEPT: Final = frozenset({"Set-Cookie", "Vary"})


def kept(*parameters: str) -> Callable[[View], View]:
    """Keeps what the view answers to readers without an account.

    Args:
        parameters: names in the query that belong to the page; with any other the view is asked, so that
            made-up addresses push nothing out.
    """
    known = frozenset(parameters)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not (settings.KEPT_PAGES_SECONDS and _is_for_anybody(request, known)):
                return view(request, *args, **kwargs)
            key = _key(request, _generation())
            page: tuple[bytes, dict[str, str]] | None = cache.get(key)
            if page is None:
                answer = _asked(view, request, *args, **kwargs)
                page = _page(answer)
                if page is None:
                    return _closed(request, answer)
                cache.set(key, page, settings.KEPT_PAGES_SECONDS)
            body, headers = page
            return HttpResponse(_with_token(request, body), headers=headers)

        return wrapped

    return decorate


def kept_part(name: str, make: Callable[[], T], *, when: bool = True) -> T:
    """What several pages show alike, or one page to everybody, kept and forgotten as whole pages are.

    For what is read, never within a change of content. None is not kept.

    Args:
        name: says all that the part depends on beside the content, as the site and the language.
        when: without it the part is made anew.
    """
    if not (when and settings.KEPT_PAGES_SECONDS):
        return make()
    # Asked for first: what is read before a change must not be kept after it.
    key = f"kept-part:{_generation()}:{hashlib.sha256(name.encode()).hexdigest()[:40]}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        if found is not None:
            cache.set(key, found, settings.KEPT_PAGES_SECONDS)
    return found


def kept_each(
    name: str, keys: Iterable[str], make: Callable[[list[str]], Mapping[str, T]]
) -> dict[str, T]:
    """Small parts of one kind by their keys, each as `kept_part` keeps one, but in the memory of the process.

    Whoever is given one changes nothing of it: the next one is given the same.

    Args:
        make: gives what there is of the keys that are not kept.
    """
    wanted = list(keys)
    if not settings.KEPT_PAGES_SECONDS:
        return dict(make(wanted))
    kept = _each(_generation())
    now = time.monotonic()
    found: dict[str, T] = {}
    for key in wanted:
        until, part = kept.get((name, key), (0.0, None))
        if until > now:
            found[key] = cast(T, part)
    made = make([key for key in wanted if key not in found]) if len(found) < len(wanted) else {}
    if len(kept) + len(made) > _MOST_EACH:
        kept.clear()
    until = now + settings.KEPT_PAGES_SECONDS
    kept.update({(name, key): (until, part) for key, part in made.items()})
    return {**found, **made}


@functools.lru_cache(maxsize=1)
def _each(generation: str) -> dict[tuple[str, str], tuple[float, Any]]:
    """What is kept in this process of the generation; of the one before nothing stays."""
    return {}


def forget_pages(using: str | None = None) -> None:
    """Called with every change of content: once it is committed, no page from before is shown."""
    if not settings.KEPT_PAGES_SECONDS:
        return
    waiting = transaction.get_connection(using).run_on_commit
    if not waiting or waiting[-1][1] is not _forget:
        transaction.on_commit(_forget, using=using)


def open_token(request: HttpRequest) -> dict[str, str]:
    """A context processor: where a page is to be kept, a mark stands for the reader's token."""
    return {"csrf_token": _mark()} if getattr(request, "leaves_token_open", False) else {}


def _forget() -> None:
    cache.set(_GENERATION, secrets.token_hex(8), _GENERATION_SECONDS)


def _generation() -> str:
    found: str | None = cache.get(_GENERATION)
    if found is None:
        # A new one even where the old one was only pushed out: pages of that one may be old.
        cache.add(_GENERATION, secrets.token_hex(8), _GENERATION_SECONDS)
        found = cache.get(_GENERATION)
    return found or ""


def _is_for_anybody(request: HttpRequest, parameters: Collection[str]) -> bool:
    return (
        request.method == "GET"
        and set(request.COOKIES) <= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
        and "Authorization" not in request.headers
        and "HX-Request" not in request.headers
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
        and set(request.GET) <= set(parameters)
    )


def _key(request: HttpRequest, generation: str) -> str:
    address = request.build_absolute_uri()
    return f"kept-pages:{hashlib.sha256(f'{generation} {address}'.encode()).hexdigest()[:40]}"


def _page(answer: HttpResponseBase) -> tuple[bytes, dict[str, str]] | None:
    """What is kept of an answer; None where it is not a page for everybody."""
    if not isinstance(answer, HttpResponse) or answer.status_code != 200 or answer.cookies:
        return None
    if not answer["Content-Type"].startswith("text/html") or NEVER_KEPT in answer.content:
        return None
    headers = {name: value for name, value in answer.items() if name not in _NOT_KEPT}
    return answer.content, headers


def _asked(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    request.leaves_token_open = True  # type: ignore[attr-defined]
    try:
        answer = view(request, *args, **kwargs)
        return answer.render() if hasattr(answer, "render") else answer
    finally:
        # A page of an error is made outside, and has the reader's own.
        request.leaves_token_open = False  # type: ignore[attr-defined]


def _closed(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponse):
        answer.content = _with_token(request, answer.content)
    return answer


def _with_token(request: HttpRequest, body: bytes) -> bytes:
    mark = _mark().encode()
    return body.replace(mark, get_token(request).encode()) if mark in body else body


@functools.cache
def _mark() -> str:
    # No text of anybody's can hold it: it leaves in no answer.
    return salted_hmac("core.kept_pages", "token", algorithm="sha256").hexdigest()
