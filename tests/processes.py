"""Another process on the database of the running test, to be killed at a chosen point."""

import os
import random
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import Pipe, get_context, set_forkserver_preload
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO
from urllib.parse import quote

import django
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
#: What a stage that is ended reads of its environment (`killing`); settings read everything else.
_NOT_SETTINGS = {"POINTS", "AT"}


def database_url() -> str:
    """The address of the test's own database (not of the one the settings were read with)."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    person = f"{quote(here['USER'])}:{quote(here['PASSWORD'])}"
    return f"postgres://{person}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


def environment() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.embedded",
        "DATABASE_URL": database_url(),
        "EXCHANGE_DATA_DIR": str(settings.DATA_DIR),
        "SEARCH_URL": settings.SEARCH_URL,
        "EMAIL_URL": "memorymail://",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def _variables(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(code: str, variables: dict[str, str], search: str, ends: list[Connection]) -> None:
    """In the child: what the test wrote, with its lines on the pipes."""
    os.environ.update(variables)
    for number, end in enumerate(ends):
        os.dup2(end.fileno(), number)
        end.close()
    sys.stdin = os.fdopen(0, closefd=False)
    django.setup()
    settings.SEARCH_URL = search
    exec(compile(textwrap.dedent(code), "<other process>", "exec"), {"__name__": "__main__"})  # noqa: S102 -- the test wrote it


class OtherProcess:
    """Runs Python code; the code says where it is by printing lines.

    Where only the index is the test's own, it is forked from a process that has loaded Django once: to
    load it takes longer than most of these tests.
    """

    def __init__(self, code: str, **variables: str) -> None:
        own = (
            set(variables) - _NOT_SETTINGS
            or str(settings.DATA_DIR) != os.environ["EXCHANGE_DATA_DIR"]
        )
        context = get_context("spawn" if own else "forkserver")
        set_forkserver_preload(["tests.loaded"])
        heard, said, wrong = (Pipe(duplex=False) for _end in range(3))
        theirs = [heard[0], said[1], wrong[1]]
        self._process = context.Process(
            target=_run, args=(code, variables, settings.SEARCH_URL, theirs)
        )
        with _variables(environment() | (variables if own else {})):
            self._process.start()
        for end in theirs:
            end.close()
        self._stdin = _file(heard[1], "w")
        self._stdout, self._stderr = _file(said[0], "r"), _file(wrong[0], "r")

    def wait_for(self, line: str) -> None:
        for said in self._stdout:
            if said.strip() == line:
                return
        raise AssertionError(f"ended before «{line}»: {self._stderr.read()[-2000:]}")

    def say(self, line: str) -> None:
        """What the code reads with `input()`."""
        self._stdin.write(f"{line}\n")
        self._stdin.flush()

    def kill(self) -> None:
        """Ends it as a power cut would: nothing of it runs any more."""
        self._process.kill()
        self._process.join(10)
        for end in (self._stdin, self._stdout, self._stderr):
            end.close()

    def end(self, seconds: float) -> int | None:
        """Its exit code, the signal's number below zero; None where it still runs."""
        self._process.join(seconds)
        return self._process.exitcode

    def finish(self, seconds: float = 30) -> str:
        with ThreadPoolExecutor(2) as reading:
            out, err = (reading.submit(end.read) for end in (self._stdout, self._stderr))
            self._process.join(seconds)
            self._process.kill()  # where it hangs; else it has ended
            assert self._process.exitcode == 0, err.result()[-2000:]
            return out.result()


def _file(end: Connection, mode: str) -> IO[str]:
    opened = os.fdopen(os.dup(end.fileno()), mode, encoding="utf-8")
    end.close()
    return opened


#: Loads Django once, then a child of its own for each point: it ends itself after so many statements.
_STAGE = """
    import os, signal
    from contextlib import nullcontext
    from datetime import datetime
    from django.db import connections
    from django.db.backends.utils import CursorWrapper
    from marketplace.core import clock
    %s

    def doing(method, left):
        def counted(self, *args, **kwargs):
            done = method(self, *args, **kwargs)
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return done
        return counted

    day = os.environ.get("AT", "")
    for point in map(int, os.environ["POINTS"].split()):
        connections.close_all()
        child = os.fork()
        if not child:
            left = [point]
            CursorWrapper.execute = doing(CursorWrapper.execute, left)
            CursorWrapper.executemany = doing(CursorWrapper.executemany, left)
            with clock.frozen_at(datetime.fromisoformat(day)) if day else nullcontext():
                for _round in range(50):
                    if not (%s):
                        break
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL), status
        print("killed" if status else "ended", flush=True)
"""


def kill_points(count: int, most: int) -> list[int]:
    """Numbers of statements after which a stage is ended; the seed is printed, as everywhere."""
    seed = int(os.environ.get("EXCHANGE_SEED", "20261126"))
    print(f"seed {seed}")
    return random.Random(seed).sample(range(1, most + 1), count)


def killing(
    stage: str, imports: str, points: list[int], at: str = ""
) -> tuple[str, dict[str, str]]:
    """The code, for `other_process`, of a process that runs an expression once a point and is ended by
    SIGKILL there. What a round returns is asked again while it is true, as a tick does it; `at` is the
    moment by its clock."""
    return _STAGE % (imports, stage), {"POINTS": " ".join(map(str, points)), "AT": at}
