"""Leases of ticks, kept in the database both sizes have."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
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

    A holder that was killed frees it when its time runs out.
    """
    owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    with transaction.atomic():
        Lease.objects.bulk_create([Lease(name=name, until=now)], ignore_conflicts=True)
        taken = Lease.objects.filter(Q(owner="") | Q(until__lte=now), name=name).update(
            owner=owner, until=until
        )
    if not taken:
        yield None
        return
    try:
        yield Held(name, owner, seconds)
    finally:
        Lease.objects.filter(name=name, owner=owner).update(
            owner="", until=clock.now(), last_run_at=clock.now()
        )
