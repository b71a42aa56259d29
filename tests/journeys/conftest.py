"""A real exchange (web server, worker, beat) and a real browser, for each worker of the suite."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.totp import code_now

ROOT = Path(__file__).resolve().parent.parent.parent
ENTERPRISE, SECOND, INSTITUTE, OFFICER, LEAD, FOCAL, AGENCY, BROKER, EXPERT, EDITOR = PEOPLE[:10]
SIGNER, INSTITUTE_SIGNER, INSTITUTE_FINANCE, SECOND_FINANCE, CHAIR = PEOPLE[10:]
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
#: Pages of staff, pages of an account and dossiers are looked at at their walk's own width alone.
OWN_WIDTH = re.compile("/(admin|dau-moi|tai-khoan|to-chuc|vao-to-chuc|dang-ky-ket-qua)/")
READY_WITHIN = 300
#: Seconds; less than after which a page asks for the password again.
SIGNED_IN_FOR = 200
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Exchange:
    base: str
    data: Path

    def url(self, path: str) -> str:
        return f"{self.base}{path}"


@pytest.fixture(scope="session")
def exchange(tmp_path_factory) -> Iterator[Exchange]:
    """The demo as `make demo` runs it, on a port and in a data folder of its own."""
    own = tmp_path_factory.mktemp("exchange") / "data"
    shutil.copytree(_prepared(Path(os.environ["EXCHANGE_TEST_DIR"])), own, symlinks=True)
    port = _free_port()
    log = own.parent / "demo.log"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--prepared", "--port", str(port)],
            cwd=ROOT,
            env=_environment(own),
            stdout=out,
            stderr=out,
        )
    try:
        _await(demo, log)
        # The first page loads templates and catalogues: on a busy machine longer than a browser waits.
        urllib.request.urlopen(f"http://localhost:{port}/tim-kiem/?q=s", timeout=120).read()
        yield Exchange(f"http://localhost:{port}", own)
    finally:
        demo.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            demo.wait(20)
        demo.kill()


def _prepared(shared: Path) -> Path:
    """One data folder is filled for all workers, then copied: filling it takes most of a minute.

    Where the walk of `demo-check` has left the data that it began with, that is taken."""
    if given := os.environ.get("EXCHANGE_TEST_PREPARED"):
        return Path(given)
    folder = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run(
                [sys.executable, "manage.py", "demo", "--prepare"],
                cwd=ROOT,
                env=_environment(folder),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            (folder / "ready").touch()
    return folder


def _environment(data: Path) -> dict[str, str]:
    # The journeys run on the embedded size: no address of a service may come in from outside.
    services = {"DATABASE_URL", "SEARCH_URL", "BROKER_URL", "CACHE_URL", "EMAIL_URL", "STORAGE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in services}
    return inherited | {
        "EXCHANGE_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.demo",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(demo: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while b"The exchange answers" not in log.read_bytes():
        if demo.poll() is not None or time.monotonic() > ends:
            pytest.fail(f"the demo did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright) -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not found:
        pytest.fail("no Chromium: set CHROMIUM_PATH")
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = playwright.chromium.launch(executable_path=found, args=arguments)
    yield browser
    browser.close()


@pytest.fixture(params=list(SIZES))
def size(request) -> str:
    return request.param


#: A long walk that changes data is walked at one size, the walks spread over both: `check` looks at every
#: page of it at both widths. Tests of pages themselves run at both sizes.
ON_A_PHONE = pytest.mark.parametrize("size", ["phone"], indirect=True)
AT_A_DESK = pytest.mark.parametrize("size", ["desktop"], indirect=True)


# A message that is still fading in has no colours to be judged by; what turns for ever is left alone.
STILL = """() => Promise.allSettled(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => one.finished))"""


@dataclass
class Visitor:
    """One person at one browser window; every page opened is held to the rules."""

    exchange: Exchange
    context: BrowserContext
    page: Page

    def go(self, path: str) -> Page:
        self.page.goto(self.exchange.url(path) if path.startswith("/") else path)
        return self.page

    def check(self) -> None:
        """No accessibility violation, nothing to scroll sideways: at either width (`OWN_WIDTH`)."""
        self.page.evaluate(STILL)
        found = Axe().run(self.page).response["violations"]
        said = [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found]
        assert not said, f"{self.page.url}: {said}"
        own = self.page.viewport_size
        others = [] if OWN_WIDTH.search(self.page.url) else [w for w in SIZES.values() if w != own]
        for width in (*others, own):
            self.page.set_viewport_size(width)
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px at {width}"

    def sign_in(self, person: Person) -> "Visitor":
        page = self.go("/tai-khoan/login/")
        page.fill("input[name=login]", person.email)
        page.fill("input[name=password]", PASSWORD)
        page.locator("main form button[type=submit], main form button:not([type])").first.click()
        if person.totp_secret:
            self._second_factor(person)
        page.wait_for_url(lambda url: "/login" not in url and "/authenticate" not in url)
        return self

    def _second_factor(self, person: Person) -> None:
        # A code is good once; a neighbouring test may have used this one.
        for _attempt in range(5):
            self.page.wait_for_selector("input[name=code]")
            code = code_now(person.totp_secret)
            self.page.fill("input[name=code]", code)
            # The answer, not the page as it still stands: a good code leads away from this form.
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
            if not self.page.locator("input[name=code]").count():
                return
            while code_now(person.totp_secret) == code:
                time.sleep(0.5)

    def until(self, path: str, holds, seconds: float = 15) -> Page:
        """Opens the page again until it shows what is expected."""
        ends = time.monotonic() + seconds
        while True:
            page = self.go(path)
            if holds(page):
                return page
            assert time.monotonic() < ends, f"not within {seconds} s on {path}"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def sessions() -> dict[str, tuple[float, Any]]:
    """Who has signed in at this worker's exchange, when, and with which cookie: people come in by the
    form once in a while, and no second code is waited for."""
    return {}


@pytest.fixture
def visit(exchange, chromium, size, sessions):
    """Opens windows: `visit()` for the public, `visit(person)` signed in."""
    contexts: list[BrowserContext] = []

    def opened(person: Person | None = None, *, javascript: bool = True) -> Visitor:
        since, session = sessions.get(person.email, (0, None)) if person else (0, None)
        if time.monotonic() - since > SIGNED_IN_FOR:
            session = None
        context = chromium.new_context(
            storage_state=session,
            viewport=SIZES[size],
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        visitor = Visitor(exchange, context, context.new_page())
        if person and not session:
            visitor.sign_in(person)
            sessions[person.email] = time.monotonic(), _session(context)
        return visitor

    yield opened
    for context in contexts:
        context.close()


def _session(context: BrowserContext) -> dict[str, Any]:
    # Not what else was put there: a message that waits to be shown belongs to the window.
    cookies = [one for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    return {"cookies": cookies, "origins": []}


@contextmanager
def no_errors_in_console(page: Page) -> Iterator[None]:
    seen: list[str] = []
    page.on(
        "console", lambda message: seen.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield
    assert not seen, seen
