"""A browser without a window: pages, links and forms over HTTP, as a reader without JavaScript has them."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

from bs4 import BeautifulSoup, Tag

Values = dict[str, str | list[str]]


class NotThere(Exception):
    """The page lacks what the walk looked for."""


@dataclass
class Page:
    browser: "Browser"
    url: str
    status: int
    soup: BeautifulSoup

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    def has(self, words: str) -> bool:
        return words in self.text

    def link(self, part: str) -> str:
        """The address of the first link whose address or words contain `part`."""
        for anchor in self.soup.find_all("a", href=True):
            if part in anchor["href"] or part in anchor.get_text(" "):
                return urllib.parse.urljoin(self.url, str(anchor["href"]))
        raise NotThere(f"no link “{part}” on {self.url}")

    def form(self, *, having: str = "", action: str = "") -> "Form":
        """The first form that has a control of this name or an action containing this."""
        for form in self.soup.find_all("form"):
            names = {control.get("name") for control in form.find_all(True, attrs={"name": True})}
            if (not having or having in names) and action in (form.get("action") or ""):
                return Form(self, form)
        raise NotThere(f"no form with {having or action} on {self.url}: {self.text[:200]}")


@dataclass
class Form:
    page: Page
    tag: Tag

    def values(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for control in self.tag.find_all(["input", "select", "textarea"], attrs={"name": True}):
            if control.has_attr("disabled") or control.find_parent("template"):
                continue
            for value in _value_of(control):
                found.setdefault(str(control["name"]), []).append(value)
        return found

    def submit(self, values: Values | None = None, *, button: str = "", value: str = "1") -> Page:
        """Posts the form as it is shown, with these values in place of its own."""
        data = self.values()
        for name, given in (values or {}).items():
            data[name] = [given] if isinstance(given, str) else given
        if button:
            data[button] = [value]
        address = urllib.parse.urljoin(self.page.url, str(self.tag.get("action") or self.page.url))
        pairs = [(name, item) for name, items in data.items() for item in items]
        if str(self.tag.get("method") or "get").lower() == "get":
            return self.page.browser.get(f"{address.split('?')[0]}?{urllib.parse.urlencode(pairs)}")
        return self.page.browser.post(address, pairs, referer=self.page.url)


def _value_of(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        options = control.find_all("option")
        chosen = [o for o in options if o.has_attr("selected")]
        if not chosen and not control.has_attr("multiple"):
            chosen = options[:1]
        return [str(o.get("value", o.get_text())) for o in chosen]
    kind = str(control.get("type") or "text").lower()
    if kind in ("submit", "button", "image", "reset", "file"):
        return []
    if kind in ("checkbox", "radio") and not control.has_attr("checked"):
        return []
    return [str(control.get("value", "on" if kind == "checkbox" else ""))]


class Browser:
    """One person's browser: cookies of its own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(self._address(path)))  # noqa: S310

    def post(self, path: str, pairs: list[tuple[str, str]], *, referer: str = "") -> Page:
        data = urllib.parse.urlencode(pairs).encode()
        headers = {"Referer": referer or self.base}
        return self._open(
            urllib.request.Request(self._address(path), data=data, headers=headers)  # noqa: S310
        )

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(self.base, path)

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("User-Agent", "Mozilla/5.0 (walk of the main path)")
        request.add_header("Accept-Language", "vi")
        try:
            answer: Any = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        kind = answer.headers.get("Content-Type", "")
        soup = BeautifulSoup(body if "html" in kind else b"", "html.parser")
        return Page(self, answer.geturl(), answer.status, soup)
