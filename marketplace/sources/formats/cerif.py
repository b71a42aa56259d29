"""CERIF-XML of the OpenAIRE guidelines for CRIS managers (1.1, 1.2) → the fields of ours.

Results come as publications, patents and products; projects are tasks. Persons, organisations,
equipment, events, fundings and services keep their kind, so that they never pass for results.
Source: openaire-cerif-profile.xsd, https://openaire-guidelines-for-cris-managers.readthedocs.io/.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from marketplace.sources.formats import raw
from marketplace.sources.formats.classifications import field_code, is_path, path_name
from marketplace.sources.formats.dublin_core import in_two_languages
from marketplace.sources.formats.names import natural_name
from marketplace.sources.formats.xml import XML_LANG, Element, local_name, text_of

NAMESPACES: Final = frozenset(
    {
        "https://www.openaire.eu/cerif-profile/1.2/",
        "https://www.openaire.eu/cerif-profile/1.1/",
        "https://www.openaire.eu/cerif-profile/1.0/",
    }
)
_IDENTIFIERS: Final = (
    "DOI", "Handle", "PMCID", "ISI-Number", "SCP-Number", "ISSN", "ISBN", "URN", "ZDB-ID", "ARK",
    "ORCID", "ResearcherID", "ScopusAuthorID", "ISNI", "DAI", "RORID", "GRID", "FundRefID",
    "GrantDOI", "RAiD",
)  # fmt: skip
_YEAR: Final = re.compile(r"(1[5-9]\d\d|20\d\d|2100)")
#: COAR types of reports: of these the publisher is who did the work, and the number is the report's.
_REPORTS: Final = frozenset(
    f"http://purl.org/coar/resource_type/{code}"
    for code in (
        "c_93fc",
        "c_18ws",
        "c_18gh",
        "c_18hj",
        "c_186u",
        "c_18zz",
        "c_18wq",
        "c_18wz",
        "c_18op",
        "YZ1N-ZFT9",
    )
)
_PROJECT_REFERENCE: Final = "ProjectReference"


def record_of(element: Element) -> tuple[str, dict[str, Any]]:
    """Kind and data of one CERIF entity."""
    name = local_name(element)
    kind, reader = _READERS.get(name, (name.lower() or raw.RESULT, _nothing_more))
    data = _common(element) | reader(element)
    return kind, {key: value for key, value in data.items() if value not in ("", [], {}, None)}


# --- reading ----------------------------------------------------------------------------------


def _children(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        for child in element:
            if local_name(child) == name:
                yield child


def _at(element: Element, *path: str) -> Iterator[Element]:
    """All elements at the path, whatever their namespace (types and access have their own)."""
    found: list[Element] = [element]
    for name in path:
        found = [child for parent in found for child in _children(parent, name)]
    return iter(found)


def _first(element: Element, *path: str) -> str:
    return next((text for found in _at(element, *path) if (text := text_of(found))), "")


def _in_languages(element: Element, name: str) -> list[tuple[str, str]]:
    return [
        ((child.get(XML_LANG) or "").lower()[:2], text)
        for child in _children(element, name)
        if (text := text_of(child))
    ]


def _name_of(element: Element) -> str:
    """The name of a person, organisation or thing that is named inside another record."""
    for child in element:
        name = local_name(child)
        if name == "Person" and (person := _person_name(child)):
            return person
        if name in ("OrgUnit", "Funding", "Project", "Publication", "Product", "Equipment"):
            named = in_two_languages(_in_languages(child, "Name") or _in_languages(child, "Title"))[
                0
            ]
            return named or _first(child, "Acronym")
    return ""


def _person_name(element: Element) -> str:
    family = _first(element, "PersonName", "FamilyNames")
    first = _first(element, "PersonName", "FirstNames")
    other = _first(element, "PersonName", "OtherNames")
    if family and first:
        return natural_name(" ".join(filter(None, (f"{family},", first, other))))
    return family or first or other


def _people(element: Element, group: str, one: str) -> list[dict[str, str]]:
    """Everybody of a list as it prints them, with ORCID and institution where they are given."""
    people = []
    for entry in _at(element, group, one):
        name = _first(entry, "DisplayName") or _name_of(entry)
        if not name:
            continue
        person = {"name": name}
        if orcid := _first(entry, "Person", "ORCID"):
            person["orcid"] = orcid.rpartition("/")[2]
        if institution := next(map(_name_of, _children(entry, "Affiliation")), ""):
            person["affiliation"] = institution
        people.append(person)
    return people


def _names(element: Element, *path: str) -> list[str]:
    return list(dict.fromkeys(name for found in _at(element, *path) if (name := _name_of(found))))


def _year(*texts: str) -> str:
    return next((found[1] for text in texts if (found := _YEAR.match(text))), "")


def _common(element: Element) -> dict[str, Any]:
    titles = _in_languages(element, "Title") or _in_languages(element, "Name")
    title, title_en = in_two_languages(titles)
    abstracts = _in_languages(element, "Abstract") or _in_languages(element, "Description")
    subjects = [text for child in _children(element, "Subject") if (text := text_of(child))]
    keywords = [text for child in _children(element, "Keyword") if (text := text_of(child))]
    identifiers = {name: text for name in _IDENTIFIERS if (text := _first(element, name))}
    data: dict[str, Any] = {
        "title": title or _first(element, "Acronym"),
        "title_en": title_en,
        "abstract": in_two_languages(abstracts)[0],
        "acronym": _first(element, "Acronym"),
        "keywords": list(dict.fromkeys([*keywords, *(path_name(s) for s in subjects if is_path(s))])),
        "fields": list(dict.fromkeys(code for s in subjects if (code := field_code(s)))),
        "subjects": subjects,
        "language": _first(element, "Language"),
        "source_url": _first(element, "URL"),
        "internal_id": element.get("id") or "",
        "identifiers": identifiers,
        "types": [text for child in _children(element, "Type") if (text := text_of(child))],
        "access": _first(element, "Access"),
        "license": _first(element, "License"),
        "projects": _names(element, "OriginatesFrom"),
    }  # fmt: skip
    if any(raw.is_secrecy(text) for text in (data["access"], *data["types"])):
        data["security_level"] = data["access"] or "secret"
    return data


# --- kinds ------------------------------------------------------------------------------------


def _nothing_more(element: Element) -> dict[str, Any]:
    return {}


def _publication(element: Element) -> dict[str, Any]:
    authors = _people(element, "Authors", "Author")
    publisher = next((_name_of(p) for p in _at(element, "Publishers", "Publisher")), "")
    is_report = any(text_of(kind) in _REPORTS for kind in _children(element, "Type"))
    institution = next((a["affiliation"] for a in authors if "affiliation" in a), "")
    return {
        "people": authors,
        "year": _year(_first(element, "PublicationDate")),
        "published_in": next(iter(_names(element, "PublishedIn")), ""),
        "organization": institution or (publisher if is_report else ""),
        "publisher": publisher,
        "report_number": _first(element, "Number") if is_report else "",
        "volume": _first(element, "Volume"),
        "issue": _first(element, "Issue"),
        "pages": "–".join(filter(None, (_first(element, "StartPage"), _first(element, "EndPage")))),
    }


def _patent(element: Element) -> dict[str, Any]:
    number = _first(element, "PatentNumber")
    registered, approved = _first(element, "RegistrationDate"), _first(element, "ApprovalDate")
    status = "granted" if approved else ""
    return {
        "people": _people(element, "Inventors", "Inventor"),
        "organization": next(iter(_names(element, "Holders", "Holder")), ""),
        "holders": _names(element, "Holders", "Holder"),
        "ip_rights": [{"number": number, "type": "patent", "status": status}] if number else [],
        "year": _year(approved, _first(element, "PublicationDate"), registered),
        "registered_on": registered,
        "approved_on": approved,
        "country": _first(element, "CountryCode"),
        "issuer": next(iter(_names(element, "Issuer")), ""),
    }


def _product(element: Element) -> dict[str, Any]:
    return {
        "people": _people(element, "Creators", "Creator"),
        "year": _year(
            *(
                date.get("startDate") or date.get("endDate") or text_of(date)
                for dates in _children(element, "Dates")
                for date in dates
            )
        ),
        "publisher": next((_name_of(p) for p in _at(element, "Publishers", "Publisher")), ""),
        "version": _first(element, "VersionInfo"),
    }


def _project(element: Element) -> dict[str, Any]:
    numbers = {
        (child.get("type") or "").rpartition("#")[2]: text_of(child)
        for child in _children(element, "Identifier")
    }
    leads = _people(element, "Team", "PrincipalInvestigator")
    members = [
        person for role in ("Contact", "Member") for person in _people(element, "Team", role)
    ]
    amount = next(_at(element, "Funded", "As", "Funding", "Amount"), None)
    currency = (amount.get("currency") or "") if amount is not None else ""
    return {
        "started_on": _first(element, "StartDate")[:10],
        "ended_on": _first(element, "EndDate")[:10],
        "organization": next(iter(_names(element, "Consortium", "Coordinator")), ""),
        "partners": _names(element, "Consortium", "Partner"),
        "agency": next(iter(_names(element, "Funded", "By")), ""),
        "programmes": _names(element, "Funded", "As"),
        "lead": leads[0]["name"] if leads else "",
        "people": [*leads[1:], *members],
        "task_code": numbers.get(_PROJECT_REFERENCE, ""),
        # Our sum is in dong; one in another currency is kept beside it, never as dong.
        "funding": text_of(amount) if currency == "VND" else "",
        "funding_elsewhere": f"{text_of(amount)} {currency}" if amount is not None and currency != "VND" else "",
    }  # fmt: skip


def _person(element: Element) -> dict[str, Any]:
    return {
        "title": _person_name(element),
        "affiliations": _names(element, "Affiliation"),
        "gender": _first(element, "Gender"),
    }


def _organization(element: Element) -> dict[str, Any]:
    names = _in_languages(element, "Name")
    addresses = [text_of(child) for child in _children(element, "ElectronicAddress")]
    return {
        "title": in_two_languages(names)[0] or _first(element, "Acronym"),
        "names": [text for _language, text in names],
        "part_of": next(iter(_names(element, "PartOf")), ""),
        "source_url": next((text for text in addresses if text.startswith("http")), ""),
    }


_READERS: Final[dict[str, tuple[str, Callable[[Element], dict[str, Any]]]]] = {
    "Publication": (raw.PUBLICATION, _publication),
    "Patent": (raw.PATENT, _patent),
    "Product": (raw.PRODUCT, _product),
    "Project": (raw.TASK, _project),
    "Person": (raw.PERSON, _person),
    "OrgUnit": (raw.ORGANIZATION, _organization),
    "Equipment": (raw.EQUIPMENT, _nothing_more),
    "Event": (raw.EVENT, _nothing_more),
    "Funding": (raw.FUNDING, _nothing_more),
    "Service": (raw.SERVICE, _nothing_more),
}
