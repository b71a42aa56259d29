"""People who click in rooms of deals, one process for all: `PORT FILE SECONDS SEED`; prints what they waited.

Each waits five seconds from click to click, with a session of their own, as a browser does it: a page is read for its
form, a form is sent with its token and key, and its answer leads on to a page. Without Django; what it costs is stated.
"""

import gzip
import http.client
import json
import random
import re
import resource
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.figures import percentile
from tests.benchmarks.servers import HOST

BETWEEN = 5.0
#: Of a hundred clicks.
CLICKS = {
    "room": 40, "terms": 14, "secrecy": 5, "contract": 5, "deals": 6, "file": 10,
    "message": 14, "meeting": 3, "step": 3,
}  # fmt: skip
PAGES = {"room": "", "terms": "dieu-khoan/", "secrecy": "bao-mat/", "contract": "hop-dong/"}
_FIELD = {
    name: re.compile(rf'name="{name}" value="([^"]+)"')
    for name in ("csrfmiddlewaretoken", "idempotency_key")
}


class Seen:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.clicks = 0

    def note(self, name: str, seconds: float, error: str) -> None:
        with self.lock:
            self.seconds[name].append(seconds)
            if error:
                self.errors[f"{name}: {error}"] += 1


class Visitor:
    def __init__(self, port: int, number: int, seat: dict[str, str], seen: Seen, seed: str) -> None:
        self.port, self.seat, self.seen = port, seat, seen
        self.address = f"10.7.{number // 250}.{number % 250 + 1}"
        self.chance = random.Random(f"{seed}:{number}")
        self.cookies = {"__Host-sessionid": seat["cookie"]}
        self.page = ""

    def run(self, begin: float, end: float) -> None:
        due = begin + self.chance.uniform(0, BETWEEN)
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            name = self.chance.choices(list(CLICKS), list(CLICKS.values()))[0]
            self.click(name if self.page else "room")
            # From click to click: who waits for an answer does not click meanwhile.
            due = max(due + BETWEEN, time.monotonic())

    def click(self, name: str) -> None:
        self.seen.clicks += 1
        room = self.seat["room"]
        if name in PAGES:
            text = self.ask(name, "GET", room + PAGES[name])
            if name == "room":
                self.page = text
        elif name == "deals":
            self.ask(name, "GET", "/giao-dich/")
        elif name == "file":
            self.ask(name, "GET", f"{room}tep/{self.seat['file']}/")
        else:
            self.send(name, room)

    def send(self, name: str, room: str) -> None:
        where, form = {
            "message": ("tin-nhan/", {"message-text": "Đã nhận, chúng tôi xem và trả lời trong tuần."}),
            "meeting": (
                "gap/",
                {"meeting-title": "Trao đổi", "meeting-day": "2099-01-01", "meeting-time": "09:00", "meeting-minutes": "30"},
            ),
            "step": ("buoc/", {"code": "legal", "viec": self.chance.choice(["xong", "lai"])}),
        }[name]  # fmt: skip
        for field, pattern in _FIELD.items():
            found = pattern.search(self.page)
            form[field] = found[1] if found else ""
        self.page = ""
        if self.ask(name, "POST", room + where, urlencode(form)) == "302":
            self.page = self.ask("room", "GET", room)

    def ask(self, name: str, method: str, path: str, body: str | None = None) -> str:
        """The page, or the status of an answer that leads on."""
        started, error, text = time.perf_counter(), "", ""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request(method, path, body, self._headers(body))
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
            for line in answer.headers.get_all("Set-Cookie") or ():
                key, _equals, value = line.partition(";")[0].partition("=")
                self.cookies[key] = value
            if answer.status == 302 and body is not None:
                text = "302"
            elif answer.status != 200:
                error = str(answer.status)
            elif name != "file":
                plain = gzip.decompress(data) if answer.headers.get("Content-Encoding") else data
                text = plain.decode()
        except OSError as problem:
            error = type(problem).__name__
        self.seen.note(name, time.perf_counter() - started, error)
        return text

    def _headers(self, body: str | None) -> dict[str, str]:
        headers = {
            "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.address,
            "Accept-Encoding": "gzip", "Accept-Language": "vi", "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }  # fmt: skip
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers


def main(port: str, file: str, seconds: str, seed: str) -> None:
    seats, seen = json.loads(Path(file).read_text(encoding="utf-8")), Seen()
    # Everybody has loaded a page before anything is counted: a worker's first page is another matter.
    first = Seen()
    for number in range(8):
        Visitor(int(port), number, seats[number], first, seed).click("room")
    begin = time.monotonic() + 1
    end = begin + float(seconds)
    people = [Visitor(int(port), number, seat, seen, seed) for number, seat in enumerate(seats)]
    threads = [threading.Thread(target=one.run, args=(begin, end)) for one in people]
    before = _worked()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [value for values in seen.seconds.values() for value in values]
    print(
        json.dumps(
            {
                "requests": len(everything), "clicks": seen.clicks, "seconds": time.monotonic() - begin,
                "p50": percentile(everything, 0.5), "p95": percentile(everything, 0.95),
                "longest": max(everything), "errors": seen.errors, "worked": _worked() - before,
                "by": {name: [len(each), percentile(each, 0.95)] for name, each in sorted(seen.seconds.items())},
            }
        )
    )  # fmt: skip


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
