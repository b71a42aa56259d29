"""Further places to look for the same words, each in a tab of its own, such as the site's pages.

An application registers a tab; the page shows tabs as soon as there is one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Tab:
    """``count`` and ``find`` take the words; what ``find`` gives is ``items`` of the template.

    ``find`` takes an offset and a limit besides.
    """

    name: str
    label: str | Promise
    count: Callable[[str], int]
    find: Callable[[str, int, int], Iterable[Any]]
    template: str


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    _tabs[tab.name] = tab


def tabs() -> list[Tab]:
    return list(_tabs.values())
