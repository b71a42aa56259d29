"""Services: what a laboratory, a valuer or an adviser does for others."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.completeness import gaps
from marketplace.listings.models import Service, ServiceAccreditation
from marketplace.listings.presentation import details, facts
from marketplace.listings.search import build_document
from marketplace.listings.supply import answered_needs
from tests.factories.listings import ServiceFactory

pytestmark = pytest.mark.django_db


def accredited(**values):
    return ServiceAccreditation(
        **{"name": "ISO/IEC 17025", "number": "VILAS 1234", "issuer": "BoA"} | values
    )


def test_service_is_written_step_by_step_submitted_and_published(
    owner, organization, workflow, client
):
    client.force_login(owner)
    client.post("/bang-dieu-khien/dich-vu/moi/", {"text": "Thử nghiệm độ ẩm " * 20})
    service = Service.objects.get()
    address = f"/bang-dieu-khien/dich-vu/{service.public_id}"
    assert services.draft_of(service).scope.startswith("Thử nghiệm độ ẩm")

    steps = {
        "dich-vu": {
            "service_kinds": ["testing", "inspection"],
            "title": "Thử nghiệm độ ẩm hạt cà phê",
            "summary": "Sai số 0,2 %, trả kết quả sau 3 ngày.",
            "field_codes_0": "40107",
            "language": "vi",
        },
        "noi-dung": {"scope": "Sấy đối chứng theo TCVN.", "deliverables": "Phiếu kết quả."},
        "nang-luc": {
            "accreditations-TOTAL_FORMS": "1",
            "accreditations-INITIAL_FORMS": "0",
            "accreditations-0-name": "ISO/IEC 17025",
            "accreditations-0-number": "VILAS 1234",
            "accreditations-0-valid_until": "2099-12-31",
        },
        "gia-thoi-gian": {
            "turnaround": "3 ngày làm việc",
            "price_mode": "asking",
            "price_min": "450 nghìn",
            "price_basis": "sample",
            "served_provinces_0": "66",
            "contact": owner.pk,
        },
        "cong-khai": {},
    }
    for slug, typed in steps.items():
        assert client.post(f"{address}/sua/{slug}/", {**typed, "tiep": "1"}).status_code == 302
    client.post(f"{address}/gui-duyet/")
    service.refresh_from_db()
    assert service.current_workflow_state is not None, gaps(services.draft_of(service))
    service.current_workflow_state.current_task_state.approve(user=workflow)

    page = client.get(service.get_absolute_url(), follow=True).content.decode()
    for said in ("DV-00001", "VILAS 1234", "31/12/2099", "Mỗi mẫu, mỗi chỉ tiêu", "450.000"):
        assert said in page
    english = client.get(f"/en{Service.objects.get().get_absolute_url()}").content.decode()
    assert "Testing, measurement, verification" in english
    assert "Accreditations" in english


def test_complete_service_says_what_where_how_long_and_by_which_number():
    bare = ServiceFactory(
        service_kinds=[],
        scope="",
        deliverables="",
        turnaround="",
        price_mode="",
        is_nationwide=False,
    )
    bare.accreditations = [
        accredited(number=""),
        accredited(name="Cũ", valid_until=clock.today() - timedelta(days=1)),
    ]
    assert [gap.field for gap in gaps(bare)] == [
        "service_kinds", "scope", "deliverables", "turnaround", "accreditations", "accreditations",
        "price_mode", "served_provinces",
    ]  # fmt: skip
    assert gaps(ServiceFactory()) == []


def test_document_of_a_service_is_found_by_kind_place_and_number():
    service = ServiceFactory(
        is_nationwide=False, served_provinces=["01", "31"], province_code="75", published=True
    )
    service.accreditations = [accredited()]
    document = build_document(service)

    assert "VILAS 1234" in document.codes
    assert document.facets["service"] == ("testing",)
    assert document.facets["province"] == ("75", "01", "31")
    assert document.facets["evidence"] == ("certificate",)
    assert "Thử nghiệm, đo lường, kiểm định" in document.text
    nationwide = build_document(ServiceFactory(published=True))
    assert len(nationwide.facets["province"]) == 34


def test_what_a_service_answers_is_data_of_its_kinds():
    assert answered_needs(Service(service_kinds=["testing"])) == ("testing",)
    assert answered_needs(Service(service_kinds=["valuation", "transfer_advice"])) == (
        "service",
        "advice",
    )
    assert answered_needs(Service(service_kinds=["khong-con-dung"])) == ()


def test_facts_name_the_basis_of_the_price_and_the_places():
    service = Service(
        price_mode="asking", price_min=450_000, price_basis="sample", is_nationwide=True
    )
    assert ("Giá tính theo", "Mỗi mẫu, mỗi chỉ tiêu") in facts(service)
    assert ("Nhận việc ở", "Cả nước") in facts(service)
    assert details(Service(client_provides="2 kg mẫu"))[0] == ("Khách hàng chuẩn bị", "2 kg mẫu")
