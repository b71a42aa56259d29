"""Records in unqualified Dublin Core (`oai_dc`), the format every provider must have."""

from collections.abc import Iterator
from typing import Any

from lxml import etree
from oaipmh.server import NS_DC, NS_OAIDC, NS_XSI

from marketplace.api.oai.addresses import page_address
from marketplace.research.models import Task
from marketplace.taxonomy.labels import label

SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def write(parent: Any, row: Any) -> None:
    root = etree.SubElement(
        parent, f"{{{NS_OAIDC}}}dc", nsmap={"oai_dc": NS_OAIDC, "dc": NS_DC, "xsi": NS_XSI}
    )
    root.set(f"{{{NS_XSI}}}schemaLocation", f"{NS_OAIDC} {SCHEMA}")
    for name, value, language in statements(row):
        element = etree.SubElement(root, f"{{{NS_DC}}}{name}")
        element.text = value
        if language:
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)


def statements(row: Any) -> list[tuple[str, str, str]]:
    """(element, value, language) in the order in which they are written; no empty value."""
    own = _of_task if isinstance(row, Task) else _of_result
    organization = row.organization.name if row.organization else ""
    found = [
        ("title", row.title, getattr(row, "language", "")),
        ("title", row.title_en, "en"),
        *(("creator", person["name"], "") for person in row.people),
        *(("subject", word, "") for word in row.keywords),
        # As the printed bulletins head them: a reader finds the code, a person the name.
        *(("subject", f"{code}. {label('st-fields', code, 'vi')}", "") for code in row.field_codes),
        ("publisher", organization, ""),
        ("contributor", row.agency, ""),
        ("identifier", page_address(row), ""),
        ("source", row.source_url, ""),
        *own(row),
    ]
    return [(name, value, language) for name, value, language in found if value]


def _of_result(result: Any) -> Iterator[tuple[str, str, str]]:
    yield "description", result.abstract, result.language
    yield "date", result.ended_on or str(result.year or ""), ""
    yield "type", "report", ""
    yield "type", "info:eu-repo/semantics/report", ""
    for number in result.numbers:
        yield "identifier", number, ""
    yield "language", result.language, ""
    for right in result.ip_rights:
        yield "relation", right["number"], ""
    if result.task and result.task.withdrawn_at is None:
        yield "relation", page_address(result.task), ""


def _of_task(task: Any) -> Iterator[tuple[str, str, str]]:
    yield "description", task.aims, ""
    yield "description", task.summary, ""
    yield "date", task.started_on, ""
    yield "type", "project", ""
    yield "identifier", task.code, ""
