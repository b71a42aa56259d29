"""Records in CERIF-XML, profile 1.2 of the OpenAIRE guidelines for managers of research systems."""

import calendar
from typing import Any, Final

from lxml import etree

from marketplace.api.oai.addresses import page_address
from marketplace.core.text import slugify
from marketplace.research.models import PersonRole, Task

NAMESPACE: Final = "https://www.openaire.eu/cerif-profile/1.2/"
SCHEMA: Final = "https://www.openaire.eu/schema/cris/1.2/openaire-cerif-profile.xsd"
_PUBLICATION_TYPES: Final = "https://www.openaire.eu/cerif-profile/vocab/COAR_Publication_Types"
#: COAR resource type "research report".
_RESEARCH_REPORT: Final = "http://purl.org/coar/resource_type/c_18ws"
#: What the subjects are taken from: Circular 24/2025/TT-BKHCN.
_FIELDS: Final = "urn:vn:24-2025-TT-BKHCN:linh-vuc"
_REFERENCE: Final = "https://w3id.org/cerif/vocab/IdentifierTypes#ProjectReference"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def write(parent: Any, row: Any) -> None:
    """A registered result as the report it was registered by, a task as a project."""
    if isinstance(row, Task):
        _write_project(parent, row)
    else:
        _write_publication(parent, row)


# The order of the elements is that of the profile's schema.


def _write_publication(parent: Any, result: Any) -> None:
    root = etree.SubElement(
        parent, _tag("Publication"), nsmap={None: NAMESPACE}, id=f"Publications/{result.public_id}"
    )
    kind = etree.SubElement(root, f"{{{_PUBLICATION_TYPES}}}Type", nsmap={None: _PUBLICATION_TYPES})
    kind.text = _RESEARCH_REPORT
    _add(root, "Language", result.language)
    _add_titles(root, result)
    _add(root, "PublicationDate", result.ended_on or str(result.year or ""))
    _add(root, "Number", next(iter(result.numbers), ""))
    _add(root, "URL", page_address(result))
    if result.people:
        authors = etree.SubElement(root, _tag("Authors"))
        for person in result.people:
            _add_person(etree.SubElement(authors, _tag("Author")), person["name"], result)
    if result.organization:
        publishers = etree.SubElement(root, _tag("Publishers"))
        _add_organization(etree.SubElement(publishers, _tag("Publisher")), result.organization)
    _add_subjects(root, result)
    _add(root, "Abstract", result.abstract, language=result.language)
    if result.task and result.task.withdrawn_at is None:
        origin = etree.SubElement(root, _tag("OriginatesFrom"))
        project = etree.SubElement(origin, _tag("Project"), id=f"Projects/{result.task.public_id}")
        _add(project, "Title", result.task.title, language="vi")


def _write_project(parent: Any, task: Any) -> None:
    root = etree.SubElement(
        parent, _tag("Project"), nsmap={None: NAMESPACE}, id=f"Projects/{task.public_id}"
    )
    _add_titles(root, task)
    _add(root, "Identifier", task.code, type=_REFERENCE)
    _add(
        root,
        "Identifier",
        page_address(task),
        type="https://w3id.org/cerif/vocab/IdentifierTypes#URL",
    )
    _add(root, "StartDate", _whole_day(task.started_on))
    _add(root, "EndDate", _whole_day(task.ended_on, last=True))
    if task.organization:
        consortium = etree.SubElement(root, _tag("Consortium"))
        _add_organization(etree.SubElement(consortium, _tag("Coordinator")), task.organization)
    if task.people:
        team = etree.SubElement(root, _tag("Team"))
        for person in task.people:
            role = "PrincipalInvestigator" if person.get("role") == PersonRole.LEAD else "Member"
            _add_person(etree.SubElement(team, _tag(role)), person["name"], task)
    _add_subjects(root, task)
    _add(root, "Abstract", task.summary or task.aims, language="vi")


def _whole_day(text: str, *, last: bool = False) -> str:
    """The profile wants whole days: the first of a month or year, or the last."""
    year, month, day = ([int(part) for part in text.split("-") if part] + [0, 0, 0])[:3]
    if not year:
        return ""
    month = month or (12 if last else 1)
    day = day or (calendar.monthrange(year, month)[1] if last else 1)
    return f"{year:04}-{month:02}-{day:02}"


def _add_titles(root: Any, row: Any) -> None:
    language = getattr(row, "language", "vi")
    _add(root, "Title", row.title, language=language)
    if row.title_en and language != "en":
        _add(root, "Title", row.title_en, language="en")


def _add_subjects(root: Any, row: Any) -> None:
    for code in row.field_codes:
        _add(root, "Subject", code, scheme=_FIELDS)
    for word in row.keywords:
        _add(root, "Keyword", word, language=getattr(row, "language", "vi"))


def _add_person(parent: Any, name: str, row: Any) -> None:
    """A Vietnamese name begins with the family name. The id names one person of this record."""
    _add(parent, "DisplayName", name)
    local = f"{row.public_id}.{slugify(name)}"
    person = etree.SubElement(parent, _tag("Person"), id=f"Persons/{local}")
    family, _space, first = name.partition(" ")
    written = etree.SubElement(person, _tag("PersonName"))
    _add(written, "FamilyNames", family)
    _add(written, "FirstNames", first)


def _add_organization(parent: Any, organization: Any) -> None:
    _add(parent, "DisplayName", organization.name)
    unit = etree.SubElement(parent, _tag("OrgUnit"), id=f"OrgUnits/{organization.public_id}")
    _add(unit, "Name", organization.name, language="vi")


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: Any, name: str, text: str, *, language: str = "", **attributes: str) -> None:
    if not text:
        return
    element = etree.SubElement(parent, _tag(name), **attributes)
    element.text = text
    if language:
        element.set(_LANGUAGE, language)
