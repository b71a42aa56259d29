"""From a registered result: its institute offers it, a firm asks for its report and gets it stamped."""

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import AT_A_DESK, ENTERPRISE, INSTITUTE

pytestmark = pytest.mark.journey

RESULT = "Quy trình sản xuất bánh phở tươi thanh trùng"


def open_result(visitor) -> Page:
    page = visitor.go("/tim-kiem/?loai=result&q=banh+pho+tuoi+thanh+trung")
    page.get_by_role("link", name=RESULT).first.click()
    page.wait_for_selector("h1")
    return page


@AT_A_DESK
def test_institute_offers_a_result_and_answers_who_asks_for_its_report(visit):
    firm = visit(ENTERPRISE)
    page = open_result(firm)
    assert "Chào bán kết quả này" not in page.inner_text("main")
    page.get_by_role("link", name="Đề nghị xem toàn văn Báo cáo tóm tắt").click()
    page.wait_for_selector("form [name=purpose]")
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.wait_for_selector("text=Chọn mục đích.")
    firm.check()
    page.select_option("[name=purpose]", "production")
    page.fill("[name=purpose_note]", "Xưởng muốn kéo dài hạn dùng của bánh phở.")
    page.check("[name=way][value=copy]")
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.wait_for_selector("text=Đã gửi đề nghị")
    firm.check()
    asked = page.url

    institute = visit(INSTITUTE)
    page = open_result(institute)
    institute.check()
    page.get_by_role("button", name="Tạo tin chào bán").click()
    page.wait_for_selector("text=Đã tạo bản nháp từ kết quả")
    assert RESULT in page.input_value("[name=title]")
    institute.check()
    expect(open_result(institute).locator("[aria-labelledby=chao-ban]")).to_contain_text(
        "Còn thiếu căn cứ quyền"
    )
    page = institute.go("/de-nghi-xem-toan-van/can-tra-loi/")
    institute.check()
    page.goto(asked)
    page.get_by_text("Từ chối đề nghị").first.click()
    page.get_by_text("Hẹn đọc tại chỗ").first.click()
    institute.check()
    page.get_by_role("button", name="Đồng ý cấp bản sao").click()
    page.wait_for_selector("text=Đã đồng ý")

    page = firm.until(asked, lambda p: p.get_by_role("link", name="Tải bản sao").count() > 0)
    firm.check()
    with page.expect_download() as started:
        page.get_by_role("link", name="Tải bản sao").click()
    text = PdfReader(io.BytesIO(started.value.path().read_bytes())).pages[0].extract_text()
    assert ENTERPRISE.full_name in text
    firm.go("/de-nghi-xem-toan-van/")
    firm.check()
    page = firm.go(asked)
    page.get_by_role("button", name="Rút đề nghị").click()
    page.wait_for_selector("text=Đã rút đề nghị")
