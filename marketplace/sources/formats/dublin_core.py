"""Dublin Core elements of a record → the fields of ours."""

import re
from collections import defaultdict
from typing import Any, Final

from marketplace.core.text import fold
from marketplace.sources.formats import raw
from marketplace.sources.formats.classifications import field_code, is_path, path_name
from marketplace.sources.formats.names import natural_name
from marketplace.sources.formats.xml import XML_LANG, Element, local_name, namespace, text_of

NAMESPACES: Final = frozenset(
    {
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
        "http://purl.org/dc/elements/1.0/",
    }
)
_YEAR: Final = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_CODE_ALONE: Final = re.compile(r"[1-6](?:\d\d){1,3}\b|[1-6]\.\d{1,2}\b")
#: What a type or a genre says of a research task.
TASK_TYPES: Final = frozenset({"project", "research project", "nhiem vu", "de tai", "du an"})
#: What the last part of a type says (`info:eu-repo/semantics/article`, `Bài báo`) → our kind.
_KINDS: Final = {
    "article": raw.PUBLICATION, "book": raw.PUBLICATION, "bookpart": raw.PUBLICATION,
    "conferencepaper": raw.PUBLICATION, "conferenceobject": raw.PUBLICATION,
    "preprint": raw.PUBLICATION, "bai bao": raw.PUBLICATION, "sach": raw.PUBLICATION,
    "patent": raw.PATENT, "sang che": raw.PATENT, "bang doc quyen sang che": raw.PATENT,
    "dataset": raw.PRODUCT, "software": raw.PRODUCT, "phan mem": raw.PRODUCT,
    **dict.fromkeys(TASK_TYPES, raw.TASK),
}  # fmt: skip


def record_of(element: Element) -> tuple[str, dict[str, Any]]:
    """Kind and data of an `oai_dc:dc` element (or of any element that holds Dublin Core ones)."""
    values: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for child in element.iter():
        if child is not element and namespace(child) in NAMESPACES and (text := text_of(child)):
            values[local_name(child).lower()].append((_language(child), text))
    return _kind(values), _data(values)


def _language(element: Element) -> str:
    return (element.get(XML_LANG) or "").lower()[:2]


def in_two_languages(titles: list[tuple[str, str]]) -> tuple[str, str]:
    """(title, English title): the Vietnamese one leads, else the one without a language."""
    if not titles:
        return "", ""
    order = {"vi": 0, "": 1}
    first = min(titles, key=lambda pair: order.get(pair[0], 2))
    english = next((text for language, text in titles if language == "en"), "")
    return first[1], english if english != first[1] else ""


def _data(values: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    title, title_en = in_two_languages(values["title"])
    abstracts = values["description"] or values["abstract"]
    own = [text for language, text in abstracts if language != "en"] or [t for _l, t in abstracts]
    subjects = [text for _language, text in values["subject"]]
    codes = [code for text in subjects if _is_code(text) and (code := field_code(text))]
    addresses = [text for _l, text in values["identifier"] if _is_address(text)]
    data: dict[str, Any] = {
        "title": title,
        "title_en": title_en,
        "abstract": "\n\n".join(dict.fromkeys(own)),
        "people": [natural_name(name) for name in _texts(values["creator"])],
        "contributors": _texts(values["contributor"]),
        "organization": next(iter(_texts(values["publisher"])), ""),
        "keywords": [path_name(text) if is_path(text) else text for text in subjects
                     if is_path(text) or not _is_code(text)],
        "fields": list(dict.fromkeys(codes)),
        "language": next(iter(_texts(values["language"])), ""),
        "year": min((found[1] for _l, text in values["date"] if (found := _YEAR.search(text))), default=""),
        "source_url": addresses[0] if addresses else "",
        "identifiers": _texts(values["identifier"]),
        "types": _texts(values["type"]),
        "rights": _texts(values["rights"]),
        "published_in": _texts(values["source"]),
        "relations": _texts(values["relation"]),
        "coverage": _texts(values["coverage"]),
    }  # fmt: skip
    if stamp := next((text for text in data["rights"] if raw.is_secrecy(text)), ""):
        data["security_level"] = stamp
    return {name: value for name, value in data.items() if value}


def _texts(pairs: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(text for _language, text in pairs))


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _is_code(text: str) -> bool:
    return is_path(text) or _CODE_ALONE.match(text) is not None


def _kind(values: dict[str, list[tuple[str, str]]]) -> str:
    for _language, text in values["type"]:
        last = fold(text).rstrip("/").rpartition("/")[2].rpartition(":")[2]
        if kind := _KINDS.get(last.strip()):
            return kind
    return raw.RESULT
