"""Very many results made of the real ones, in PostgreSQL: for figures of large registers.

The real awards go through the importer, with the facets that they lack drawn by a seed, and through the
stages that file them and name their people. The rest are copies made in the database: same content, keys
of their own, mixed among the others of their year; so are the entries of the lists and the people.
"""

import gzip
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db import connection

from marketplace.accounts.models import Organization
from marketplace.research.filing import browse_batch
from marketplace.research.models import Counting, Programme, Result
from marketplace.research.naming import name_batch
from marketplace.sources.services import import_file
from marketplace.taxonomy.shipped import load_shipped
from tests.benchmarks import references

LEVELS: Final = ("national", "ministry", "province", "institution")
FAMILIES: Final = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
MIDDLES: Final = [
    "Văn",
    "Thị",
    "Đức",
    "Minh",
    "Quang",
    "Hồng",
    "Thanh",
    "Ngọc",
    "Xuân",
    "Hữu",
    "Anh",
    "Công",
]
GIVEN: Final = [
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Hải",
    "Hùng",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Phúc",
    "Sơn",
    "Tâm",
    "Yến",
]


def make(wanted: int, seed: str) -> dict[str, float]:
    """So many results, filed and named, marked as done; says how fast the product's part of it was."""
    chance = random.Random(f"many results {seed}")
    figures = _brought_in(chance)
    figures["filed_per_second"] = _done(browse_batch)
    figures["people_named_per_second"] = _done(name_batch)
    _copy(wanted)
    _set_done()
    return figures


def _brought_in(chance: random.Random) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "awards.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for row in _rows(chance):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        started = time.monotonic()
        summary = import_file(path)
        rate = summary.created / (time.monotonic() - started)
    provinces = [term.code for term in load_shipped("provinces-2025")]
    organizations = list(Organization.objects.order_by("pk"))
    for organization in organizations:
        organization.province_code = chance.choice(provinces)
    Organization.objects.bulk_update(organizations, ["province_code"], batch_size=500)
    Programme.objects.bulk_create(
        Programme(code=f"KC.{number:02d}", name=f"Chương trình trọng điểm số {number}")
        for number in range(120)
    )
    keys = list(Programme.objects.order_by("pk").values_list("pk", flat=True))
    # Some three in ten are of a programme, the first programmes have most of them.
    _run(
        "UPDATE research_result SET programme_id = (%s::bigint[])[1 + floor(power("
        "('x' || substr(md5(source_id), 1, 7))::bit(28)::int / 268435456.0, 2) * %s)::int] "
        "WHERE ('x' || substr(md5(source_id), 8, 2))::bit(8)::int < 77",
        keys,
        len(keys),
    )
    return {"imported_per_second": rate}


def _rows(chance: random.Random) -> Iterator[dict[str, Any]]:
    """The awards with what a Vietnamese record has beside: fields, level, people, numbers."""
    codes = [term.code for term in load_shipped("st-fields-2008") if len(term.code) in (3, 5)]
    provinces = [term.label for term in load_shipped("provinces-2025")]
    chance.shuffle(codes)
    weights = [1 / (3 + place) for place in range(len(codes))]
    people = [
        f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
        for _each in range(3000)
    ]
    with gzip.open(references.AWARDS, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            row["fields"] = chance.choices(codes, weights, k=chance.choice((1, 1, 1, 2, 3)))
            row["level"] = chance.choices(LEVELS, (2, 4, 3, 2))[0]
            if row["level"] == "province":
                row["agency"] = f"Ủy ban nhân dân {chance.choice(provinces)}"
            row["lead"] = chance.choice(people)
            row["people"] = chance.sample(people, k=2)
            row["so_ho_so"] = f"{row.get('year') or 2000}-02-{number}/KQNC"
            yield row


def _done(stage: Any) -> float:
    """Records a second."""
    started, done = time.monotonic(), 0
    while count := stage():
        done += count
    return done / (time.monotonic() - started)


def _copy(wanted: int) -> None:
    base = Result.objects.count()
    _run("ANALYZE research_result, research_entry, research_entryfield, research_participation")
    # Keys first, in any order: a copy stands among the others, not behind them. Three tables whose
    # rows are known by them are then filled by plain joins.
    _run(
        "CREATE UNLOGGED TABLE copies AS SELECT base, copy, (SELECT max(id) FROM research_result)"
        " + row_number() OVER (ORDER BY hashint8(base * 1009 + copy), base, copy) AS id"
        " FROM (SELECT row.id AS base, copy FROM research_result row,"
        " generate_series(1, %s) AS copy ORDER BY copy, row.id LIMIT %s) AS wanted",
        -(-wanted // base),
        max(0, wanted - base),
    )
    _run("ANALYZE copies")
    own = {"id": "copies.id", "public_id": "'z' || lpad(to_hex(copies.id), 9, '0')"}
    own |= {name: f"base.{name} || '-' || copies.copy" for name in ("source_id", "archive_number")}
    own["content_hash"] = "md5(base.content_hash || copies.copy)"
    _copy_rows(
        "research_result",
        own,
        [field.column for field in Result._meta.concrete_fields],
        "JOIN copies ON copies.base = base.id",
    )
    _run(
        "INSERT INTO research_entry (register, record, year, level, agency_id, province,"
        " programme_id, organization_id) SELECT register, copies.id, year, level, agency_id,"
        " province, programme_id, organization_id FROM research_entry base"
        " JOIN copies ON copies.base = base.record"
    )
    _run("ANALYZE research_entry")
    _run(
        "INSERT INTO research_entryfield (entry_id, register, code, year, record)"
        " SELECT entry.id, field.register, field.code, field.year, copies.id"
        " FROM research_entryfield field JOIN copies ON copies.base = field.record"
        " JOIN research_entry entry ON entry.record = copies.id"
    )
    _copy_people()
    _run("DROP TABLE copies")


def _copy_people() -> None:
    """Each copy has namesakes of its own: people do not grow with the register."""
    _run(
        "CREATE UNLOGGED TABLE namesakes AS SELECT row.id AS base, copy,"
        " (SELECT max(id) FROM research_person) + row_number() OVER () AS id"
        " FROM research_person row, (SELECT DISTINCT copy FROM copies) AS copy"
    )
    _run("ANALYZE namesakes")
    _run(
        "INSERT INTO research_person (id, public_id, name, name_key, name_folded, variants,"
        " organization_id, homonym, orcid, isni, is_hidden, created_at)"
        " SELECT namesakes.id, 'z' || lpad(to_hex(namesakes.id), 9, '0'), name, name_key,"
        " name_folded, variants, organization_id, namesakes.copy, '', '', false, created_at"
        " FROM research_person base JOIN namesakes ON namesakes.base = base.id"
    )
    _run(
        "INSERT INTO research_participation (person_id, result_id, role, position, name, name_key,"
        " is_settled) SELECT namesakes.id, copies.id, role, position, name, name_key, is_settled"
        " FROM research_participation base JOIN copies ON copies.base = base.result_id"
        " JOIN namesakes ON namesakes.base = base.person_id AND namesakes.copy = copies.copy"
    )
    _run("DROP TABLE namesakes")


def _copy_rows(table: str, own: dict[str, str], columns: list[str], join: str) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(own.get(column, f'base."{column}"') for column in columns)
    _run(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} base {join}")  # noqa: S608 - names of our own columns


def _set_done() -> None:
    """As if every stage had seen all of it, long enough ago for the database to have tidied up."""
    for table in ("research_result", "research_person", "research_participation", "research_entry"):
        _run(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )
    marks = ", ".join(f"{mark} = content_version" for mark in sorted(Result.STAGE_MARKS))
    _run(f"UPDATE research_result SET {marks} WHERE browsed_version = 0 OR people_version = 0")  # noqa: S608
    _run("VACUUM ANALYZE")
    Counting.objects.update(changed=1, counted=0)


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
