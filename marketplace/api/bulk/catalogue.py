"""The catalogue in DCAT (W3C, version 3), as JSON-LD, and the manifest of the files."""

from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from marketplace.accounts.models import Exchange
from marketplace.api.bulk.columns import COLUMNS, DATASETS, RESULTS, Dataset
from marketplace.api.models import Export
from marketplace.api.oai.addresses import base_address

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def manifest(export: Export) -> dict[str, Any]:
    """What a program needs to fetch the files and to know that they came whole."""
    return {
        "made_at": export.made_at.isoformat(),
        "records": export.records,
        "licence": LICENCE,
        "columns": [{"name": c.name, "kind": c.kind} for c in COLUMNS],
        "datasets": [
            {
                "name": one.name,
                "records": next(iter(f["records"] for f in _files(export, one)), 0),
                "columns": [{"name": c.name, "kind": c.kind} for c in one.columns],
            }
            for one in DATASETS
        ],
        "files": [
            {
                "name": file["name"],
                "media_type": file["media_type"],
                "address": file_address(file["name"]),
                "bytes": file["bytes"],
                "sha256": file["sha256"],
            }
            for file in export.files
        ],
    }


def catalogue(export: Export | None) -> dict[str, Any]:
    """The datasets with their files, and the harvesting service that serves the first."""
    # Of the register, which is one, whatever host is asked (as `oai.provider`).
    exchange = Exchange.default()
    page = _address("api_pages:open_data")
    return {
        "@context": _CONTEXT,
        "@id": page,
        "@type": "dcat:Catalog",
        "dct:title": _both({"vi": exchange.name, "en": exchange.name_en or exchange.name}),
        "dct:publisher": _publisher(exchange),
        "dcat:dataset": [_dataset(one, export, exchange) for one in DATASETS],
        "dcat:service": [
            {
                "@id": base_address(),
                "@type": "dcat:DataService",
                "dct:title": "OAI-PMH 2.0",
                "dct:conformsTo": {"@id": "http://www.openarchives.org/OAI/2.0/"},
                "dcat:endpointURL": {"@id": base_address()},
                "dcat:servesDataset": {"@id": f"{page}#results"},
            }
        ],
    }


def _dataset(one: Dataset, export: Export | None, exchange: Exchange) -> dict[str, Any]:
    page = _address("api_pages:open_data")
    dataset: dict[str, Any] = {
        "@id": f"{page}#{one.name}",
        "@type": "dcat:Dataset",
        "dct:title": _both(one.titles),
        "dct:license": {"@id": LICENCE},
        "dct:language": ["vi", "en"],
        "dct:publisher": _publisher(exchange),
        "dcat:landingPage": {"@id": page},
    }
    if export is not None:
        dataset["dct:modified"] = _moment(export)
        dataset["dcat:distribution"] = [_distribution(file) for file in _files(export, one)]
    return dataset


def _files(export: Export, dataset: Dataset) -> list[dict[str, Any]]:
    """Files that were made before there were several datasets are of results."""
    return [
        {"records": export.records, **file}
        for file in export.files
        if file.get("dataset", RESULTS.name) == dataset.name
    ]


def _distribution(file: dict[str, Any]) -> dict[str, Any]:
    address = file_address(file["name"])
    found = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": file["name"],
        "dct:license": {"@id": LICENCE},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{file['media_type']}"
        },
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file["sha256"],
        },
    }
    if file["name"].endswith(".gz"):
        found["dcat:compressFormat"] = {
            "@id": "https://www.iana.org/assignments/media-types/application/gzip"
        }
    return found


def file_address(name: str) -> str:
    return _address("api:download", name)


def _address(view: str, *arguments: str) -> str:
    with override("vi"):
        return settings.PUBLIC_URL.rstrip("/") + reverse(view, args=arguments)


def _publisher(exchange: Exchange) -> dict[str, Any]:
    return {"@type": "foaf:Organization", "foaf:name": exchange.operator or exchange.name}


def _moment(export: Export) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": export.made_at.isoformat()}


def _both(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]
