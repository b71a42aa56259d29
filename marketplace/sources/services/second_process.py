"""A second process that makes records ready while the first one writes those in front of them.

It only ever saves time: what it cannot do, and all of it where it is gone, the first process does
itself, with the same outcome and the same words.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, Final

from django.db import connection

from marketplace.sources.imports.codes import Codes, Read
from marketplace.sources.imports.incoming import Incoming
from marketplace.sources.services.preparing import Prepared, Ways, prepare

#: Unknown records in one batch from which on a process of their own is worth its start.
WORTH_IT: Final = 400
_PATIENCE: Final = 10


class _AskTheFirst(Exception):
    """Only the process that has the database can tell."""


class _ToldCodes(Codes):
    """Knows of codes what the first process has read, and reads none itself."""

    def _translated(self, scheme: str, text: str) -> Read:
        raise _AskTheFirst


def is_possible() -> bool:
    """Is there a second core, a database server that works beside us, and a way to fork safely?"""
    return (
        connection.vendor == "postgresql"
        and hasattr(os, "fork")
        and len(os.sched_getaffinity(0)) > 1
        # A lock that another thread holds would stay shut in the child for ever.
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
    )


class SecondProcess:
    """One batch is with it at a time: `ask`, then `answers`, in turn."""

    def __init__(self, ways: Ways) -> None:
        context = multiprocessing.get_context("fork")
        theirs, self._asked = context.Pipe(duplex=False)
        self._answers, given = context.Pipe(duplex=False)
        ours = (self._asked, self._answers)
        self._process = context.Process(
            target=_work, args=(theirs, given, ours, ways), daemon=True, name="sources.prepare"
        )
        self._process.start()
        theirs.close()
        given.close()
        self._told = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ask(self, arrivals: Sequence[Incoming], codes: Codes) -> bool:
        """False where these cannot be handed over."""
        told, self._told = codes.known_since(self._told)
        try:
            self._asked.send((told, arrivals))
        except (pickle.PicklingError, AttributeError, TypeError, OSError):
            self._told = 0
            return False
        return True

    def is_awaited(self) -> bool:
        """Whether it is still at what it was asked: then this process has less to do than it."""
        try:
            return not self._answers.poll()
        except OSError:
            return False

    def answers(self, count: int) -> list[Prepared | None]:
        """What was asked last, in its order; None for what the first process has to do itself."""
        try:
            found: list[Prepared | None] = self._answers.recv()
        except (EOFError, OSError):
            return [None] * count
        return found

    def close(self) -> None:
        self._asked.close()
        self._answers.close()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _work(
    asked: Connection, answers: Connection, not_ours: Sequence[Connection], ways: Ways
) -> None:
    # Ends with the first process, however that one ends: its ends of the pipes are in no other hands.
    for one in not_ours:
        one.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what both share is not to be copied by looking at it
    codes = _ToldCodes()
    # The connection is the first process's: a statement from here would garble what is said on it.
    with connection.execute_wrapper(_no_statement):
        while True:
            try:
                told, arrivals = asked.recv()
                codes.learn(told)
                answers.send([_prepared(arrival, ways, codes) for arrival in arrivals])
            except (EOFError, OSError):
                return


def _prepared(arrival: Incoming, ways: Ways, codes: Codes) -> Prepared | None:
    try:
        return prepare(arrival, ways, codes, _no_programmes)
    except Exception:  # noqa: BLE001 - the first process meets it too, and says it as it always did
        return None


def _no_programmes() -> Mapping[str, int]:
    raise _AskTheFirst


def _no_statement(*_args: Any) -> Any:
    raise _AskTheFirst
