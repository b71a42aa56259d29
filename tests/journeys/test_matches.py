"""What people say about matches: an owner passes and takes back; a curator decides; staff judge."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import AT_A_DESK, ENTERPRISE, LEAD, ON_A_PHONE, no_errors_in_console

pytestmark = pytest.mark.journey


@ON_A_PHONE
def test_owner_passes_on_a_match_and_takes_it_back(visit):
    owner = visit(ENTERPRISE)
    page = owner.page
    with no_errors_in_console(page):
        # Tests run in any order on one exchange: this takes what is open and puts it back.
        path = (
            owner.go("/bang-dieu-khien/").locator("a[href$='#goi-y']").first.get_attribute("href")
        )
        owner.go(path).get_by_role("link", name="Không phù hợp…").first.click()
        title = page.locator("main .lead").inner_text()
        owner.check()
        page.get_by_label("Không đạt chỉ tiêu", exact=True).check()
        page.get_by_role("button", name="Ghi nhận").click()
        expect(page.get_by_text("Hãy cho biết chỉ tiêu nào không đạt.").first).to_be_visible()
        owner.check()
        page.get_by_label("Sai ngành, đối tượng").check()
        page.get_by_role("button", name="Ghi nhận").click()
        expect(page.get_by_text("Đã ghi nhận.")).to_be_visible()
        page.locator("summary", has_text="bạn cho là không phù hợp").click()
        passed = page.locator("article", has_text=title)
        expect(passed.get_by_text("Sai ngành, đối tượng")).to_be_visible()
        owner.check()
        passed.get_by_role("button", name="Đưa trở lại danh sách").click()
        expect(page.get_by_text("Đã đưa gợi ý trở lại danh sách.")).to_be_visible()
        expect(page.locator("article", has_text=title).first).to_be_visible()


@AT_A_DESK  # a desk of staff
def test_curator_adds_a_match_and_grades_candidates_by_keyboard(visit):
    curator = visit(LEAD)
    page = curator.page
    with no_errors_in_console(page):
        curator.go("/admin/goi-y/")
        curator.check()
        needs = page.locator("main td.title a")
        needs.nth(1).click()
        page.wait_for_url(re.compile(r"/admin/goi-y/nhu-cau/\d+/$"))
        curator.check()
        page.get_by_label("Kết quả, công nghệ hoặc thiết bị có chữ").fill("nghiên cứu")
        page.get_by_role("button", name="Tìm", exact=True).click()
        page.locator("#tim summary").first.click()
        page.locator("#tim textarea").first.fill("Viện này đã làm việc tương tự.")
        curator.check()
        page.get_by_role("button", name="Thêm và báo hai bên").first.click()
        expect(page.get_by_text("Đã thêm vào danh sách và báo cho hai bên.")).to_be_visible()
        expect(page.get_by_text("Cán bộ sàn đề xuất").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Hoàn tác")).first.click()
        expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()

        page.get_by_role("button", name="Đưa vào bàn chấm").click()
        page.wait_for_url(re.compile(r"/admin/goi-y/cham/$"))
        curator.check()
        page.get_by_role("link", name=re.compile("^Chấm")).first.click()
        page.wait_for_url(re.compile(r"/admin/goi-y/cham/[a-z0-9]+/$"))
        curator.check()
        count = page.locator(".judge-item").count()
        for place in range(count):
            page.keyboard.press(str(place % 4))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã chấm xong nhu cầu này.")).to_be_visible()
        for path in ("/admin/goi-y/cho-gui/", "/admin/goi-y/ly-do/", "/admin/goi-y/cham/"):
            curator.go(path)
            curator.check()
