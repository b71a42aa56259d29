"""An enterprise shows who it is, staff compare it with its paper, and everybody sees what the mark rests on."""

import pytest
from playwright.sync_api import expect

from tests.accounts.papers import pdf_file
from tests.journeys.conftest import LEAD, SECOND
from tests.journeys.test_desks import check_desk

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_enterprise_is_verified_and_everybody_sees_what_the_mark_rests_on(visit):
    owner = visit(SECOND)
    page = owner.go("/to-chuc/cua-toi/")
    public = page.locator("main article h2 a").first.get_attribute("href")
    page.get_by_role("link", name="Xác minh").first.click()
    page.locator("button[value=bat-dau]").click()
    page.wait_for_selector("input[name=registration_number]")
    owner.check()
    page.locator("button[value=gui]").last.click()
    expect(page.locator("main")).to_contain_text("Cần ít nhất một giấy tờ")
    owner.check()
    page.fill("[name=registration_number]", "ĐKKD-0042")
    page.fill("[name=registered_on]", "2018-06-14")
    page.fill("[name=registered_by]", "Sở Kế hoạch và Đầu tư")
    page.fill("[name=representative]", "Lê Quốc Bảo")
    page.select_option("[name=economic_type]", "private")
    page.select_option("[name=paper-kind]", "business_registration")
    page.set_input_files(
        "[name=paper-file]",
        {"name": "dang-ky.pdf", "mimeType": "application/pdf", "buffer": pdf_file().read()},
    )
    page.locator("button[value=giay-to]").click()
    expect(page.locator("main")).to_contain_text("dang-ky.pdf")
    page.locator("button[value=gui]").last.click()
    expect(page.locator("main")).to_contain_text("Hồ sơ đang được kiểm tra")
    owner.check()

    lead = visit(LEAD)
    desk = lead.go("/admin/ho-so-xac-minh/")
    desk.locator("#main td.title a").first.click()
    desk.wait_for_selector("[name=accept-checks]")
    check_desk(lead, everywhere=True)
    for box in desk.locator("[name=accept-checks]").all():
        box.check()
    desk.get_by_role("button", name="Xác minh tổ chức này").click()
    desk.wait_for_url(lambda url: url.rstrip("/").endswith("ho-so-xac-minh"))

    anybody = visit()
    page = anybody.go(public)
    expect(page.locator("main")).to_contain_text("Đã xác minh tại trụ sở")
    page.get_by_text("Dựa trên gì").click()
    expect(page.locator("main")).to_contain_text("đã tới trụ sở")
    expect(page.locator("main")).not_to_contain_text("Lê Quốc Bảo")
    anybody.check()
