"""What the index gets of results and organisations."""

import pytest

from marketplace.accounts.search import build_document as organization_document
from marketplace.research.search import build_document
from marketplace.research.services import withdraw_result
from search.queries import Query
from search.sync import sync_all
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def test_document_holds_levels_codes_and_numbers():
    result = ResultFactory(
        organization__province_code="68",
        ip_rights=[{"number": "2-2021-90417", "type": "", "status": ""}],
        result_code="KQ091204",
    )

    document = build_document(result)

    assert document.facets["field"] == ("4", "401", "40107")
    assert document.facets["organization"] == (result.organization.public_id,)
    assert document.facets["province"] == ("68",)
    assert document.codes == ("2022-24-0001/KQNC", "KQ091204", "2-2021-90417")
    assert document.numbers["trl"] == 7
    assert document.numbers["year"] == 2022
    assert "Trần Thị Thử" not in document.text


def test_bare_records_make_documents():
    result = ResultFactory(
        organization=None, year=None, trl=None, field_codes=[], keywords=[], abstract=""
    )

    assert build_document(result).facets == {
        "level": ("ministry",),
        "application": ("applied",),
        "language": ("vi",),
        "evidence": ("registered", "applied"),
    }
    assert organization_document(OrganizationFactory(kind="enterprise")).text == ""


def test_results_are_found_by_words_codes_and_filters(search_engine):
    result = ResultFactory(archive_number="2022-24-9118/KQNC")
    ResultFactory(title="Thép không gỉ", abstract="Luyện thép.", field_codes=["205"], keywords=[])
    sync_all()

    def found(text, **filters):
        query = Query(text=text, kinds=("result",), filters=filters)
        return [hit.key for hit in search_engine.search(query).hits]

    assert found("say bom nhiet") == [result.public_id]
    assert found("2022 24 9118") == [result.public_id]
    assert found("", field=("401",)) == [result.public_id]


def test_withdrawn_result_leaves_the_index(search_engine):
    result = ResultFactory()
    sync_all()
    withdraw_result(result, by="test", reason="sai")

    sync_all()

    assert search_engine.search(Query(text="xoài", kinds=("result",))).hits == []


def test_organisation_is_found_by_its_names(search_engine):
    organization = OrganizationFactory(name="Viện Dược liệu Pù Xai", short_name="VDLPX")
    sync_all()

    for text in ("vien duoc lieu", "VDLPX"):
        hits = search_engine.search(Query(text=text, kinds=("organization",))).hits
        assert [hit.key for hit in hits] == [organization.public_id]
