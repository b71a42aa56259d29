"""How staff find rows by words: whatever capitals and marks they type, in whatever order.

The one way for every list with a search box. Databases do not agree on what a capital is (SQLite knows
none beyond ASCII: “viện” does not find “VIỆN”), and neither knows that “d” may stand for “Đ”; so each
letter is asked for as the set of letters that fold to it, which both understand.
"""

import re
from functools import lru_cache
from typing import Any, Final

import django_filters
from django.db.models import Q, QuerySet

from marketplace.core.text import fold

#: More than anybody types into a search box; the rest is not looked at.
_MOST_WORDS: Final = 8
#: Letters with marks: Latin-1 and its extensions, and those of Vietnamese.
_MARKED: Final = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


def holding(found: QuerySet, text: str, *fields: str) -> QuerySet:
    """The rows of which every typed word stands in one of the fields; all of them where none is typed."""
    return found.filter(anywhere(text, *fields)) if text.split() else found


def anywhere(text: str, *fields: str) -> Q:
    """The condition: every word stands in one of the fields."""
    wanted = Q()
    for word in fold(text.replace("\0", "")).split()[:_MOST_WORDS]:
        wanted &= _in_one_of(word, fields)
    return wanted


class WordsFilter(django_filters.CharFilter):
    """A filter of a list: `WordsFilter("title", "organization__name_folded", label=…)`."""

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        self.fields = fields
        super().__init__(**kwargs)

    def filter(self, found: QuerySet, value: str) -> QuerySet:
        return holding(found, value or "", *self.fields)


class FoundByWords:
    """Of a list of Wagtail's own: its search box finds by `search_fields` in this way."""

    def search_queryset(self, found: QuerySet) -> QuerySet:
        if not self.is_searching:
            return found
        return holding(found, self.search_query, *(self.search_fields or ()))


def _in_one_of(word: str, fields: tuple[str, ...]) -> Q:
    wanted = Q(pk__in=[])
    for field in fields:
        # A column that is folded already holds the word as it is.
        is_folded = field.endswith("folded")
        wanted |= Q(
            **{f"{field}__contains": word} if is_folded else {f"{field}__regex": _any(word)}
        )
    return wanted


def _any(word: str) -> str:
    letters = _letters()
    return "".join(f"[{letters[sign]}]" if sign in letters else re.escape(sign) for sign in word)


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    """Letter → all letters that fold to it, itself and its capital first."""
    found = {chr(code): chr(code) + chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
    for sign in map(chr, _MARKED):
        if (base := fold(sign)) in found:
            found[base] += sign
    return found
