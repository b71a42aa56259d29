"""Leases of ticks, kept in the database both sizes have."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import structlog
from django.db import DatabaseError, connections
from django.db.models import Q

from marketplace.core import clock
from marketplace.core.models import Lease

logger = structlog.get_logger(__name__)


class Held:
    """A lease that is held: `renew()` before each batch, and stop when it says no."""

    def __init__(self, name: str, owner: str, seconds: int) -> None:
        self.name, self.owner, self.seconds = name, owner, seconds
        self.renewed_at = time.monotonic()

    def renew(self) -> bool:
        self.renewed_at = time.monotonic()
        return self.extend()

    def extend(self) -> bool:
        until = clock.now() + timedelta(seconds=self.seconds)
        return bool(Lease.objects.filter(name=self.name, owner=self.owner).update(until=until))


@contextmanager
def lease(name: str, *, seconds: int = 60, longest: int = 0) -> Iterator[Held | None]:
    """Holds the lease `name` inside the block; gives None where another holds it.

    A holder that was killed frees it when its time runs out. Where one step takes longer than
    `seconds`, `longest` says how long a step may take at most: until then the lease is renewed from
    beside the work, so that it can be short all the same. `last_run_at` says when a block last ended
    well, so a stage that fails every time is seen by its age.
    """
    owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    if not _taken(name, owner, seconds):
        yield None
        return
    mine = Lease.objects.filter(name=name, owner=owner)
    held = Held(name, owner, seconds)
    try:
        with _kept_alive(held, longest) if longest else nullcontext():
            yield held
    except BaseException:
        mine.update(owner="", until=clock.now())
        raise
    mine.update(owner="", until=clock.now(), last_run_at=clock.now())


def is_held(name: str) -> bool:
    """Whether somebody holds the lease now."""
    return Lease.objects.filter(name=name, until__gt=clock.now()).exclude(owner="").exists()


@contextmanager
def _kept_alive(held: Held, longest: int) -> Iterator[None]:
    """A thread with a connection of its own extends the lease three times within its length.

    It gives up when no step has ended for `longest` seconds: work that hangs for ever frees its lease.
    """
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(held.seconds / 3):
            if time.monotonic() - held.renewed_at > longest:
                return
            try:
                if not held.extend():
                    return
            except DatabaseError as error:
                # The next beat may find the database again; if not, the lease runs out as it should.
                logger.warning("lease not extended", lease=held.name, error=type(error).__name__)
            finally:
                connections.close_all()

    thread = threading.Thread(target=beat, name=f"lease {held.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


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
