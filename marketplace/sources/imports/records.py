"""One record of a file made clean, or refused with the reason."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Generic, TypeVar

from django.utils.translation import gettext as _

from marketplace.accounts.names import NAME_LIMIT, clean_name, organization_key
from marketplace.core.text import fold
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import columns_of, is_classified
from marketplace.sources.imports.refusals import Refused, Remark, Waiting
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
    task_number: str = ""
    province_code: str = ""
    industry_codes: list[str] = field(default_factory=list)
    #: Field → what the record itself says, where it stands for something else by a person's decision.
    said: dict[str, list[str]] = field(default_factory=dict)

    def content_hash(self) -> str:
        """Of what the source says; empty fields of later editions count for nothing, so that records
        of before keep their hash."""
        return hash_of(self, _FIRST_FIELDS, _LATER_FIELDS)


_LATER_FIELDS: Final = ("task_number", "province_code", "industry_codes")
_FIRST_FIELDS: Final = tuple(
    one.name for one in fields(Record) if one.name not in (*_LATER_FIELDS, "said")
)


def hash_of(record: Any, first: Sequence[str], later: Sequence[str] = ()) -> str:
    """Of these fields as the record itself says them, not as a person decided what that stands for."""
    said = record.said
    content = [said[name] if name in said else getattr(record, name) for name in first]
    if more := {
        name: found for name in later if (found := said.get(name) or getattr(record, name))
    }:
        content.append(more)
    packed = json.dumps(content, ensure_ascii=False, default=str)
    return hashlib.blake2b(packed.encode(), digest_size=16).hexdigest()


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Cleaned(Generic[R]):
    record: R
    #: Values that were left out because nobody could read them; the record itself is taken.
    remarks: list[Remark]
    #: Values that a person is to say what they stand for.
    waiting: list[Waiting]


def clean_record(
    raw: Mapping[str, Any],
    *,
    organization_names: Mapping[str, str] | None = None,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
    codes: Codes | None = None,
) -> Cleaned[Record]:
    """The record as the exchange keeps it; raises Refused.

    `organization_names` gives the name behind a key where the file names organisations by key;
    `columns_named` says of columns (column → field) what their names do not; `source_id` is the
    record's identifier where the protocol, not a column, names it; `codes` reads the codes of a run.
    """
    columns = columns_of(tuple(raw), columns_named or {})
    row = Row(raw, columns, codes)
    refuse_secret(row, source_id)
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
        source_id=identifier(row, source_id) or derived_id(title, organization, year),
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
        task_number=row.line("task_number", cut=60),
        province_code=row.province(),
        industry_codes=row.industries(),
        said=row.said,
    )
    return Cleaned(record, row.remarks, row.waiting)


def refuse_secret(row: Row, source_id: str = "") -> None:
    """Raises Refused where the record says anywhere that it is not for everybody."""
    if is_classified(row.raw) or SECRET_TITLE.search(as_text(row.value("title"))):
        raise Refused(
            _("Bản ghi có độ mật nên không được nhận."),
            rule="secrecy",
            source_id=source_id or _id_of_classified(row),
            is_classified=True,
        )


def identifier(row: Row, named: str) -> str:
    if len(named) > ID_LIMIT:
        raise Refused(
            _("Mã bản ghi dài %(length)s ký tự, nhiều hơn %(limit)s.")
            % {"length": len(named), "limit": ID_LIMIT},
            rule="text.length",
            value=named,
        )
    return named or row.line("source_id", limit=ID_LIMIT)


def _id_of_classified(row: Row) -> str:
    try:
        return row.line("source_id", limit=ID_LIMIT)
    except Refused:
        return ""


def derived_id(title: str, organization: str, year: int | None) -> str:
    """The same result named again in another file, or in another spelling, has the same id."""
    return derived(fold(title), organization_key(organization), str(year or ""))


def derived(*parts: str) -> str:
    """An identifier made of what tells one record from another."""
    identity = "\n".join(parts)
    return "x-" + hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()
