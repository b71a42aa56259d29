"""Every address of the exchange, with a path that leads to it: for tests and scans that knock at each door."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import RegexPattern, RoutePattern, URLPattern
from django.utils.regex_helper import normalize

SAMPLES = [
    "1",
    "need",
    "nhu-cau",
    "x",
    "bcdfghjkmn",
    "0" * 32,
    "00000000-0000-0000-0000-000000000000",
]


class Address(NamedTuple):
    name: str  # with its namespaces; "" for one without
    pattern: str
    path: str
    view: Any

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "login_required", True) is False

    @property
    def is_reached(self) -> bool:
        """Whether the path leads here, and not to another pattern that takes it first."""
        try:
            return resolve(self.path).func is self.view
        except Resolver404:
            return False  # the pattern demands more than the samples have


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver().url_patterns))


def _walk(
    patterns: Any, namespaces: tuple[str, ...] = (), address: str = "", path: str = ""
) -> Iterator[Address]:
    for pattern in patterns:
        here, sample = address + str(pattern.pattern), path + _sample(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name)) if pattern.name else ""
            yield Address(name, here, "/" + sample, pattern.callback)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, here, sample)


def _sample(pattern: Any) -> str:
    """A piece of an address that the pattern takes."""
    if isinstance(pattern, RoutePattern):
        values = {
            name: next(s for s in SAMPLES if re.fullmatch(converter.regex, s))
            for name, converter in pattern.converters.items()
        }
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], str(pattern._route))
    if isinstance(pattern, RegexPattern):
        form, names = normalize(pattern.regex.pattern)[0]
        return form % dict.fromkeys(names, "1")
    return str(pattern)  # the language prefix, empty for Vietnamese
