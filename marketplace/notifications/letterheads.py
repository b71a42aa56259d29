"""Under whose name a mail goes out, and to which host it leads: the exchange's of the thing it tells of.

A mail leads to the page of its thing, so its thing is known by that address. An app registers who has the
things of its pages; what nobody answers for is the default exchange's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Letterhead:
    """``name_en`` may be empty. ``address`` is that of the site, with no stroke at its end."""

    name: str
    name_en: str
    address: str
    languages: tuple[str, ...] = ("vi", "en")

    def called(self, language: str) -> str:
        return self.name_en if language == "en" and self.name_en else self.name


Finder = Callable[[ResolverMatch], Letterhead | None]

_finders: dict[str, Finder] = {}
_default: list[Callable[[], Letterhead]] = []


def register_letterhead(namespace: str, finder: Finder) -> None:
    """``finder`` answers for the pages of a namespace of addresses."""
    _finders[namespace] = finder


def register_default_letterhead(default: Callable[[], Letterhead]) -> None:
    _default[:] = [default]


def default_letterhead() -> Letterhead:
    if _default:
        return _default[0]()
    return Letterhead(_("Sàn giao dịch công nghệ và thiết bị"), "", settings.PUBLIC_URL.rstrip("/"))


def letterhead_of(url: str) -> Letterhead:
    """
    Args:
        url: where a notice leads, without the prefix of a language.
    """
    path = url.partition("#")[0].partition("?")[0]
    if path.startswith("/"):
        try:
            with override("vi"):
                match = resolve(path.removeprefix("/en"))
        except Resolver404:
            pass
        else:
            finder = _finders.get(match.namespace)
            found = finder(match) if finder else None
            if found is not None:
                return found
    return default_letterhead()


def letterhead_of_all(urls: list[str]) -> Letterhead:
    """Of a mail of several things: theirs where all have the same, else the default one."""
    found = {letterhead_of(url) for url in urls}
    return found.pop() if len(found) == 1 else default_letterhead()
