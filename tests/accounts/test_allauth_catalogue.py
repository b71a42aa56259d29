"""The libraries speak Vietnamese: every text of the installed allauth and Django is translated.

The texts are read from the installed packages, so that an upgrade which brings a new one fails here
rather than showing English to a reader.
"""

import io
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

OURS = Path(settings.BASE_DIR) / "marketplace/locale/vi/LC_MESSAGES/django.po"
ALLAUTH = Path(find_spec("allauth").origin).parent
DJANGO = Path(find_spec("django").origin).parent
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+|&\w+;")
# Parts of Django whose texts a reader can meet: the rest is for developers.
DJANGO_PARTS = (
    "contrib/auth",
    "contrib/humanize",
    "contrib/messages",
    "core/",
    "db/",
    "forms/",
    "template/",
    "utils/",
    "views/csrf",
    "views/generic",
)

Key = tuple[str | None, str]


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def catalogue(path: Path) -> dict[Key, Message]:
    with path.open("rb") as file:
        return {key(message): message for message in read_po(file) if message.id}


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return bool(message.string) if isinstance(message.string, str) else all(message.string)


def messages_in(path: Path) -> set[Key]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stands around the marked texts is blanked; its indentation is no Python.
        source = "\n".join(line.strip() for line in templatize(source).split("\n"))
    return {
        (context, message if isinstance(message, str) else message[0])
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS
        )
    }


def sources_of_allauth() -> list[Path]:
    """Code and templates of the parts that are installed, and of what they share."""
    parts = {app.name.split(".")[1] for app in apps.get_app_configs() if "allauth." in app.name}
    # Connecting accounts of other sites may be switched on without a change here.
    parts |= {"core", "socialaccount"}
    files = [file for part in parts for file in (ALLAUTH / part).rglob("*.py")]
    files += [*ALLAUTH.glob("*.py"), *(ALLAUTH / "templatetags").glob("*.py")]
    for part in parts | {"allauth"}:
        for suffix in ("html", "txt"):
            files += (ALLAUTH / "templates" / part).rglob(f"*.{suffix}")
    return sorted(file for file in files if "tests" not in file.parts)


ours = catalogue(OURS)


def test_every_text_of_allauth_is_translated():
    files = sources_of_allauth()
    assert len(files) > 300
    missing = {
        message: str(file.relative_to(ALLAUTH))
        for file in files
        for message in messages_in(file)
        if not is_translated(ours.get(message))
    }
    assert missing == {}


@pytest.mark.parametrize("part", ["conf", "contrib/auth", "contrib/humanize"])
def test_every_text_of_django_a_reader_meets_is_translated(part):
    english = catalogue(DJANGO / part / "locale/en/LC_MESSAGES/django.po")
    vietnamese = catalogue(DJANGO / part / "locale/vi/LC_MESSAGES/django.po")
    missing = [
        message
        for message, entry in english.items()
        if any(place.startswith(DJANGO_PARTS) for place, _line in entry.locations)
        and not is_translated(ours.get(message))
        and not is_translated(vietnamese.get(message))
    ]
    assert missing == []


@pytest.mark.parametrize("message", ours.values(), ids=lambda m: str(key(m)[1])[:40])
def test_translation_is_whole(message):
    assert is_translated(message)
    sources = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string
    assert len(strings) == 1
    translated = strings[0]
    assert translated == unicodedata.normalize("NFC", translated)
    assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(sources[-1]))
    assert not any("ngài" in s.lower() or "!" in s for s in strings)
    for edge in ("\n", " "):
        assert translated.startswith(edge) == sources[0].startswith(edge)
        assert translated.endswith(edge) == sources[0].endswith(edge)


def test_catalogue_has_one_plural_form():
    with OURS.open("rb") as file:
        header = read_po(file)
    assert (header.num_plurals, header.plural_expr) == (1, "0")
    assert str(header.locale) == "vi"


def test_catalogue_holds_only_what_a_library_says():
    known = set()
    for path in [
        *(DJANGO / "conf/locale/en").rglob("django.po"),
        *DJANGO.glob("contrib/*/locale/en/LC_MESSAGES/django.po"),
        *(DJANGO / "contrib/humanize/locale/vi").rglob("django.po"),
        ALLAUTH / "locale/de/LC_MESSAGES/django.po",
    ]:
        known |= catalogue(path).keys()
    known |= {message for file in sources_of_allauth() for message in messages_in(file)}
    assert ours.keys() - known == set()
