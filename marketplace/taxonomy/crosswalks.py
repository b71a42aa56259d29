"""Tables of pairs between two editions: read from files, checked as a whole, loaded as a whole."""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import nfc
from marketplace.taxonomy.models import Crosswalk, CrosswalkTable, Vocabulary
from marketplace.taxonomy.shipped import DATA, VocabularyFileError
from marketplace.taxonomy.translating import forget_translations

SHIPPED: Final = DATA / "crosswalks" / "crosswalks.json"
_COLUMNS: Final = frozenset({"from", "to", "relation", "note"})
_STATUSES: Final = frozenset(CrosswalkTable.Status.values)
_COPIED: Final = (
    "label_vi", "label_en", "legal_basis", "source", "status", "valid_from", "valid_to", "note",
)  # fmt: skip


class CrosswalkRefused(DomainError):
    """The table names a vocabulary or a code that is not loaded; no code is made for it."""


@dataclass(frozen=True, slots=True)
class CrosswalkData:
    code: str
    from_vocabulary: str
    to_vocabulary: str
    label_vi: str
    label_en: str = ""
    legal_basis: str = ""
    source: str = ""
    status: str = "unverified"
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    line: int
    from_code: str
    to_code: str
    relation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LoadedPairs:
    code: str
    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0


def read_tables(path: Path) -> list[CrosswalkData]:
    """The tables a manifest declares."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise VocabularyFileError(path, _("không phải UTF-8")) from error
    except json.JSONDecodeError as error:
        raise VocabularyFileError(
            path, _("JSON hỏng: %(reason)s") % {"reason": error.msg}, error.lineno
        ) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise VocabularyFileError(path, _("cần một danh sách các bảng chuyển đổi"))
    return [_table(path, entry) for entry in entries]


def _table(path: Path, entry: dict[str, object]) -> CrosswalkData:
    values = {name: nfc(str(entry.get(name) or "")) for name in (*_COPIED, "code", "from", "to")}
    missing = [name for name in ("code", "from", "to", "file", "label_vi") if not entry.get(name)]
    if missing:
        raise VocabularyFileError(
            path,
            _("bảng “%(code)s” thiếu: %(names)s")
            % {"code": values["code"] or "?", "names": ", ".join(missing)},
        )
    if values["status"] not in _STATUSES:
        raise VocabularyFileError(
            path,
            _("%(code)s: không có tình trạng “%(status)s”")
            % {"code": values["code"], "status": values["status"]},
        )
    try:
        days = [
            date.fromisoformat(values[name]) if values[name] else None
            for name in ("valid_from", "valid_to")
        ]
    except ValueError as error:
        raise VocabularyFileError(
            path, _("%(code)s: ngày phải có dạng NĂM-THÁNG-NGÀY") % {"code": values["code"]}
        ) from error
    return CrosswalkData(
        code=values["code"],
        from_vocabulary=values["from"],
        to_vocabulary=values["to"],
        label_vi=values["label_vi"],
        label_en=values["label_en"],
        legal_basis=values["legal_basis"],
        source=values["source"],
        status=values["status"],
        valid_from=days[0],
        valid_to=days[1],
        note=values["note"],
        path=path.parent / str(entry["file"]),
    )


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a tab-separated file with the columns `from to relation note`.

    A line without a relation says that the codes mean the same. Raises VocabularyFileError.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyFileError(path, _("không phải UTF-8")) from error
    lines = csv.reader(text.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    header: list[str] | None = None
    pairs: dict[tuple[str, str], Pair] = {}
    for number, cells in enumerate(lines, start=1):
        values = [nfc(cell).strip() for cell in cells]
        if not any(values) or values[0].startswith("#"):
            continue
        if header is None:
            if not {"from", "to"} <= set(values) <= _COLUMNS:
                raise VocabularyFileError(
                    path, _("dòng đầu phải có các cột from, to, relation, note"), number
                )
            header = values
            continue
        if len(values) > len(header):
            raise VocabularyFileError(
                path,
                _("có %(cells)d cột, dòng đầu chỉ có %(columns)d")
                % {"cells": len(values), "columns": len(header)},
                number,
            )
        pair = _pair(path, number, dict(zip(header, values, strict=False)))
        if (pair.from_code, pair.to_code) in pairs:
            raise VocabularyFileError(
                path,
                _("cặp %(from)s → %(to)s đã có ở dòng %(line)d")
                % {
                    "from": pair.from_code,
                    "to": pair.to_code,
                    "line": pairs[pair.from_code, pair.to_code].line,
                },
                number,
            )
        pairs[pair.from_code, pair.to_code] = pair
    if header is None:
        raise VocabularyFileError(path, _("tệp trống"))
    return list(pairs.values())


def _pair(path: Path, number: int, row: dict[str, str]) -> Pair:
    if not row.get("from") or not row.get("to"):
        raise VocabularyFileError(path, _("thiếu mã"), number)
    relation = row.get("relation") or Crosswalk.Relation.EXACT.value
    if relation not in Crosswalk.Relation.values:
        raise VocabularyFileError(
            path, _("không có quan hệ “%(relation)s”") % {"relation": relation}, number
        )
    return Pair(number, row["from"], row["to"], relation, row.get("note", "")[:300])


@transaction.atomic
def load_crosswalk(data: CrosswalkData, *, pairs: Iterable[Pair], shipped: bool) -> LoadedPairs:
    """Brings one table to what its file says, all of it or nothing.

    A table that was loaded from elsewhere is left alone by those that come with the exchange.

    Raises:
        CrosswalkRefused: a vocabulary or a code of the file is not loaded.
    """
    pairs = list(pairs)
    table = CrosswalkTable.objects.select_for_update().filter(code=data.code).first()
    if table and shipped and not table.is_shipped:
        return LoadedPairs(data.code, unchanged=table.pairs.count())
    left, right = _vocabulary(data.from_vocabulary), _vocabulary(data.to_vocabulary)
    from_terms = dict(left.terms.values_list("code", "pk"))
    to_terms = dict(right.terms.values_list("code", "pk"))
    _refuse_unknown(pairs, left, from_terms, right, to_terms)
    table = table or CrosswalkTable(code=data.code)
    for name in _COPIED:
        setattr(table, name, getattr(data, name))
    table.from_vocabulary, table.to_vocabulary, table.is_shipped = left, right, shipped
    table.save()

    held = {(row.from_term_id, row.to_term_id): row for row in table.pairs.all()}
    new: list[Crosswalk] = []
    changed: list[Crosswalk] = []
    for pair in pairs:
        ends = (from_terms[pair.from_code], to_terms[pair.to_code])
        row = held.pop(ends, None)
        facts = {"relation": pair.relation, "note": pair.note, "source": data.source[:300]}
        if row is None:
            new.append(Crosswalk(table=table, from_term_id=ends[0], to_term_id=ends[1], **facts))
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            changed.append(row)
    Crosswalk.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    Crosswalk.objects.bulk_create(new, batch_size=400)
    Crosswalk.objects.bulk_update(changed, ["relation", "note", "source"], batch_size=200)
    transaction.on_commit(forget_translations)
    return LoadedPairs(
        data.code, len(new), len(changed), len(held), len(pairs) - len(new) - len(changed)
    )


def _vocabulary(code: str) -> Vocabulary:
    found = Vocabulary.objects.loaded().filter(code=code).first()
    if found is None:
        raise CrosswalkRefused(
            _("Bảng mã “%(code)s” chưa nạp. Hãy nạp nó bằng load_vocabularies trước.")
            % {"code": code}
        )
    return found


def _refuse_unknown(
    pairs: list[Pair],
    left: Vocabulary,
    from_terms: dict[str, int],
    right: Vocabulary,
    to_terms: dict[str, int],
) -> None:
    for pair in pairs:
        for code, known, vocabulary in (
            (pair.from_code, from_terms, left),
            (pair.to_code, to_terms, right),
        ):
            if code not in known:
                raise CrosswalkRefused(
                    _("Dòng %(line)d: mã “%(code)s” không có trong %(vocabulary)s.")
                    % {"line": pair.line, "code": code, "vocabulary": vocabulary.code}
                )
