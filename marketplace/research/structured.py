"""What search engines and other programs read on a record's page: schema.org as JSON-LD."""

from typing import Any

from marketplace.research.models import Result, Task


def describe_result(result: Result, url: str) -> dict[str, Any]:
    """A result as the report it was registered by."""
    described = {
        "@type": "Report",
        "@id": url,
        "url": url,
        "name": result.title,
        "alternateName": result.title_en,
        "abstract": result.abstract,
        "inLanguage": result.language,
        "datePublished": result.ended_on or str(result.year or ""),
        "reportNumber": next(iter(result.numbers), ""),
        "identifier": result.numbers,
        "author": [{"@type": "Person", "name": person["name"]} for person in result.people],
        "publisher": _organization(result),
        "keywords": result.keywords,
    }
    return {name: value for name, value in described.items() if value}


def describe_task(task: Task, url: str) -> dict[str, Any]:
    described = {
        "@type": "ResearchProject",
        "@id": url,
        "url": url,
        "name": task.title,
        "alternateName": task.title_en,
        "description": task.summary or task.aims,
        "identifier": task.code,
        "foundingDate": task.started_on,
        "parentOrganization": _organization(task),
        "member": [{"@type": "Person", "name": person["name"]} for person in task.people],
        "keywords": task.keywords,
    }
    return {name: value for name, value in described.items() if value}


def _organization(row: Any) -> dict[str, str]:
    return {"@type": "Organization", "name": row.organization.name} if row.organization else {}
