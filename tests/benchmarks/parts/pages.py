"""Pages as a visitor's browser meets them: bytes of the first visit, latency, and SQL behind it."""

import http.client
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

BYTES, REQUESTS = 100_000, 50
_FONT = re.compile(r"url\(\s*[\"']?([^\"')]+\.woff2?)")
_NEED = re.compile(r"href=\"(/nhu-cau/[a-z0-9-]+-[a-zA-Z0-9]+/)\"")


def run(run: Run) -> Section:
    section = Section("pages", "Pages: SQL queries, bytes of the first visit, latency")
    with processes.copied(run.demo_template(), "pages") as folder:
        run.say("counting SQL queries …")
        counts = processes.run(processes.probe("sql_counts"), folder).data()
        for name, count in counts.items():
            if count:
                section.figures.append(
                    Figure(
                        f"SQL queries: {name}", count["many"], "", count.get("few"), "less",
                        count.get("few"), "few rows", 0,
                    )
                )  # fmt: skip
        with processes.demo(folder) as served:
            run.say("visiting pages …")
            for name, path in paths(served).items():
                section.figures += _visited(served, name, path)
    section.notes = [
        "bytes: page, styles, scripts and fonts as they are sent (compressed); pictures of listings apart",
        f"latency: {REQUESTS} requests over one connection, worker and beat running beside",
    ]
    return section


def paths(served: processes.Served) -> dict[str, str]:
    listing = "/nhu-cau/"
    found = _NEED.search(_get(served, listing).text)
    if found is None:
        raise processes.Failed("no need on the page of needs")
    return {
        "home": "/",
        "list of needs": listing,
        "need": found[1],
        "search": "/tim-kiem/?q=" + quote("sấy nông sản"),
    }


def _visited(served: processes.Served, name: str, path: str) -> list[Figure]:
    page = _get(served, path)
    parts = {"page": page.size}
    for kind, address in _needed(served, page):
        answer = _get(served, address)
        parts[kind] = parts.get(kind, 0) + answer.size
        if kind == "styles":
            for font in _FONT.findall(answer.text):
                parts["fonts"] = parts.get("fonts", 0) + _get(served, urljoin(address, font)).size
    seconds = _latencies(served, path)
    return [
        Figure(
            f"bytes of the first visit: {name}", sum(parts.values()), "B", BYTES, "less", page.plain,
            "page alone, not compressed", 0, ", ".join(f"{k} {v:,}" for k, v in parts.items()),
        ),
        Figure(
            f"latency: {name}", percentile(seconds, 0.95) * 1000, "ms", None, "less",
            percentile(seconds, 0.5) * 1000, "p50", 0, "p95",
        ),
    ]  # fmt: skip


def _latencies(served: processes.Served, path: str) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    seconds = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
        connection.getresponse().read()
        seconds.append(time.perf_counter() - started)
    connection.close()
    return seconds


@dataclass(frozen=True, slots=True)
class Answer:
    size: int
    plain: int
    text: str


def _get(served: processes.Served, path: str) -> Answer:
    """The answer as a browser takes it: its bytes on the wire, and its text."""
    sizes = []
    text = ""
    for coding in ("br, gzip", "identity"):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": coding})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise processes.Failed(f"{path} answers {answer.status}")
        sizes.append(len(body))
        text = body.decode("utf-8", "replace")
    return Answer(sizes[0], sizes[1], text)


def _needed(served: processes.Served, page: Answer) -> list[tuple[str, str]]:
    """What a page makes a browser fetch at once; fonts come by way of the styles."""
    reader = _Links()
    reader.feed(page.text)
    return [(kind, path) for kind, path in reader.found if not urlsplit(path).netloc]


@dataclass
class _Links(HTMLParser):
    found: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "script" and facts.get("src"):
            self._add("scripts", facts["src"])
        elif tag == "link" and facts.get("rel") == "stylesheet":
            self._add("styles", facts["href"])
        elif tag == "link" and facts.get("rel") == "icon":
            self._add("icon", facts["href"])

    def _add(self, kind: str, path: str) -> None:
        if (kind, path) not in self.found:
            self.found.append((kind, path))
