"""What one exchange gives out, another takes in as the same record, whichever format they speak."""

import io

import pytest

from marketplace.research.forms import load_forms
from marketplace.sources.formats.oai import Answer as Harvested
from marketplace.sources.imports.arriving import arrival_of
from marketplace.sources.imports.records import clean_record
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory

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
