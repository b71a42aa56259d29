"""Pages for readers without an account: how many one core answers in a second, kept and made anew, beside
the catalogue of django-oscar with as many products."""

import http.client
import itertools
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.parts.pages import paths as pages_of
from tests.benchmarks.references import ROOT
from tests.benchmarks.runs import Run

KEPT, ANEW, TIMES = 150, 40, 2
#: Wall time for which a page is asked again and again, over one connection.
SECONDS = 6.0
#: The Python of an environment of its own with django-oscar and gunicorn in it.
OSCAR = "BENCH_OSCAR"
PRODUCTS = 124
ARTICLE = "/trang/tin-tuc/say-trai-cay-khong-luu-huynh/"
_TICKS = os.sysconf("SC_CLK_TCK")
#: In the query of a page it belongs to none, so that the page is made and not kept.
UNKNOWN = "lam-moi=1"
#: More than are asked in the time, so that none is asked again.
QUESTIONS = [
    f"/tim-kiem/?q={quote(f'{act} {thing} {place}')}"
    for place in ("", "Cần Thơ", "Hà Nội", "Nghệ An")
    for act in (
        "sấy",
        "xử lý",
        "chế biến",
        "đo",
        "lọc",
        "in",
        "chiết",
        "trồng",
        "bảo quản",
        "tái chế",
    )
    for thing in (
        "xoài",
        "nước thải",
        "cà phê",
        "tôm",
        "gỗ",
        "thép",
        "lúa",
        "rơm",
        "vải",
        "dược liệu",
    )
]


def run(run: Run) -> Section:
    section = Section("throughput", "Anonymous pages: requests a second of one core")
    shop = oscar(run)
    with processes.copied(run.demo_template(), "throughput") as folder:
        own = processes.environment(folder)
        with gunicorn(processes.PYTHON, "marketplace.wsgi", own, folder) as (port, group):
            paths = pages_of(processes.Served(port, folder)) | {"article": ARTICLE}
            for said, more, target in (("kept", "", KEPT), ("made anew", UNKNOWN, ANEW)):
                run.say(f"pages {said} …")
                for name, path in paths.items():
                    if more or name not in ("search", "article"):
                        section.figures.append(
                            Figure(
                                f"{name}, {said}", asked(port, group, with_more(path, more)), "/s", target, "more", shop,
                                "django-oscar" if shop else "", 1, f"at least {TIMES} × oscar" if shop else "",
                            )
                        )  # fmt: skip
            run.say("a question after the other …")
            section.figures.append(
                Figure("search, each question for the first time", asked(port, group, *QUESTIONS), "/s", ANEW, "more", shop, "django-oscar" if shop else "", 1)
            )  # fmt: skip
    section.notes = [
        f"each page asked for {SECONDS:.0f} s over one connection of one gunicorn worker with one thread; requests by the"
        " seconds of processor that the server took, so that neighbours on the machine do not count",
        "search and articles are made anew for everybody: answers to questions and counts of readers; made anew are the others by a"
        " parameter that no page knows, while counts and cards that pages share stay in memory",
        "search: the same question again and again, and beside it questions of which none was asked before",
        f"django-oscar: its catalogue page with {PRODUCTS} products of four categories, 20 a page, SQLite, no cache"
        if shop
        else f"django-oscar: not there ({OSCAR})",
    ]
    return section


def with_more(path: str, more: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{more}" if more else path


def oscar(run: Run) -> float | None:
    """What its catalogue does, in an environment that the caller has made."""
    python = os.environ.get(OSCAR, "")
    if not python:
        return None
    run.say("django-oscar …")
    with processes.throwaway("oscar") as folder:
        own = processes.environment(folder, "", OSCAR_FOLDER=str(folder))
        own["PYTHONPATH"] = str(ROOT / "tests" / "benchmarks")
        made = subprocess.run([python, "-m", "oscar_shop", str(PRODUCTS)], env=own, cwd=folder, capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
        if made.returncode:
            raise processes.Failed(made.stderr[-800:])
        with gunicorn(python, "oscar_shop", own, folder) as (port, group):
            return asked(port, group, "/catalogue/")


@contextmanager
def gunicorn(
    python: str, module: str, environment: dict[str, str], folder: Path
) -> Iterator[tuple[int, int]]:
    """The application behind one worker with one thread: its port, and the group of its processes."""
    port, log = processes.free_port(), folder / "gunicorn.log"
    command = [python, "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "1", "--log-level", "warning"]  # fmt: skip
    with log.open("wb") as out:
        cwd = ROOT if module.startswith("marketplace") else folder
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not _opens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise processes.Failed(f"no server:\n{log.read_text()[-800:]}")
            time.sleep(0.2)
        _first(port)
        yield port, process.pid
    finally:
        processes.end_group(process)


def asked(port: int, group: int, *paths: str) -> float:
    """One page again and again, or several in turn."""
    for _first in range(3):
        _get(port, paths[-1:])
    turns = itertools.cycle(paths)
    before, ends, count = _worked(group), time.monotonic() + SECONDS, 0
    while time.monotonic() < ends:
        count += _get(port, list(itertools.islice(turns, 20)))
    return count / (_worked(group) - before)


def _get(port: int, paths: Sequence[str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Host": "127.0.0.1"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise processes.Failed(f"{path} answers {answer.status}")
    connection.close()
    return len(paths)


def _opens(port: int) -> bool:
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def _first(port: int) -> None:
    """The first answer of a process loads what it needs for all others."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=240)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()


def _worked(group: int) -> float:
    """Seconds of processor of all processes of the group."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS
