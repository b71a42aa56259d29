"""How a result is cited."""

import re

from marketplace.research.models import Result

_SPECIAL = re.compile(r"([#$%&_{}])")


def bibtex(result: Result, *, url: str) -> str:
    """The entry for a reference list. A result of a task is a report of its lead organisation."""
    authors = " and ".join(person["name"] for person in result.people)
    numbers = ", ".join(
        filter(None, (result.archive_number, result.certificate_number, result.result_code))
    )
    fields = {
        "author": authors or (result.organization.name if result.organization else ""),
        "title": result.title,
        "institution": result.organization.name if result.organization else result.agency,
        "year": str(result.year or ""),
        "number": numbers,
        "keywords": ", ".join(result.keywords),
        "language": {"vi": "vietnamese", "en": "english"}.get(result.language, ""),
    }
    lines = [f"  {name} = {{{_escaped(value)}}}" for name, value in fields.items() if value]
    lines.append(f"  url = {{{url}}}")
    return f"@techreport{{{result.public_id},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(text: str) -> str:
    plain = text.replace("\\", r"\textbackslash ").replace("\n", " ")
    return _SPECIAL.sub(r"\\\1", plain.replace("{", "(").replace("}", ")"))
