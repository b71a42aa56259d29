"""How a result is cited: one description in CSL terms, written out by libraries in each format."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.research.models import Result

#: A reference list names so many people, and then says that there are more.
_MOST_AUTHORS: Final = 50
_STYLE: Final = Path(__file__).parent / "data" / "report.csl"


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """One way to write a citation down; `write` gets the result and its public address."""

    suffix: str
    label: str
    media_type: str
    write: Callable[[Result, str], str]


def csl_item(result: Result, url: str) -> dict[str, Any]:
    """The result as an item of the Citation Style Language: a report of its lead organisation."""
    item: dict[str, Any] = {
        "id": result.public_id,
        "type": "report",
        "title": " ".join(result.title.split()),
        "author": [_name(person["name"]) for person in result.people[:_MOST_AUTHORS]],
        "publisher": result.organization.name if result.organization else result.agency,
        "number": next(iter(result.numbers), ""),
        "abstract": result.abstract,
        "keyword": ", ".join(result.keywords),
        "language": result.language,
        "URL": url,
    }
    if result.year:
        item["issued"] = {"date-parts": [[result.year]]}
    return {name: value for name, value in item.items() if value}


def _name(text: str) -> dict[str, str]:
    """A Vietnamese name begins with the family name; one word alone is not taken apart."""
    family, _space, given = " ".join(text.split()).partition(" ")
    return {"family": family, "given": given} if given else {"literal": family}


def written_out(result: Result, url: str) -> str:
    """One line for a reference list, by the style that lies beside this module."""
    # A quarter of a second that only pages of results need.
    from citeproc import (  # noqa: PLC0415
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    item = csl_item(result, url)
    item["genre"] = _("Báo cáo kết quả thực hiện nhiệm vụ khoa học và công nghệ")
    # Of an item the library takes what styles use; the rest only makes it warn.
    source = CiteProcJSON([{k: v for k, v in item.items() if k not in ("abstract", "keyword")}])
    style = CitationStylesStyle(str(_STYLE), validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(result.public_id)]))
    return str(bibliography.bibliography()[0])


def bibtex(result: Result, url: str) -> str:
    from pybtex.database import BibliographyData, Entry, Person  # noqa: PLC0415

    item = csl_item(result, url)
    fields = {
        "title": item["title"],
        "institution": item.get("publisher", ""),
        "year": str(result.year or ""),
        "number": item.get("number", ""),
        "keywords": item.get("keyword", ""),
        "language": {"vi": "vietnamese", "en": "english"}.get(result.language, ""),
    }
    entry = Entry(
        "techreport",
        # A brace that stands alone would end the entry.
        fields={name: value.translate(_NO_BRACES) for name, value in fields.items() if value},
        persons={
            "author": [
                Person(
                    last=name.get("family", name.get("literal", "")).translate(_NO_BRACES),
                    first=name.get("given", "").translate(_NO_BRACES),
                )
                for name in item.get("author", [])
            ]
        },
    )
    text: str = BibliographyData({result.public_id: entry}).to_string("bibtex")
    # The library escapes what TeX must not read, which an address does not survive.
    return text.rstrip().removesuffix("}").rstrip() + f",\n    url = {{{url}}}\n}}\n"


_NO_BRACES: Final = str.maketrans("{}", "()")


def ris(result: Result, url: str) -> str:
    import rispy  # noqa: PLC0415

    item = csl_item(result, url)
    entry = {
        "type_of_reference": "RPRT",
        "id": result.public_id,
        "title": item["title"],
        "authors": [
            ", ".join(filter(None, (n.get("family", n.get("literal", "")), n.get("given", ""))))
            for n in item.get("author", [])
        ],
        "year": str(result.year or ""),
        "publisher": item.get("publisher", ""),
        "number": item.get("number", ""),
        "abstract": " ".join(result.abstract.split()),
        "keywords": list(result.keywords),
        "language": result.language,
        "urls": [url],
    }
    text: str = rispy.dumps([{name: value for name, value in entry.items() if value}])
    return text


def csl_json(result: Result, url: str) -> str:
    return json.dumps([csl_item(result, url)], ensure_ascii=False, indent=1)


FORMATS: Final = {
    each.suffix: each
    for each in (
        CitationFormat("bib", "BibTeX", "application/x-bibtex", bibtex),
        CitationFormat("ris", "RIS", "application/x-research-info-systems", ris),
        CitationFormat("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    )
}
