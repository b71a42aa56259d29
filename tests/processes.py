"""Another process on the database of the running test, to be killed at a chosen point."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
_BEGIN = "import django; django.setup()\n"


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


class OtherProcess:
    """Runs Python code; the code says where it is by printing lines."""

    def __init__(self, code: str, **variables: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN + textwrap.dedent(code)],
            cwd=ROOT, env=environment() | variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wait_for(self, line: str) -> None:
        for said in self._process.stdout:
            if said.strip() == line:
                return
        raise AssertionError(f"ended before «{line}»: {self._process.stderr.read()[-2000:]}")

    def say(self, line: str) -> None:
        """What the code reads with `input()`."""
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """Ends it as a power cut would: nothing of it runs any more."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.stderr.close()

    def finish(self, seconds: float = 30) -> str:
        out, err = self._process.communicate(timeout=seconds)
        assert self._process.returncode == 0, err[-2000:]
        return out


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
