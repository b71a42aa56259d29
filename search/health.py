"""What ``/health/ready`` asks of the search."""

from search.engines import get_engine
from search.sync import stale_count

#: A short queue is normal under work; a long one says that no worker runs.
MOST_WAITING = 5_000


def check() -> tuple[bool, str]:
    if not get_engine().healthy():
        return False, "index missing or broken"
    waiting = stale_count()
    return waiting <= MOST_WAITING, f"{waiting} waiting"
