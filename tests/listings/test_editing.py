import re
from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.listings import services, wizard
from marketplace.listings.addresses import WORDS
from marketplace.listings.models import LISTING_MODELS, ListingStatus, Need
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import FACTORIES, NeedFactory, OfferFactory
from tests.factories.research import ResultFactory

KINDS = list(FACTORIES)


def url_of(listing, step):
    return reverse("listings:edit", args=[listing.KIND, listing.public_id, step])


def act_url(listing, name):
    return reverse(f"listings:{name}", args=[listing.KIND, listing.public_id])


def draft(listing):
    return services.draft_of(type(listing).objects.get(pk=listing.pk))


def field_of(response, name):
    match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.content.decode())
    return match[1] if match else ""


@pytest.fixture
def need(organization, owner):
    return services.create_draft("need", organization=organization, contact=owner)


@pytest.mark.parametrize("kind", KINDS)
def test_create_page_stores_nothing_until_it_is_posted(kind, owner, as_user):
    page = as_user(owner).get(f"/bang-dieu-khien/{WORDS[kind]}/moi/?text=sấy xoài")

    assert "sấy xoài" in page.content.decode()
    assert not LISTING_MODELS[kind].objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_create_posted_twice_makes_one_draft_and_leads_to_the_first_step(kind, owner, as_user):
    client = as_user(owner)
    form = {"text": "Sấy xoài", "idempotency_key": "k1"}
    first = client.post(f"/bang-dieu-khien/{WORDS[kind]}/moi/", form)
    second = client.post(f"/bang-dieu-khien/{WORDS[kind]}/moi/", form)

    listing = LISTING_MODELS[kind].objects.get()
    assert first["Location"] == second["Location"] == url_of(listing, wizard.STEPS[kind][0].slug)
    assert draft(listing).title == "Sấy xoài"


def test_create_without_an_organisation_says_what_to_do(as_user, curator):
    page = as_user(curator).get("/bang-dieu-khien/nhu-cau/moi/")

    assert "chưa đăng được thay tổ chức nào" in page.content.decode()


def test_create_for_a_chosen_organisation_only_of_ones_own(owner, as_user, organization):
    other = MembershipFactory(user=owner).organization
    foreign = OrganizationFactory()
    client = as_user(owner)

    client.post("/bang-dieu-khien/nhu-cau/moi/", {"organization": other.public_id})
    refused = client.post("/bang-dieu-khien/nhu-cau/moi/", {"organization": foreign.public_id})

    assert [n.organization for n in Need.objects.all()] == [other]
    assert "Chọn tổ chức đăng tin" in refused.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_opens_empty_and_filled(kind, owner, organization, as_user):
    client = as_user(owner)
    empty = services.create_draft(kind, organization=organization, contact=owner)
    filled = FACTORIES[kind](organization=organization, contact=owner, published=True)
    for listing in (empty, filled):
        for step in wizard.STEPS[kind]:
            assert client.get(url_of(listing, step.slug)).status_code == 200
        assert client.get(act_url(listing, "review")).status_code == 200
        assert client.get(act_url(listing, "preview")).status_code == 200


def test_step_is_saved_and_leads_on(need, owner, as_user):
    response = as_user(owner).post(
        url_of(need, "nhu-cau"),
        {"title": "Tách vỏ điều", "need_kinds": ["buy", "license"], "field_codes_0": "40107", "field_codes_1": "", "field_codes_2": "40107", "tiep": "1"},
    )  # fmt: skip

    assert response["Location"] == url_of(need, "hien-trang")
    saved = draft(need)
    assert (saved.title, saved.need_kinds, saved.field_codes) == (
        "Tách vỏ điều",
        ["buy", "license"],
        ["40107"],
    )


@pytest.mark.parametrize(
    ("button", "goes_to"),
    [({"quay-lai": "1"}, "nhu-cau"), ({"tiep": "1"}, "chi-tieu")],
)
def test_going_back_and_on_both_save(button, goes_to, need, owner, as_user):
    response = as_user(owner).post(url_of(need, "hien-trang"), {"problem": "Vỡ nhân", **button})

    assert response["Location"] == url_of(need, goes_to)
    assert draft(need).problem == "Vỡ nhân"


def test_leaving_for_later_saves_and_leads_to_the_listing(need, owner, as_user):
    response = as_user(owner).post(
        url_of(need, "hien-trang"), {"problem": "Vỡ nhân", "de-sau": "1"}
    )

    assert response["Location"] == need.owner_url
    assert draft(need).problem == "Vỡ nhân"


def test_money_and_days_are_taken_as_people_write_them(need, owner, as_user):
    day = clock.today() + timedelta(days=40)
    as_user(owner).post(
        url_of(need, "doi-tac"),
        {
            "budget_min": "800 triệu",
            "budget_max": "1,2 tỷ",
            "deadline": f"{day:%d/%m/%Y}",
            "tiep": "1",
        },
    )

    saved = draft(need)
    assert (saved.budget_min, saved.budget_max, saved.deadline) == (800_000_000, 1_200_000_000, day)


def test_what_cannot_be_read_is_kept_shown_beside_its_field_and_the_rest_saved(
    need, owner, as_user
):
    client = as_user(owner)
    response = client.post(
        url_of(need, "doi-tac"),
        {"budget_min": "rất nhiều", "deadline": "mai mốt", "partner_role": "Lắp đặt", "tiep": "1"},
    )

    assert response["Location"] == url_of(need, "doi-tac")
    page = client.get(url_of(need, "doi-tac")).content.decode()
    assert "rất nhiều" in page
    assert "mai mốt" in page
    assert "Chưa đọc được số tiền này" in page
    assert draft(need).partner_role == "Lắp đặt"
    assert "rất nhiều" not in client.get(url_of(need, "nhu-cau")).content.decode()

    client.post(url_of(need, "doi-tac"), {"budget_min": "2 tỷ", "tiep": "1"})
    assert "rất nhiều" not in client.get(url_of(need, "doi-tac")).content.decode()
    assert draft(need).budget_min == 2_000_000_000


def test_a_form_with_something_unreadable_is_not_stale_to_itself(need, owner, as_user):
    client = as_user(owner)
    page = client.get(url_of(need, "doi-tac"))
    form = {"seen": field_of(page, "seen"), "session": field_of(page, "session"), "tiep": "1"}

    response = client.post(url_of(need, "doi-tac"), form | {"budget_min": "rất nhiều"})

    assert response.status_code == 302


def test_a_budget_upside_down_is_kept_as_typed(need, owner, as_user):
    client = as_user(owner)
    client.post(url_of(need, "doi-tac"), {"budget_min": "3 tỷ", "budget_max": "1 tỷ", "tiep": "1"})

    page = client.get(url_of(need, "doi-tac")).content.decode()
    assert "1 tỷ" in page
    assert "Mức đến phải từ" in page
    assert draft(need).budget_max is None


def rows(*typed):
    data = {"specifications-TOTAL_FORMS": len(typed), "specifications-INITIAL_FORMS": 0}
    for number, row in enumerate(typed):
        data |= {f"specifications-{number}-{name}": value for name, value in row.items()}
    return data


def test_rows_are_saved_in_order_and_one_more_is_asked_for(need, owner, as_user):
    client = as_user(owner)
    response = client.post(
        url_of(need, "chi-tieu"),
        rows(
            {"name": "Nhân nguyên", "operator": "ge", "value": "92", "unit": "%"},
            {"name": "Nhiệt độ", "operator": "between", "value": "45–50", "unit": "°C"},
        )
        | {"them-dong": "specifications"},
    )

    assert [r.name for r in draft(need).specifications.all()] == ["Nhân nguyên", "Nhiệt độ"]
    page = client.get(response["Location"].split("#")[0]).content.decode()
    assert 'name="specifications-2-name"' in page
    assert "45–50" in page


def test_a_row_that_cannot_be_read_is_shown_again_with_the_others(need, owner, as_user):
    client = as_user(owner)
    client.post(
        url_of(need, "chi-tieu"),
        rows(
            {"name": "Năng suất", "operator": "ge", "value": "khá cao"},
            {"name": "Nhân nguyên", "operator": "ge", "value": "92", "unit": "%"},
        )
        | {"tiep": "1"},
    )

    page = client.get(url_of(need, "chi-tieu")).content.decode()
    assert "khá cao" in page
    assert "Chưa đọc được số này" in page
    assert [r.name for r in draft(need).specifications.all()] == ["Nhân nguyên"]


def test_a_post_without_its_rows_leaves_them_alone(need, owner, as_user):
    client = as_user(owner)
    client.post(
        url_of(need, "chi-tieu"),
        rows({"name": "A", "operator": "ge", "value": "1"}) | {"tiep": "1"},
    )
    client.post(url_of(need, "chi-tieu"), {"required_trl": "7", "tiep": "1"})

    assert draft(need).specifications.count() == 1
    assert draft(need).required_trl == 7


def test_autosave_says_when_it_saved_and_never_fails_loudly(need, owner, as_user):
    client = as_user(owner)
    good = client.post(
        url_of(need, "doi-tac"),
        {"budget_min": "không rõ", "tu-dong": "1"},
        headers={"HX-Request": "true"},
    )
    type(need).objects.filter(pk=need.pk).update(locked=True)
    locked = client.post(
        url_of(need, "doi-tac"),
        {"partner_role": "X", "tu-dong": "1"},
        headers={"HX-Request": "true"},
    )

    assert good.status_code == locked.status_code == 200
    assert "Đã lưu nháp" in good.content.decode()
    assert "đang khóa" in locked.content.decode()
    assert need.__class__.objects.get(pk=need.pk).draft_inputs["doi-tac"]["budget_min"] == [
        "không rõ"
    ]


def test_stale_form_keeps_what_was_typed_and_offers_both(need, owner, colleague, as_user):
    client = as_user(owner)
    page = client.get(url_of(need, "nhu-cau"))
    mine = {
        "title": "Của tôi",
        "seen": field_of(page, "seen"),
        "session": field_of(page, "session"),
        "tiep": "1",
    }
    services.save_draft(need, changes={"title": "Của đồng nghiệp"}, by=colleague)

    refused = client.post(url_of(need, "nhu-cau"), mine)

    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Của tôi" in text
    assert "Mở bản mới hơn" in text
    assert draft(need).title == "Của đồng nghiệp"

    client.post(url_of(need, "nhu-cau"), mine | {"de-len": "1"})
    assert draft(need).title == "Của tôi"


def test_a_page_saves_again_and_again_without_being_stale_to_itself(need, owner, as_user):
    client = as_user(owner)
    page = client.get(url_of(need, "nhu-cau"))
    form = {"seen": field_of(page, "seen"), "session": field_of(page, "session")}
    for title in ("A", "AB", "ABC"):
        client.post(url_of(need, "nhu-cau"), form | {"title": title, "tu-dong": "1"})
    done = client.post(url_of(need, "nhu-cau"), form | {"title": "ABCD", "tiep": "1"})

    assert done.status_code == 302
    assert draft(need).title == "ABCD"


def test_under_review_the_form_is_closed_and_a_late_post_keeps_its_text(
    owner, organization, workflow, as_user
):
    need = NeedFactory(organization=organization, contact=owner)
    services.submit(need, by=owner)
    client = as_user(owner)

    assert client.get(url_of(need, "nhu-cau"))["Location"] == need.owner_url
    late = client.post(url_of(need, "nhu-cau"), {"title": "Gõ muộn", "tiep": "1"})

    assert late.status_code == 409
    assert "Gõ muộn" in late.content.decode()
    assert draft(need).title == need.title


def test_review_lists_gaps_with_links_to_their_fields(need, owner, as_user):
    page = as_user(owner).get(act_url(need, "review")).content.decode()

    assert f'href="{url_of(need, "nhu-cau")}#id_title"' in page
    assert f'href="{url_of(need, "doi-tac")}#id_province_code"' in page


def test_submit_of_an_incomplete_draft_says_what_is_missing(need, owner, workflow, as_user):
    response = as_user(owner).post(act_url(need, "submit"))

    assert response.status_code == 400
    assert "Đặt tên cho nhu cầu" in response.content.decode()
    assert need.__class__.objects.get(pk=need.pk).number is None


def test_submit_twice_by_two_clicks_submits_once(owner, organization, workflow, as_user):
    need = NeedFactory(organization=organization, contact=owner)
    client = as_user(owner)
    page = client.get(act_url(need, "review"))
    form = {"revision": field_of(page, "revision"), "idempotency_key": "one"}

    first = client.post(act_url(need, "submit"), form)
    second = client.post(act_url(need, "submit"), form)

    assert first["Location"] == second["Location"] == need.owner_url
    row = Need.objects.get(pk=need.pk)
    assert row.status == ListingStatus.IN_REVIEW
    assert row.workflow_states.count() == 1


def test_submit_of_a_draft_changed_meanwhile_leads_back_to_the_review(
    owner, colleague, organization, workflow, as_user
):
    need = NeedFactory(organization=organization, contact=owner)
    client = as_user(owner)
    seen = field_of(client.get(act_url(need, "review")), "revision")
    services.save_draft(need, changes={"title": "Đã đổi"}, by=colleague)

    response = client.post(act_url(need, "submit"), {"revision": seen})

    assert response["Location"] == act_url(need, "review")
    assert Need.objects.get(pk=need.pk).status == ListingStatus.DRAFT


def test_an_unknown_step_is_not_found(need, owner, as_user):
    assert as_user(owner).get(url_of(need, "khong-co")).status_code == 404


def test_results_an_offer_stands_on_are_named_by_any_of_their_numbers(organization, owner, as_user):
    archived = ResultFactory(archive_number="2024-64-218/KQNC")
    other = ResultFactory(archive_number="")
    offer = services.create_draft("offer", organization=organization, contact=owner)
    client = as_user(owner)

    numbers = f"2024-64-218/KQNC, {other.public_id}, {archived.public_id}"
    client.post(url_of(offer, "quyen"), {"results": numbers, "tiep": "1"})
    assert draft(offer).results == [archived.public_id, other.public_id]

    client.post(url_of(offer, "quyen"), {"results": "2024-64-218/KQNC, 99/XX", "tiep": "1"})
    page = client.get(url_of(offer, "quyen")).content.decode()
    assert "Không có kết quả nào mang số 99/XX" in page
    assert draft(offer).results == [archived.public_id, other.public_id]


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [False, True])
def test_results_of_a_hidden_owner_are_not_shown(hidden, client):
    result = ResultFactory()
    offer = OfferFactory(published=True, results=[result.public_id], hide_owner=hidden)

    page = client.get(offer.get_absolute_url()).content.decode()

    assert (result.title in page) is not hidden
