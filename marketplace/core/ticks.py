"""Ticks: a stage of the main path as a Celery task that finds its own work by state."""

from collections.abc import Callable

import structlog
from celery import Task, current_app, shared_task
from django.db import transaction

from marketplace.core.leases import lease

logger = structlog.get_logger(__name__)

#: Does one batch and says how many rows it did; 0 means that there is nothing left to do.
Stage = Callable[[], int]


def run_stage(
    name: str, stage: Stage, *, seconds: int = 60, longest: int = 0, batches: int = 1000
) -> int:
    """Runs a stage under its lease until it finds no more work; returns the rows it did.

    `longest`: see `lease`; for stages of which one batch may take longer than the lease.
    """
    done = 0
    with lease(name, seconds=seconds, longest=longest) as held:
        if held is None:
            return 0
        for _batch in range(batches):
            count = stage()
            done += count
            if not count or not held.renew():
                break
    return done


def tick(name: str, stage: Stage, *, seconds: int = 60, longest: int = 0) -> Task:
    """Makes the Celery task `name` of a stage."""

    @shared_task(name=name, ignore_result=True)
    def run() -> int:
        return run_stage(name, stage, seconds=seconds, longest=longest)

    return run


def kick(name: str) -> None:
    """Asks for a tick right after commit, to save seconds; the clock is the guarantee.

    Once a transaction is enough however many rows it changed. A broker that does not answer is not
    an error here: the row already says what is to do.
    """
    connection = transaction.get_connection()
    savepoints = set(connection.savepoint_ids)
    for registered, waiting, _robust in connection.run_on_commit:
        # One that a savepoint may still undo does not count for work outside of it.
        if getattr(waiting, "kicks", None) == name and set(registered) <= savepoints:
            return

    def send() -> None:
        try:
            current_app.send_task(name, expires=5, retry=False)
        except Exception as error:  # noqa: BLE001 - any transport may fail in its own way; the clock remains
            logger.warning("kick failed", tick=name, error=type(error).__name__)

    send.kicks = name  # type: ignore[attr-defined]
    transaction.on_commit(send)
