"""The compliance desk as a ministry's officer walks it: who owes, a letter, the year, an inspection."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.core import clock
from marketplace.demo.compliance import UNIT
from tests.journeys.conftest import AT_A_DESK, FOCAL, INSTITUTE, ON_A_PHONE, no_errors_in_console

pytestmark = pytest.mark.journey


@AT_A_DESK
def test_desk_names_who_owes_and_a_letter_goes_out(visit):
    officer = visit(FOCAL)
    page = officer.page
    with no_errors_in_console(page):
        officer.go("/dau-moi/nghia-vu/")
        officer.check()
        page.get_by_role("link", name=UNIT).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(UNIT)
        expect(page.get_by_text("Được gia hạn nghiệm thu").first).to_be_visible()
        officer.check()
        page.get_by_role("button", name="Soạn công văn").click()
        page.wait_for_url(re.compile(r"/dau-moi/cong-van/[a-z0-9]+/$"))
        officer.check()
        with page.expect_download() as download:
            page.get_by_role("link", name="Tải bản DOCX").click()
        assert download.value.suggested_filename.endswith(".docx")
        page.fill("[name=number]", "8/THU-KTRA")
        page.get_by_role("button", name="Ghi số, báo đơn vị").click()
        expect(page.get_by_text("Đã ghi số.")).to_be_visible()
        officer.check()
        for path in (
            "/dau-moi/nghia-vu/?muc=qua-han",
            "/dau-moi/cong-van/",
            "/dau-moi/bao-cao-nam/",
            "/dau-moi/kiem-tra/",
            "/dau-moi/mot-trang/",
        ):
            officer.go(path)
            officer.check()
        year = clock.today().year
        page.goto(officer.exchange.url(f"/dau-moi/bao-cao-nam/bo-nong-nghiep/{year}/"))
        officer.check()
        officer.go(f"/dau-moi/kiem-tra/bo-nong-nghiep/{year}/")
        officer.check()
        page.get_by_role("link", name=UNIT).click()
        page.get_by_text("Ghi theo dõi").click()
        page.locator("textarea[name$=note]").first.fill("Viện hẹn nộp trong tháng.")
        officer.check()
        page.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.get_by_text("Viện hẹn nộp trong tháng.").first).to_be_visible()


@ON_A_PHONE
def test_unit_sees_what_it_owes_and_reports(visit):
    institute = visit(INSTITUTE)
    page = institute.page
    institute.go("/nghia-vu-bao-cao/")
    institute.check()
    page.get_by_role("link", name=re.compile("Viết báo cáo")).first.click()
    institute.check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_text("Hình thức ứng dụng").first).to_be_visible()
    institute.check()
    page.select_option("[name=form_of_use]", "production")
    page.fill("[name=economic_effect]", "Giảm 20 % điện năng, giữ màu sản phẩm.")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_text("Đã gửi báo cáo ứng dụng")).to_be_visible()
    institute.check()
