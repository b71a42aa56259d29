"""A lead publishes a page in the admin: within seconds readers find it; taken down, it is gone."""

import re

import pytest

from tests.journeys.conftest import LEAD

pytestmark = pytest.mark.journey


def test_page_published_in_the_admin_is_found_and_leaves_again(visit, size):
    title = f"Lịch tiếp doanh nghiệp {size}"
    desk = visit(LEAD)
    page = desk.go("/admin/pages/")
    page.get_by_role("link", name="Về sàn giao dịch").first.wait_for()
    top = re.search(r"/admin/pages/(\d+)/", page.content())[1]
    for found in re.findall(r"/admin/pages/(\d+)/", page.content()):
        page = desk.go(f"/admin/pages/{found}/")
        if "Liên hệ" in page.content():
            top = found
            break
    page = desk.go(f"/admin/pages/add/cms/contentpage/{top}/")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=introduction]", "Sàn tiếp doanh nghiệp mỗi thứ Năm.")
    page.locator("button[name=action-publish]").evaluate("button => button.click()")
    page.wait_for_url(re.compile(rf"/admin/pages/{top}/"))

    reader = visit()
    found = reader.until(f"/tim-kiem/?q={title}&muc=trang", lambda page: title in page.content())
    reader.check()
    found.locator("main .hits a").first.click()
    found.wait_for_url(re.compile(r"/trang/lich-tiep-doanh-nghiep"))
    assert found.locator("h1").inner_text() == title
    assert found.locator(".crumbs").inner_text() == "Về sàn giao dịch"
    reader.check()

    listing = desk.go(f"/admin/pages/{top}/")
    address = listing.get_by_role("link", name=title).first.get_attribute("href")
    key = re.search(r"/(\d+)/", address)[1]
    desk.go(f"/admin/pages/{key}/unpublish/").locator("main form [type=submit]").first.click()
    listing.wait_for_url(re.compile(rf"/admin/pages/{top}/"))
    reader.until(
        f"/tim-kiem/?q={title}&muc=trang", lambda page: not page.locator("main .hits").count()
    )
