"""The real search server killed (−9) in the middle of a search, of the sync, of a rebuild.

A server, web server and worker of their own. While the server is away the search page must answer
within a second and say so, rows must be written, and the health check must tell how many wait; when
it is back, everything must be found again, nothing lost and nothing doubled, without anybody's help.
"""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.references import ROOT
from tests.benchmarks.runs import Run

MOMENTS = ("search", "sync", "rebuild")
MILLISECONDS = 1000
#: How long the server stays away.
AWAY_SECONDS = 6
CATCHES_UP_WITHIN = 300
WRITTEN, BUSY_WRITTEN = 20, 2_000
#: A word that titles of the demo hold, so that there is something to list.
PAGE = "/tim-kiem/?q=" + quote("sấy")
#: The page's own words, in the demo's first language.
PLAIN_MESSAGE = "Tìm kiếm đang được khôi phục"
LISTING = 'class="hits'


def run(run: Run) -> Section:
    section = Section("outage", "Outage: the search server killed (−9) at work, and back again")
    try:
        with (
            _server(run.work / "services") as server,
            processes.copied(run.demo_template(), "outage") as folder,
        ):
            url = f"opensearch://127.0.0.1:{server.port}/outage?lease=5"
            run.say("the demo on its own search server …")
            with processes.demo(folder, SEARCH_URL=url) as served:
                _await(lambda: _caught_up(served), CATCHES_UP_WITHIN, "the first index")
                for moment in MOMENTS:
                    run.say(f"killing the server in the middle of a {moment} …")
                    section.figures += _Outage(server, served, folder, url, moment).figures()
    except FileNotFoundError as missing:
        section.absent = str(missing)
    return section


@dataclass
class _Server:
    """An OpenSearch of this part alone, by tests/services; its programs are shared with others."""

    place: Path
    port: int

    def start(self) -> None:
        environment = os.environ | {
            "SERVICES_DIR": str(self.place),
            "OPENSEARCH_PORT": str(self.port),
        }
        done = subprocess.run(
            [ROOT / "tests/services/up", "opensearch"], env=environment, capture_output=True
        )
        if done.returncode:
            raise FileNotFoundError(done.stderr.decode("utf-8", "replace")[-400:])

    def kill(self) -> None:
        os.kill(int((self.place / "opensearch/pid").read_text().split()[0]), signal.SIGKILL)


@contextmanager
def _server(place: Path) -> Iterator[_Server]:
    place.mkdir()
    shared = os.environ.get("SERVICES_DIR") or Path.home() / ".cache/exchange-services"
    programs = Path(shared) / "dist"
    programs.mkdir(parents=True, exist_ok=True)
    (place / "dist").symlink_to(programs)
    server = _Server(place, processes.free_port())
    server.start()
    try:
        yield server
    finally:
        environment = os.environ | {"SERVICES_DIR": str(place)}
        subprocess.run([ROOT / "tests/services/down", "opensearch"], env=environment, check=False)


@dataclass
class _Visits:
    """What a visitor met who asked for the page again and again."""

    served: processes.Served
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reduced: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def go(self) -> None:
        while not self.ended.wait(0.1):
            started = time.perf_counter()
            status, text = _get(self.served, PAGE)
            self.seconds.append(time.perf_counter() - started)
            if status != 200:
                self.faults.append(f"the page answered {status}")
            elif PLAIN_MESSAGE in text:
                self.reduced += 1
                if LISTING not in text:
                    self.faults.append("no reduced listing beside the message")


@dataclass
class _Outage:
    server: _Server
    served: processes.Served
    folder: Path
    url: str
    moment: str

    def figures(self) -> list[Figure]:
        visits = _Visits(self.served)
        visitor = threading.Thread(target=visits.go)
        visitor.start()
        try:
            work = self._busy()
            self.server.kill()
            killed = time.monotonic()
            visits.seconds.clear()
            self._write(f"{self.moment}-away", WRITTEN)
            waiting = _waiting(self.served)
            time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - killed)))
        finally:
            visits.ended.set()
            visitor.join()
        self.server.start()
        back = time.monotonic()
        if work is not None:
            # Killed under its hands it may fail, or come through; it must not hang.
            work.wait(CATCHES_UP_WITHIN)
            self._manage("search_rebuild", "-v0")
        _await(lambda: _caught_up(self.served), CATCHES_UP_WITHIN, "catching up")
        caught_up = time.monotonic() - back
        faults = sorted(set(visits.faults)) + self._faults()
        name = f"in the middle of a {self.moment}"
        return [
            Figure(
                f"{name}: slowest page while the server was away",
                1000 * max(visits.seconds),
                "ms",
                MILLISECONDS,
                digits=0,
                note=f"{visits.reduced} of {len(visits.seconds)} answers with the plain message",
            ),
            Figure(f"{name}: rows told to wait", waiting, "", WRITTEN, "more", digits=0),
            Figure(f"{name}: caught up after the server's start", caught_up, "s"),
            Figure(
                f"{name}: faults of page and index",
                len(faults),
                "",
                0,
                digits=0,
                note="; ".join(faults)[:300],
            ),
        ]

    def _busy(self) -> "subprocess.Popen[bytes] | None":
        """The moment of the kill; the rebuild's process where it is one."""
        if self.moment == "sync":
            self._write("sync", BUSY_WRITTEN)
            # The worker's tick comes every second.
            time.sleep(1.0)
        if self.moment == "rebuild":
            work = subprocess.Popen(
                processes.manage("search_rebuild", "--afresh"),
                cwd=ROOT,
                env=processes.environment(self.folder, SEARCH_URL=self.url),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            assert work.stdout is not None
            work.stdout.read(1)  # it says how far it is
            threading.Thread(target=work.stdout.read, daemon=True).start()
            return work
        time.sleep(1.0)
        return None

    def _write(self, name: str, count: int) -> None:
        """New results by the product's own import."""
        path = self.folder / f"outage-{name}.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for number in range(count):
                title = f"Máy sấy nông sản {name} số {number}"
                row = {"id": f"{name}-{number}", "title": title, "abstract": f"{title}. Sấy lạnh."}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._manage("import_results", str(path), "--no-index")

    def _manage(self, *arguments: str) -> processes.Done:
        return processes.run(
            processes.manage(*arguments), self.folder, timeout=600, SEARCH_URL=self.url
        )

    def _faults(self) -> list[str]:
        drift = self._manage("search_check", "--json").data()
        told = [f"{drift[kind]} {kind}" for kind in ("missing", "outdated", "extra") if drift[kind]]
        found = processes.run(processes.probe("index_faults"), self.folder, SEARCH_URL=self.url)
        return told + [str(fault) for fault in found.data()]


def _get(served: processes.Served, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _search_health(served: processes.Served) -> tuple[bool, str]:
    part = json.loads(_get(served, "/health/ready")[1])["parts"]["search"]
    return part["ok"], part["detail"]


def _waiting(served: processes.Served) -> int:
    """Rows that the health check says are waiting for the index."""
    words = _search_health(served)[1].split()
    return int(words[words.index("waiting") - 1])


def _caught_up(served: processes.Served) -> bool:
    """Nothing waits, and the page is whole again: a server that has just started is slow."""
    is_current = _search_health(served) == (True, "0 waiting")
    return is_current and PLAIN_MESSAGE not in _get(served, PAGE)[1]


def _await(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise processes.Failed(f"{what} took more than {seconds:.0f} s")
        time.sleep(0.5)
