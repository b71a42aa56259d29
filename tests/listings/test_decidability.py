"""Whether a buyer could decide by an offer, and the exact gaps."""

import pytest
from django.urls import reverse

from marketplace.listings import services
from marketplace.listings.decidability import decidability_of
from marketplace.listings.models import TechnologyOffer
from marketplace.taxonomy.models import Term, Vocabulary
from tests.factories.listings import FACTORIES

FULL = {
    "summary": "Giữ màu xoài 6 tháng không dùng sunfit, 0,82 kWh/kg nước ở 300 kg/mẻ",
    "compared_with": "sấy điện trở",
    "improvement": "điện giảm 35 % so với sấy điện trở, đo ở 300 kg/mẻ",
    "price_mode": "reference",
    "price_min": 800_000_000,
    "ip_status": "granted",
    "certificates": "Quatest 1, số 123",
}


@pytest.fixture
def offer(owner, organization):
    made = services.create_draft("offer", organization=organization, contact=owner)
    draft = services.draft_of(made)
    changes = FULL | {
        "ip_rights": [draft.ip_rights.model(number="VN 1-0012345", kind="invention", sort_order=0)],
        "specifications": [
            draft.specifications.model(name="Năng suất", operator="ge", low=300, unit="kg/mẻ")
        ],
    }
    services.save_draft(made, changes=changes, by=owner)
    return TechnologyOffer.objects.get(pk=made.pk)


def changed(offer, owner, **changes):
    services.save_draft(offer, changes=changes, by=owner)
    return services.draft_of(TechnologyOffer.objects.get(pk=offer.pk))


def test_decidability_of_a_full_offer_names_no_gap(offer):
    found = decidability_of(services.draft_of(offer))
    assert found.gaps == ()
    assert found.is_enough
    assert found.points == found.total == 8
    assert found.threshold == 6


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"summary": ""}, "summary", "Chưa có câu tóm tắt."),
        ({"summary": "Sấy 300 kg. Giữ màu 6 tháng."}, "summary", "2 câu"),
        ({"summary": "Giữ màu xoài rất lâu"}, "summary", "chưa có con số"),
        ({"compared_with": " "}, "compared_with", "so với giải pháp nào"),
        ({"improvement": ""}, "improvement", "tốt hơn bao nhiêu"),
        ({"improvement": "tiết kiệm điện hơn hẳn"}, "improvement", "con số kèm đơn vị"),
        (
            {"improvement": "điện giảm 35 % so với sấy điện trở"},
            "improvement",
            "trong điều kiện nào",
        ),
        ({"price_mode": "contact", "price_min": None}, "price_min", "chi phí"),
        ({"ip_status": ""}, "ip_status", "sở hữu trí tuệ"),
        ({"ip_rights": []}, "ip_rights", "chưa ghi số"),
        ({"certificates": ""}, "certificates", "Chưa có bằng chứng"),
        ({"specifications": []}, "specifications", "con số đã đo"),
    ],
)
def test_decidability_names_the_exact_gap(changes, field, words, offer, owner):
    found = decidability_of(changed(offer, owner, **changes))
    assert [gap.field for gap in found.gaps] == [field]
    assert words in str(found.gaps[0].message)
    assert found.points < found.total


def test_decidability_takes_running_costs_and_unfiled_rights_for_an_answer(offer, owner):
    draft = changed(
        offer, owner, price_mode="contact", price_min=None, price_note="vận hành 1.500 đồng/kg",
        ip_status="none", ip_rights=[],
    )  # fmt: skip
    assert decidability_of(draft).gaps == ()


def test_decidability_goes_by_the_edition_in_use(offer, owner):
    draft = changed(offer, owner, compared_with="", improvement="")
    assert not decidability_of(draft).is_enough
    edition = Vocabulary.objects.create(
        code="decidability-2027", scheme="decidability", edition="2027", label_vi="x", status="own"
    )
    for place, (code, points) in enumerate({"summary": "1", "cost": "1", "threshold": "2"}.items()):
        Term.objects.create(
            vocabulary=edition, code=code, notation=points, label_vi=code, position=place
        )
    found = decidability_of(draft)
    assert (found.points, found.total, found.threshold) == (2, 2, 2)
    assert found.is_enough


def test_decidability_is_a_matter_of_offers_alone(owner, organization):
    assert decidability_of(FACTORIES["need"](organization=organization, contact=owner)) is None


def test_review_step_leads_to_the_field_of_each_gap(offer, owner, as_user):
    changed(offer, owner, compared_with="", improvement="", specifications=[])
    page = as_user(owner).get(reverse("listings:review", args=["offer", offer.public_id]))
    text = page.content.decode()
    assert "Người mua quyết định được chưa?" in text
    assert "4 trên 8 điểm" in text
    for step, anchor in (
        ("mo-ta", "id_compared_with"), ("mo-ta", "id_improvement"), ("thong-so", "specifications"),
    ):  # fmt: skip
        url = reverse("listings:edit", args=["offer", offer.public_id, step])
        assert f'href="{url}#{anchor}"' in text
        assert f'id="{anchor}"' in as_user(owner).get(url).content.decode()
