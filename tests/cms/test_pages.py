"""Every page of the desk opens for those it is for, in Vietnamese, at a fixed number of queries."""

import pytest
from django.urls import reverse

from cms.listings import url_name
from marketplace.accounts.services import open_outreach
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS, Need, ReturnReason
from marketplace.listings.services import save_draft, submit
from marketplace.notifications.models import Delivery
from marketplace.sources.models import Run
from tests.cms.acts import review_address
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import FACTORIES, NeedFactory
from tests.factories.sources import SourceFactory


@pytest.mark.parametrize("kind", LISTING_MODELS)
def test_list_and_review_page_of_each_kind_open(kind, officer, organization, poster, as_user):
    listing = submit(FACTORIES[kind](organization=organization, contact=poster), by=poster)
    client = as_user(officer)

    listed = client.get(reverse(url_name(LISTING_MODELS[kind], "list")))
    read = client.get(review_address(listing))

    assert listing.display_number in listed.content.decode()
    assert "Duyệt bài này" in read.content.decode()


@pytest.mark.parametrize("kind", LISTING_MODELS)
def test_correction_form_shows_names_of_codes(kind, officer, organization, poster, as_user):
    listing = submit(FACTORIES[kind](organization=organization, contact=poster), by=poster)

    page = as_user(officer).get(reverse(url_name(LISTING_MODELS[kind], "edit"), args=[listing.pk]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "<select" in text
    assert "[&quot;40107&quot;]" not in text
    assert 'name="action-publish"' not in text


def test_other_pages_of_a_listing_open(submission, officer, as_user):
    client = as_user(officer)
    row = Need.objects.get(pk=submission.pk)
    for name, args in (
        ("history", [row.pk]),
        ("workflow_history", [row.pk]),
        ("revisions_compare", [row.pk, "earliest", "latest"]),
    ):
        assert client.get(reverse(url_name(Need, name), args=args)).status_code == 200


def test_list_shows_the_newest_title_of_what_is_not_live(submission, officer, as_user):
    page = as_user(officer).get(reverse(url_name(Need, "list")))

    assert submission.draft_title in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=in_review", {"A"}),
        ("state=returned", set()),
        ("state=published", {"B"}),
        ("state=withdrawn", set()),
        ("state=expired", set()),
        ("words=hạt điều", {"A"}),
        ("words=NC-00001", {"A"}),
        ("organization=hat dieu", {"A", "B"}),
        ("organization=khong co", set()),
    ],
)
def test_filters_of_the_list(query, found, desk, officer, organization, poster, as_user):
    waiting = NeedFactory(organization=organization, contact=poster, title="Tách vỏ hạt điều")
    submit(waiting, by=poster)
    live = NeedFactory(organization=organization, contact=poster, title="Khác", published=True)

    page = as_user(officer).get(f"{reverse(url_name(Need, 'list'))}?{query}")

    shown = {row.pk for row in page.context["object_list"]}
    assert shown == {row.pk for row, name in ((waiting, "A"), (live, "B")) if name in found}


def test_list_by_step_shows_what_waits_there(submission, officer, as_user):
    task = submission.current_workflow_task
    address = reverse(url_name(Need, "list"))
    client = as_user(officer)

    assert len(client.get(f"{address}?step={task.pk}").context["object_list"]) == 1
    other = submission.current_workflow_state.workflow.tasks.last()
    assert len(client.get(f"{address}?step={other.pk}").context["object_list"]) == 0


def queries_of(client, address, counter) -> int:
    client.get(address)
    with counter as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def counting():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_lists_take_a_fixed_number_of_queries(officer, poster, organization, as_user, counting):
    client = as_user(officer)
    addresses = [
        reverse(url_name(Need, "list")),
        reverse("organizations:index"),
        reverse("outreach:index"),
    ]

    def more(count):
        for _number in range(count):
            need = NeedFactory(organization=organization, contact=poster)
            submit(need, by=poster)
            live = NeedFactory(published=True)
            save_draft(live, changes={"title": "Sửa"}, by=live.contact)
            open_outreach(OrganizationFactory(status="unclaimed"), reason="Gợi ý")

    more(1)
    one = [queries_of(client, address, counting()) for address in addresses]
    more(2)
    three = [queries_of(client, address, counting()) for address in addresses]

    assert three == one


def test_home_takes_a_fixed_number_of_queries(officer, organization, poster, as_user, counting):
    client = as_user(officer)
    submit(NeedFactory(organization=organization, contact=poster), by=poster)
    one = queries_of(client, "/admin/", counting())
    for _number in range(2):
        submit(NeedFactory(organization=organization, contact=poster), by=poster)

    assert queries_of(client, "/admin/", counting()) == one


def test_home_says_what_waits_and_for_whom(submission, officer, lead, as_user):
    open_outreach(OrganizationFactory(status="unclaimed"), reason="Gợi ý")

    for_officer = as_user(officer).get("/admin/").content.decode()
    for_lead = as_user(lead).get("/admin/").content.decode()

    assert "Cần xử lý" in for_officer
    assert "Cán bộ kiểm tra nội dung" in for_officer
    assert "Chờ bạn duyệt" in for_officer
    assert review_address(submission) in for_officer
    assert "Chờ bạn duyệt" not in for_lead
    assert "Hồ sơ liên hệ đang mở" in for_officer


def test_home_has_no_search_of_pages_and_no_links_off_the_site(officer, as_user):
    text = as_user(officer).get("/admin/").content.decode()

    assert 'role="search"' not in text
    assert "wagtail.org" not in text
    assert "gravatar" not in text


def test_menu_holds_our_rooms_alone(officer, lead, as_user):
    from wagtail.admin.menu import admin_menu

    def names(user):
        request = as_user(user).get("/admin/").wsgi_request
        return {item.name for item in admin_menu.menu_items_for_request(request)}

    rooms = {
        "bulk-review",
        "cases-room",
        "listings-room",
        "matches-room",
        "organizations-room",
        "registers-room",
        "sources-room",
        "registration-room",
        "public-site",
        "reports",
        "staff-posts-room",
    }
    assert names(officer) == rooms
    assert names(lead) - names(officer) == {"settings"}


@pytest.mark.parametrize(
    "name",
    ["outreach:index", "organizations:index", "dead_letters:index", "imports:index"],
)
def test_desk_lists_open_empty_and_full(name, officer, poster, as_user):
    client = as_user(officer)
    assert client.get(reverse(name)).status_code == 200
    open_outreach(OrganizationFactory(status="unclaimed"), reason="Gợi ý")
    Delivery.objects.create(
        recipient=poster,
        dedupe_key="x",
        state="dead",
        not_before=clock.now(),
        created_at=clock.now(),
    )
    Run.objects.create(
        file_name="ket-qua.jsonl",
        source=SourceFactory(slug="demo"),
        started_at=clock.now(),
        refused=2,
        report_path="/x",
    )

    assert client.get(reverse(name)).status_code == 200


def test_leads_edit_the_reasons_and_officers_do_not(officer, lead, as_user):
    address = reverse("return_reasons:edit", args=[ReturnReason.objects.order_by("pk").first().pk])

    assert as_user(lead).get(address).status_code == 200
    assert as_user(officer).get(address).status_code == 302


def test_account_page_has_no_names_and_passwords_of_its_own(officer, as_user):
    page = as_user(officer).get("/admin/account/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "first_name" not in text
    assert "new_password1" not in text
