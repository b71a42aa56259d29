"""One record of an ongoing task made clean, or refused with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.accounts.names import clean_name
from marketplace.core.text import fold
from marketplace.research.numbers import number_key
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import TASK, columns_of
from marketplace.sources.imports.records import (
    TITLE_LIMIT,
    Cleaned,
    derived_id,
    hash_of,
    identifier,
    refuse_secret,
)
from marketplace.sources.imports.refusals import Refused
from marketplace.sources.imports.values import LEVELS, Row, as_text, year_of
from marketplace.taxonomy.codes import parse_code

_MONTHS: Final = 600


@dataclass(slots=True)
class TaskRecord:
    """A clean record: the columns of `Task`, the organisation by its name, the programme by its key."""

    source_id: str
    title: str
    title_en: str = ""
    code: str = ""
    keywords: list[str] = field(default_factory=list)
    field_codes: list[str] = field(default_factory=list)
    objective_codes: list[str] = field(default_factory=list)
    province_code: str = ""
    industry_codes: list[str] = field(default_factory=list)
    organization: str = ""
    agency: str = ""
    programme: int | None = None
    people: list[dict[str, str]] = field(default_factory=list)
    level: str = ""
    started_on: str = ""
    ended_on: str = ""
    months: int | None = None
    funding: int | None = None
    funding_state: int | None = None
    funding_own: int | None = None
    funding_other: int | None = None
    aims: str = ""
    summary: str = ""
    methods: str = ""
    expected_products: str = ""
    expected_application: str = ""
    approval_number: str = ""
    approved_on: date | None = None
    contract_number: str = ""
    contracted_on: date | None = None
    source_url: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)

    def content_hash(self) -> str:
        return hash_of(self, _FIELDS)


_FIELDS: Final = tuple(one.name for one in fields(TaskRecord) if one.name != "said")


def clean_task(
    raw: Mapping[str, Any],
    *,
    organization_names: Mapping[str, str] | None = None,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
    codes: Codes | None = None,
    programmes: Mapping[str, int] | None = None,
) -> Cleaned[TaskRecord]:
    """The task as the register keeps it; raises Refused. `programmes`: key of a code or name → key.

    A programme that is not in the register is said and left out: none is made for it.
    """
    columns = columns_of(tuple(raw), columns_named or {}, TASK)
    row = Row(raw, columns, codes)
    refuse_secret(row, source_id)
    title = row.line("title", limit=TITLE_LIMIT)
    if not title:
        raise Refused(_("Thiếu tên (title)."), rule="title.required", column=row.column("title"))
    organization = row.line("organization", cut=300)
    organization = clean_name((organization_names or {}).get(organization, organization))
    started_on, ended_on = row.day("started_on"), row.day("ended_on")
    code = row.line("code", cut=60)
    record = TaskRecord(
        source_id=identifier(row, source_id)
        or code
        or derived_id(title, organization, year_of(started_on)),
        title=title,
        title_en=row.line("title_en", limit=TITLE_LIMIT),
        code=code,
        keywords=row.keywords(),
        field_codes=row.fields(),
        objective_codes=_objectives(row),
        province_code=row.province(),
        industry_codes=row.industries(),
        organization=organization,
        agency=row.line("agency", cut=300),
        programme=_programme(row, programmes or {}),
        people=row.people(),
        level=row.choice("level", LEVELS),
        started_on=started_on,
        ended_on=ended_on,
        months=row.whole("months", most=_MONTHS),
        funding=row.money("funding"),
        funding_state=row.money("funding_state"),
        funding_own=row.money("funding_own"),
        funding_other=row.money("funding_other"),
        aims=row.text("aims"),
        summary=row.text("summary"),
        methods=row.text("methods"),
        expected_products=row.text("expected_products"),
        expected_application=row.text("expected_application"),
        approval_number=row.line("approval_number", cut=120),
        approved_on=row.date("approved_on"),
        contract_number=row.line("contract_number", cut=120),
        contracted_on=row.date("contracted_on"),
        source_url=row.address("source_url"),
        said=row.said,
    )
    return Cleaned(record, row.remarks, row.waiting)


def programme_keys(code: str, name: str) -> tuple[str, str]:
    """What a record may call a programme by."""
    return number_key(code), fold(" ".join(name.split()))


def _programme(row: Row, known: Mapping[str, int]) -> int | None:
    value = row.value("programme")
    texts = [as_text(one) for one in (value if isinstance(value, list) else [value])]
    for text in filter(None, texts):
        # As people write it: the code, the name, or the code with the name behind it.
        first = text.partition(" ")[0].rstrip(":.,;")
        for key in (*programme_keys(text, text), number_key(first)):
            if key in known:
                return known[key]
    if any(texts):
        row.remark("programme", _("sổ chương trình chưa có chương trình này"), "programme.known")
    return None


def _objectives(row: Row) -> list[str]:
    value = row.value("objectives")
    codes: list[str] = []
    parts = value if isinstance(value, list) else as_text(value).replace("|", ";").split(";")
    for part in filter(None, (as_text(one).strip() for one in parts)):
        code = parse_code("objectives", part)
        if code is None:
            row.remark("objectives", _("mã lạ, đã bỏ"), "value.listed", part)
        elif code not in codes:
            codes.append(code)
    return codes
