"""Names of provinces as titles and addresses write them, from the shipped tables: no database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from marketplace.core.text import fold
from marketplace.taxonomy.shipped import load_shipped

_EDITIONS: Final = ("provinces-63", "provinces-2025")


@lru_cache(maxsize=1)
def place_names() -> Mapping[str, str]:
    """Name → one word for the place, with and without marks. What has the same name before and after
    a merger is the same place here; two names that were merged stay two, since a title keeps the name
    of its day."""
    found: dict[str, str] = {}
    for edition in _EDITIONS:
        for term in load_shipped(edition):
            place = fold(term.label_vi).removeprefix("tp ")
            for name in (term.label_vi, *term.aliases):
                if len(name.split()) > 1:
                    found.setdefault(" ".join(name.lower().replace("-", " ").split()), place)
                    found.setdefault(" ".join(fold(name).replace("-", " ").split()), place)
    return found
