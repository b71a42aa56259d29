"""What ``/health/ready`` asks of the search."""

from search.engines import get_engine
from search.sync import stale_count

#: A short queue is normal under work; a long one says that no worker runs.
MOST_WAITING = 5_000


def check() -> tuple[bool, str]:
    waiting = stale_count()
    if not get_engine().healthy():
        return False, f"index missing, broken or out of reach; {waiting} waiting"
    return waiting <= MOST_WAITING, f"{waiting} waiting"
