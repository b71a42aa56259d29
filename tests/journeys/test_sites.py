"""The demo's second site, as a reader meets it: its own colour and listings, accessible in light and dark."""

import re

import pytest

from marketplace.demo.sites import HOST
from tests.journeys.conftest import AT_A_DESK, LEAD

pytestmark = pytest.mark.journey

PAGES = ("/", "/nhu-cau/", "/cong-nghe/", "/thiet-bi/", "/tim-kiem/?q=say", "/to-chuc/", "/trang/")


@pytest.fixture
def at_province(exchange):
    base = exchange.base.replace("localhost", HOST)
    return lambda path: f"{base}{path}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_of_a_province_are_accessible(visit, at_province, prefix, scheme):
    visitor = visit()
    visitor.page.emulate_media(color_scheme=scheme)
    for path in PAGES:
        page = visitor.go(at_province(f"{prefix}{path}"))
        assert page.locator("html").get_attribute("data-theme") == "blue"
        visitor.check()
    visitor.go(at_province(f"{prefix}/nhu-cau/"))
    visitor.page.locator("main a[href*='/nhu-cau/']").filter(visible=True).first.click()
    visitor.check()


@AT_A_DESK
def test_a_link_to_anothers_listing_leads_there(visit, at_province, exchange):
    visitor = visit()
    page = visitor.go("/nhu-cau/")
    found = page.eval_on_selector_all("main a[href]", "links => links.map(a => a.pathname)")
    paths = {path for path in found if re.fullmatch(r"/nhu-cau/[^/]+-\w{10}/", path)}
    hosts = set()
    for path in sorted(paths)[:12]:
        visitor.page.goto(at_province(path))
        hosts.add(visitor.page.evaluate("location.hostname"))
        assert visitor.page.evaluate("location.pathname") == path
    assert "127.0.0.1" in hosts


@AT_A_DESK
def test_a_lead_changes_the_colour_of_a_site(visit, at_province):
    visitor = visit(LEAD)
    page = visitor.go("/admin/settings/cms/sitelook/")
    sites = page.locator("#settings-site-switch select")
    theirs = sites.locator("option", has_text="Cần Thơ").get_attribute("value")
    sites.select_option(value=theirs)
    page.wait_for_url(re.compile(r"/sitelook/\d+/"))
    page.get_by_label("Tím mận").check()
    page.locator("footer button[type=submit], button.action-save").first.click()
    page.wait_for_selector(".messages .success")
    assert visitor.go(at_province("/")).locator("html").get_attribute("data-theme") == "plum"
    visitor.check()
    page = visitor.go("/admin/settings/cms/sitelook/")
    sites = page.locator("#settings-site-switch select")
    theirs = sites.locator("option", has_text="Cần Thơ").get_attribute("value")
    sites.select_option(value=theirs)
    page.wait_for_url(re.compile(r"/sitelook/\d+/"))
    page.get_by_label("Xanh lam").check()
    page.locator("footer button[type=submit], button.action-save").first.click()
    page.wait_for_selector(".messages .success")
