"""One record of a file made clean, or refused with the reason."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.accounts.names import NAME_LIMIT, clean_name, organization_key
from marketplace.core.text import fold
from marketplace.sources.imports.columns import columns_of, is_classified
from marketplace.sources.imports.refusals import Refused, Remark
from marketplace.sources.imports.values import (
    APPLICATION,
    LEVELS,
    SECRET_TITLE,
    Row,
    as_text,
    year_of,
)

TITLE_LIMIT: Final = 1000
ID_LIMIT: Final = 120
#: The lists by which values are understood: another edition of one, and the same bytes may mean more.
VOCABULARIES: Final = ("ip-kinds", "ip-statuses")


@dataclass(slots=True)
class Record:
    """A clean record: the columns of `Result`, and the organisation by its name."""

    source_id: str
    title: str
    title_en: str = ""
    abstract: str = ""
    keywords: list[str] = field(default_factory=list)
    #: As the file says; found from the text when the row is written.
    language: str = ""
    field_codes: list[str] = field(default_factory=list)
    organization: str = ""
    agency: str = ""
    people: list[dict[str, str]] = field(default_factory=list)
    level: str = ""
    year: int | None = None
    started_on: str = ""
    ended_on: str = ""
    funding: int | None = None
    archive_number: str = ""
    result_code: str = ""
    certificate_number: str = ""
    products: str = ""
    ip_rights: list[dict[str, str]] = field(default_factory=list)
    trl: int | None = None
    application_status: str = "unknown"
    application_note: str = ""
    source_url: str = ""

    def content_hash(self) -> str:
        content = json.dumps([getattr(self, name) for name in self.__slots__], ensure_ascii=False)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Cleaned:
    record: Record
    #: Values that were left out because nobody could read them; the record itself is taken.
    remarks: list[Remark]


def clean_record(
    raw: Mapping[str, Any],
    *,
    organization_names: Mapping[str, str] | None = None,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
) -> Cleaned:
    """The record as the exchange keeps it; raises Refused.

    `organization_names` gives the name behind a key where the file names organisations by key;
    `columns_named` says of columns (column → field) what their names do not; `source_id` is the
    record's identifier where the protocol, not a column, names it.
    """
    columns = columns_of(tuple(raw), columns_named or {})
    if is_classified(raw) or SECRET_TITLE.search(as_text(Row(raw, columns).value("title"))):
        raise Refused(
            _("Bản ghi có độ mật nên không được nhận."),
            rule="secrecy",
            source_id=source_id or _id_of_classified(raw, columns),
            is_classified=True,
        )
    row = Row(raw, columns)
    title = row.line("title", limit=TITLE_LIMIT)
    if not title:
        raise Refused(_("Thiếu tên (title)."), rule="title.required", column=row.column("title"))
    abstract = row.text("abstract")
    organization = row.line("organization")
    organization = (organization_names or {}).get(organization, organization)
    if len(organization) > NAME_LIMIT:
        row.remark("organization", _("tên tổ chức quá dài, đã cắt"), "text.length")
    started_on, ended_on = row.day("started_on"), row.day("ended_on")
    year = row.year() or year_of(ended_on) or year_of(started_on)
    organization = clean_name(organization)
    record = Record(
        source_id=_identifier(row, source_id) or _derived_id(title, organization, year),
        title=title,
        title_en=row.line("title_en", limit=TITLE_LIMIT),
        abstract=abstract,
        keywords=row.keywords(),
        language=row.language(),
        field_codes=row.fields(),
        organization=organization,
        agency=row.line("agency", cut=300),
        people=row.people(),
        level=row.choice("level", LEVELS),
        year=year,
        started_on=started_on,
        ended_on=ended_on,
        funding=row.money("funding"),
        archive_number=row.line("archive_number", cut=60),
        result_code=row.line("result_code", cut=30),
        certificate_number=row.line("certificate_number", cut=60),
        products=row.text("products"),
        ip_rights=row.ip_rights(),
        trl=row.readiness(),
        application_status=row.choice("application_status", APPLICATION) or "unknown",
        application_note=row.text("application_note"),
        source_url=row.address("source_url"),
    )
    return Cleaned(record, row.remarks)


def _identifier(row: Row, named: str) -> str:
    if len(named) > ID_LIMIT:
        raise Refused(
            _("Mã bản ghi dài %(length)s ký tự, nhiều hơn %(limit)s.")
            % {"length": len(named), "limit": ID_LIMIT},
            rule="text.length",
            value=named,
        )
    return named or row.line("source_id", limit=ID_LIMIT)


def _id_of_classified(raw: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> str:
    try:
        return Row(raw, columns).line("source_id", limit=ID_LIMIT)
    except Refused:
        return ""


def _derived_id(title: str, organization: str, year: int | None) -> str:
    """The same result named again in another file, or in another spelling, has the same id."""
    identity = "\n".join((fold(title), organization_key(organization), str(year or "")))
    return "x-" + hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()
