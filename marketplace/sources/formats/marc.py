"""MARC fields, from whatever container, → the fields of ours, by mappings kept as data.

`data/marc21.tsv` and `data/unimarc.tsv` say which tag and subfields fill which field and how. Which of
the two a record is, is seen from its tags: UNIMARC has its title in 200, MARC 21 in 245.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core.text import fold
from marketplace.sources.formats import raw
from marketplace.sources.formats.classifications import field_code
from marketplace.sources.formats.dublin_core import TASK_TYPES
from marketplace.sources.formats.names import natural_name
from marketplace.sources.formats.raw import Unreadable

_DATA: Final = Path(__file__).with_name("data")
_CONTROL_LIMIT: Final = 2000
# What ISBD puts between the parts of a description, and signs that enclose what sorting skips.
_PUNCTUATION: Final = re.compile(r"\s*[/:;,=]\s*$")
_NON_SORTING: Final = str.maketrans("", "", "\x88\x89\x98\x9c")
_YEAR: Final = re.compile(r"(1[5-9]\d\d|20\d\d|2100)")
_LANGUAGE: Final = re.compile(r"[a-z]{3}")


@dataclass(frozen=True, slots=True)
class MarcField:
    tag: str
    #: Of a control field; "" where the field has subfields.
    value: str = ""
    indicators: str = "  "
    subfields: tuple[tuple[str, str], ...] = ()

    def of(self, codes: str) -> list[str]:
        return [
            clean
            for code, value in self.subfields
            if code in codes and (clean := value.translate(_NON_SORTING).strip())
        ]


@dataclass(slots=True)
class MarcFields:
    leader: str
    fields: list[MarcField] = field(default_factory=list)
    remarks: tuple[str, ...] = ()

    def has(self, tag: str) -> bool:
        return any(one.tag == tag for one in self.fields)


@dataclass(frozen=True, slots=True)
class Rule:
    tag: str
    second_indicator: str
    codes: str
    name: str
    how: str


@cache
def rules_of(scheme: str) -> tuple[Rule, ...]:
    rules = []
    for line in (_DATA / f"{scheme}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rules.append(Rule(*line.split("\t")[:5]))
    return tuple(rules)


def scheme_of(record: MarcFields) -> str:
    """`marc21`, `unimarc`, or "" where the record has a title in neither place."""
    if record.has("245"):
        return "marc21"
    return "unimarc" if record.has("200") else ""


def record_of(
    record: MarcFields, line: int
) -> tuple[str, dict[str, Any], tuple[str, ...]] | Unreadable:
    scheme = scheme_of(record)
    if not scheme:
        return Unreadable(line, _("Bản ghi MARC không có nhan đề (245 hoặc 200)."))
    data: dict[str, Any] = {}
    for rule in rules_of(scheme):
        for one in record.fields:
            if one.tag == rule.tag and rule.second_indicator in ("", one.indicators[1:2]):
                _HOW[rule.how](data, rule, one)
    # An institute that is only an added entry still leads where nobody else does.
    if not data.get("organization") and data.get("organizations"):
        data["organization"] = data["organizations"][0]
    if any(raw.is_secrecy(text) for text in data.get("access_note", "").split("\n\n")):
        data["security_level"] = data["access_note"]
    kind = _kind(record, data)
    return kind, {name: value for name, value in data.items() if value}, record.remarks


def _kind(record: MarcFields, data: Mapping[str, Any]) -> str:
    """A genre of tasks comes first; bibliographic level says what is part of a journal; theses and
    reports are results."""
    genres = (text for one in record.fields if one.tag == "655" for text in one.of("a"))
    if any(fold(_clean(genre)) in TASK_TYPES for genre in genres):
        return raw.TASK
    if data.get("thesis_note") or data.get("report_number"):
        return raw.RESULT
    return raw.PUBLICATION


# --- rules ------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    line = " ".join(text.split())
    # The end of an address is part of it.
    return line if "://" in line else _PUNCTUATION.sub("", line)


def _joined(rule: Rule, one: MarcField) -> str:
    if rule.codes == "*":
        return one.value[:_CONTROL_LIMIT].strip()
    return _clean(" ".join(one.of(rule.codes)))


def _text(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    if text := _joined(rule, one):
        data.setdefault(rule.name, text)


def _title(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    """Main title and the rest of it, with the sign between them that ISBD wrote or meant."""
    title = ""
    for part in one.of(rule.codes):
        bare = _clean(part)
        if title and bare:
            title += " " if title[-1] in ".:;" else " : " if rule.tag == "245" else " "
        title += bare
    # A repeated title field holds the rest of a record that was put together badly.
    if title:
        data.setdefault(rule.name, title)


def _texts(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    if text := " ".join(" ".join(one.of(rule.codes)).split()):
        data[rule.name] = "\n\n".join(filter(None, (data.get(rule.name), text)))


def _add(data: dict[str, Any], name: str, value: Any) -> None:
    values = data.setdefault(name, [])
    if value and value not in values:
        values.append(value)


def _each(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    for text in one.of(rule.codes):
        _add(data, rule.name, _clean(text).rstrip("."))


def _each_field(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    _add(data, rule.name, _joined(rule, one))


def _subject(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    _add(data, rule.name, " – ".join(_clean(text).rstrip(".") for text in one.of(rule.codes)))


def _people(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    name = _clean(" ".join(one.of(rule.codes)).replace(" ,", ","))
    if name:
        name = name.rstrip(".,") if len(name) > 3 else name
        _add(data, rule.name, {"name": natural_name(name)})


def _year(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    if found := _YEAR.search(" ".join(one.of(rule.codes))):
        data[rule.name] = found[1]


def _year_at(start: int) -> Callable[[dict[str, Any], Rule, MarcField], None]:
    def read(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
        text = one.value or " ".join(one.of(rule.codes))
        if found := _YEAR.fullmatch(text[start : start + 4]):
            data.setdefault(rule.name, found[1])

    return read


def _language_008(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    if _LANGUAGE.fullmatch(code := one.value[35:38]):
        data[rule.name] = code


def _fields(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    for text in one.of(rule.codes):
        _add(data, rule.name, text)
        if code := field_code(text):
            _add(data, "fields", code)


def _secrecy(data: dict[str, Any], rule: Rule, one: MarcField) -> None:
    for text in one.of(rule.codes):
        if raw.is_secrecy(text):
            data[rule.name] = text


_HOW: Final[Mapping[str, Callable[[dict[str, Any], Rule, MarcField], None]]] = {
    "text": _text,
    "title": _title,
    "texts": _texts,
    "each": _each,
    "each-field": _each_field,
    "subject": _subject,
    "people": _people,
    "year": _year,
    "year-008": _year_at(7),
    "year-100": _year_at(9),
    "language-008": _language_008,
    "fields": _fields,
    "secrecy": _secrecy,
}
