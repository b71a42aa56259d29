"""The search as it is used: typing, choosing, correcting, comparing, without a mouse and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AT_A_DESK, ON_A_PHONE, no_errors_in_console

pytestmark = pytest.mark.journey
BOX = "main input[type=search]"


def open_filters(page: Page, size: str) -> None:
    if size == "phone":
        page.locator("details.filter > summary").click()


@pytest.mark.parametrize(
    "path",
    [
        "/tim-kiem/?q=xoaif",
        "/tim-kiem/?q=máy+sấy+xoìa",
        "/tim-kiem/?q=xoài&loai=equipment&tinh=01",
        "/tim-kiem/?linh-vuc=2&linh-vuc=202&xac-minh=yes",
        "/so-sanh/",
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_states_of_the_page_are_accessible(visit, size, prefix, path):
    visitor = visit()
    page = visitor.go(f"{prefix}{path}")
    visitor.check()
    if "/tim-kiem/" in path:
        page.locator("details.help > summary").click()
        open_filters(page, size)
        for fold in page.locator("details.facet-fold > summary").all():
            fold.click()
        visitor.check()


@AT_A_DESK
def test_suggestions_by_keyboard(visit):
    visitor = visit()
    page = visitor.go("/tim-kiem/")
    with no_errors_in_console(page):
        box = page.locator(BOX)
        box.click()
        box.press_sequentially("nong ngh")
        listbox = page.get_by_role("listbox")
        expect(listbox).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(page.locator("#thong-bao-song")).to_contain_text("gợi ý")
        visitor.check()

        box.press("ArrowDown")
        marked = listbox.locator('[aria-selected="true"]')
        expect(marked).to_have_count(1)
        expect(marked.locator("b").first).to_have_text("Nông ngh")
        expect(box).to_have_attribute("aria-activedescendant", marked.get_attribute("id"))
        visitor.check()

        box.press("Escape")
        expect(listbox).to_be_hidden()
        expect(box).to_have_value("nong ngh")
        box.press("ArrowDown")
        expect(listbox).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        page.wait_for_url(re.compile(r"/tim-kiem/\?(linh-vuc|nganh)="))
    expect(page.locator(".chip").first).to_be_visible()


@ON_A_PHONE
def test_suggestions_never_keep_from_asking(visit):
    page = visit().go("/tim-kiem/")
    page.locator(BOX).press_sequentially("máy sấy")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.locator(BOX).press("Enter")
    page.wait_for_url(re.compile(r"\?q=m"))
    expect(page.locator(".hit").first).to_be_visible()


@ON_A_PHONE
def test_without_javascript_the_page_does_the_same(visit):
    page = visit(javascript=False).go("/tim-kiem/")
    page.locator(BOX).fill("say")
    page.locator(BOX).press("Enter")
    page.wait_for_url(re.compile(r"\?q=say"))
    for box in page.locator('input[name="chon"]').all()[:2]:
        box.check()
    page.get_by_role("button", name="So sánh các mục đã chọn").click()
    page.wait_for_url(re.compile(r"/so-sanh/\?chon="))
    expect(page.locator("table.compare thead th")).to_have_count(2)


def test_filters_narrow_and_can_be_taken_back(visit, size):
    visitor = visit()
    page = visitor.go("/tim-kiem/?q=máy")
    before = page.locator("h1").inner_text()
    with no_errors_in_console(page):
        open_filters(page, size)
        page.locator('input[name="loai"][value="offer"]').check()
        expect(page.locator("#ket-qua .chip").first).to_contain_text("Công nghệ")
        expect(page.locator("h1")).not_to_have_text(before)
        visitor.check()
        page.locator("#ket-qua .chip").first.click()
        expect(page.locator("h1")).to_have_text(before)


@ON_A_PHONE
def test_what_was_meant_is_one_press_away(visit):
    page = visit().go("/tim-kiem/?q=máy+sấy+xoìa")
    page.locator(".meant a").click()
    expect(page.locator(BOX)).to_have_value(re.compile("xoài"))
    expect(page.locator(".hit").first).to_be_visible()


@ON_A_PHONE
def test_hits_are_compared(visit):
    visitor = visit()
    page = visitor.go("/tim-kiem/?q=say&loai=offer&loai=equipment")
    with no_errors_in_console(page):
        boxes = page.locator('input[name="chon"]')
        assert boxes.count() > 4
        for place in range(4):
            boxes.nth(place).check()
        expect(boxes.nth(4)).to_be_disabled()
        expect(page.locator("#so-sanh p")).to_contain_text("tối đa bốn")
        boxes.nth(3).uncheck()
        visitor.check()
        page.get_by_role("button", name="So sánh các mục đã chọn").click()
        page.wait_for_url(re.compile("/so-sanh/"))
    expect(page.locator("table.compare thead th")).to_have_count(3)
    visitor.check()
    page.get_by_role("link", name="Chỉ hiện dòng khác nhau").click()
    expect(page.locator("table.compare tr.differs").first).to_be_visible()
    visitor.check()


@AT_A_DESK
def test_list_is_taken_away_as_a_table(visit):
    page = visit().go("/tim-kiem/?q=say")
    for name, ending in (("Excel", ".xlsx"), ("CSV", ".csv")):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(name)).click()
        assert download.value.suggested_filename.endswith(ending)


@ON_A_PHONE
def test_like_this_leads_on(visit):
    visitor = visit()
    # Looked for by its words: what other journeys register is newer, and moves it off the list's first page.
    page = visitor.go("/tim-kiem/?q=sấy&loai=result")
    page.locator("main a[href*='/ket-qua/']").filter(has_text=re.compile("sấy|Sấy")).first.click()
    expect(page.locator(".similar h3 a").first).to_be_visible()
    visitor.check()
    page.locator(".similar h3 a").first.click()
    expect(page.locator("h1")).to_be_visible()
