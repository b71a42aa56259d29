"""Rows and raw records as the comparison knows them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from marketplace.accounts.names import organization_key
from marketplace.reading.records import Identifier, RecordFacts

_NATIONAL_ARCHIVE: Final = re.compile(
    r"\s*\d{4}\s*-\s*\d{2}\s*-\s*\d+\s*/\s*KQNC\s*", re.IGNORECASE
)


def identifiers_of(
    *,
    archive_number: str = "",
    result_code: str = "",
    certificate_number: str = "",
    task_code: str = "",
    agency: str = "",
) -> tuple[Identifier, ...]:
    """The national register numbers for the whole country; provinces and ministries each for
    themselves, so that one of their numbers says something beside their name only."""
    found: list[Identifier] = []
    if archive_number:
        national = _NATIONAL_ARCHIVE.fullmatch(archive_number) is not None
        kind = "national_archive" if national else "local_archive"
        found.append(Identifier(kind, archive_number, "" if national else agency or "?"))
    if result_code:
        found.append(Identifier("result_code", result_code))
    if certificate_number:
        found.append(Identifier("certificate", certificate_number, agency or "?"))
    if task_code:
        found.append(Identifier("task_code", task_code, agency or "?"))
    return tuple(found)


def facts_of_record(
    record: Mapping[str, Any], *, source: str = "", former_names: Iterable[str] = ()
) -> RecordFacts:
    """A record as the demo's files hold it."""
    names = (record.get("organization") or "", *former_names)
    return RecordFacts(
        title=record.get("title") or "",
        title_en=record.get("title_en") or "",
        language=record.get("language") or "",
        abstract=record.get("abstract") or "",
        keywords=tuple(record.get("keywords") or ()),
        organizations=tuple(key for name in names if (key := organization_key(name))),
        agency=record.get("agency") or "",
        people=tuple((p["name"], p.get("role") == "lead") for p in record.get("people") or ()),
        year=record.get("year"),
        started_on=record.get("start") or "",
        ended_on=record.get("end") or "",
        funding=record.get("funding"),
        identifiers=identifiers_of(
            archive_number=record.get("archive_number") or "",
            result_code=record.get("result_code") or "",
            certificate_number=record.get("certificate_number") or "",
            agency=record.get("agency") or "",
        ),
        source=source,
        source_id=str(record.get("id") or ""),
    )
