"""Child processes: measured, bounded in time, in throw-away data folders."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.references import ROOT

PYTHON = sys.executable
EMBEDDED = "marketplace.settings.embedded"
DEMO = "marketplace.settings.demo"


class Failed(Exception):
    """A child process did not end well; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Done:
    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str
    errors: str

    def data(self) -> Any:
        """The JSON a probe or a `--json` command printed, whatever stands before it."""
        for start, line in enumerate(self.output.splitlines()):
            if line.startswith(("{", "[")):
                return json.loads("\n".join(self.output.splitlines()[start:]))
        raise Failed(f"no JSON in: {self.output[-500:]} {self.errors[-500:]}")


def environment(folder: Path, settings: str = DEMO, **more: str) -> dict[str, str]:
    """The embedded size on this folder, whatever else the caller's environment names."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_URL") and name not in ("EXCHANGE_DATA_DIR", "SECRET_KEY")
    }
    return own | {
        "EXCHANGE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def manage(*arguments: str) -> list[str]:
    return [PYTHON, "manage.py", *arguments]


def probe(name: str, *arguments: str) -> list[str]:
    return [PYTHON, "-m", "tests.benchmarks.probes", name, *arguments]


def run(
    command: Sequence[str],
    folder: Path,
    *,
    settings: str = DEMO,
    timeout: float = 600,
    check: bool = True,
    **more: str,
) -> Done:
    """Runs the command to its end; seconds by the wall, memory as the kernel's high-water mark.

    The mark counts what the child itself had resident at once, files mapped by the index included.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(folder, settings, **more),
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        alarm = threading.Timer(timeout, _kill_group, [process.pid])
        alarm.start()
        try:
            # wait4 tells the child's own high-water mark; Popen.wait would not.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            # Ended from outside: the child has a session of its own and would stay.
            _kill_group(process.pid)
            raise
        finally:
            alarm.cancel()
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output, errors = (
            out.read().decode("utf-8", "replace"),
            err.read().decode("utf-8", "replace"),
        )
    if check and process.returncode:
        said = "\n".join((errors or output).strip().splitlines()[-12:])
        raise Failed(f"{' '.join(command[1:4])} ended with {process.returncode}:\n{said}")
    return Done(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output, errors)


def end_group(process: "subprocess.Popen[Any]") -> None:
    """Ends a process that has a session of its own, with all it started."""
    _kill_group(process.pid)
    process.wait(20)
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def throwaway(name: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"exchange-bench-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied(template: Path, name: str) -> Iterator[Path]:
    """A folder of its own with what the template holds."""
    with throwaway(name) as folder:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        yield folder


def free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        return int(probing.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    port: int
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def demo(folder: Path, *, timeout: float = 300, **more: str) -> Iterator[Served]:
    """`manage.py demo`: web server, worker and beat, as `make demo` starts them."""
    port = free_port()
    log = folder / "bench-demo.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            manage("demo", "--port", str(port)),
            cwd=ROOT,
            env=environment(folder, **more),
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + timeout
        while "Ctrl-C ends it." not in log.read_text(encoding="utf-8", errors="replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise Failed("the demo did not start:\n" + "\n".join(said.splitlines()[-12:]))
            time.sleep(0.1)
        yield Served(port, folder)
    finally:
        # It ends its own children, which have sessions of their own.
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
