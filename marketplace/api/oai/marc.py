"""Records in MARC 21 for libraries: as `marcxml` in OAI-PMH, as ISO 2709 in downloads."""

from typing import Any, Final

from lxml import etree
from pymarc import Field, Indicators, Leader, Record, Subfield

from marketplace.api.oai.addresses import page_address
from marketplace.core import clock
from marketplace.research.models import Task
from marketplace.taxonomy.labels import label

NAMESPACE: Final = "http://www.loc.gov/MARC21/slim"
SCHEMA: Final = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_LANGUAGES: Final = {"vi": "vie", "en": "eng"}


def marc_record(row: Any) -> Record:
    """The record as a technical report (language material, monograph), in UTF-8.

    A task is described as the report it will end in: MARC 21 has no record of work under way. Its genre
    (655) says that it is one.
    """
    record = Record(force_utf8=True)
    record.leader = Leader(
        str(record.leader)[:5] + "nam a22" + str(record.leader)[12:17] + "3a 4500"
    )
    record.add_field(Field(tag="001", data=row.public_id))
    language = _LANGUAGES.get(getattr(row, "language", ""), "und")
    task = isinstance(row, Task)
    year = str(row.year or "")
    entered = row.imported_at.astimezone(clock.VIETNAM).strftime("%y%m%d")
    fixed = f"{entered}{'s' if year else 'n'}{year or 'uuuu'}    vm {'':17}{language} d"
    record.add_field(Field(tag="008", data=fixed))
    for number in [row.code] if task else row.numbers:
        _add(record, "088", " ", " ", ("a", number))
    _add(record, "041", "0", " ", ("a", language))
    for code in row.field_codes:
        # The national classification of fields has no code of its own in the list of sources.
        _add(record, "084", " ", " ", ("a", code), ("2", "z"))
    lead, *others = [person["name"] for person in row.people] or [""]
    _add(record, "100", "1", " ", ("a", lead))
    _add(
        record,
        "245",
        "1" if lead else "0",
        "0",
        ("a", row.title),
        ("c", ", ".join((lead, *others)) if lead else ""),
    )
    _add(record, "246", "3", "1", ("a", row.title_en))
    organization = row.organization.name if row.organization else ""
    _add(record, "264", " ", "1", ("b", organization), ("c", year))
    _add(record, "520", "3", " ", ("a", row.summary or row.aims if task else row.abstract))
    for code in row.field_codes:
        _add(record, "650", " ", "7", ("a", label("st-fields", code, "vi")), ("0", code))
    for word in row.keywords:
        _add(record, "653", " ", " ", ("a", word))
    if task:
        _add(record, "655", " ", "4", ("a", "Đề tài"))
    for name in others:
        _add(record, "700", "1", " ", ("a", name))
    _add(record, "710", "2", " ", ("a", organization))
    _add(record, "710", "2", " ", ("a", row.agency), ("e", "cơ quan chủ quản"))
    _add(record, "856", "4", "0", ("u", page_address(row)))
    return record


def write(parent: Any, row: Any) -> None:
    record = marc_record(row)
    root = etree.SubElement(parent, _tag("record"), nsmap={None: NAMESPACE})
    etree.SubElement(root, _tag("leader")).text = str(record.leader)
    for field in record.fields:
        if field.is_control_field():
            etree.SubElement(root, _tag("controlfield"), tag=field.tag).text = field.data
            continue
        first, second = field.indicators or (" ", " ")
        data = etree.SubElement(root, _tag("datafield"), tag=field.tag, ind1=first, ind2=second)
        for code, value in field.subfields:
            etree.SubElement(data, _tag("subfield"), code=code).text = value


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(record: Record, tag: str, first: str, second: str, *parts: tuple[str, str]) -> None:
    said = [Subfield(code=code, value=value) for code, value in parts if value]
    if said:
        record.add_field(Field(tag=tag, indicators=Indicators(first, second), subfields=said))
