"""Marks of secrecy and personal data in the words of a submission. Patterns and marks are data."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.editions import in_force, read_editions
from marketplace.core.text import nfc
from marketplace.listings.examining.findings import Evidence, Finding, Level

_FILE: Final = Path(__file__).parents[1] / "data" / "examining.toml"


@dataclass(frozen=True, slots=True)
class Patterns:
    valid_from: date
    status: str
    source: str
    #: Whole lines that are a secrecy mark as a stamp prints it.
    secrecy_marks: tuple[str, ...]
    #: Phrases by which a text says of itself that it is classified. With their marks: without them
    #: "tối mật" is garlic and honey.
    secrecy_phrases: tuple[str, ...]
    #: Kind → pattern of a piece of personal data.
    personal: Mapping[str, re.Pattern[str]]


@cache
def _editions() -> tuple[Patterns, ...]:
    return read_editions(_FILE, _read)


def _read(row: dict[str, Any]) -> Patterns:
    return Patterns(
        valid_from=row["valid_from"],
        status=row["status"],
        source=row["source"],
        secrecy_marks=tuple(nfc(mark).upper() for mark in row["secrecy_marks"]),
        secrecy_phrases=tuple(nfc(phrase).lower() for phrase in row["secrecy_phrases"]),
        personal={kind: re.compile(pattern, re.I) for kind, pattern in row["personal"].items()},
    )


def patterns() -> Patterns:
    """The edition in force today; before the first, the first."""
    return in_force(_editions(), clock.today())


def carries_mark(text: str) -> bool:
    """Whether a line is a secrecy mark and nothing else, in capitals as its stamp stands. In a table of
    goods "Mật" is honey."""
    lines = {" ".join(nfc(line).split()).strip(" .:*[]()") for line in text.splitlines()}
    return bool(lines & set(patterns().secrecy_marks))


def says_secret(text: str) -> bool:
    """Whether a text speaks of secrecy: a person has to look whether it is itself secret."""
    said = " ".join(nfc(text).lower().split())
    return any(phrase in said for phrase in patterns().secrecy_phrases)


def check_secrecy(fields: Mapping[str, str], documents: Iterable[str] = ()) -> Finding:
    """Whether a text carries a secrecy mark, or says that it is classified.

    Args:
        fields: what was written, by the name that staff read; the confidential part too.
        documents: names of attached files that speak of secrecy; marked ones were never taken.
    """
    found: list[Evidence] = []
    level: Level = "clean"
    for name, text in fields.items():
        is_marked = carries_mark("\n".join(line.upper() for line in text.splitlines()))
        if is_marked or says_secret(text):
            # Which field, and nothing of what it says.
            found.append(
                Evidence(_("Mục “%(field)s” có dấu hiệu bí mật nhà nước.") % {"field": name})
            )
            level = "barred" if is_marked or level == "barred" else "warning"
    for name in documents:
        found.append(Evidence(_("Tài liệu “%(name)s” nhắc đến bí mật nhà nước.") % {"name": name}))
        level = "barred" if level == "barred" else "warning"
    return Finding("secrecy", level, _("Bí mật nhà nước"), tuple(found))


def check_personal_data(fields: Mapping[str, str]) -> Finding:
    """Whether what everybody will read holds a person's numbers or addresses.

    Args:
        fields: the public texts, by the name that staff read.
    """
    names = {
        "identity_card": _("số giấy tờ tùy thân"),
        "phone": _("số điện thoại"),
        "email": _("địa chỉ thư điện tử"),
        "bank_account": _("số tài khoản"),
    }
    found = tuple(
        Evidence(_("Mục “%(field)s” có %(what)s.") % {"field": name, "what": names.get(kind, kind)})
        for name, text in fields.items()
        for kind in _kinds_in(text)
    )
    level: Level = "warning" if found else "clean"
    return Finding("personal", level, _("Dữ liệu cá nhân trong phần công khai"), found)


def _kinds_in(text: str) -> Iterator[str]:
    for kind, pattern in patterns().personal.items():
        if pattern.search(text):
            yield kind
