from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.models import DailyViews, Need, ReturnReason
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.factories.listings import (
    EquipmentFactory,
    NeedFactory,
    OfferFactory,
    ServiceFactory,
    one_step_workflow,
)

pytestmark = pytest.mark.django_db
HOME = "/bang-dieu-khien/"


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization).user


def text(response):
    return response.content.decode()


def test_home_needs_a_login(client):
    assert reverse("account_login") in client.get(HOME)["Location"]


def test_home_without_listings_leads_to_the_first_need(client, owner):
    client.force_login(owner)

    assert reverse("listings:need_create") in text(client.get(HOME))
    assert "Đăng nhu cầu đầu tiên" in text(client.get(HOME))


def test_home_without_an_organisation_says_what_to_do(client):
    client.force_login(UserFactory())

    assert "Bạn chưa thuộc tổ chức nào" in text(client.get(HOME))


def test_home_shows_my_listings_what_needs_me_first(client, owner, organization):
    mine = {"organization": organization, "contact": owner}
    NeedFactory(title="Đã lên trang", published=True, **mine)
    OfferFactory(title="Còn dở", **mine)
    waiting = EquipmentFactory(title="Đang chờ", **mine)
    curator = one_step_workflow()
    services.submit(waiting, by=owner)
    returned = NeedFactory(title="Phải sửa", **mine)
    services.submit(returned, by=owner)
    returned.current_workflow_task_state.reject(user=curator)
    NeedFactory(title="Của người khác", published=True)
    client.force_login(owner)

    page = text(client.get(HOME))

    places = [page.index(title) for title in ("Phải sửa", "Còn dở", "Đang chờ", "Đã lên trang")]
    assert places == sorted(places)
    assert "Của người khác" not in page


def test_home_tells_of_a_listing_that_ends_soon(client, owner, organization):
    NeedFactory(
        organization=organization,
        contact=owner,
        published=True,
        valid_until=clock.today() + timedelta(days=3),
    )
    client.force_login(owner)

    assert "Sắp hết hạn hiển thị" in text(client.get(HOME))


def test_home_costs_the_same_for_one_listing_of_a_kind_and_for_three(client, owner, organization):
    def add():
        for factory in (NeedFactory, OfferFactory, EquipmentFactory):
            factory(organization=organization, contact=owner, published=True)
            factory(organization=organization, contact=owner)

    def queries():
        client.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    add()
    client.force_login(owner)
    one = queries()
    add(), add()

    assert queries() == one


def test_home_shows_the_organisation_one_acts_for(client, owner, organization):
    other = MembershipFactory(user=owner).organization
    NeedFactory(title="Của nơi này", organization=organization, contact=owner)
    NeedFactory(title="Của nơi kia", organization=other, contact=owner)
    client.force_login(owner)

    for chosen, shown, hidden in ((organization, "này", "kia"), (other, "kia", "này")):
        client.post(reverse("accounts:switch_organization"), {"organization": chosen.public_id})
        page = text(client.get(HOME))
        assert f"Của nơi {shown}" in page
        assert f"Của nơi {hidden}" not in page


def test_listing_page_is_for_its_organisation_alone(client, owner, organization):
    need = NeedFactory(organization=organization, contact=owner)
    viewer = MembershipFactory(organization=organization, role=Membership.Role.VIEWER).user
    for person, status in (
        (owner, 200),
        (viewer, 200),
        (MembershipFactory().user, 404),
        (CuratorFactory(), 404),
    ):
        client.force_login(person)
        assert client.get(need.owner_url).status_code == status


def test_listing_page_gives_a_viewer_no_buttons(client, owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    viewer = MembershipFactory(organization=organization, role=Membership.Role.VIEWER).user
    withdraw = reverse("listings:withdraw", args=["need", need.public_id])
    client.force_login(owner)
    assert withdraw in text(client.get(need.owner_url))
    client.force_login(viewer)
    assert withdraw not in text(client.get(need.owner_url))


def test_listing_page_says_why_it_was_returned(client, owner, organization):
    curator = one_step_workflow()
    ReturnReason.objects.create(code="thieu-so", label_vi="Thiếu số liệu", text_vi="Nêu số.")
    need = NeedFactory(organization=organization, contact=owner)
    services.submit(need, by=owner)
    need.current_workflow_task_state.reject(user=curator)
    services.record_review(
        need,
        decision="returned",
        step="Nội dung",
        reason_codes=["thieu-so"],
        note="Ghi năng suất",
        by=curator,
    )
    client.force_login(owner)

    page = text(client.get(need.owner_url))

    for part in (
        "Cần chỉnh sửa trước khi đăng",
        "Thiếu số liệu",
        "Ghi năng suất",
        "Xem lại và gửi",
    ):
        assert part in page


@pytest.mark.parametrize("state", ["draft", "in_review", "live", "withdrawn", "expired"])
def test_listing_page_opens_in_every_state(state, client, owner, organization):
    one_step_workflow()
    need = NeedFactory(
        organization=organization,
        contact=owner,
        published=state in ("live", "withdrawn", "expired"),
    )
    if state == "in_review":
        services.submit(need, by=owner)
    if state == "withdrawn":
        services.withdraw(need, by=owner)
    if state == "expired":
        Need.objects.filter(pk=need.pk).update(valid_until=clock.today() - timedelta(days=1))
        services.expire_batch()
    client.force_login(owner)

    assert client.get(need.owner_url).status_code == 200


def test_listing_page_shows_views_by_day(client, owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    DailyViews.objects.create(kind="need", key=need.public_id, day=clock.today(), count=12)
    client.force_login(owner)

    page = text(client.get(need.owner_url))

    assert "12 lượt xem" in page
    assert '<svg class="bars"' in page


def test_front_page_shows_the_newest_and_costs_the_same_for_more(client):
    def queries():
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/")
        assert page.status_code == 200
        return len(captured)

    NeedFactory(published=True, title="Nhu cầu mới nhất")
    OfferFactory(published=True, title="Công nghệ mới nhất")
    EquipmentFactory(published=True)
    one = queries()
    assert "Nhu cầu mới nhất" in text(client.get("/"))
    for factory in (NeedFactory, OfferFactory, EquipmentFactory):
        factory.create_batch(2, published=True)

    assert queries() == one


def test_front_page_shows_a_technology_behind_a_catalogue_of_newer_services(client):
    before = clock.now() - timedelta(days=9)
    OfferFactory(title="Sấy lạnh bơm nhiệt", published=True, first_published_at=before)
    ServiceFactory.create_batch(7, published=True)

    assert "Sấy lạnh bơm nhiệt" in text(client.get("/"))


def test_front_page_without_anything_is_an_invitation(client):
    assert "Chưa có nhu cầu nào đang mở" in text(client.get("/"))


def test_many_listings_come_by_pages_what_needs_the_owner_first(client, owner, organization):
    NeedFactory.create_batch(21, organization=organization, contact=owner, published=True)
    draft = NeedFactory(organization=organization, contact=owner, title="Bản nháp cần viết tiếp")
    client.force_login(owner)

    first = client.get(reverse("dashboard:home")).content.decode()
    second = client.get(reverse("dashboard:home"), {"page": 2}).content.decode()

    assert first.count('class="listing-row"') == 20
    assert draft.title in first
    assert second.count('class="listing-row"') == 2
