"""Knocks at a running exchange as a stranger, as a member and as a neighbour would, and says what gave way.

`python -m tests.tools.live_scan` starts a demo of its own; `--url` scans one that runs (demo data only:
the scan sends forms). It crawls no further than it says and ends within minutes.
"""

import argparse
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PAGES = 150
#: For each look: on a busy machine the first must not use up the time of the last.
SECONDS = 300
#: The demo fills its data first, which takes a busy machine minutes.
STARTS_WITHIN = 900
EVIL = "evil.example"
EVENT = re.compile(r"^on[a-z]+$")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def leads_to(self) -> str:
        return self.headers.get("Location", "")


class Markup(HTMLParser):
    """What the scan reads of a page: its links, its forms' fields, and code written into it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.inline: list[str] = []
        self.token = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in {"input", "select", "textarea"} and "name" in given:
            self.names.add(given["name"])
            if given["name"] == "csrfmiddlewaretoken":
                self.token = given["value"]
        runs = tag == "script" and not given.get("type", "").startswith("application/")
        if (runs and "src" not in given) or tag == "style" or "style" in given:
            self.inline.append(tag)
        self.inline += [name for name in given if EVENT.match(name)]
        if given.get("href", "").strip().lower().startswith("javascript:"):
            self.inline.append("javascript:")


@dataclass
class Visitor:
    """Sends requests just as they are given: no path is tidied, no redirect followed."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        sent = {"Host": f"{self.host}:{self.port}"} | (headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if data is not None:
            body = urlencode(data)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body.encode() if body is not None else None)
            response = connection.getresponse()
            text = response.read(2_000_000).decode("utf-8", "replace")
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name], _, self.attributes[name] = rest.partition(";")
        return Answer(response.status, response.headers, text)

    def get(self, path: str, **options: dict[str, str]) -> Answer:
        return self.send("GET", path, headers=options.get("headers"))

    def post(
        self, path: str, data: dict[str, str], *, form: str, headers: dict[str, str] | None = None
    ) -> Answer:
        token = Markup(self.get(form).body).token
        return self.send("POST", path, data={"csrfmiddlewaretoken": token} | data, headers=headers)


class Scan:
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.faults: list[str] = []
        self.ends = 0.0

    def visitor(self) -> Visitor:
        return Visitor(self.host, self.port)

    def fault(self, text: str) -> None:
        if text not in self.faults:
            self.faults.append(text)

    def run(self) -> bool:
        for look in (
            self.pages, self.doors, self.redirects, self.cookies, self.forgeries, self.hosts_and_methods,
            self.paths, self.parameters, self.neighbours,
        ):  # fmt: skip
            before, began = len(self.faults), time.monotonic()
            self.ends = began + SECONDS
            said = look()
            found = self.faults[before:]
            print(f"{'FAIL' if found else 'ok  '} {said} ({time.monotonic() - began:.0f} s)")
            for fault in found:
                print(f"     {fault}")
        return not self.faults

    def sign_in(self, email: str, password: str) -> Visitor:
        visitor = self.visitor()
        login = "/tai-khoan/login/"
        answer = visitor.post(login, {"login": email, "password": password}, form=login)
        if answer.status != 302 or "sessionid" not in visitor.cookies:
            self.fault(f"{email} cannot sign in: {answer.status}")
        return visitor

    # --- what strangers see ---------------------------------------------------------------------

    def pages(self) -> str:
        """Every page that can be reached by links: its headers, and no code written into it."""
        self.known = self.crawl(self.visitor(), ["/", "/en/"], PAGES)
        for path, answer in self.known.items():
            if answer.status >= 500:
                self.fault(f"{path} answers {answer.status}")
            if "Traceback (most recent call last)" in answer.body:
                self.fault(f"{path} shows a traceback")
            if answer.status == 200 and "html" in answer.headers.get("Content-Type", ""):
                self.page(path, answer)
        return f"{len(self.known)} public pages: headers, no inline code, no errors"

    def page(self, path: str, answer: Answer) -> None:
        policy = answer.headers.get("Content-Security-Policy", "")
        wanted = {
            "Content-Security-Policy": "default-src 'self'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "strict-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=()",
        }
        for name, part in wanted.items():
            if part not in answer.headers.get(name, ""):
                self.fault(f"{path}: {name} is {answer.headers.get(name)!r}")
        if "unsafe-" in policy:
            self.fault(f"{path}: the policy allows {policy}")
        if inline := Markup(answer.body).inline:
            self.fault(f"{path}: inline {', '.join(sorted(set(inline)))}")

    def crawl(self, visitor: Visitor, start: list[str], most: int) -> dict[str, Answer]:
        seen: dict[str, Answer] = {}
        waiting = deque(start)
        while waiting and len(seen) < most and time.monotonic() < self.ends:
            path = waiting.popleft()
            if path in seen or "/logout/" in path:
                continue
            seen[path] = answer = visitor.get(path)
            links = [answer.leads_to] if answer.leads_to else Markup(answer.body).links
            for link in links:
                target = urlsplit(urljoin(f"http://{self.host}:{self.port}{path}", link))
                if target.port != self.port or target.hostname != self.host:
                    continue
                # One page of each kind of list is enough.
                waiting.append(
                    target.path
                    + (f"?{target.query}" if len(seen) < most // 3 and target.query else "")
                )
        return seen

    def doors(self) -> str:
        """Every address that is not public asks a stranger to sign in, whatever the method."""
        from tests.addresses import addresses
        from tests.test_architecture import is_listed

        visitor, tried = self.visitor(), 0
        for address in addresses():
            if is_listed(address) or not address.is_reached:
                continue
            if time.monotonic() > self.ends:
                return f"{tried} closed doors stay closed to a stranger (ended by the clock)"
            for prefix in ("", "/en"):
                for method in ("GET", "POST"):
                    answer = visitor.send(
                        method, prefix + address.path, data={} if method == "POST" else None
                    )
                    tried += 1
                    to_login = answer.status == 302 and "login" in answer.leads_to
                    if not to_login and answer.status not in {403, 404, 405}:
                        self.fault(
                            f"{method} {prefix}{address.path} answers a stranger with {answer.status}"
                        )
        return f"{tried} closed doors stay closed to a stranger"

    def redirects(self) -> str:
        from marketplace.demo.people import PASSWORD, PEOPLE

        targets = [
            f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}", f"\\\\{EVIL}", f"https:{EVIL}", f"https:///{EVIL}",
            "javascript:alert(1)", f"http://{self.host}:{self.port}@{EVIL}/", f" //{EVIL}", f"/\t/{EVIL}",
        ]  # fmt: skip
        login = "/tai-khoan/login/"
        for target in targets:
            person = self.visitor()
            given = {"login": PEOPLE[0].email, "password": PASSWORD, "next": target}
            answers = {
                "login": person.post(login, given, form=login),
                "language": person.post("/ngon-ngu/", {"language": "en", "next": target}, form="/"),
                "logout": person.post("/tai-khoan/logout/", {"next": target}, form="/"),
                "admin login": self.visitor().get(f"/admin/login/?{urlencode({'next': target})}"),
            }
            for name, answer in answers.items():
                to = urlsplit(
                    urljoin(
                        f"http://{self.host}:{self.port}/",
                        answer.leads_to.replace("\\", "/").strip(),
                    )
                )
                if to.scheme not in {"http", "https"} or to.hostname not in {self.host, None}:
                    self.fault(f"{name} leads to {answer.leads_to!r}")
        return f"{len(targets)} foreign targets for what follows a login, a logout and a change of language"

    def cookies(self) -> str:
        from marketplace.demo.people import PASSWORD, PEOPLE

        visitor = self.visitor()
        visitor.get("/tai-khoan/login/")
        before = dict(visitor.cookies)
        login = "/tai-khoan/login/"
        visitor.post(login, {"login": PEOPLE[0].email, "password": PASSWORD}, form=login)
        session = visitor.attributes.get("sessionid", "").lower()
        for part in ("httponly", "samesite=lax"):
            if part not in session:
                self.fault(f"the session cookie lacks {part}")
        if "samesite" not in visitor.attributes.get("csrftoken", "").lower():
            self.fault("the token cookie lacks samesite")
        for name in ("sessionid", "csrftoken"):
            if before.get(name) and before[name] == visitor.cookies.get(name):
                self.fault(f"{name} stays the same over a login")
        if any("domain=" in attributes.lower() for attributes in visitor.attributes.values()):
            self.fault("a cookie is sent to other hosts of the domain")
        return "cookies: closed to scripts and other sites, new at a login"

    # --- what strangers try ---------------------------------------------------------------------

    def forgeries(self) -> str:
        login = "/tai-khoan/login/"
        data = {"login": "a@example.vn", "password": "x"}
        if self.visitor().send("POST", login, data=data).status != 403:
            self.fault("a form without its token is taken")
        foreign = self.visitor().post(
            login, data, form=login, headers={"Origin": f"https://{EVIL}"}
        )
        if foreign.status != 403:
            self.fault(f"a form sent from another site is answered with {foreign.status}")
        wrong = self.visitor()
        wrong.get(login)
        if wrong.send("POST", login, data=data | {"csrfmiddlewaretoken": "x" * 64}).status != 403:
            self.fault("a form with another token is taken")
        return "forms without a token, with a wrong one, from another site"

    def hosts_and_methods(self) -> str:
        for host in (EVIL, f"{self.host}.{EVIL}", "", "127.0.0.1:1@evil.example"):
            answer = self.visitor().get("/tai-khoan/password/reset/", headers={"Host": host})
            if answer.status != 400:
                self.fault(f"Host: {host!r} is answered with {answer.status}")
        forwarded = self.visitor().get("/", headers={"X-Forwarded-Host": EVIL})
        if EVIL in forwarded.body or EVIL in forwarded.leads_to:
            self.fault("X-Forwarded-Host finds its way into the page")
        for method in ("TRACE", "PUT", "DELETE", "PATCH", "DEBUG"):
            for path in ("/", "/nhu-cau/", "/health/live"):
                answer = self.visitor().send(method, path)
                if answer.status < 400 and answer.status != 302:
                    self.fault(f"{method} {path} is answered with {answer.status}")
        return "foreign host names, methods nobody needs"

    def paths(self) -> str:
        tried = [
            f"/{place}/{up}{name}"
            for place in ("static", "tep", "tep/images", "tai-lieu/1")
            for up in ("../", "../../", "..%2f", "..%2f..%2f", "%2e%2e/", "....//", "..\\", "%00/")
            for name in ("secret-key", "exchange.sqlite3", "media/private/", "etc/passwd")
        ] + ["/.git/config", "/.env", "/var/secret-key", "/manage.py", "/static/", "/tep/", "/media/", "/metrics",
             "/health/metrics", "/__debug__/", "/server-status"]  # fmt: skip
        for path in tried:
            answer = self.visitor().get(path)
            if answer.status in {200, 206} or answer.status >= 500:
                self.fault(f"{path} is answered with {answer.status}")
        return f"{len(tried)} paths to what is no page"

    def parameters(self) -> str:
        """Values that no form offers, in every parameter of the public pages."""
        values = [
            "'",
            '"><script>x()</script>',
            "\x00",
            "9" * 40,
            "-1",
            "%",
            "²",
            "a" * 8000,
            "(((((",
            "ọ́" * 50,
            "{{7*7}}",
        ]
        visitor, tried = self.visitor(), 0
        lists = {
            path.split("?")[0]: answer
            for path, answer in self.known.items()
            if answer.status == 200
        }
        for path, answer in lists.items():
            names = {name for name in Markup(answer.body).names if name != "csrfmiddlewaretoken"}
            for name in sorted(names)[:8] if path.count("/") <= 3 else ():
                for value in values:
                    if time.monotonic() > self.ends:
                        return f"{tried} strange parameters (ended by the clock)"
                    tried += 1
                    got = visitor.get(f"{path}?{urlencode({name: value})}")
                    if got.status >= 500:
                        self.fault(f"{path}?{name}={value[:20]!r} is answered with {got.status}")
                    if "<script>x()" in got.body:
                        self.fault(f"{path}?{name}= writes markup into the page")
                    if got.status == 200 and ">49<" in got.body and "7*7" in value:
                        self.fault(f"{path}?{name}= runs a template")
        return f"{tried} strange parameters"

    def neighbours(self) -> str:
        """What one enterprise finds on its desk stays closed to the next one, and the admin to both."""
        from marketplace.demo.people import PASSWORD, PEOPLE

        owner = self.sign_in(PEOPLE[0].email, PASSWORD)
        other = self.sign_in(PEOPLE[1].email, PASSWORD)
        public = {path.split("?")[0] for path in self.known}
        desk = "/bang-dieu-khien/"
        mine = {
            path for path, answer in self.crawl(owner, [desk, "/thong-bao/", "/nhu-cau-phu-hop/"], 80).items()
            if answer.status == 200 and path.split("?")[0] not in public
        }  # fmt: skip
        common = {
            path
            for path, answer in self.crawl(other, [desk, "/thong-bao/"], 80).items()
            if answer.status == 200
        }
        private = sorted(
            path for path in mine - common if re.search(r"/[0-9bcdfghjkmnpqrstvwxz]{10}/", path)
        )
        for path in private:
            if other.get(path).status not in {302, 403, 404}:
                self.fault(f"{path} of one enterprise opens to another")
        for path in ("/admin/", "/admin/users/", "/admin/reports/site-history/"):
            for person in (owner, other):
                if person.get(path).status == 200:
                    self.fault(f"{path} opens to an enterprise")
        if not private:
            self.fault("no private page was found to try")
        return f"{len(private)} pages of one enterprise tried by another, and the admin"


@contextmanager
def demo() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(os.environ["EXCHANGE_DATA_DIR"]) / "scan.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    try:
        ends = time.monotonic() + STARTS_WITHIN
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > ends:
                raise SystemExit(f"the demo did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return Visitor("127.0.0.1", port).get("/health/live").status == 200
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="scan this running demo")
    url = parser.parse_args().url
    import django

    django.setup()
    if url:
        parts = urlsplit(url)
        sys.exit(0 if _scanned(parts.hostname or "127.0.0.1", parts.port or 80) else 1)
    with demo() as port:
        print(f"a demo runs on port {port}")
        good = _scanned("127.0.0.1", port)
    sys.exit(0 if good else 1)


def _scanned(host: str, port: int) -> bool:
    from tests.tools import wapiti_scan

    good = Scan(host, port).run()
    return wapiti_scan.run(host, port) and good


if __name__ == "__main__":
    main()
