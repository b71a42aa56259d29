"""`make demo-check`: walks the main path without a browser, in a throw-away folder."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from marketplace.demo.browser import NotThere
from marketplace.demo.walk import Walk

READY_WITHIN = 300.0


class Command(BaseCommand):
    help = "Starts a demo of its own in a throw-away folder and walks the main path over HTTP."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", help="walk this running demo instead of starting one")
        parser.add_argument(
            "--copy", help="leave a copy of the data here, as it is before the walk"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["url"]:
            self._walk(options["url"])
            return
        with tempfile.TemporaryDirectory(prefix="exchange-check-") as folder:
            self._walk_own(Path(folder), options["copy"])

    def _walk_own(self, folder: Path, copy: str | None) -> None:
        port = _free_port()
        log = folder / "demo.log"
        environment = os.environ | {"EXCHANGE_DATA_DIR": str(folder / "data")}
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        if copy:
            command += ["--copy", str(Path(copy).resolve())]
        began = time.monotonic()
        with log.open("wb") as out:
            demo = subprocess.Popen(  # noqa: S603
                command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out
            )
        try:
            self._await(port, demo, log)
            self.stdout.write(f"ok   the demo answers after {time.monotonic() - began:.0f} s")
            self._walk(f"http://127.0.0.1:{port}")
        except CommandError:
            for path in (log, *sorted((folder / "data" / "log").glob("*.log"))):
                self.stderr.write(f"--- end of {path.name}\n{_end_of(path)}")
            raise
        finally:
            demo.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                demo.wait(20)
            demo.kill()
        if demo.returncode != 0:
            raise CommandError(f"FAIL the demo did not stop cleanly: {demo.returncode}")
        if _answers(port):
            raise CommandError("FAIL something still answers after the demo stopped")
        self.stdout.write("ok   the demo stops cleanly")

    def _await(self, port: int, demo: subprocess.Popen[bytes], log: Path) -> None:
        ends = time.monotonic() + READY_WITHIN
        while b"The exchange answers" not in log.read_bytes():
            if demo.poll() is not None or time.monotonic() > ends:
                raise CommandError(f"FAIL the demo did not start:\n{_end_of(log)}")
            time.sleep(0.2)

    def _walk(self, base: str) -> None:
        try:
            Walk(base, self.stdout.write).run()
        except NotThere as missing:
            raise CommandError(f"FAIL {missing}") from missing


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _end_of(path: Path, limit: int = 3000) -> str:
    return path.read_text(errors="replace")[-limit:] if path.exists() else ""
