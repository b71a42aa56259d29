"""Records a second that leave: through the protocol, page by page, and into the daily files."""

import html
import json
import re
import time

from django.db import connection

from marketplace.api.bulk.export import make_export
from marketplace.api.ledger import list_batch
from marketplace.api.oai.provider import FORMATS, answer
from marketplace.research.models import Result

_TOKEN = re.compile(rb"<resumptionToken>([^<]+)</resumptionToken>")


def main() -> None:
    records = Result.objects.count()
    listed = _seconds(_list_all)
    found = {
        "records": records,
        "listing": records / listed,
        "rows": records / _seconds(_plain_rows),
    }
    for prefix in FORMATS:
        started = time.perf_counter()
        given = _harvest(prefix)
        assert given == records, (prefix, given, records)
        found[prefix] = given / (time.perf_counter() - started)
    found["files"] = records / _seconds(make_export)
    print(json.dumps(found))


def _list_all() -> None:
    while list_batch():
        pass


def _plain_rows() -> None:
    """The baseline: the bare rows of every page, read and thrown away."""
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT * FROM research_result WHERE id > %s ORDER BY id LIMIT 200", [last]
            )
            page = cursor.fetchall()
            if not page:
                return
            last = page[-1][0]


def _harvest(prefix: str) -> int:
    given, arguments = 0, {"verb": ["ListRecords"], "metadataPrefix": [prefix]}
    while True:
        page = answer(arguments)
        given += page.count(b"<header")
        token = _TOKEN.search(page)
        if token is None:
            return given
        arguments = {
            "verb": ["ListRecords"],
            "resumptionToken": [html.unescape(token.group(1).decode())],
        }


def _seconds(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started
