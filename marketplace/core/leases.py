"""Leases of ticks, kept in the database both sizes have."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q

from marketplace.core import clock
from marketplace.core.models import Lease


class Held:
    """A lease that is held: `renew()` before each batch, and stop when it says no."""

    def __init__(self, name: str, owner: str, seconds: int) -> None:
        self.name, self.owner, self.seconds = name, owner, seconds

    def renew(self) -> bool:
        until = clock.now() + timedelta(seconds=self.seconds)
        return bool(Lease.objects.filter(name=self.name, owner=self.owner).update(until=until))


@contextmanager
def lease(name: str, *, seconds: int = 60) -> Iterator[Held | None]:
    """Holds the lease `name` inside the block; gives None where another holds it.

    A holder that was killed frees it when its time runs out. `last_run_at` says when a block last
    ended well, so a stage that fails every time is seen by its age.
    """
    owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    if not _taken(name, owner, seconds):
        yield None
        return
    mine = Lease.objects.filter(name=name, owner=owner)
    try:
        yield Held(name, owner, seconds)
    except BaseException:
        mine.update(owner="", until=clock.now())
        raise
    mine.update(owner="", until=clock.now(), last_run_at=clock.now())


def _taken(name: str, owner: str, seconds: int) -> bool:
    # Each statement decides alone, so it holds in autocommit and without row locks (SQLite).
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    free = Lease.objects.filter(Q(owner="") | Q(until__lte=now), name=name)
    if free.update(owner=owner, until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    first = Lease(name=name, owner=owner, until=until)
    Lease.objects.bulk_create([first], ignore_conflicts=True)
    return Lease.objects.filter(name=name, owner=owner).exists()
