"""The main path as its people walk it, on a phone and at a desk."""

import re
import secrets
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from marketplace.core import clock
from tests.journeys.conftest import (
    AT_A_DESK,
    ENTERPRISE,
    INSTITUTE,
    LEAD,
    OFFICER,
    ON_A_PHONE,
    SECOND,
    SIZES,
    Visitor,
    no_errors_in_console,
)

pytestmark = pytest.mark.journey
CANARY = "Mật danh Vạc Xám 61"


def mark() -> str:
    return f"{secrets.randbelow(9000) + 1000}"


def next_step(visitor: Visitor) -> None:
    before = visitor.page.url
    visitor.page.get_by_role("button", name="Lưu và tiếp tục").first.click()
    visitor.page.wait_for_url(lambda url: url != before)


def write_need(visitor: Visitor, title: str) -> str:
    """The guided form, step by step; returns the address of the listing's page."""
    page = visitor.go("/bang-dieu-khien/nhu-cau/moi/")
    visitor.check()
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("input[name=title]")
    visitor.check()
    page.get_by_label("Mua", exact=False).first.check()
    page.fill("input[name=title]", title)
    page.fill(
        "[name=summary]",
        "Xoài sấy dẻo ngả nâu sau hai tháng; cần giữ trên 85 % màu ở 200 kg mỗi mẻ.",
    )
    page.select_option("[name=field_codes_0]", "40107")
    next_step(visitor)
    page.fill(
        "[name=problem]",
        "Xưởng sấy xoài lát bằng không khí nóng 65 °C và xông lưu huỳnh, khách từ chối.",
    )
    page.fill(
        "[name=required]",
        "Sấy dẻo xoài giữ màu vàng ở nhiệt độ không quá 50 °C, không dùng lưu huỳnh.",
    )
    # What was typed is kept before anybody presses a button.
    expect(page.locator("#saved")).to_contain_text("Đã lưu", timeout=10_000)
    visitor.check()
    next_step(visitor)
    visitor.check()
    if not page.locator("[name=specifications-0-name]").count():
        page.get_by_role("button", name="Thêm chỉ tiêu").click()
    page.fill("[name=specifications-0-name]", "Nhiệt độ sấy")
    page.select_option("[name=specifications-0-operator]", "le")
    page.fill("[name=specifications-0-value]", "50")
    page.fill("[name=specifications-0-unit]", "°C")
    next_step(visitor)
    page.fill("[name=budget_max]", "1,2 tỷ")
    page.fill("[name=deadline]", _deadline(page))
    page.select_option("[name=province_code]", "75")
    visitor.check()
    next_step(visitor)
    page.fill("[name=confidential]", CANARY)
    visitor.check()
    next_step(visitor)
    visitor.check()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_selector("text=Chờ duyệt")
    visitor.check()
    return page.url


def _deadline(page: Page) -> str:
    day = clock.today() + timedelta(days=60)
    kind = page.locator("[name=deadline]").get_attribute("type")
    return day.isoformat() if kind == "date" else f"{day:%d/%m/%Y}"


def review(visitor: Visitor, title: str) -> Page:
    page = visitor.go("/admin/")
    page.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    page.wait_for_selector("input[name=decision]", state="attached")
    return page


def approve(visitor: Visitor, title: str) -> None:
    page = review(visitor, title)
    form = page.locator("form:has(input[value=approve])")
    form.get_by_role("checkbox", name=re.compile("bài đạt mọi điều")).check()
    if (grounds := form.locator("[name=approve-grounds]")).count():
        grounds.fill("Đã tự đối chiếu.")
    form.get_by_role("button", name="Duyệt bài này").click()
    page.wait_for_selector("text=Đã duyệt")


def approve_clean(visitor: Visitor, title: str) -> None:
    """A listing with nothing open: one screen without scrolling, three clicks from the desk's first page."""
    page, clicks = visitor.go("/admin/"), 0
    page.set_viewport_size(SIZES["desktop"])

    def click(target: Locator) -> None:
        nonlocal clicks
        clicks += 1
        target.click()

    click(page.get_by_role("link", name=re.compile(re.escape(title))).first)
    form = page.locator("form:has(input[value=approve])")
    read = form.get_by_role("checkbox", name=re.compile("bài đạt mọi điều"))
    decide = form.get_by_role("button", name="Duyệt bài này")
    expect(page.locator(".desk-finding")).to_have_count(0)
    for seen in (page.locator(".desk-passed summary"), read, decide):
        expect(seen).to_be_in_viewport(ratio=1)
    click(read)
    click(decide)
    page.wait_for_selector("text=Đã duyệt")
    assert clicks <= 3


@ON_A_PHONE
def test_need_from_first_word_to_matches_and_out_again(visit):
    number = mark()
    first, title = f"Sấy xoài {number}", f"Sấy dẻo xoài mẻ {number} kg, không dùng lưu huỳnh"
    owner = visit(ENTERPRISE)
    own_page = write_need(owner, first)

    officer = visit(OFFICER)
    page = review(officer, first)
    details = page.locator("details:has(input[value=reject])")
    if details.count():
        details.locator("summary").first.click()
    page.locator("input[name=reject-reasons]").first.check()
    page.fill("[name=reject-text]", "Hãy ghi rõ vật liệu trong tên.")
    page.locator("form:has(input[value=reject]) button[type=submit]:not([name=prepare])").click()
    page.wait_for_selector("text=trả lại")

    page = owner.go(own_page)
    expect(page.locator("main")).to_contain_text("Hãy ghi rõ vật liệu trong tên.")
    owner.check()
    page = owner.go(f"{own_page}sua/nhu-cau/")
    page.fill("input[name=title]", title)
    next_step(owner)
    page = owner.go(f"{own_page}sua/xem-lai/")
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_selector("text=Chờ duyệt")

    approve(officer, title)
    lead = visit(LEAD)
    approve(lead, title)

    public = visit()
    page = public.until("/nhu-cau/", lambda p: p.get_by_role("link", name=title).count() > 0)
    public.check()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    public.check()
    address = page.url
    assert not page.locator(".match").count(), "the public sees matches"
    assert CANARY not in page.content()

    page = owner.until(address, lambda p: p.locator(".match").count() > 0)
    owner.check()
    for card in page.locator(".match").all():
        assert card.locator("blockquote").count(), "a match without its sentence"
    assert CANARY in page.content(), "the owner reads the own confidential part"

    other = visit(SECOND)
    page = other.go(address)
    assert not page.locator(".match").count(), "another enterprise sees the matches"
    institute = visit(INSTITUTE)
    page = institute.until("/nhu-cau-phu-hop/", lambda p: title in p.content())
    institute.check()
    assert CANARY not in institute.go(address).content()

    public.until(f"/demo/hop-thu/?to={ENTERPRISE.email}", lambda p: title in p.content())
    public.check()
    public.until(
        f"/demo/hop-thu/?to={INSTITUTE.email}", lambda p: p.locator(".inbox-row").count() > 0
    )
    public.until(f"/tim-kiem/?q=say+deo+xoai+me+{number}", lambda p: title in p.inner_text("main"))
    public.check()

    page = owner.go(address)
    page.locator(".match").first.get_by_role("link", name=re.compile("Không phù hợp")).click()
    owner.check()
    page.locator("input[name=reason]").first.check()
    page.get_by_role("button", name="Ghi nhận").click()
    page.wait_for_selector("text=Đã ghi nhận")

    page = owner.go(f"{own_page}rut/")
    owner.check()
    page.get_by_role("button", name="Rút tin").click()
    page.wait_for_load_state()
    public.until(
        f"/tim-kiem/?q=say+deo+xoai+me+{number}", lambda p: title not in p.inner_text("main")
    )
    gone = public.page.goto(address)
    assert gone is not None
    assert gone.status == 410
    public.check()
    institute.until("/bang-dieu-khien/", lambda p: title not in p.content())


@ON_A_PHONE
def test_form_errors_stand_beside_their_fields_and_keep_what_was_typed(visit):
    owner = visit(ENTERPRISE)
    page = owner.go("/bang-dieu-khien/nhu-cau/moi/")
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("input[name=title]")
    listing = page.url.split("/sua/")[0]
    page = owner.go(f"{listing}/sua/doi-tac/")
    page.fill("[name=budget_max]", "khoảng vài tỷ")
    page.get_by_role("button", name="Lưu và tiếp tục").first.click()
    page.wait_for_selector(".error-summary")
    owner.check()
    assert page.input_value("[name=budget_max]") == "khoảng vài tỷ"
    described = page.locator("[name=budget_max]").get_attribute("aria-describedby") or ""
    assert any(page.locator(f"[id='{name}']").count() for name in described.split())
    # The draft keeps it too: nothing typed is ever lost.
    page = owner.go(f"{listing}/sua/doi-tac/")
    assert page.input_value("[name=budget_max]") == "khoảng vài tỷ"


@AT_A_DESK
def test_pages_work_with_the_keyboard_alone(visit):
    visitor = visit()
    page = visitor.go("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class(re.compile("skip"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"


@ON_A_PHONE
def test_home_page_has_no_error_in_the_console(visit):
    visitor = visit()
    with no_errors_in_console(visitor.page):
        visitor.go("/")
        visitor.go("/tim-kiem/?q=say+xoai")
        visitor.page.wait_for_load_state("networkidle")


EQUIPMENT = {
    "summary": "Sấy dẻo xoài lát ở 45 °C, giữ 90 % màu, 250 kg mỗi mẻ, không dùng lưu huỳnh.",
    "field_codes_0": "40107",
    "condition": "new",
    "province_code": "01",
    "development_level": "commercial",
    "advantage": "Xoài sấy dẻo giữ 90 % màu sau sáu tháng, không dùng lưu huỳnh.",
    "principle": "Bơm nhiệt tách ẩm, không khí 40–50 °C tuần hoàn qua các tầng khay xoài lát.",
    "supply_modes": "sale",
    "price_mode": "contact",
}


def fill_in(page: Page, values: dict[str, str]) -> None:
    """Whichever of the fields this step has."""
    for name, value in values.items():
        field = page.locator(f"[name='{name}']")
        if not field.count():
            continue
        kind = field.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.first.select_option(value)
        elif kind in ("checkbox", "radio"):
            page.check(f"[name='{name}'][value='{value}']")
        else:
            field.first.fill(value)


@AT_A_DESK
def test_equipment_of_an_institute_meets_an_open_need_and_leaves_it_again(visit):
    title = f"Máy sấy dẻo xoài bơm nhiệt kiểu SL-{mark()}"
    institute = visit(INSTITUTE)
    page = institute.go("/bang-dieu-khien/thiet-bi/moi/")
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("input[name=title]")
    while "xem-lai" not in page.url:
        fill_in(page, {"title": title} | EQUIPMENT)
        institute.check()
        next_step(institute)
    institute.check()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_selector("text=Chờ duyệt")
    own_page = page.url
    for person in (OFFICER, LEAD):
        approve_clean(visit(person), title)

    owner = visit(ENTERPRISE)
    page = owner.go("/bang-dieu-khien/")
    page.get_by_role("link", name="Sấy dẻo xoài và hồng không dùng lưu huỳnh").first.click()
    page.get_by_role("link", name="Trang công khai").click()
    need = page.url
    page = owner.until(need, lambda p: p.locator(".match", has_text=title).count() > 0)
    assert page.locator(".match", has_text=title).locator("blockquote").count()

    page = institute.go(f"{own_page}rut/")
    page.get_by_role("button", name="Rút tin").click()
    page.wait_for_load_state()
    owner.until(need, lambda p: title not in p.inner_text("main"))


@AT_A_DESK
def test_match_with_somebody_who_is_not_here_goes_to_the_desk(visit):
    owner = visit(ENTERPRISE)
    found = owner.go("/bang-dieu-khien/").locator("a[href$='#goi-y']").all()
    needs = {str(link.get_attribute("href")) for link in found}
    assert any("cán bộ sàn đang liên hệ" in owner.go(need).inner_text("main") for need in needs)

    officer = visit(OFFICER)
    page = officer.go("/admin/ban-lien-he/")
    page.locator("table tbody a").first.click()
    expect(page.locator("main")).to_contain_text("Nhu cầu đang chờ tổ chức này")
    expect(page.get_by_role("button", name="Tạo thư mời")).to_be_visible()
