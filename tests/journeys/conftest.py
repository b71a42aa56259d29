"""A real exchange (web server, worker, beat) and a real browser, for each worker of the suite."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.totp import code_now

ROOT = Path(__file__).resolve().parent.parent.parent
ENTERPRISE, SECOND, INSTITUTE, OFFICER, LEAD, FOCAL, AGENCY, *_OTHERS = PEOPLE
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
READY_WITHIN = 300
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
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=_environment(own),
            stdout=out,
            stderr=out,
        )
    try:
        _await(demo, log)
        yield Exchange(f"http://localhost:{port}", own)
    finally:
        demo.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            demo.wait(20)
        demo.kill()


def _prepared(shared: Path) -> Path:
    """One data folder is filled for all workers, then copied: filling it takes most of a minute."""
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
        """No accessibility violation, nothing to scroll sideways, no error in the console."""
        self.page.evaluate(STILL)
        found = Axe().run(self.page).response["violations"]
        said = [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found]
        assert not said, f"{self.page.url}: {said}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"

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


@pytest.fixture
def visit(exchange, chromium, size):
    """Opens windows: `visit()` for the public, `visit(person)` signed in."""
    contexts: list[BrowserContext] = []

    def opened(person: Person | None = None, *, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=SIZES[size],
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        visitor = Visitor(exchange, context, context.new_page())
        return visitor.sign_in(person) if person else visitor

    yield opened
    for context in contexts:
        context.close()


@contextmanager
def no_errors_in_console(page: Page) -> Iterator[None]:
    seen: list[str] = []
    page.on(
        "console", lambda message: seen.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield
    assert not seen, seen
