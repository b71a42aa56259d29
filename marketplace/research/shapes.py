"""The shapes of the value lists that records keep as JSON, and the one way to clean them.

A list is cleaned when it is written. An unknown key is an error, not a loss: what has no place in a
shape belongs into a field of the form (`FormField`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypedDict

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import nfc
from marketplace.research.identifiers import clean_doi, clean_isbn, clean_issn
from marketplace.research.models.choices import PersonRole

LIMIT: Final = 200
TEXT: Final = 1000


class PersonEntry(TypedDict, total=False):
    """Who took part, as the record prints it. `role`: lead, secretary or member."""

    name: str
    role: str
    degree: str
    organization: str
    work: str
    months: int


class ProductEntry(TypedDict, total=False):
    """A product of a task: what it is, how much of it. `kind` as the form says (I, II, III …)."""

    kind: str
    name: str
    quantity: str
    unit: str
    note: str


class PublicationEntry(TypedDict, total=False):
    """A publication that came of a task. `kind`: article, book, chapter, thesis, proceedings, other."""

    kind: str
    title: str
    authors: list[str]
    venue: str
    year: int
    volume: str
    pages: str
    doi: str
    isbn: str
    issn: str
    url: str


class LibraryEntry(TypedDict, total=False):
    """A record of a library catalogue. `scheme`: marc21 or dc; `source` is the catalogue, `identifier`
    the control number (001) or dc:identifier, `call_number` where it stands."""

    scheme: str
    source: str
    identifier: str
    title: str
    isbn: str
    call_number: str
    url: str


class RightEntry(TypedDict, total=False):
    """An intellectual property right; `type` and `status` are codes (`ip-kinds`, `ip-statuses`)."""

    number: str
    type: str
    status: str


class WrongShape(DomainError):
    """An entry of a value list is not of its shape."""


PUBLICATION_KINDS: Final = frozenset(
    {"article", "book", "chapter", "thesis", "proceedings", "other"}
)
LIBRARY_SCHEMES: Final = frozenset({"marc21", "dc"})
_ROLES: Final = frozenset(PersonRole.values)

Clean = Callable[[str, Any], Any]


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise WrongShape(_("Trường “%(name)s” phải là chữ.") % {"name": name})
    return nfc(" ".join(str(value).split()))[:TEXT]


def _one_of(allowed: frozenset[str], default: str) -> Clean:
    def clean(name: str, value: Any) -> str:
        text = _text(name, value) or default
        if text not in allowed:
            raise WrongShape(
                _("Giá trị “%(value)s” không dùng được cho “%(name)s”.")
                % {"value": text[:60], "name": name}
            )
        return text

    return clean


def _checked(check: Callable[[str], str]) -> Clean:
    def clean(name: str, value: Any) -> str:
        text = _text(name, value)
        cleaned = check(text) if text else ""
        if text and not cleaned:
            raise WrongShape(
                _("“%(value)s” không phải mã %(name)s đúng.")
                % {"value": text[:60], "name": name.upper()}
            )
        return cleaned

    return clean


def _whole(low: int, high: int) -> Clean:
    def clean(name: str, value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError) as error:
            raise WrongShape(_("Trường “%(name)s” phải là số nguyên.") % {"name": name}) from error
        if not low <= number <= high:
            raise WrongShape(
                _("Trường “%(name)s” phải từ %(low)s đến %(high)s.")
                % {"name": name, "low": low, "high": high}
            )
        return number

    return clean


def _address(name: str, value: Any) -> str:
    text = _text(name, value)
    if text and not text.startswith(("https://", "http://")):
        raise WrongShape(_("“%(value)s” không phải địa chỉ web.") % {"value": text[:60]})
    return text


def _names(name: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise WrongShape(_("Trường “%(name)s” phải là danh sách.") % {"name": name})
    return [text for item in value[:LIMIT] if (text := _text(name, item))]


_SHAPES: Final[dict[str, tuple[str, dict[str, Clean]]]] = {
    "people": (
        "name",
        {
            "name": _text, "role": _one_of(_ROLES, PersonRole.MEMBER), "degree": _text,
            "organization": _text, "work": _text, "months": _whole(0, 600),
        },
    ),
    "product_items": (
        "name",
        {"kind": _text, "name": _text, "quantity": _text, "unit": _text, "note": _text},
    ),
    "publications": (
        "title",
        {
            "kind": _one_of(PUBLICATION_KINDS, "other"), "title": _text, "authors": _names,
            "venue": _text, "year": _whole(1900, 2100), "volume": _text, "pages": _text,
            "doi": _checked(clean_doi), "isbn": _checked(clean_isbn),
            "issn": _checked(clean_issn), "url": _address,
        },
    ),
    "library_references": (
        "identifier",
        {
            "scheme": _one_of(LIBRARY_SCHEMES, "dc"), "source": _text, "identifier": _text,
            "title": _text, "isbn": _checked(clean_isbn), "call_number": _text, "url": _address,
        },
    ),
    "ip_rights": ("number", {"number": _text, "type": _text, "status": _text}),
}  # fmt: skip

SHAPED: Final = frozenset(_SHAPES)


def clean_list(name: str, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the value list `name` in their shape; empty values are left out.

    Raises:
        WrongShape: an entry is none, has an unknown key or a value that does not fit, or there are
            more than `LIMIT`.
        KeyError: there is no such list.
    """
    needed, keys = _SHAPES[name]
    cleaned: list[dict[str, Any]] = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise WrongShape(_("Danh sách “%(name)s” có mục không đọc được.") % {"name": name})
        unknown = set(entry) - set(keys)
        if unknown:
            raise WrongShape(
                _("Danh sách “%(name)s” không có trường “%(key)s”.")
                % {"name": name, "key": sorted(map(str, unknown))[0][:60]}
            )
        values = {
            key: clean(key, entry[key])
            for key, clean in keys.items()
            if entry.get(key) not in (None, "")
        }
        if not values.get(needed):
            raise WrongShape(
                _("Một mục của “%(name)s” thiếu “%(key)s”.") % {"name": name, "key": needed}
            )
        cleaned.append({key: value for key, value in values.items() if value not in ("", [])})
    if len(cleaned) > LIMIT:
        raise WrongShape(_("Danh sách “%(name)s” quá dài.") % {"name": name})
    return cleaned
