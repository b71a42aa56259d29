"""The indexes on the server: their mapping, their names, and which of them readers use.

    <prefix>-<mapping>            alias that readers and the writer use; also the index template
    <prefix>-<mapping>-<random>   an index: the current one, or one being built
    <prefix>-lock                 the locks of writer and builder

``<mapping>`` is a hash of mapping and analysis, so a program never reads what another version
built, and during a deployment each version has its own.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping as Dictionary
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Keyword, Long, Mapping, Object, Text, analyzer

from search.documents import NUMBERS, Document
from search.engines import fields
from search.engines.elastic.address import Address

#: Stands in a stream that would be empty, so that every stream counts all documents, as the
#: embedded engine does. No analysis makes such a term.
FILLER: Final = "-"

#: In the mapping's notes of an index that is being built: how far it is.
_POSITION: Final = "position"

_READY: Final = analyzer("ready_terms", tokenizer="whitespace")
_SIMILARITY: Final = "ours"


def _mapping() -> Mapping:
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    # Terms are made from title and text again when they are needed: at a rebuild.
    mapping.meta("_source", excludes=list(fields.STREAMS))
    mapping.meta(
        "dynamic_templates",
        [{"facets": {"path_match": f"{fields.FACETS}.*", "mapping": {"type": "keyword"}}}],
    )
    for name in (fields.ID, fields.KIND, fields.CODE):
        mapping.field(name, Keyword())
    for name in (fields.TITLE_TEXT, fields.BODY_TEXT):
        mapping.field(name, Text(index=False))
    mapping.field(fields.FACETS, Object(dynamic=True))
    for name in (fields.VERSION, *NUMBERS):
        mapping.field(name, Long())
    for name in fields.STREAMS:
        mapping.field(
            name, Text(analyzer=_READY, index_options="freqs", similarity=_SIMILARITY, norms=True)
        )
    return mapping


_MAPPING: Final[dict[str, Any]] = _mapping().to_dict()
_ANALYSIS: Final[dict[str, Any]] = {"analyzer": {_READY._name: _READY.get_definition()}}
FINGERPRINT: Final = hashlib.sha256(
    json.dumps([fields.FORMAT, fields.K1, fields.B, _MAPPING, _ANALYSIS], sort_keys=True).encode()
).hexdigest()[:10]


class Indexes:
    def __init__(self, address: Address) -> None:
        self.address = address
        self.alias = f"{address.prefix}-{FINGERPRINT}"
        self.lock = f"{address.prefix}-lock"
        self._ours = re.compile(
            rf"{re.escape(address.prefix)}-(?P<mapping>[0-9a-f]{{10}})-[0-9a-f]{{12}}"
        )

    def create(self, client: Elasticsearch, *, to_resume: bool) -> str:
        """A new, empty index that nobody reads; one ``to_resume`` is spared until it is whole."""
        client.indices.put_index_template(
            name=self.alias,
            index_patterns=[f"{self.alias}-*"],
            priority=500,
            template={"settings": self._settings(client), "mappings": _MAPPING},
        )
        name = f"{self.alias}-{uuid.uuid4().hex[:12]}"
        client.indices.create(index=name)
        if to_resume:
            self.keep(client, name, {})
        return name

    def unfinished(self, client: Elasticsearch) -> tuple[str, dict[str, int]] | None:
        """An index that a killed build left, and how far that build was."""
        found = client.indices.get_mapping(index=f"{self.alias}-*", allow_no_indices=True)
        for name, entry in sorted(found.body.items()):
            meta = entry["mappings"].get("_meta", {})
            if _POSITION in meta:
                return name, {kind: int(last) for kind, last in meta[_POSITION].items()}
        return None

    def keep(self, client: Elasticsearch, name: str, position: Dictionary[str, int]) -> None:
        client.indices.put_mapping(index=name, meta={_POSITION: dict(position)})

    def swap(self, client: Elasticsearch, name: str) -> int:
        """Readers go over in one step; returns the number of documents."""
        client.indices.refresh(index=name)
        client.cluster.health(index=name, wait_for_status="yellow", timeout="30s")
        count = int(client.count(index=name)["count"])
        if client.indices.get_mapping(index=name)[name]["mappings"].get("_meta"):
            # From here on it is no build to go on with.
            client.indices.put_mapping(index=name, meta={})
        replaced = self.current(client)
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove": {"index": old, "alias": self.alias}} for old in sorted(replaced)]
        client.indices.update_aliases(actions=actions)
        self.sweep(client, others=bool(replaced))
        return count

    def current(self, client: Elasticsearch) -> set[str]:
        """Behind the alias: one index, or none."""
        found = client.options(ignore_status=404).indices.get_alias(name=self.alias)
        return {name for name, entry in found.body.items() if isinstance(entry, dict)} - {"error"}

    def sweep(self, client: Elasticsearch, *, others: bool = False, builds: bool = False) -> None:
        """Remove indexes that no alias names; with ``builds`` also unfinished ones.

        With ``others`` those of other versions too: their processes read them until they have
        been replaced, which by the second build of this version they have.
        """
        found = client.indices.get(index=f"{self.address.prefix}-*", allow_no_indices=True)
        gone = set()
        for name, entry in found.body.items():
            match = self._ours.fullmatch(name)
            if match is None:
                continue
            is_strange = match["mapping"] != FINGERPRINT
            is_build = _POSITION in entry["mappings"].get("_meta", {})
            if is_strange and others:
                client.options(ignore_status=404).indices.delete_index_template(
                    name=f"{self.address.prefix}-{match['mapping']}"
                )
                gone.add(name)
            elif not entry["aliases"] and (builds or not is_build):
                gone.add(name)
        if gone:
            client.options(ignore_status=404).indices.delete(index=",".join(sorted(gone)))

    def discard(self, client: Elasticsearch, name: str) -> None:
        client.options(ignore_status=404).indices.delete(index=name)

    def _settings(self, client: Elasticsearch) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "number_of_shards": self.address.shards,
            # Each commit refreshes; between commits there is nothing new to see.
            "refresh_interval": "-1",
            "analysis": _ANALYSIS,
            "similarity": {_SIMILARITY: {"type": _bm25(client), "k1": fields.K1, "b": fields.B}},
        }
        if self.address.replicas is None:
            settings["auto_expand_replicas"] = "0-1"
        else:
            settings["number_of_replicas"] = self.address.replicas
        return settings


def _bm25(client: Elasticsearch) -> str:
    """The formula with the factor k1 + 1, as in tantivy: OpenSearch 3 has moved it to another name."""
    version = client.info()["version"]
    older = version.get("distribution") != "opensearch" or int(version["number"].split(".")[0]) < 3
    return "BM25" if older else "LegacyBM25"


def to_source(document: Document) -> dict[str, Any]:
    analysed = fields.analyse(document)
    source: dict[str, Any] = {
        fields.ID: analysed.id,
        fields.KIND: analysed.kind,
        fields.VERSION: document.version,
        fields.TITLE_TEXT: analysed.title,
        fields.BODY_TEXT: analysed.text,
        **analysed.numbers,
        **{name: analysed.streams.get(name) or FILLER for name in fields.STREAMS},
    }
    if analysed.codes:
        source[fields.CODE] = analysed.codes
    if analysed.facets:
        source[fields.FACETS] = analysed.facets
    return source
