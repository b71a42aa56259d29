"""A record made ready to be written: all of it that needs no database, so that a second process can
do it while the first one writes."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace.sources.formats.legacy import Repair, repair_record
from marketplace.sources.imports.cleaning import clean
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import kind_of
from marketplace.sources.imports.incoming import Incoming, Noted
from marketplace.sources.imports.records import Cleaned, Record
from marketplace.sources.models import DAMAGED_TEXT
from search.analysis import detect_language


@dataclass(frozen=True, slots=True)
class Ways:
    """How the records of one run are read: names behind keys, what columns mean, what rows are."""

    organization_names: Mapping[str, str]
    columns: Mapping[str, str]
    kind: str


@dataclass(slots=True)
class Prepared:
    """A clean record with all that is kept beside it."""

    kind: str
    cleaned: Cleaned[Any]
    notes: tuple[Noted, ...]
    content_hash: str
    language: str
    compressed: bytes


def prepare(
    arrival: Incoming, ways: Ways, codes: Codes, programmes: Callable[[], Mapping[str, int]]
) -> Prepared:
    """Raises NotReadable and Refused; `programmes` is asked for where the record is a task."""
    repair = repair_record(arrival.values())
    kind = arrival.kind or kind_of(repair.data, ways.kind)
    cleaned = clean(
        kind,
        repair.data,
        codes=codes,
        columns_named=ways.columns,
        source_id=arrival.source_id,
        organization_names=ways.organization_names,
        programmes=programmes,
    )
    record = cleaned.record
    return Prepared(
        kind,
        cleaned,
        (*arrival.notes, *_notes_of(repair)),
        record.content_hash(),
        _language(record) if isinstance(record, Record) else "",
        zlib.compress(arrival.raw, 1),
    )


def _language(record: Record) -> str:
    return record.language or detect_language(f"{record.title}. {record.abstract[:600]}")


def _notes_of(repair: Repair) -> Iterator[Noted]:
    for name, encoding in repair.encodings.items():
        text = _("đã chuyển từ bảng mã %(encoding)s, bản gốc được giữ") % {"encoding": encoding}
        yield Noted(text, "text.encoding", name)
    for name in repair.damaged:
        yield Noted(_("mất chữ hoặc ở bảng mã lạ, cần người sửa"), DAMAGED_TEXT, name)
