"""Versions of the lists that queries are read with, so that a change counts in every process.

A version is in the cache, for a minute at most, and in a row, raised in the transaction of the change.
"""

from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from marketplace.taxonomy.models import WordList

_KEY: Final = "taxonomy.words.versions"
#: A process that was killed between its commit and the cache is noticed after so many seconds.
_CACHED_SECONDS: Final = 60


def version_of(which: WordList.List) -> int:
    versions: dict[int, int] | None = cache.get(_KEY)
    if versions is None:
        versions = dict(WordList.objects.values_list("pk", "version"))
        cache.set(_KEY, versions, _CACHED_SECONDS)
    return versions.get(which, 0)


def raise_version(which: WordList.List, forget: Callable[[], None]) -> None:
    """To be called in the transaction of the change; ``forget`` is for this process."""
    WordList.objects.get_or_create(pk=which, defaults={"version": 0})
    WordList.objects.filter(pk=which).update(version=F("version") + 1)

    def tell() -> None:
        cache.delete(_KEY)
        forget()

    transaction.on_commit(tell)
