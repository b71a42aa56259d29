"""What search engines and other programs read on a record's page: schema.org as JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from marketplace.research.models import Result, Task

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(described: dict[str, Any]) -> SafeString:
    """The description as a block of data in the page; text of a record cannot end the block."""
    text = json.dumps({"@context": "https://schema.org"} | described, ensure_ascii=False)
    return mark_safe(  # noqa: S308 - everything that could be markup is escaped
        f'<script type="application/ld+json">{text.translate(_ESCAPED)}</script>'
    )


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
