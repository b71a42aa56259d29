"""Answers of OAI-PMH 2.0 servers: records, deletions, errors, resumption tokens, and what they say of
themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from marketplace.sources.formats import cerif, dublin_core, marc, marcxml
from marketplace.sources.formats.raw import Deleted, InputProblem, RawRecord, Read, Unreadable
from marketplace.sources.formats.xml import (
    ANSWER,
    Element,
    Limits,
    bytes_of,
    line_of,
    local_name,
    namespace,
    text_of,
    xml_elements,
)

NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_WANTED: Final = tuple(
    f"{{{NAMESPACE}}}{name}"
    for name in (
        "record", "header", "error", "resumptionToken", "responseDate", "request", "set",
        "metadataFormat", "Identify",
    )
)  # fmt: skip
DAY, SECOND = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"
_DATESTAMP: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?")
_ID_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class OaiError:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Repository:
    """What a server says of itself (`Identify`)."""

    name: str
    base_url: str
    protocol: str
    earliest: str
    granularity: str
    #: `no`, `transient` or `persistent`: whether deletions can be trusted to be told.
    deletions: str


@dataclass(slots=True)
class Answer:
    """One answer, read by iterating over it; the other attributes are whole once that has ended.

    Raises InputProblem where the answer is no OAI-PMH answer.
    """

    stream: IO[bytes]
    limits: Limits = ANSWER
    verb: str = ""
    response_date: str = ""
    errors: list[OaiError] = field(default_factory=list)
    #: None: the list has no token at all; "": it has ended with an empty one.
    token: str | None = None
    token_expires: str = ""
    complete_size: int | None = None
    cursor: int | None = None
    repository: Repository | None = None
    sets: list[tuple[str, str]] = field(default_factory=list)
    formats: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    #: The youngest datestamp met.
    latest: str = ""
    is_answer: bool = False

    def __iter__(self) -> Iterator[Read]:
        for element in xml_elements(self.stream, _WANTED, limits=self.limits):
            self.is_answer = True
            name = local_name(element)
            if name in ("record", "header"):
                self.count += 1
                yield self._read(element)
            else:
                self._note(name, element)
        if not self.is_answer:
            raise InputProblem(_("Dữ liệu XML này không phải trả lời OAI-PMH 2.0."))

    def read_all(self) -> list[Read]:
        return list(self)

    def _note(self, name: str, element: Element) -> None:
        text = text_of(element)
        match name:
            case "responseDate":
                self.response_date = text
            case "request":
                self.verb = element.get("verb") or ""
            case "error":
                self.errors.append(OaiError(element.get("code") or "", text[:300]))
            case "resumptionToken":
                self.token = text
                self.token_expires = element.get("expirationDate") or ""
                self.complete_size = _number(element.get("completeListSize"))
                self.cursor = _number(element.get("cursor"))
            case "Identify":
                self.repository = _repository(element)
            case "set":
                self.sets.append((_child(element, "setSpec"), _child(element, "setName")))
            case "metadataFormat":
                self.formats.append(
                    (_child(element, "metadataPrefix"), _child(element, "metadataNamespace"))
                )

    def _read(self, element: Element) -> Read:
        """A `record`, or a `header` alone as ListIdentifiers gives it."""
        line = line_of(element)
        is_header = local_name(element) == "header"
        header = element if is_header else element.find(f"{{{NAMESPACE}}}header")
        if header is None:
            return Unreadable(line, _("Bản ghi OAI không có phần header."))
        identifier, datestamp = _child(header, "identifier"), _child(header, "datestamp")
        if not identifier:
            return Unreadable(line, _("Bản ghi OAI không có mã (identifier)."))
        if len(identifier) > _ID_LIMIT:
            return Unreadable(
                line, _("Mã (identifier) dài hơn %(limit)s ký tự.") % {"limit": _ID_LIMIT}
            )
        has_datestamp = is_datestamp(datestamp)
        if has_datestamp:
            self.latest = max(self.latest, datestamp)
        if header.get("status") == "deleted":
            return Deleted(line, identifier)
        sets = [
            text for child in header.findall(f"{{{NAMESPACE}}}setSpec") if (text := text_of(child))
        ]
        if is_header:
            return RawRecord(line, {"source_id": identifier, "sets": sets})
        found = _payload_of(element, line)
        if isinstance(found, Unreadable):
            return replace(found, source_id=identifier)
        found.data["source_id"] = identifier
        if sets:
            found.data["sets"] = sets
        if has_datestamp:
            return found
        remarks = (*found.remarks, _("ngày cập nhật (datestamp) thiếu hoặc sai"))
        return replace(found, remarks=remarks)


def is_datestamp(text: str) -> bool:
    return _DATESTAMP.fullmatch(text) is not None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


def _child(element: Element, name: str) -> str:
    return text_of(element.find(f"{{{NAMESPACE}}}{name}"))


def _repository(element: Element) -> Repository:
    granularity = _child(element, "granularity")
    return Repository(
        name=_child(element, "repositoryName"),
        base_url=_child(element, "baseURL"),
        protocol=_child(element, "protocolVersion"),
        earliest=_child(element, "earliestDatestamp"),
        granularity=granularity if granularity in (DAY, SECOND) else DAY,
        deletions=_child(element, "deletedRecord") or "no",
    )


def _payload_of(element: Element, line: int) -> RawRecord | Unreadable:
    metadata = element.find(f"{{{NAMESPACE}}}metadata")
    payload = next(iter(metadata), None) if metadata is not None else None
    if payload is None:
        return Unreadable(line, _("Bản ghi OAI không có dữ liệu (metadata)."))
    found = read_payload(payload, line)
    if isinstance(found, Unreadable):
        return found
    kind, data, remarks = found
    return RawRecord(line, data, raw=bytes_of(payload), kind=kind, remarks=remarks)


def read_payload(
    payload: Element, line: int
) -> tuple[str, dict[str, Any], tuple[str, ...]] | Unreadable:
    """The record that a metadata element describes, by the namespace of its format."""
    space = namespace(payload)
    if space in cerif.NAMESPACES:
        return (*cerif.record_of(payload), ())
    if space == marcxml.NAMESPACE:
        return marc.record_of(marcxml.fields_of(payload), line)
    if space in dublin_core.NAMESPACES or any(
        namespace(child) in dublin_core.NAMESPACES for child in payload
    ):
        return (*dublin_core.record_of(payload), ())
    if not space.startswith("http://www.openarchives.org/OAI/2.0/oai_dc"):
        return Unreadable(line, _("Định dạng siêu dữ liệu lạ."))
    return (*dublin_core.record_of(payload), ())
