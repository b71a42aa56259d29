"""A register of very many results on PostgreSQL: how long its pages take, facets included.

`python -m tests.benchmarks.probes registers COUNT [SEED]`, with DATABASE_URL naming an empty database of
its own (or one that an earlier run has filled) and the reference data where `tests.benchmarks` finds it.
What is timed is the whole of the product's answer to a request, by the clock, the first of each kind
apart: its templates, the connection, what the database has not read yet.
"""

import json
import random
import time
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Organization
from marketplace.research.filing import browse_batch, count_register
from marketplace.research.models import Participation, Programme, Register, Result
from tests.benchmarks.probes.many_results import make

REQUESTS: Final = 400
#: Rows of the register that change, as a bulk import of another 20,000 would, to be filed and counted.
CHANGED: Final = 20_000

Asked = tuple[str, str]


def main(count: str, seed: str = "1") -> None:
    if connection.vendor != "postgresql":
        raise SystemExit("this probe is of PostgreSQL")
    call_command("migrate", verbosity=0)
    figures: dict[str, Any] = {}
    if not Result.objects.exists():
        call_command("load_vocabularies", verbosity=0)
        figures["making"] = make(int(count), seed)
        figures["first_counting_seconds"] = _counted()
    figures["results"] = Result.objects.count()
    figures["counts_held"] = _one("SELECT count(*) FROM research_facetcount")
    figures["pages"] = _timed(random.Random(f"pages {seed}"))
    figures |= _brought_up_to_date()
    print(json.dumps(figures, indent=1))


def _counted() -> float:
    started = time.monotonic()
    count_register(Register.RESULT)
    return time.monotonic() - started


def _brought_up_to_date() -> dict[str, float]:
    """What a bulk import leaves to the stages: filing what came, counting all anew."""
    keys = Result.objects.order_by("-pk").values_list("pk", flat=True)[:CHANGED]
    Result.objects.filter(pk__in=list(keys)).update(browsed_version=0)
    started = time.monotonic()
    while browse_batch():
        pass
    filed = time.monotonic() - started
    return {"filed": CHANGED, "filing_seconds": filed, "counting_seconds": _counted()}


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


# --- pages ------------------------------------------------------------------------------------


def _timed(chance: random.Random) -> dict[str, dict[str, float]]:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    asked = list(_addresses(chance))
    chance.shuffle(asked)
    first: dict[str, float] = {}
    seconds: dict[str, list[float]] = {}
    for kind, address in asked:
        started = time.perf_counter()
        response = client.get(address)
        took = time.perf_counter() - started
        if response.status_code not in (200, 302):
            raise SystemExit(f"{response.status_code} at {address}")
        if kind not in first:
            first[kind] = took
        else:
            seconds.setdefault(kind, []).append(took)
    everything = [one for found in seconds.values() for one in found]
    return {
        kind: {
            "requests": len(found),
            "p50_ms": _percentile(found, 0.5),
            "p95_ms": _percentile(found, 0.95),
            "max_ms": round(max(found) * 1000, 1),
            "first_ms": round(first.get(kind, 0) * 1000, 1),
        }
        for kind, found in sorted({**seconds, "all": everything}.items())
    }


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


def _addresses(chance: random.Random) -> Iterator[Asked]:
    """What readers choose: their filters are values of records that there are, big and small alike."""
    keys = Result.objects.order_by("pk").values_list("pk", flat=True)
    last = _one("SELECT max(id) FROM research_result")
    drawn = sorted(chance.randint(keys[0], last) for _each in range(REQUESTS * 2))
    rows = list(Result.objects.filter(pk__in=drawn).select_related("organization", "programme"))
    chance.shuffle(rows)
    agencies = dict(
        Organization.objects.filter(
            name__in={row.agency for row in rows if row.agency}
        ).values_list("name", "public_id")
    )
    for at, row in enumerate(rows[:REQUESTS]):
        yield from _lists(chance, at, _choices(chance, row, agencies))
        if at % 4 == 0:
            yield from _pages_of(chance, row)


def _choices(chance: random.Random, row: Result, agencies: dict[str, str]) -> dict[str, str]:
    found = {
        "nam": str(row.year or ""),
        "cap": row.level,
        "co-quan": agencies.get(row.agency, ""),
        "tinh": row.organization.province_code if row.organization else "",
        "chuong-trinh": row.programme.public_id if row.programme else "",
    }
    if row.field_codes:
        found["linh-vuc"] = row.field_codes[0][: chance.choice((1, 3, 5))]
    return {name: value for name, value in found.items() if value}


def _lists(chance: random.Random, at: int, choices: dict[str, str]) -> Iterator[Asked]:
    url = reverse("research:result_list")
    names = chance.sample(sorted(choices), k=min(at % 5, len(choices)))
    query = "&".join(f"{name}={choices[name]}" for name in names)
    yield f"list, {len(names)} filters", f"{url}?{query}"
    if len(names) < 3:
        page = chance.choice((2, 10, 100, 500))
        yield f"list, {len(names)} filters, deep", f"{url}?{query}&page={page}"
    if at % 4 == 0 and "nam" in choices:
        yield "list of a year", f"{url}?nam={choices['nam']}"


def _pages_of(chance: random.Random, row: Result) -> Iterator[Asked]:
    yield "result", row.get_absolute_url()
    yield "old number", reverse("research:result_numbered", args=[row.archive_number])
    code = (row.field_codes or ["2"])[0][: chance.choice((1, 3, 5))]
    yield "field", reverse("research:field", args=[code])
    if row.organization:
        public_id = row.organization.public_id
        yield "organisation", row.organization.get_absolute_url()
        yield "list of an organisation", f"{reverse('research:result_list')}?to-chuc={public_id}"
    if row.programme:
        yield "programme", row.programme.get_absolute_url()
    part = Participation.objects.filter(result=row).select_related("person").first()
    if part:
        yield "person", part.person.get_absolute_url()
        words = " ".join(part.person.name.split()[-2:])
        yield "people by name", f"{reverse('research:person_list')}?ten={words}"
    if chance.random() < 0.3:
        yield "fields", reverse("research:field_list")
        page = chance.randint(1, max(1, Programme.objects.count() // 20))
        yield "programmes", f"{reverse('research:programme_list')}?page={page}"
