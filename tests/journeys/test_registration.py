"""From the ministry's dossier to the certificate, as the institute and the officer walk it at their desks."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from marketplace.core import clock
from marketplace.demo.papers import pdf_bytes
from tests.journeys.conftest import AT_A_DESK, FOCAL, INSTITUTE, Visitor

pytestmark = pytest.mark.journey
TEXT = "Bao cao ket qua thuc hien nhiem vu, ban thu de kiem tra duong di cua ho so."
#: A task of the demo without a dossier.
TITLE = "Thiết kế kho lạnh năng lượng mặt trời cho hợp tác xã trồng hoa"


def fill_day(page: Page, name: str, days_ago: int) -> None:
    page.fill(f"[name={name}]", (clock.today() - timedelta(days=days_ago)).isoformat())


def next_step(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Lưu và tiếp tục").first.click()
    page.wait_for_url(lambda url: url != before)


def upload(page: Page, item: str, name: str, *pages: str) -> None:
    file = {"name": name, "mimeType": "application/pdf", "buffer": pdf_bytes(*pages)}
    page.set_input_files(f"[name={item}-files]", file)


def write_dossier(visitor: Visitor, title: str) -> str:
    """The steps and files; the address of the dossier's page."""
    page = visitor.go("/dang-ky-ket-qua/")
    visitor.check()
    page.get_by_role("link", name=f"Bắt đầu hồ sơ {title}").click()
    page.get_by_label("Bình thường").check()
    visitor.check()
    page.get_by_role("button", name="Tạo hồ sơ").click()
    page.wait_for_url(re.compile(r"/dang-ky-ket-qua/[a-z0-9]{10}/$"))
    visitor.check()
    address = page.url
    page.get_by_role("link", name="Viết tiếp").click()
    # What the register knows is there already.
    expect(page.locator("[name=agency]")).to_have_value("Bộ Nông nghiệp và Môi trường")
    expect(page.locator("[name=members-0-name]")).to_have_value("Đặng Quốc Khải")
    visitor.check()
    next_step(page)
    fill_day(page, "accepted_on", 5)
    page.fill("[name=acceptance_body]", "Hội đồng nghiệm thu cấp bộ")
    # Kept before anybody presses a button.
    expect(page.locator("#saved")).to_contain_text("Đã lưu", timeout=10_000)
    visitor.check()
    next_step(page)
    page.fill("[name=abstract]", "Mẫu máy chạy ở 4 °C, 200 kg mỗi mẻ, tiết kiệm 30 % điện.")
    page.fill("[name=keywords]", "kho lạnh, bao gói")
    visitor.check()
    next_step(page)
    page.locator("[name=has_process][value=khong]").check()
    page.locator("[name=ip_filed][value=khong]").check()
    page.fill("[name=application_plan]", "Hợp tác xã dùng thử từ vụ tới.")
    visitor.check()
    next_step(page)
    page.locator("[name=restricted][value=khong]").check()
    page.fill("[name=contact_phone]", "0900000000")
    visitor.check()
    next_step(page)
    if page.url.rstrip("/").endswith("/truong-them"):  # fields that staff added to the form
        visitor.check()
        next_step(page)
    return address


def add_files(visitor: Visitor) -> None:
    page = visitor.page
    visitor.check()
    # A scan without text is named beside its item, then replaced.
    upload(page, "full-report", "anh-chup.pdf", "", "")
    page.get_by_role("button", name="Tải lên Báo cáo tổng hợp").click()
    expect(page.locator("#full-report")).to_contain_text("không có lớp chữ")
    visitor.check()
    upload(page, "full-report", "bao-cao.pdf", TEXT, TEXT)
    upload(page, "summary-report", "tom-tat.pdf", TEXT)
    upload(page, "minutes", "bien-ban.pdf", TEXT)
    next_step(page)


def file_it(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.locator("main")).to_contain_text("Trung tâm Thông tin khoa học ngành nông nghiệp")
    visitor.check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_selector("text=Đã nộp hồ sơ")
    visitor.check()


def open_at_desk(visitor: Visitor, title: str) -> Page:
    page = visitor.go("/dau-moi/")
    visitor.check()
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Bắt đầu kiểm tra").click()
    page.wait_for_selector("text=Đã nhận kiểm tra")
    visitor.check()
    return page


@AT_A_DESK
def test_dossier_from_first_step_to_certificate_and_public_result(visit):
    title = TITLE
    owner = visit(INSTITUTE)
    dossier = write_dossier(owner, title)
    add_files(owner)
    file_it(owner)

    officer = visit(FOCAL)
    page = open_at_desk(officer, title)
    page.get_by_role("link", name="bien-ban.pdf").click()
    expect(page.locator("iframe")).to_have_count(1)
    page.locator("summary", has_text="Yêu cầu bổ sung").click()
    page.select_option("[name=reason_0]", "unreadable")
    page.select_option("[name=item_0]", "minutes")
    page.fill("[name=note]", "Trang 2 của biên bản bị mờ.")
    page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    page.wait_for_selector("text=Đã gửi yêu cầu bổ sung")

    page = owner.go(dossier)
    expect(page.locator("main")).to_contain_text("Trang 2 của biên bản bị mờ.")
    owner.check()
    page.get_by_role("link", name="Tệp của hồ sơ").click()
    page.get_by_role("button", name="Gỡ bien-ban.pdf").click()
    upload(page, "minutes", "bien-ban-ro.pdf", f"{TEXT} Ban ro.")
    next_step(page)
    file_it(owner)

    page = open_at_desk(officer, title)
    page.get_by_role("button", name="Hồ sơ hợp lệ").click()
    page.get_by_role("link", name="Cấp giấy chứng nhận").click()
    officer.check()
    page.get_by_role("button", name="Cấp giấy chứng nhận").click()
    page.wait_for_selector("text=Đã cấp giấy chứng nhận")
    officer.check()

    # The first paper of a process loads the printing library.
    printed = lambda p: p.get_by_role("link", name="Tải giấy chứng nhận").count() > 0  # noqa: E731
    page = owner.until(dossier, printed, seconds=60)
    owner.check()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải giấy chứng nhận").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    number = page.locator("dd.strong").first.inner_text()

    checks = page.get_by_role("link", name="Trang kiểm tra").get_attribute("href")
    public = visit()
    page = public.go(checks)
    expect(page.locator("main")).to_contain_text(number)
    public.check()
    page.get_by_role("link", name="Xem kết quả đã đăng ký").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    public.check()
    words = title.split()[-4:]
    public.until(
        f"/tim-kiem/?q={'+'.join(words)}&loai=result",
        lambda p: p.get_by_role("link", name=title).count() > 0,
    )
