"""The vocabularies that come with the exchange, read from their files without a database.

One tab-separated file a vocabulary, and a manifest that says where each comes from. The columns are
named in the first line; only `code` and one of the labels are required, in any order:
`code notation parent level label_vi label_en aliases selectable valid_from valid_to note`.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from marketplace.core.text import nfc

DATA = Path(__file__).parent / "data"
MANIFEST = DATA / "vocabularies.json"

STATUSES = frozenset({"official", "unverified", "own", "partial", "not_loaded"})
COLUMNS = frozenset(
    {
        "code",
        "notation",
        "parent",
        "level",
        "label_vi",
        "label_en",
        "aliases",
        "selectable",
        "valid_from",
        "valid_to",
        "note",
    }
)
NO = frozenset({"no", "0", "false", "không"})
YES = frozenset({"", "yes", "1", "true", "có"})


class VocabularyFileError(Exception):
    """A file cannot be read as a vocabulary; says which file, which line and why."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        place = path.name if line is None else f"{path.name}:{line}"
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True, slots=True)
class TermData:
    code: str
    label_vi: str
    label_en: str = ""
    parent: str = ""
    level: int = 1
    notation: str = ""
    selectable: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    #: Other names it is written by, in files of every age.
    aliases: tuple[str, ...] = ()

    def label(self, language: str = "vi") -> str:
        """In that language, or in the other one where there is no label in it."""
        if language == "en":
            return self.label_en or self.label_vi
        return self.label_vi or self.label_en

    def is_valid_on(self, day: date) -> bool:
        return _within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class VocabularyData:
    code: str
    scheme: str
    label_vi: str
    label_en: str
    status: str
    edition: str = ""
    legal_basis: str = ""
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    path: Path | None = field(default=None, compare=False)

    def is_valid_on(self, day: date) -> bool:
        return _within(day, self.valid_from, self.valid_to)


def _within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def read_manifest(path: Path) -> list[VocabularyData]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise VocabularyFileError(path, _("không phải UTF-8")) from error
    except json.JSONDecodeError as error:
        raise VocabularyFileError(
            path, _("JSON hỏng: %(reason)s") % {"reason": error.msg}, error.lineno
        ) from error
    if not isinstance(entries, list):
        raise VocabularyFileError(path, _("cần một danh sách các bảng mã"))
    vocabularies: dict[str, VocabularyData] = {}
    for number, entry in enumerate(entries, start=1):
        vocabulary = _manifest_entry(path, number, entry)
        if vocabulary.code in vocabularies:
            raise VocabularyFileError(
                path, _("bảng mã “%(code)s” có hai lần") % {"code": vocabulary.code}
            )
        vocabularies[vocabulary.code] = vocabulary
    return list(vocabularies.values())


def _manifest_entry(path: Path, number: int, entry: object) -> VocabularyData:
    if not isinstance(entry, dict):
        raise VocabularyFileError(
            path, _("mục thứ %(number)d không phải là một bảng mã") % {"number": number}
        )
    code = str(entry.get("code") or "")
    if not code:
        raise VocabularyFileError(
            path, _("mục thứ %(number)d thiếu mã (code)") % {"number": number}
        )
    status = str(entry.get("status") or "unverified")
    if status not in STATUSES:
        raise VocabularyFileError(
            path, _("%(code)s: không có tình trạng “%(status)s”") % {"code": code, "status": status}
        )
    file = str(entry.get("file") or "")
    try:
        valid_from = _day(entry.get("valid_from"))
        valid_to = _day(entry.get("valid_to"))
    except ValueError as error:
        raise VocabularyFileError(
            path, _("%(code)s: ngày phải có dạng NĂM-THÁNG-NGÀY") % {"code": code}
        ) from error
    return VocabularyData(
        code=code,
        scheme=str(entry.get("scheme") or code),
        label_vi=nfc(str(entry.get("label_vi") or "")),
        label_en=nfc(str(entry.get("label_en") or "")),
        status=status,
        edition=str(entry.get("edition") or ""),
        legal_basis=nfc(str(entry.get("legal_basis") or "")),
        source=nfc(str(entry.get("source") or "")),
        valid_from=valid_from,
        valid_to=valid_to,
        note=nfc(str(entry.get("note") or "")),
        path=path.parent / file if file else None,
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def read_terms(path: Path) -> list[TermData]:
    """The terms of a file in its order, checked: codes unique, parents in the file, no cycle."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyFileError(path, _("không phải UTF-8")) from error
    # csv splits at line feeds only, so that a stray line separator in a label is not a new row.
    lines = csv.reader(text.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    header: list[str] | None = None
    rows: dict[str, tuple[int, dict[str, str]]] = {}
    for number, cells in enumerate(lines, start=1):
        values = [nfc(cell).strip() for cell in cells]
        if not any(values) or values[0].startswith("#"):
            continue
        if header is None:
            header = _header(path, number, values)
            continue
        if len(values) > len(header):
            raise VocabularyFileError(
                path,
                _("có %(cells)d cột, dòng đầu chỉ có %(columns)d")
                % {"cells": len(values), "columns": len(header)},
                number,
            )
        row = dict(zip(header, values, strict=False))
        code = row["code"]
        if not code:
            raise VocabularyFileError(path, _("thiếu mã"), number)
        if code in rows:
            raise VocabularyFileError(
                path,
                _("mã “%(code)s” đã có ở dòng %(line)d") % {"code": code, "line": rows[code][0]},
                number,
            )
        rows[code] = (number, row)
    if header is None:
        raise VocabularyFileError(path, _("tệp trống"))
    return _terms(path, rows)


def _header(path: Path, number: int, names: list[str]) -> list[str]:
    if unknown := [name for name in names if name not in COLUMNS]:
        raise VocabularyFileError(
            path, _("không biết cột: %(names)s") % {"names": ", ".join(unknown)}, number
        )
    if "code" not in names or not {"label_vi", "label_en"} & set(names):
        raise VocabularyFileError(path, _("cần cột code và một trong label_vi, label_en"), number)
    return names


def _terms(path: Path, rows: dict[str, tuple[int, dict[str, str]]]) -> list[TermData]:
    levels: dict[str, int] = {}

    def level(code: str, seen: tuple[str, ...] = ()) -> int:
        if code in levels:
            return levels[code]
        number, row = rows[code]
        if code in seen:
            raise VocabularyFileError(
                path, _("mã “%(code)s” là cha của chính nó") % {"code": code}, number
            )
        parent = row.get("parent", "")
        if parent and parent not in rows:
            raise VocabularyFileError(
                path, _("không có mã cha “%(code)s”") % {"code": parent}, number
            )
        above = level(parent, (*seen, code)) if parent else 0
        given = row.get("level", "")
        if given and (not given.isdecimal() or int(given) <= above):
            raise VocabularyFileError(
                path, _("cấp “%(level)s” không hợp với mã cha") % {"level": given}, number
            )
        levels[code] = int(given) if given else above + 1
        return levels[code]

    return [_term(path, number, row, level(code)) for code, (number, row) in rows.items()]


def _term(path: Path, number: int, row: dict[str, str], level: int) -> TermData:
    if not row.get("label_vi") and not row.get("label_en"):
        raise VocabularyFileError(
            path, _("mã “%(code)s” không có tên") % {"code": row["code"]}, number
        )
    selectable = row.get("selectable", "").lower()
    if selectable not in NO | YES:
        raise VocabularyFileError(
            path,
            _("selectable phải là yes hoặc no, không phải “%(value)s”") % {"value": selectable},
            number,
        )
    try:
        valid_from, valid_to = _day(row.get("valid_from")), _day(row.get("valid_to"))
    except ValueError as error:
        raise VocabularyFileError(path, _("ngày phải có dạng NĂM-THÁNG-NGÀY"), number) from error
    return TermData(
        code=row["code"],
        label_vi=row.get("label_vi", ""),
        label_en=row.get("label_en", ""),
        parent=row.get("parent", ""),
        level=level,
        notation=row.get("notation", ""),
        selectable=selectable in YES,
        valid_from=valid_from,
        valid_to=valid_to,
        note=row.get("note", ""),
        aliases=tuple(
            alias for part in row.get("aliases", "").split(";") if (alias := part.strip())
        ),
    )


def in_preference(vocabularies: Iterable[VocabularyData], day: date) -> list[VocabularyData]:
    """Editions of one scheme, the one to use on that day first, as `Vocabulary.objects.usable`."""
    return sorted(
        vocabularies,
        key=lambda v: (
            not v.is_valid_on(day),
            v.valid_from is not None and v.valid_from > day,
            -(v.valid_from or date.min).toordinal(),
        ),
    )


@lru_cache(maxsize=1)
def shipped_vocabularies() -> tuple[VocabularyData, ...]:
    return tuple(read_manifest(MANIFEST))


@lru_cache(maxsize=64)
def _shipped_terms(code: str) -> tuple[TermData, ...]:
    for vocabulary in shipped_vocabularies():
        if vocabulary.code == code:
            return tuple(read_terms(vocabulary.path)) if vocabulary.path else ()
    raise KeyError(code)


def shipped_edition(name: str, *, on: date | None = None) -> VocabularyData:
    """The shipped edition named, or the one of that scheme to use on a day, that has terms."""
    vocabularies = shipped_vocabularies()
    for vocabulary in vocabularies:
        if vocabulary.code == name and name != vocabulary.scheme:
            return vocabulary
    editions = [v for v in vocabularies if v.scheme == name]
    if not editions:
        raise KeyError(name)
    loaded = [v for v in editions if v.path and v.status != "partial"]
    return in_preference(loaded or editions, on or date.max)[0]


def load_shipped(name: str, *, on: date | None = None) -> list[TermData]:
    """The terms of one edition ("st-fields-2008") or of the one in use ("st-fields")."""
    return list(_shipped_terms(shipped_edition(name, on=on).code))


def shipped_labels(name: str, language: str = "vi") -> dict[str, str]:
    """Code → label, for code that works before the database exists."""
    return {term.code: term.label(language) for term in load_shipped(name)}
