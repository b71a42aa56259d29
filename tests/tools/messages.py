"""Collects our own texts, written in Vietnamese, into the English catalogue (Babel, no gettext tools).

`python -m tests.tools.messages` brings marketplace/locale/en up to date; `--check` changes nothing and
fails where a text is new, gone, untranslated, or its placeholders differ.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "marketplace" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|\{\w*\}")


def sources() -> Iterator[tuple[Path, bytes]]:
    from django.utils.translation.template import templatize

    for package in ("marketplace", "search", "cms"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # What is left is read as Python, which would stumble over the indentation of markup.
            yield path, "\n".join(line.lstrip() for line in text.splitlines()).encode()


def collect() -> Catalog:
    found = Catalog(charset="utf-8")
    for path, content in sources():
        name = str(path.relative_to(ROOT))
        options = {"encoding": "utf-8"}
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(content), keywords=KEYWORDS, options=options
        ):
            if message and message != ("", ""):
                found.add(message, locations=[(name, 0)], context=context)
    return found


def third_party() -> set[str]:
    """English msgids that Django or allauth translate themselves: not ours to translate."""
    path = ROOT / "marketplace" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return set()
    with path.open("rb") as source:
        return {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(source) if m.id}


def current() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en", charset="utf-8", project="exchange")
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="en")


def key(message) -> tuple:
    return (message.context, message.id if isinstance(message.id, str) else tuple(message.id))


def merged(found: Catalog, old: Catalog) -> Catalog:
    catalogue = Catalog(
        locale="en",
        charset="utf-8",
        project="exchange",
        version="1",
        fuzzy=False,
        creation_date=datetime(
            2026, 11, 23, tzinfo=UTC
        ),  # a date that moves would change the file every time
        header_comment="# English texts of the exchange; the msgids are its Vietnamese ones.",
    )
    foreign = third_party()
    known = {key(m): m.string for m in old if m.id}
    for message in sorted((m for m in found if m.id), key=lambda m: str(key(m))):
        if isinstance(message.id, str) and message.id in foreign:
            continue
        files = sorted({name for name, _line in message.locations})
        catalogue.add(
            message.id,
            string=known.get(key(message)),
            context=message.context,
            auto_comments=[", ".join(files[:3])],
            flags=message.flags,
        )
    for message in sorted(
        (m for m in old if m.id in foreign and m.string), key=lambda m: str(key(m))
    ):
        catalogue.add(
            message.id,
            string=message.string,
            context=message.context,
            auto_comments=["in place of a library's own English"],
        )
    return catalogue


def faults(found: Catalog, old: Catalog) -> Iterator[str]:
    wanted = merged(found, old)
    have = {key(m) for m in old if m.id}
    want = {key(m) for m in wanted if m.id}
    for missing in sorted(want - have, key=str):
        yield f"not collected: {missing}"
    for gone in sorted(have - want, key=str):
        yield f"no longer used: {gone}"
    for message in wanted:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.id, str) else list(message.string or [""])
        if not all(strings):
            yield f"not translated: {message.id!r}"
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        # What `pybabel compile` refuses, such as a percent sign that a letter follows.
        yield from (f"does not compile: {message.id!r}: {error}" for error in message.check(wanted))
        allowed = set(PLACEHOLDER.findall(" ".join(ids)))
        for string in strings:
            if not set(PLACEHOLDER.findall(string)) <= allowed:
                yield f"placeholders differ: {message.id!r}"


def main() -> None:
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument(
        "--untranslated", action="store_true", help="list what is not translated yet"
    )
    options = parser.parse_args()
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    found, old = collect(), current()
    if options.check:
        problems = list(faults(found, old))
        print(*problems[:40], sep="\n", file=sys.stderr)
        print(f"{len(problems)} faults in the English catalogue", file=sys.stderr)
        sys.exit(bool(problems))
    result = merged(found, old)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as out:
        write_po(out, result, width=100, sort_output=False, omit_header=False)
    missing = [
        m.id
        for m in result
        if m.id and not (m.string if isinstance(m.id, str) else all(m.string or [""]))
    ]
    print(f"{len(result)} texts, {len(missing)} not translated")
    if options.untranslated:
        print(*missing, sep="\n")


if __name__ == "__main__":
    main()
