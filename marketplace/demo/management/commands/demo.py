"""`make demo`: prepares the data folder and runs web server, worker and beat until Ctrl-C."""

import fcntl
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from marketplace.demo.people import PASSWORD, PEOPLE
from marketplace.demo.sites import HOST

STOP_AFTER = 10.0


class Command(BaseCommand):
    help = "Runs the exchange with demo data on this machine; Ctrl-C ends it, the data stays."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--reset", action="store_true", help="forget the demo's data and stop")
        parser.add_argument("--prepare", action="store_true", help="prepare the data and stop")
        parser.add_argument("--prepared", action="store_true", help="serve the data as it stands")
        parser.add_argument("--copy", type=Path, help="leave a copy of the prepared data here")

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = time.monotonic()
        with self._alone():
            if options["reset"]:
                self._reset()
                return
            if not options["prepare"]:
                self._free(options["port"])
            if not options["prepared"]:
                self.prepare()
            if options["copy"]:
                connections.close_all()
                shutil.copytree(settings.DATA_DIR, options["copy"], symlinks=True)
            if options["prepare"]:
                return
            self.serve(options["port"])

    # --- one at a time --------------------------------------------------------------------------

    def _alone(self) -> IO[str]:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        lock = (settings.DATA_DIR / "demo.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError("The demo is running already with this data folder.") from error
        return lock

    def _free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken. Choose another: make demo PORT=8001"
                ) from error

    def _reset(self) -> None:
        for path in settings.DATA_DIR.iterdir():
            if path.name == "demo.lock":
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.stdout.write(f"Demo data in {settings.DATA_DIR} is gone; `make demo` starts afresh.")

    # --- preparing ------------------------------------------------------------------------------

    def prepare(self) -> None:
        from marketplace.demo.registers import file_registers  # noqa: PLC0415 - models exist after migrate
        from marketplace.demo.seed import seed  # noqa: PLC0415

        # Migrations make many thousand classes; to look for garbage among them takes a sixth of the time.
        gc.set_threshold(50_000, 20, 50)
        static = self._collect_static()
        self._step("Database", lambda: call_command("migrate", verbosity=0))
        self._step(
            "Vocabularies and workflow", lambda: call_command("set_up_exchange", verbosity=0)
        )
        self._step("Demo data", lambda: seed(lambda text: self._say(f"  {text}")))
        # Before the index: organisations that records name as their agencies are made here.
        self._step("Registers", file_registers)
        self._step("Search index", _index)
        self._step("Matches", _match)
        self._step("Static files", lambda: _finished(static))

    def _collect_static(self) -> subprocess.Popen[bytes]:
        # Beside the rest: compressing takes one core, the database the other.
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        return subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603

    def _step(self, name: str, work: Callable[[], Any]) -> None:
        began = time.monotonic()
        self._say(f"{name} …")
        work()
        self._say(f"{name}: {time.monotonic() - began:.1f} s")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    # --- serving --------------------------------------------------------------------------------

    def serve(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        environment = os.environ | {"PUBLIC_URL": address}
        logs = settings.DATA_DIR / "log"
        logs.mkdir(exist_ok=True)
        python = [sys.executable, "-m"]
        web = [
            *python, "gunicorn", "marketplace.wsgi", "--config", "python:marketplace.web_server",
            "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--log-level", "warning",
            "--no-control-socket",
        ]  # fmt: skip
        worker = [
            *python, "celery", "-A", "marketplace", "worker", "--pool", "threads", "--concurrency", "4",
            "--beat", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME, "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
        stopping = _on_signals()
        processes = {
            "web": _start(web, environment, logs / "web.log"),
            "worker": _start(worker, environment, logs / "worker.log"),
        }
        try:
            self._await(address, processes)
            self._welcome(address)
            while not stopping:
                self._watch(processes, logs)
                time.sleep(0.2)
        finally:
            self._say("\nStopping …")
            _stop(processes)
            self._say("Stopped. The data stays; `make demo` goes on with it.")

    def _await(self, address: str, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        port = int(address.rpartition(":")[2])
        for _attempt in range(300):
            if processes["web"].poll() is not None:
                raise CommandError(f"The web server ended; see {settings.DATA_DIR / 'log'}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.1)
        raise CommandError("The web server did not answer in 30 seconds.")

    def _watch(self, processes: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
        for name, process in processes.items():
            if process.poll() is not None:
                raise CommandError(f"The {name} ended by itself; see {logs / name}.log")

    def _welcome(self, address: str) -> None:
        seconds = time.monotonic() - self.began
        lines = [
            "",
            f"The exchange answers at {address}  (ready after {seconds:.0f} s)",
            f"A province's exchange on the same data: http://{HOST}:{address.rpartition(':')[2]}",
            "",
            f"Accounts (password of all: {PASSWORD}):",
            *(f"  {p.email:28} {p.full_name:18} {p.role}" for p in PEOPLE),
            "",
            "What to try:",
            f"  1. Sign in as {PEOPLE[0].email} and post a technology need.",
            f"  2. Sign in as {PEOPLE[3].email} (second factor: {address}/demo/) and open {address}/admin/:",
            f"     return it with a reason or approve; {PEOPLE[4].email} approves the last step.",
            "  3. Within seconds the need is public, with matches and their reasons.",
            f"  Mails that were sent: {address}/demo/hop-thu/     All of this: {address}/demo/",
            "",
            "Ctrl-C ends it.",
        ]
        self._say("\n".join(lines))


def _index() -> None:
    from cms.tasks import follow  # noqa: PLC0415
    from search.tasks import sync  # noqa: PLC0415

    follow()
    sync()


def _match() -> None:
    from marketplace.matching.tasks import run  # noqa: PLC0415

    run()


def _finished(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise CommandError("Static files could not be collected.")


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches the supervisor alone and it ends the children.
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _on_signals() -> list[int]:
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, frame: received.append(n))
    return received


def _stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_AFTER
    for process in processes.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # Whatever of its group is left: a killed parent leaves children that hold the port.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
