"""An offer made of a registered result: what it is filled with, once, and by whom."""

from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.listings import services
from marketplace.listings.completeness import right_gaps
from marketplace.listings.models import OfferFromResult, Specification, TechnologyOffer
from marketplace.listings.prefill import offer_values
from marketplace.registration import services as registration
from marketplace.registration.models import Certificate
from tests.factories.registration import DossierFactory
from tests.factories.research import ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db

ABSTRACT = "Xoài sấy hầm thường sẫm màu. Máy sấy bơm nhiệt ở 45 °C giữ 90 % màu. Năng suất 300 kg mỗi mẻ. Đã chuyển giao."


@pytest.fixture
def result(organization):
    return ResultFactory(
        organization=organization,
        abstract=ABSTRACT,
        certificate_number="01/2026/KQNC",
        products="Năng suất: 300 kg/giờ\nTỷ lệ nhân nguyên: từ 92 % trở lên\nNhiệt độ sấy: 35–60 °C\n"
        "Báo cáo tổng hợp 120 trang",
        ip_rights=[
            {"number": "2-2021-00123", "type": "utility_solution", "status": "granted"},
        ],
    )  # fmt: skip


def make(result, by, organization):
    return services.offer_from_result(result, organization=organization, by=by)[0]


def address(result):
    return reverse("listings:offer_from_result", args=[result.public_id])


def test_draft_holds_what_the_record_says(result, owner, organization):
    draft = services.draft_of(make(result, owner, organization))

    assert draft.title == result.title
    assert draft.summary == draft.problem == "Xoài sấy hầm thường sẫm màu."
    assert draft.advantage.splitlines() == [
        "Máy sấy bơm nhiệt ở 45 °C giữ 90 % màu.",
        "Năng suất 300 kg mỗi mẻ.",
    ]
    assert (draft.field_codes, draft.trl, draft.keywords) == (["40107"], 7, "sấy bơm nhiệt, xoài")
    assert draft.results == [result.public_id]
    assert "01/2026/KQNC" in draft.certificates
    assert "2022-24-0001/KQNC" in draft.certificates
    assert [(r.number, r.kind, r.status) for r in draft.ip_rights.all()] == [
        ("2-2021-00123", "utility_solution", "granted")
    ]
    assert (draft.ip_status, draft.right_basis, draft.contact) == ("granted", "", owner)
    assert not draft.live


def test_products_become_figures_where_they_can_be_read(result):
    rows = offer_values(result)["specifications"]
    operator = Specification.Operator
    assert [(r.name, r.operator, r.low, r.high, r.unit) for r in rows[:3]] == [
        ("Năng suất", operator.EQUAL, Decimal(300), None, "kg/giờ"),
        ("Tỷ lệ nhân nguyên", operator.AT_LEAST, Decimal(92), None, "%"),
        ("Nhiệt độ sấy", operator.BETWEEN, Decimal(35), Decimal(60), "°C"),
    ]


def test_aims_of_the_task_say_which_problem_is_solved(result, owner, organization):
    result.task = TaskFactory(aims="Làm chủ thiết kế máy sấy xoài.")
    draft = services.draft_of(make(result, owner, organization))
    assert draft.problem == "Làm chủ thiết kế máy sấy xoài."


def test_form_8_of_the_dossier_goes_before_the_abstract(media, organization, owner):
    sheet = {
        "has_process": True,
        "technology_name": "Quy trình sấy dẻo xoài",
        "technology_owner": organization.name,
        "process": "Gọt, cắt lát, sấy bơm nhiệt.",
        "parameters": "Độ ẩm cuối: không quá 14 %",
        "advantages": "Không dùng lưu huỳnh.",
        "development_level": "industrial",
        "protection": "filed",
        "application_scope": "Xưởng sấy ở Lâm Đồng.",
        "transfer_forms": ["independent_contract"],
    }
    dossier = DossierFactory(
        organization=organization, created_by=owner, state="registered", form=sheet
    )
    registered = Certificate.objects.get(dossier=dossier).result
    registration.print_batch()

    draft = services.draft_of(make(registered, owner, organization))

    assert (draft.title, draft.principle) == (sheet["technology_name"], sheet["process"])
    assert (draft.advantage, draft.customers) == (sheet["advantages"], sheet["application_scope"])
    assert (draft.ip_status, draft.development_level) == ("filed", "industrial")
    assert draft.transfer_forms == ["independent_contract"]
    [row] = draft.specifications.all()
    assert (row.name, row.operator, row.high, row.unit) == ("Độ ẩm cuối", "le", Decimal(14), "%")
    assert registered.certificate_number in draft.certificates


def test_record_without_texts_makes_an_almost_empty_draft(organization, owner):
    bare = ResultFactory(
        organization=organization, abstract="", keywords=[], field_codes=[], trl=None, language="",
        archive_number="",
    )  # fmt: skip
    draft = services.draft_of(make(bare, owner, organization))
    assert (draft.summary, draft.advantage, draft.certificates) == ("", "", "")
    assert not draft.specifications.all()


def test_asked_again_the_first_offer_is_given(result, owner, colleague, organization):
    first, is_new = services.offer_from_result(result, organization=organization, by=owner)
    again, is_new_again = services.offer_from_result(
        result, organization=organization, by=colleague
    )
    assert (again, is_new, is_new_again) == (first, True, False)
    assert TechnologyOffer.objects.count() == OfferFromResult.objects.count() == 1


def test_overtaken_at_the_same_moment_nothing_is_doubled(result, owner, organization, monkeypatch):
    """The other request commits after this one has looked and found nothing."""
    from marketplace.listings.services import from_results

    first = make(result, owner, organization)
    looked = iter([None, first])
    monkeypatch.setattr(from_results, "find_offer_from_result", lambda *_args: next(looked))
    assert services.offer_from_result(result, organization=organization, by=owner) == (first, False)
    assert TechnologyOffer.objects.count() == 1


def test_offer_without_a_right_basis_says_which_step_is_missing(
    result, owner, organization, workflow, as_user
):
    offer = make(result, owner, organization)
    services.save_draft(offer, changes={"right_basis": "not_yet"}, by=owner)
    offer.refresh_from_db()
    with pytest.raises(services.Incomplete) as refused:
        services.submit(offer, by=owner)
    [missing] = right_gaps(services.draft_of(offer))
    assert missing.message in [gap.message for gap in refused.value.gaps]

    page = as_user(owner).get(result.get_absolute_url()).content.decode()

    assert "Bước còn thiếu" in page
    assert reverse("listings:edit", args=["offer", offer.public_id, "quyen"]) in page
    services.save_draft(offer, changes={"right_basis": "owner"}, by=owner)
    assert "Bước còn thiếu" not in as_user(owner).get(result.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "person", ["owner", "colleague", "viewer", "stranger", "curator", "nobody"]
)
def test_only_those_who_edit_for_the_lead_organisation_make_an_offer(
    person, request, result, owner, colleague, viewer, stranger, curator, client
):
    may = person in ("owner", "colleague")
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    assert (address(result) in client.get(result.get_absolute_url()).content.decode()) is may

    response = client.post(address(result))

    if may:
        offer = TechnologyOffer.objects.get()
        assert response["Location"] == reverse(
            "listings:edit", args=["offer", offer.public_id, "cong-nghe"]
        )
        assert client.post(address(result))["Location"] == offer.owner_url
        assert offer.owner_url in client.get(result.get_absolute_url()).content.decode()
    else:
        assert response.status_code == (302 if person == "nobody" else 404)
        assert not TechnologyOffer.objects.exists()


@pytest.mark.parametrize("hidden", [False, True])
def test_strangers_see_an_offer_of_it_once_it_is_public_and_not_hidden(
    hidden, result, owner, organization, client
):
    offer = make(result, owner, organization)
    page = client.get(result.get_absolute_url()).content.decode()
    assert 'id="chao-ban"' not in page
    draft = services.draft_of(offer)
    draft.hide_owner, draft.summary = hidden, "Sấy dẻo xoài không lưu huỳnh."
    draft.save_revision(user=owner).publish(log_action=False)

    page = client.get(result.get_absolute_url()).content.decode()

    offer.refresh_from_db()
    assert (offer.get_absolute_url() in page) is not hidden
    assert ('id="chao-ban"' in page) is not hidden
    if not hidden:  # and the offer leads back
        assert result.get_absolute_url() in client.get(offer.get_absolute_url()).content.decode()


def test_withdrawn_or_restricted_result_makes_no_offer(result, owner, as_user):
    type(result).objects.filter(pk=result.pk).update(publication_state="pending")
    assert as_user(owner).post(address(result)).status_code == 404
    assert not TechnologyOffer.objects.exists()
