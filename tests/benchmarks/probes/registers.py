"""A register of very many results on PostgreSQL: how long its pages take, facets included.

`python -m tests.benchmarks.probes registers COUNT [SEED]`, with DATABASE_URL naming an empty database of
its own that is migrated. Some thousand results are made row by row and filed by the stage itself; the
others are copies of them and of their entries, made in the database. Counts and pages are the product's.
"""

import json
import random
import time
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Organization
from marketplace.accounts.services import find_or_create_organizations
from marketplace.research.browsing import browse_batch, count_register
from marketplace.research.models import Counting, Programme, Register, Result, field_trail
from marketplace.taxonomy.shipped import load_shipped

BASE: Final = 4000
REQUESTS: Final = 400
LEVELS: Final = ("national", "ministry", "province", "institution")


def main(count: str, seed: str = "1") -> None:
    if connection.vendor != "postgresql":
        raise SystemExit("this probe is of PostgreSQL")
    wanted, rng = int(count), random.Random(seed)
    if not Result.objects.exists():
        _make_base(rng)
        filing = _filed()
        _copy(wanted // BASE)
    else:
        filing = 0.0
    started = time.monotonic()
    count_register(Register.RESULT)
    counting = time.monotonic() - started
    figures = {
        "results": Result.objects.count(),
        "filed_per_second": filing,
        "counting_seconds": counting,
        "counts_held": _one("SELECT count(*) FROM research_facetcount"),
        "pages": _timed(rng),
    }
    print(json.dumps(figures, indent=1))


def _make_base(rng: random.Random) -> None:
    codes = [term.code for term in load_shipped("st-fields-2008") if len(term.code) in (3, 5)]
    provinces = [term.code for term in load_shipped("provinces-2025")]
    made = find_or_create_organizations([f"Vien nghien cuu thu {n}" for n in range(800)])
    organizations = list(made.values())
    for organization in organizations:
        organization.province_code = rng.choice(provinces)
    Organization.objects.bulk_update(organizations, ["province_code"])
    programmes = [
        Programme.objects.create(code=f"KC.{n}", name=f"Chuong trinh thu {n}") for n in range(40)
    ]
    # Few bodies have most of the records, as in life.
    agencies = [f"Bo thu {n}" for n in range(24) for _each in range(40 - n)]
    rows = []
    for number in range(BASE):
        fields = rng.sample(codes, k=rng.choice((1, 1, 1, 2, 3)))
        rows.append(
            Result(
                source="do",
                source_id=f"R{number}",
                content_hash=f"{number:032x}",
                title=f"Nghien cuu che tao thiet bi say nong san quy mo {number} kg moi gio",
                abstract="Mo hinh chay thu tai hop tac xa, so lieu do trong hai vu lien tiep. "
                * 12,
                field_codes=fields,
                field_trail=field_trail(fields),
                organization=rng.choice(organizations),
                agency=rng.choice(agencies),
                programme=rng.choice(programmes) if rng.random() < 0.3 else None,
                level=rng.choices(LEVELS, (1, 4, 6, 2))[0],
                year=rng.randint(1996, 2026),
                archive_number=f"{rng.randint(2000, 2026)}-02-{number}/KQNC",
            )
        )
    Result.objects.bulk_create(rows, batch_size=500)


def _filed() -> float:
    started = time.monotonic()
    while browse_batch():
        pass
    return BASE / (time.monotonic() - started)


def _copy(times: int) -> None:
    """Copies have other keys and stand among the others of their year."""
    own = {"id", "public_id", "source_id", "archive_number"}
    columns = [field.column for field in Result._meta.concrete_fields if field.column not in own]
    listed = ", ".join(f'"{column}"' for column in columns)
    of_base = ", ".join(f'base."{column}"' for column in columns)
    if times > 1:
        _run("ANALYZE research_result")
        _run(
            f"INSERT INTO research_result ({listed}, public_id, source_id, archive_number) "  # noqa: S608
            f"SELECT {of_base}, 'z' || lpad(to_hex(base.id * 4096 + copy), 9, '0'), "
            "base.source_id || '-' || copy, base.archive_number || '-' || copy "
            f"FROM generate_series(1, {times - 1}) AS copy, research_result AS base"
        )
        _copy_entries()
    _run("UPDATE research_result SET browsed_version = content_version WHERE browsed_version = 0")
    _run("VACUUM ANALYZE research_result, research_entry, research_entryfield")
    Counting.objects.update(changed=1)


def _copy_entries() -> None:
    # Without statistics of what was just copied the joins below are planned as loops.
    _run("DROP TABLE IF EXISTS copied")
    _run(
        "CREATE TABLE copied AS SELECT row.id, base.id AS base FROM research_result row "
        "JOIN research_result base ON base.source_id = split_part(row.source_id, '-', 1) "
        "WHERE row.source_id LIKE '%-%'"
    )
    _run("ANALYZE copied, research_result, research_entry, research_entryfield")
    _run(
        "INSERT INTO research_entry (register, record, year, level, agency_id, province, "
        "programme_id, organization_id) SELECT 'result', copied.id, entry.year, entry.level, "
        "entry.agency_id, entry.province, entry.programme_id, entry.organization_id "
        "FROM copied JOIN research_entry entry ON entry.record = copied.base"
    )
    _run("ANALYZE research_entry")
    _run(
        "INSERT INTO research_entryfield (entry_id, register, code, year, record) "
        "SELECT entry.id, 'result', field.code, entry.year, copied.id FROM copied "
        "JOIN research_entry entry ON entry.record = copied.id "
        "JOIN research_entryfield field ON field.record = copied.base"
    )
    _run("DROP TABLE copied")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _timed(rng: random.Random) -> dict[str, dict[str, float]]:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    addresses = list(_addresses(rng))
    for _kind, address in addresses[:12]:
        client.get(address)  # names of codes, templates, connections
    seconds: dict[str, list[float]] = {}
    rng.shuffle(addresses)
    for kind, address in addresses:
        started = time.perf_counter()
        response = client.get(address)
        took = time.perf_counter() - started
        if response.status_code != 200:
            raise SystemExit(f"{response.status_code} at {address}")
        seconds.setdefault(kind, []).append(took)
        seconds.setdefault("all", []).append(took)
    return {
        kind: {
            "requests": len(found),
            "p50_ms": _percentile(found, 0.5),
            "p95_ms": _percentile(found, 0.95),
            "max_ms": round(max(found) * 1000, 1),
        }
        for kind, found in sorted(seconds.items())
    }


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


def _addresses(rng: random.Random) -> Iterator[tuple[str, str]]:
    """What readers choose, from no filter to four, first pages and the last, records and fields."""
    url = reverse("research:result_list")
    rows = list(
        Result.objects.filter(source_id__startswith="R")
        .select_related("organization", "programme")
        .order_by("pk")[:REQUESTS]
    )
    by_name = {
        row.name: row.public_id for row in Organization.objects.filter(name__startswith="Bo")
    }
    for at in range(REQUESTS):
        row = rows[at % len(rows)]
        code = row.field_codes[0][: rng.choice((1, 3, 5))]
        choices = {
            "linh-vuc": code,
            "nam": str(row.year),
            "cap": row.level,
            "co-quan": by_name[row.agency],
            "tinh": row.organization.province_code if row.organization else "",
        }
        chosen = rng.sample(sorted(choices), k=at % 5)
        query = "&".join(f"{name}={choices[name]}" for name in chosen)
        page = rng.choice((1, 1, 2, 30, 500)) if at % 5 < 2 else 1
        yield f"list, {len(chosen)} filters", f"{url}?{query}&page={page}"
        if at % 8 == 0:
            yield "record", row.get_absolute_url()
            organization = row.organization
            assert organization is not None
            yield "list of an organisation", f"{url}?to-chuc={organization.public_id}"
        if at % 40 == 0 and row.programme:
            yield "programme", row.programme.get_absolute_url()
