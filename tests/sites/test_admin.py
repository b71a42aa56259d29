"""Who sets up sites, and what comes of it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupSitePermission, Site

from cms.pages.models import SITE_DEPTH, ContentPage
from cms.setup import group_named
from cms.sites.models import SiteLook
from marketplace.accounts.fronts import home_of
from marketplace.accounts.models import Exchange
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, UserFactory

NEW = {
    "slug": "da-nang",
    "hostname": "danang.localhost",
    "name": "Sàn giao dịch Đà Nẵng",
    "name_en": "Da Nang Exchange",
    "operator": "",
    "address": "",
    "hotline": "",
    "email": "",
    "shows": "own",
}


def look_url(site):
    return reverse("wagtailsettings:edit", args=["cms", "sitelook", site.pk])


@pytest.fixture
def administrator(province):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = UserFactory(is_staff=True, is_superuser=True)
    TOTP.activate(user, generate_totp_secret())
    return user


class TestOpening:
    def test_new_exchange_has_its_site_at_once(self, client, administrator, settings):
        settings.ALLOWED_HOSTS = ["*"]
        client.force_login(administrator)
        answer = client.post(reverse("exchanges:add"), NEW)
        assert answer.status_code == 302, answer.context["form"].errors
        made = Exchange.objects.get(slug="da-nang")
        assert home_of(made.pk).address == "http://danang.localhost"
        assert home_of(made.pk).own_only
        tops = ContentPage.objects.filter(depth=SITE_DEPTH, slug__startswith="da-nang")
        assert {page.title for page in tops} == {"Sàn giao dịch Đà Nẵng", "Da Nang Exchange"}
        assert len({page.translation_key for page in tops}) == 1
        text = client.get("/", SERVER_NAME="danang.localhost").content.decode()
        assert "Đà Nẵng" in text

    def test_groups_of_staff_write_its_pages(self, client, administrator):
        client.force_login(administrator)
        client.post(reverse("exchanges:add"), NEW)
        top = ContentPage.objects.get(slug="da-nang")
        editor = staff_member("editors")
        assert top.permissions_for_user(editor).can_add_subpage()

    @pytest.mark.parametrize(
        "host",
        ["", "http://x.vn", "x.vn/a", "X Y.vn", "localhost:8000", "cantho.localhost", "a" * 300],
    )
    def test_host_that_is_none_or_taken_is_refused(self, client, administrator, host):
        client.force_login(administrator)
        answer = client.post(reverse("exchanges:add"), NEW | {"hostname": host})
        assert answer.status_code == 200
        assert answer.context["form"].errors["hostname"]
        assert not Exchange.objects.filter(slug="da-nang").exists()
        assert Site.objects.count() == 2

    def test_slug_is_once(self, client, administrator):
        client.force_login(administrator)
        answer = client.post(reverse("exchanges:add"), NEW | {"slug": "can-tho"})
        assert answer.context["form"].errors["slug"]
        assert Site.objects.count() == 2


class TestRights:
    def test_leads_change_every_exchange_and_look_but_open_none(self, client, province):
        client.force_login(staff_member("leads"))
        edit = reverse("exchanges:edit", args=[province.exchange.pk])
        values = {key: value for key, value in NEW.items() if key not in ("slug", "hostname")}
        assert client.post(edit, values | {"hotline": "1900 1111"}).status_code == 302
        province.exchange.refresh_from_db()
        assert (province.exchange.hotline, province.exchange.slug) == ("1900 1111", "can-tho")
        answer = client.post(look_url(province.site), {"theme": "plum", "offers_english": "on"})
        assert answer.status_code == 302
        assert province.look.theme == "plum"
        assert client.get(reverse("exchanges:add")).status_code != 200
        client.post(reverse("exchanges:add"), NEW)
        assert Exchange.objects.count() == 2

    @pytest.mark.parametrize("group", ["officers", "provincial", "editors", "finance"])
    def test_other_staff_change_neither(self, client, province, group):
        client.force_login(staff_member(group))
        for path in (
            look_url(province.site),
            reverse("exchanges:edit", args=[province.exchange.pk]),
        ):
            assert client.get(path).status_code != 200
            client.post(path, {"theme": "plum", "name": "Khác", "shows": "all"})
        province.exchange.refresh_from_db()
        assert (province.look.theme, province.exchange.name) == ("blue", "Sàn giao dịch Cần Thơ")

    def test_enterprises_and_visitors_change_neither(self, client, province):
        owner = MembershipFactory(role="owner").user
        for user in (None, owner, UserFactory()):
            if user:
                client.force_login(user)
            assert client.post(look_url(province.site), {"theme": "plum"}).status_code != 200
        assert province.look.theme == "blue"

    def test_group_of_one_site_changes_that_one_alone(self, client, province):
        """As Wagtail has it: the right on one site, given where groups are edited."""
        own = Group.objects.create(name="Trang Cần Thơ")
        own.permissions.add(Permission.objects.get(codename="access_admin"))
        GroupSitePermission.objects.create(
            group=own,
            site=province.site,
            permission=Permission.objects.get(codename="change_sitelook"),
        )
        person = staff_member("editors")
        person.groups.set([own])
        client.force_login(person)
        client.post(look_url(province.site), {"theme": "indigo"})
        assert province.look.theme == "indigo"
        other = Site.objects.get(is_default_site=True)
        assert client.post(look_url(other), {"theme": "indigo"}).status_code != 200
        assert not SiteLook.objects.filter(site=other, theme="indigo").exists()

    def test_no_exchange_is_deleted(self, client, administrator, province):
        client.force_login(administrator)
        client.post(reverse("exchanges:delete", args=[province.exchange.pk]))
        assert Exchange.objects.filter(pk=province.exchange.pk).exists()


@pytest.mark.parametrize(
    "values", [{"theme": "red"}, {"sections": ["nowhere"]}, {"featured_fields": ["x"]}]
)
def test_what_no_list_has_is_refused(client, province, values):
    client.force_login(staff_member("leads"))
    answer = client.post(look_url(province.site), values)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert province.look.theme == "blue"


def test_set_up_gives_leads_the_rights(province):
    held = set(group_named("leads").permissions.values_list("codename", flat=True))
    assert {"view_exchange", "change_exchange", "change_sitelook"} <= held
    assert "add_exchange" not in held
