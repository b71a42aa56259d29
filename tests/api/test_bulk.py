"""The daily files: whole, checked, and never of what is no longer public."""

import csv
import gzip
import hashlib
import io
import json

import pytest
from pyarrow import parquet

from marketplace.api.bulk import export as exporting
from marketplace.api.bulk.columns import COLUMNS
from marketplace.api.bulk.export import Interrupted, export_if_due, make_export
from marketplace.api.models import Export
from marketplace.core.storage import public_storage
from marketplace.research.services import withdraw_result
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch, media):
    monkeypatch.setattr(exporting, "_CHUNK", 2)


def fetched(client, name):
    response = client.get(f"/du-lieu-mo/tep/{name}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_every_format_holds_the_same_records(client):
    results = ResultFactory.create_batch(5)
    withdraw_result(ResultFactory(), by="test", reason="thử")
    make_export()

    lines = gzip.decompress(fetched(client, "results.jsonl.gz")).decode().splitlines()
    cells = gzip.decompress(fetched(client, "results.csv.gz")).decode("utf-8-sig")
    table = parquet.read_table(io.BytesIO(fetched(client, "results.parquet")))

    ids = [result.public_id for result in results]
    assert [json.loads(line)["id"] for line in lines] == ids
    rows = list(csv.DictReader(io.StringIO(cells)))
    assert [row["id"] for row in rows] == ids
    assert rows[0]["keywords"] == "sấy bơm nhiệt; xoài"
    assert table.column("id").to_pylist() == ids
    assert table.column_names == [column.name for column in COLUMNS] == list(json.loads(lines[0]))
    assert table.column("keywords").to_pylist()[0] == ["sấy bơm nhiệt", "xoài"]


def test_no_name_of_a_person_leaves_in_bulk(client):
    ResultFactory(people=[{"name": "Nguyễn Thị Riêng Tư", "role": "lead"}])
    make_export()

    assert "Riêng Tư" not in gzip.decompress(fetched(client, "results.jsonl.gz")).decode()


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_cells_are_no_formulas(client, start):
    ResultFactory(title=f"{start} máy sấy")
    make_export()

    cells = gzip.decompress(fetched(client, "results.csv.gz")).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(cells)))["title"] == f"'{start} máy sấy"


def test_manifest_and_catalogue_name_the_files_with_their_sums(client):
    ResultFactory()
    make_export()

    listed = client.get("/du-lieu-mo/manifest.json").json()
    catalogue = client.get("/du-lieu-mo/catalog.jsonld").json()

    assert listed["records"] == 1
    assert [one["records"] for one in listed["datasets"]] == [1, 0]
    for file in listed["files"]:
        content = fetched(client, file["name"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["bytes"]
    sums = {
        d["dcat:downloadURL"]["@id"]: d["spdx:checksum"]["spdx:checksumValue"]
        for dataset in catalogue["dcat:dataset"]
        for d in dataset["dcat:distribution"]
    }
    assert sums == {file["address"]: file["sha256"] for file in listed["files"]}


def test_same_records_make_the_same_bytes():
    ResultFactory.create_batch(3)

    first, second = make_export(), make_export()

    text = [[f["sha256"] for f in e.files if f["name"].endswith(".gz")] for e in (first, second)]
    assert text[0] == text[1]


def test_files_are_made_daily_when_something_changed(give_out, frozen_clock):
    assert not export_if_due()  # nothing is public yet
    result = ResultFactory()
    give_out()

    assert export_if_due()
    frozen_clock.move(hours=25)
    assert not export_if_due()  # nothing changed
    ResultFactory()
    give_out()
    assert export_if_due()
    frozen_clock.move(minutes=30)
    withdraw_result(result, by="test", reason="thử")
    give_out()
    assert not export_if_due()
    frozen_clock.move(minutes=31)
    assert export_if_due()  # what was withdrawn is not offered for a day


def test_interrupted_export_leaves_the_old_files_and_nothing_else(settings):
    ResultFactory.create_batch(5)
    old = make_export()
    stored = [file["stored"] for file in old.files]

    with pytest.raises(Interrupted):
        make_export(keep_going=lambda: False)

    assert Export.objects.get() == old
    assert all(public_storage().exists(name) for name in stored)
    assert not list((settings.DATA_DIR / "exports").iterdir())


def test_old_files_go_when_newer_ones_are_there():
    ResultFactory()
    first = make_export()
    make_export()
    make_export()

    assert Export.objects.count() == 2
    assert not any(public_storage().exists(file["stored"]) for file in first.files)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_says_what_there_is(client, give_out, prefix):
    assert client.get(f"{prefix}/du-lieu-mo/").status_code == 200
    result = ResultFactory()
    give_out()
    make_export()

    page = client.get(f"{prefix}/du-lieu-mo/").content.decode()

    assert "results.parquet" in page
    assert f"result/{result.public_id}" in page
    assert client.get("/du-lieu-mo/tep/secret.txt").status_code == 404


def test_without_files_programs_are_told_there_is_none(client):
    assert client.get("/du-lieu-mo/manifest.json").status_code == 404
    assert (
        "dcat:distribution"
        not in client.get("/du-lieu-mo/catalog.jsonld").json()["dcat:dataset"][0]
    )
