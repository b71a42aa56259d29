"""What ``/health/ready`` asks of the search."""

from typing import Final

from django.core.cache import cache

from search.engines import get_engine
from search.semantic.embedding import embedded_share
from search.sync import stale_count

#: A short queue is normal under work; a long one says that no worker runs.
MOST_WAITING = 5_000
#: Counting what was read looks at every public row: too much for each probe.
_COUNTED_FOR: Final = 60


def check() -> tuple[bool, str]:
    waiting = stale_count()
    if not get_engine().healthy():
        return False, f"index missing, broken or out of reach; {waiting} waiting"
    return waiting <= MOST_WAITING, f"{waiting} waiting"


def semantic_check() -> tuple[bool, str]:
    """Never a failure: what is not read for its meaning yet is found by its words."""
    share = cache.get_or_set("search.embedded_share", embedded_share, _COUNTED_FOR)
    if share is None:
        return True, "not installed"
    embedded, public = share
    return True, f"{embedded} of {public} read"
