"""Who writes pages: officers drafts, leads what is published; nobody else gets near them."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Site

from cms.pages.models import ContentPage
from cms.setup import group_named, set_up_pages
from tests.cms.test_permissions import is_refused
from tests.factories.pages import make_page, top

pytestmark = pytest.mark.django_db
OUTSIDERS = ["poster", "colleague", "stranger", "nobody"]


@pytest.fixture
def client_of(request, as_user):
    def browser(name):
        return Client() if name == "nobody" else as_user(request.getfixturevalue(name))

    return browser


def form(page, **values):
    return {
        "title": page.title,
        "slug": page.slug,
        "introduction": "Mở đầu mới",
        "body-count": "0",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    } | values


def facts():
    rows = ContentPage.objects.order_by("pk")
    return list(rows.values_list("pk", "title", "live", "path", "latest_revision", "introduction"))


def acts(page):
    """Address and form of each act of the admin on a page."""
    key = page.pk
    return {
        "change": (reverse("wagtailadmin_pages:edit", args=[key]), form(page)),
        "publish": (
            reverse("wagtailadmin_pages:edit", args=[key]),
            form(page, **{"action-publish": "1"}),
        ),
        "unpublish": (reverse("wagtailadmin_pages:unpublish", args=[key]), {}),
        "delete": (reverse("wagtailadmin_pages:delete", args=[key]), {}),
        "move": (
            reverse("wagtailadmin_pages:move_confirm", args=[key, top("en").pk]),
            {},
        ),
        "add": (
            reverse("wagtailadmin_pages:add", args=["cms", "contentpage", key]),
            form(page, title="Mới", slug="moi"),
        ),
    }


ACTS = ["change", "publish", "unpublish", "delete", "move", "add"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_change_nothing(site, who, client_of):
    page = make_page("Trang")
    before = facts()
    client = client_of(who)
    for name, (address, data) in acts(page).items():
        assert is_refused(client.post(address, data)), name
    assert facts() == before


def test_officers_write_drafts_and_publish_nothing(site, officer, as_user):
    page = make_page("Trang")
    client = as_user(officer)
    before = facts()
    for name in ("unpublish", "delete", "move"):
        address, data = acts(page)[name]
        assert is_refused(client.post(address, data)), name
    assert facts() == before

    for name in ("change", "publish", "add"):
        address, data = acts(page)[name]
        client.post(address, data)
    page.refresh_from_db()
    assert page.introduction == ""
    assert page.get_latest_revision_as_object().introduction == "Mở đầu mới"
    assert not ContentPage.objects.get(slug="moi").live


def test_leads_publish_take_down_and_delete(site, lead, as_user):
    page = make_page("Trang")
    client = as_user(lead)

    def post(name):
        address, data = acts(page)[name]
        assert client.post(address, data).status_code == 302, name
        return ContentPage.objects.filter(pk=page.pk).first()

    assert post("publish").introduction == "Mở đầu mới"
    assert not post("unpublish").live
    assert post("delete") is None


def test_the_admin_shows_pages_to_staff(site, officer, lead, as_user):
    page = make_page("Trang")
    for person in (officer, lead):
        client = as_user(person)
        listed = client.get(reverse("wagtailadmin_explore", args=[top().pk])).content.decode()
        assert "Trang" in listed
        edited = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert edited.status_code == 200
        assert ("action-publish" in edited.content.decode()) is (person is lead)


def test_pages_offer_no_privacy(site, lead, as_user):
    page = make_page("Trang")
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    client = as_user(lead)
    client.post(address, {"restriction_type": "login"})
    assert not page.get_view_restrictions().exists()


def test_setting_up_again_changes_nothing(site):
    make_page("Trang")
    GroupPagePermission.objects.filter(group=group_named("officers")).delete()
    top().unpublish()
    before = facts()

    set_up_pages()

    assert facts() == before
    assert not GroupPagePermission.objects.filter(group=group_named("officers")).exists()
    assert Site.objects.get().root_page_id == top().pk


def test_the_page_wagtail_brings_makes_room(desk):
    from wagtail.models import Locale

    locale = Locale.objects.create(language_code="vi")
    root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    welcome = root.add_child(instance=Page(title="Welcome", slug="home", locale=locale))
    Site.objects.create(hostname="localhost", is_default_site=True, root_page=welcome)

    set_up_pages()

    assert not Page.objects.filter(pk=welcome.pk).exists()
    assert Site.objects.get().root_page_id == top().pk
    assert Page.objects.get(pk=root.pk).numchild == 2


def test_address_of_a_page_has_no_marks(site, lead, as_user):
    address = reverse("wagtailadmin_pages:add", args=["cms", "contentpage", top().pk])
    data = form(make_page("Trang"), title="Lịch tiếp đón", slug="lịch-tiếp-đón")
    as_user(lead).post(address, data | {"action-publish": "1"})
    assert ContentPage.objects.get(title="Lịch tiếp đón").get_absolute_url() == (
        "/trang/lich-tiep-don/"
    )
