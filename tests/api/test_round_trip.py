"""What one exchange gives out, another takes in as the same record, whichever format they speak."""

import gzip
import io

import pytest

from marketplace.api.bulk.export import make_export
from marketplace.core import clock
from marketplace.research.forms import load_forms
from marketplace.research.models import Application
from marketplace.sources.formats.oai import Answer as Harvested
from marketplace.sources.imports.arriving import arrival_of
from marketplace.sources.imports.records import clean_record
from marketplace.sources.services import import_file
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ApplicationFactory, ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["oai_dc", "oai_cerif_openaire", "marcxml"])
def test_record_comes_through(client, give_out, prefix):
    load_forms()
    result = ResultFactory(
        title="Bộ kit LAMP phát hiện EHP trên tôm",
        title_en="A LAMP kit for EHP in shrimp",
        organization=OrganizationFactory(name="Viện Nuôi trồng Thử nghiệm", unclaimed=True),
        archive_number="2022-24-0001/KQNC",
    )
    give_out()

    answer = client.get("/oai", {"verb": "ListRecords", "metadataPrefix": prefix})
    [read] = Harvested(io.BytesIO(answer.content))
    record = clean_record(arrival_of(read, form=prefix).values()).record

    assert record.source_id == f"oai:127.0.0.1:result/{result.public_id}"
    assert (record.title, record.title_en) == (result.title, result.title_en)
    assert record.abstract == result.abstract
    assert record.organization == "Viện Nuôi trồng Thử nghiệm"
    assert record.archive_number == "2022-24-0001/KQNC"
    assert record.field_codes == ["40107"]
    assert record.year == 2022
    assert [person["name"] for person in record.people] == ["Trần Thị Thử", "Lê Văn Nghiệm"]
    assert set(result.keywords) <= set(record.keywords)
    assert record.source_url.endswith(result.get_absolute_url())


@pytest.mark.parametrize("prefix", ["oai_dc", "oai_cerif_openaire", "marcxml"])
def test_a_task_comes_through_as_a_task(client, give_out, prefix):
    load_forms()
    task = TaskFactory(title="Máy gieo lúa theo cụm", code="KC.91.41/21-30", state="ongoing")
    give_out()

    answer = client.get("/oai", {"verb": "ListRecords", "metadataPrefix": prefix})
    [read] = Harvested(io.BytesIO(answer.content))
    arrival = arrival_of(read, form=prefix)

    assert arrival.kind == "task"
    assert arrival.source_id == f"oai:127.0.0.1:task/{task.public_id}"
    if prefix != "oai_cerif_openaire":  # where it is one identifier of several
        assert arrival.data["code"] == "KC.91.41/21-30"


def test_uses_of_results_come_through_the_daily_file(client, media, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    given = ApplicationFactory(
        result__archive_number="2022-24-0001/KQNC", scale="2 tấn mỗi ngày", income=5_000_000,
        form_of_use="production", economic_effect="Giảm hao hụt 12 %", province_code="82",
    )  # fmt: skip
    ApplicationFactory(result=given.result, year_number=2, withdrawn_at=clock.now())
    make_export()
    packed = b"".join(client.get("/du-lieu-mo/tep/applications.jsonl.gz").streaming_content)
    (tmp_path / "ung-dung.jsonl.gz").write_bytes(packed)
    assert b"5000000" not in gzip.decompress(packed)

    summary = import_file(tmp_path / "ung-dung.jsonl.gz", source="noi-khac")

    taken = Application.objects.get(source="noi-khac")
    assert (summary.created, summary.remarks) == (1, 0)
    for name in (
        "result", "year_number", "organization_name", "place", "province_code", "scale",
        "form_of_use", "economic_effect",
    ):  # fmt: skip
        assert getattr(taken, name) == getattr(given, name), name
    assert (taken.source_id, taken.reported_on.isoformat()) == (given.public_id, given.reported_on)
