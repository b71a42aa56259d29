"""The admin speaks Vietnamese: every screen of it that staff may open, read for English.

The matrix is the list of the screens: which there are, and who opens which. Each is read as the first
of `READERS` that it is open to, the home page as each of them.

English is what Wagtail's or Django's own texts say and no Vietnamese text of ours: the words of their msgids,
without those that our catalogues use in Vietnamese too, and without `NAMES`.
"""

import re
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from wagtail.models import Page

from marketplace.registration.models import RuleBook
from tests.access import matrix
from tests.access.paths import names
from tests.access.visits import Visit, outcome

pytestmark = pytest.mark.django_db

#: Groups of staff before the administrator, who sees what none of them does.
READERS = (
    "editor", "curator", "senior", "provincial", "statistics", "judge", "finance", "administrator",
)  # fmt: skip
#: Proper names, units and formats; the name of the other language in itself; syllables of Vietnamese.
NAMES = {
    "wagtail", "api", "csv", "xlsx", "url", "json", "html", "pdf", "javascript", "email", "id", "kb", "english",
    "can", "long",
}  # fmt: skip
#: Said by Wagtail without asking a catalogue, on screens of the administrator's alone.
BEYOND_US = re.compile(
    r"Page|Content types|Site name|Root page|Port|Xếp theo “Port” .*|Simple translation"
)
#: Where the name of whoever made a page stands, which is nobody for those that the tests made.
NAMELESS = {
    "wagtailadmin_pages:revisions_revert",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:aging_pages_results",
}
#: Not shown to a reader: parts that scripts fetch, files, what is for a machine.
UNREAD = re.compile(r"javascript_catalog|sprite|_api:|error_test|styleguide|feature_detection")
WORD = re.compile(r"[^\W\d_]{2,}")
MARKUP = re.compile(r"<[^>]*>|%\(\w+\)[sdif]|\{\w*\}|&\w+;")
#: What people and machines type, not prose: addresses, files, identifiers.
TYPED = re.compile(r"\S*[@/_=\d]\S*|\S+\.\w+|\w+-[\w-]+")
VOID = {"br", "hr", "img", "input", "link", "meta", "col", "source", "wbr"}
SAID = ("aria-label", "title", "placeholder", "alt")
PACKAGES = ("wagtail", "django")
OURS = (
    ("cms/locale/vi/LC_MESSAGES/django.po", "string"),
    ("cms/locale/vi/LC_MESSAGES/djangojs.po", "string"),
    ("marketplace/locale/vi/LC_MESSAGES/django.po", "string"),
    ("marketplace/locale/en/LC_MESSAGES/django.po", "id"),
)


class Texts(HTMLParser):
    """What is read on a page, and what is said in place of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        unread = tag in {"script", "style", "code", "svg"} or "hidden" in said
        if (
            unread or said.get("lang", "vi") != "vi" or tag in self.silent[-1:]
        ) and tag not in VOID:
            self.silent.append(tag)
        if not self.silent:
            self.found |= {said.get(name) or "" for name in SAID}
            if tag == "input" and said.get("type") in {"submit", "button"}:
                self.found.add(said.get("value") or "")

    def handle_endtag(self, tag):
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.found.add(" ".join(data.split()))


def words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(MARKUP.sub(" ", text)) if word.isascii()}


def texts_in(path: Path, part: str) -> set[str]:
    with path.open("rb") as source:
        said = [getattr(message, part) for message in read_po(source) if message.id]
    return {one for text in said for one in ([text] if isinstance(text, str) else text) if one}


@cache
def english() -> frozenset[str]:
    theirs, ours = set(), set()
    for package in PACKAGES:
        folder = Path(find_spec(package).origin).parent
        for path in folder.glob("**/locale/en/LC_MESSAGES/*.po"):
            theirs |= set().union(*map(words, texts_in(path, "id")), set())
    for path, part in OURS:
        said = [text for text in texts_in(settings.BASE_DIR / path, part) if not text.isascii()]
        ours |= set().union(*map(words, said))
    return frozenset(theirs - ours - NAMES)


def english_of(page: str) -> dict[str, list[str]]:
    parser = Texts()
    parser.feed(page)
    found = {}
    for text in parser.found:
        if said := words(TYPED.sub(" ", text)) & english():
            found[text] = sorted(said)
    return found


def kept_in_english() -> set[str]:
    """What the exchange keeps for its English readers beside the Vietnamese, and codes, which are no words."""
    found = {entry.get("label_en", "") for book in RuleBook.objects.all() for entry in book.entries}
    found |= set(Page.objects.filter(locale__language_code="en").values_list("title", flat=True))
    found |= {entry["code"] for book in RuleBook.objects.all() for entry in book.entries}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("_en") or field.name == "code":
                found |= set(model._base_manager.values_list(field.name, flat=True))
    return {" ".join(str(text).split()) for text in found if text}


def read_as(role: str) -> list[str]:
    """The screens that this reader is the first to open."""
    before = READERS[: READERS.index(role)]
    return [
        name
        for name, address in names().items()
        if address.path.startswith("/admin/")
        and not UNREAD.search(name)
        and (cells := matrix.decided().get((name, "GET"))) is not None
        and cells[role] == "open"
        and (name == "wagtailadmin_home" or not any(cells[one] == "open" for one in before))
    ]


def test_words_of_either_language_are_told_apart():
    page = "<p>Sửa trang này</p><p title='Edit this page'>Trang đầu <code>delete</code></p>"
    assert list(english_of(page)) == ["Edit this page"]
    assert {"this", "your", "with", "pages"} <= english()


def test_each_of_the_readers_has_screens_of_its_own():
    assert {role: bool(read_as(role)) for role in READERS} == dict.fromkeys(READERS, True)


@pytest.mark.parametrize("role", READERS)
def test_screens_of_the_admin_hold_no_english(role, world):
    visit, left, kept = Visit(role, world), {}, kept_in_english()
    for name in read_as(role):
        path = world.path_of(name)
        answer = visit.ask("GET", path)
        assert outcome(answer, name, "GET") == "open", f"{name} ({path})"
        if answer.streaming or "text/html" not in answer["Content-Type"]:
            continue
        for text, said in english_of(answer.content.decode()).items():
            if BEYOND_US.fullmatch(text) or text in kept:
                continue
            if text == "None" and name in NAMELESS:
                continue
            if not any(one in text for one in kept if " " in one):
                left.setdefault(text, f"{said} at {name}")
    assert not left, f"{len(left)} texts:\n" + "\n".join(f"{k!r}: {v}" for k, v in left.items())
