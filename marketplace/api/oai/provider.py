"""The protocol: what the kept library asks of a repository, answered from the list of records.

Positions make resumption tokens: a record that changes while somebody reads moves to the end of the
list, so that it is met again and nothing is left out, however long the reading takes.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree
from oaipmh import common, error
from oaipmh.datestamp import datetime_to_datestamp
from oaipmh.metadata import MetadataRegistry
from oaipmh.server import (
    ServerBase,
    XMLTreeServer,
    decodeResumptionToken,
    encodeResumptionToken,
    nsoai,
)

from marketplace.accounts.models import Exchange
from marketplace.api.kinds import KINDS, rows_by_key
from marketplace.api.models import PublishedRecord
from marketplace.api.oai import cerif, dublin_core, marc
from marketplace.api.oai.addresses import (
    base_address,
    identifier,
    parse_identifier,
    site_name,
)
from marketplace.core import clock
from marketplace.research.models import TaskLevel
from marketplace.taxonomy.models import Term

PAGE: Final = 200
#: Answers say that they were given so much earlier: what was being committed then is met next time.
MARGIN: Final = timedelta(seconds=30)

#: prefix → (schema, namespace, writer)
FORMATS: Final[dict[str, tuple[str, str]]] = {
    "oai_dc": (dublin_core.SCHEMA, dublin_core.NS_OAIDC),
    "oai_cerif_openaire": (cerif.SCHEMA, cerif.NAMESPACE),
    "marcxml": (marc.SCHEMA, marc.NAMESPACE),
}


class Repository(common.ResumptionOAIPMH):
    """What this exchange gives out to one reader, in the terms of the library.

    `shared` are the sources that the reader may read beside what everybody may.
    """

    def __init__(self, shared: Collection[str] = ()) -> None:
        self.shared = frozenset(shared)
        self.list = PublishedRecord.objects.told_to(self.shared)

    def handleVerb(self, verb: str, kw: dict[str, Any]) -> Any:
        answers: dict[str, Callable[..., Any]] = {
            "Identify": _identify,
            "ListMetadataFormats": self._formats,
            "ListSets": _sets,
            "GetRecord": self._record,
            "ListIdentifiers": self._headers,
            "ListRecords": self._records,
        }
        return answers[verb](**kw)

    def _formats(self, identifier: str = "") -> list[tuple[str, str, str]]:
        if identifier:
            self._known(identifier)
        return [(prefix, schema, namespace) for prefix, (schema, namespace) in FORMATS.items()]

    def _record(self, metadataPrefix: str, identifier: str) -> tuple[common.Header, Any, None]:
        _known_format(metadataPrefix)
        record = self._known(identifier)
        row = self._rows([record]).get(_key(record))
        return _header(record, gone=row is None), row, None

    def _headers(self, **asked: Any) -> tuple[list[common.Header], str | None]:
        page, token = self._page(asked)
        visible = self._rows(page)
        return [_header(record, gone=_key(record) not in visible) for record in page], token

    def _records(self, **asked: Any) -> tuple[list[tuple[common.Header, Any, None]], str | None]:
        page, token = self._page(asked)
        rows = self._rows(page)
        return [
            (_header(record, gone=_key(record) not in rows), rows.get(_key(record)), None)
            for record in page
        ], token

    def _page(self, asked: dict[str, Any]) -> tuple[list[PublishedRecord], str | None]:
        after = 0
        if token := asked.pop("resumptionToken", None):
            asked, after = _read_token(token)
        _known_format(asked.get("metadataPrefix", ""))
        first, last = _aware(asked.get("from_")), _aware(asked.get("until"))
        if first and last and first > last:
            raise error.BadArgumentError("The argument 'from' is later than 'until'.")
        found = self.list.filter(position__gt=after).between(first, last)
        if asked.get("set"):
            found = found.of_set(asked["set"].replace("|", ""))
        page = list(found.order_by("position")[: PAGE + 1])
        if len(page) <= PAGE:
            return page, None
        page.pop()
        return page, encodeResumptionToken(asked, page[-1].position)

    def _rows(self, page: Iterable[PublishedRecord]) -> dict[tuple[str, str], Any]:
        """What the reader may read now: the list can be behind, and then hides, never leaks."""
        live = [r for r in page if not r.is_deleted or r.shared_by in self.shared]
        return {
            (kind, key): row
            for kind in {record.kind for record in live}
            for key, row in rows_by_key(
                kind, [r.key for r in live if r.kind == kind], self.shared
            ).items()
        }

    def _known(self, text: str) -> PublishedRecord:
        parsed = parse_identifier(text)
        record = parsed and self.list.filter(kind=parsed[0], key=parsed[1]).first()
        if not record:
            raise error.IdDoesNotExistError("No record has this identifier.")
        return record


def _identify() -> common.Identify:
    # The register is one, whatever host is asked: under several names it would be harvested several times.
    exchange = Exchange.default()
    first = PublishedRecord.objects.order_by("datestamp").values_list("datestamp", flat=True)[:1]
    answer = common.Identify(
        repositoryName=exchange.name,
        baseURL=base_address(),
        protocolVersion="2.0",
        adminEmails=[exchange.email or f"oai@{site_name()}"],
        earliestDatestamp=_naive(first[0] if first else clock.now()),
        deletedRecord="persistent",
        granularity="YYYY-MM-DDThh:mm:ssZ",
        compression=["identity"],
        toolkit_description=False,
    )
    answer.add_description(
        '<oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
        "http://www.openarchives.org/OAI/2.0/oai-identifier "
        'http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"><scheme>oai</scheme>'
        f"<repositoryIdentifier>{site_name()}</repositoryIdentifier><delimiter>:</delimiter>"
        f"<sampleIdentifier>{identifier('result', 'abcdefgh2345')}</sampleIdentifier>"
        "</oai-identifier>"
    )
    return answer


def _sets(resumptionToken: str = "") -> tuple[list[tuple[str, str, str]], None]:
    if resumptionToken:
        raise error.BadResumptionTokenError("The list of sets has one page.")
    fields = Term.objects.in_vocabulary("st-fields").filter(level__lte=2).order_by("code")
    found = [(kind.cris_set, kind.cris_set, "") for kind in KINDS.values()]
    for term in fields:
        code = term.code
        name = f"field:{code}" if len(code) == 1 else f"field:{code[0]}:{code}"
        found.append((name, term.label_vi, ""))
    found += [(f"level:{value}", str(name), "") for value, name in TaskLevel.choices]
    return found, None


_TOKEN_ARGUMENTS: Final = {"metadataPrefix", "set", "from_", "until"}


def _read_token(token: str) -> tuple[dict[str, Any], int]:
    try:
        asked, after = decodeResumptionToken(token)
    except (ValueError, error.DatestampError) as problem:
        raise error.BadResumptionTokenError("The resumption token is not one of ours.") from problem
    if not set(asked) <= _TOKEN_ARGUMENTS or not 0 <= after < 2**63:
        raise error.BadResumptionTokenError("The resumption token is not one of ours.")
    return asked, after


def _key(record: PublishedRecord) -> tuple[str, str]:
    return record.kind, record.key


def _header(record: PublishedRecord, *, gone: bool) -> common.Header:
    return common.Header(
        None,
        identifier(record.kind, record.key),
        _naive(record.datestamp),
        record.sets.strip("|").split("|") if record.sets else [],
        gone,
    )


def _known_format(prefix: str) -> None:
    if prefix not in FORMATS:
        raise error.CannotDisseminateFormatError(f"Formats: {', '.join(FORMATS)}.")


def _naive(moment: datetime) -> datetime:
    """As the library has it: UTC, and says so nowhere."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


_writers = MetadataRegistry()
_writers.registerWriter("oai_dc", dublin_core.write)
_writers.registerWriter("oai_cerif_openaire", cerif.write)
_writers.registerWriter("marcxml", marc.write)


class _Tree(XMLTreeServer):
    """The library's answers, with the moment put back and the end of a list said."""

    def _outputBasicEnvelope(self, **kw: Any) -> Any:
        tree, root = super()._outputBasicEnvelope(**kw)
        root[0].text = datetime_to_datestamp(_naive(clock.now() - MARGIN))
        return tree, root

    def _outputResuming(self, element: Any, input_func: Any, output_func: Any, kw: Any) -> None:
        super()._outputResuming(element, input_func, output_func, kw)
        if "resumptionToken" in kw and element[-1].tag != nsoai("resumptionToken"):
            etree.SubElement(element, nsoai("resumptionToken"))


class _Provider(ServerBase):
    def __init__(self, shared: Collection[str]) -> None:
        self._tree_server = _Tree(Repository(shared), _writers)


def answer(arguments: dict[str, list[str]], *, shared: Collection[str] = ()) -> bytes:
    """The XML answer to one request; what is wrong with it is said in the answer.

    `shared` are the sources that the reader has an agreement about.
    """
    provider = _Provider(shared)
    repeated = [name for name, values in arguments.items() if len(values) > 1]
    if repeated:
        return _failed(provider, error.BadArgumentError(f"Repeated: {', '.join(repeated)[:100]}."))
    asked = {name: values[0] for name, values in arguments.items()}
    if asked.get("verb") == "GetMetadata":
        return _failed(provider, error.BadVerbError("Illegal verb: GetMetadata"))
    if any("\0" in value or not _writable(value) for pair in asked.items() for value in pair):
        return _failed(provider, error.BadArgumentError("Characters that XML cannot hold."))
    return provider.handleRequest(asked)


def _failed(provider: _Provider, problem: error.ErrorBase) -> bytes:
    tree = provider._tree_server.handleException(problem)
    return etree.tostring(tree.getroot(), encoding="UTF-8", xml_declaration=True)


def _writable(text: str) -> bool:
    return all(ch in "\t\n\r" or ch >= " " for ch in text) and not any(
        "\ud800" <= ch <= "\udfff" or ch in "\ufffe\uffff" for ch in text
    )
