"""Guessing at the door: refused before anything is hashed, while others sign in and read as ever."""

import http.client
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

PASSWORD = "mot-mat-khau-de-do-1975"
#: As `make demo` serves the embedded size; a Redis is what counts for several.
WORKERS = "1"
PAGE, LOGIN = "/to-chuc/", "/tai-khoan/login/"
A_SECOND, SECONDS, LOGINS_A_SECOND = 50, 10, 6
#: As allauth counts them: 5 failures on one account in five minutes, 10 a minute from one address.
COMPARED_ACCOUNT, COMPARED_ADDRESS = 5, 10
VICTIM = "nguoi0@example.vn"


def run(run: Run) -> Section:
    section = Section("login-flood", f"Logins: {A_SECOND} guesses a second, {SECONDS} s each way")
    with processes.copied(run.demo_template(), "login-flood") as folder:
        run.say("making people …")
        people = str(3 * SECONDS * LOGINS_A_SECOND + 1)
        processes.run(
            processes.probe("login_people", people, PASSWORD), folder, settings=processes.EMBEDDED
        )
        with _served(folder) as port:
            door = Door(port)
            door.page(), door.login("nguoi1@example.vn", "10.8.0.1", PASSWORD)
            run.say("in quiet …")
            quiet = _together(door, None, first=2)
            run.say("one account from many addresses …")
            account = _together(
                door,
                lambda number: (VICTIM, f"10.1.{number // 250}.{number % 250 + 1}"),
                first=2 + SECONDS * LOGINS_A_SECOND,
            )
            run.say("many accounts from one address …")
            address = _together(
                door,
                lambda number: (f"nguoi{number % 40 + 1}@example.vn", "10.2.0.1"),
                first=2 + 2 * SECONDS * LOGINS_A_SECOND - 1,
            )
    calm = percentile(quiet.pages, 0.5)
    section.figures = [
        Figure("page in quiet, p50", calm * 1000, "ms"),
        Figure("real logins in quiet", quiet.logins / SECONDS, "/s"),
    ]
    for name, found, compared in (
        ("one account", account, COMPARED_ACCOUNT),
        ("one address", address, COMPARED_ADDRESS),
    ):
        section.figures += [
            Figure(f"{name}: guesses answered", found.guesses / found.seconds, "/s", A_SECOND * 0.95, "more"),
            Figure(f"{name}: guesses that reached the password", found.compared, "", compared, digits=0),
            Figure(f"{name}: a refused guess, p95", percentile(found.refused, 0.95) * 1000, "ms"),
            Figure(f"{name}: real logins meanwhile", found.logins / found.seconds, "/s", 5, "more"),
            Figure(f"{name}: a real login, p95", percentile(found.login_times, 0.95) * 1000, "ms"),
            Figure(f"{name}: page meanwhile, p50", percentile(found.pages, 0.5) * 1000, "ms", 2 * calm * 1000, "less", calm * 1000, "in quiet"),
        ]  # fmt: skip
    section.notes = [
        "one web process of eight threads on the embedded size with the limits of production; guesses, logins and "
        "pages are asked for by one client on the same machine; 'in quiet' has the real logins too"
    ]
    return section


@dataclass
class Found:
    seconds: float = SECONDS
    guesses: int = 0
    compared: int = 0
    logins: int = 0
    refused: list[float] = field(default_factory=list)
    login_times: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)


class Door:
    """The login page as a script knocks at it: one token for all, a connection each thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.kept = threading.local()
        answer, text = self._send("GET", LOGIN, {})
        cookie = re.search(r"csrftoken=(\w+)", answer.headers["Set-Cookie"] or "")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        if not cookie or not token:
            raise processes.Failed("the login page has no token")
        self.cookie, self.token = cookie[1], token[1]

    def login(self, email: str, address: str, password: str) -> tuple[int, str]:
        body = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": self.token})
        answer, text = self._send(
            "POST", LOGIN,
            {"X-Forwarded-For": address, "Cookie": f"csrftoken={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"},
            body,
        )  # fmt: skip
        return answer.status, text

    def page(self) -> None:
        answer, _text = self._send("GET", PAGE, {"X-Forwarded-For": "10.9.0.1"})
        if answer.status != 200:
            raise processes.Failed(f"{PAGE} answers {answer.status}")

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        if not hasattr(self.kept, "connection"):
            self.kept.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return self._asked(method, path, headers, body)
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            # The server closed what had been quiet for a while; the next request opens it anew.
            self.kept.connection.close()
            return self._asked(method, path, headers, body)

    def _asked(
        self, method: str, path: str, headers: dict[str, str], body: str | None
    ) -> tuple[http.client.HTTPResponse, str]:
        self.kept.connection.request(method, path, body, headers)
        answer = self.kept.connection.getresponse()
        return answer, answer.read().decode("utf-8", "replace")


def _together(door: Door, guess: Callable[[int], tuple[str, str]] | None, *, first: int) -> Found:
    """Guesses (none in quiet), real logins of people from `first` on, and a page again and again."""
    found, lock = Found(), threading.Lock()

    def attempt(number: int) -> None:
        assert guess is not None
        email, address = guess(number)
        began = time.perf_counter()
        status, text = door.login(email, address, f"sai-{number}")
        took = time.perf_counter() - began
        over = status == 429 or "đăng nhập sai nhiều lần" in text
        with lock:
            found.guesses += 1
            if over:
                found.refused.append(took)
            else:
                found.compared += 1

    def sign_in(number: int) -> None:
        began = time.perf_counter()
        status, _text = door.login(
            f"nguoi{first + number}@example.vn", f"10.3.{number // 250}.{first + number}", PASSWORD
        )
        with lock:
            found.logins += status == 302
            found.login_times.append(time.perf_counter() - began)

    def read(_number: int) -> None:
        began = time.perf_counter()
        door.page()
        with lock:
            found.pages.append(time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(24) as pool:
        rates = [(LOGINS_A_SECOND, sign_in), (4, read)]
        if guess is not None:
            rates.append((A_SECOND, attempt))
        due = sorted(
            (number / rate, rate, act, number)
            for rate, act in rates
            for number in range(SECONDS * rate)
        )
        waiting = []
        for at, _rate, act, number in due:
            time.sleep(max(0.0, began + at - time.perf_counter()))
            waiting.append(pool.submit(act, number))
        for each in waiting:
            each.result()
    found.seconds = time.perf_counter() - began
    return found


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    port = processes.free_port()
    log = folder / "flood-web.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                processes.PYTHON, "-m", "gunicorn", "marketplace.wsgi", "--config", "python:marketplace.web_server",
                "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", WORKERS, "--threads", "8",
                "--log-level", "warning", "--no-control-socket",
            ],
            cwd=processes.ROOT, env=processes.environment(folder, processes.EMBEDDED, TRUSTED_PROXIES="1"), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise processes.Failed(f"the web server did not start:\n{log.read_text()[-1000:]}")
            time.sleep(0.2)
        yield port
    finally:
        processes.end_group(process)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
