"""From an accepted interest to a drawn contract, as the firm of the demo walks it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import ENTERPRISE, ON_A_PHONE, SECOND, no_errors_in_console

pytestmark = pytest.mark.journey


@ON_A_PHONE
def test_a_firm_agrees_on_secrecy_and_terms_and_has_the_contract_drawn(visit):
    firm = visit(ENTERPRISE)
    page = firm.page
    with no_errors_in_console(page):
        firm.go("/giao-dich/")
        firm.check()
        page.locator("main .listing-row h2 a").first.click()
        expect(page.get_by_role("heading", name="Trao đổi")).to_be_visible()
        firm.check()
        room = page.url
        page.get_by_label("Lời nhắn").fill("Bên tôi đồng ý xem số liệu tuần này.")
        page.get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_text("Bên tôi đồng ý xem số liệu tuần này.")).to_be_visible()

        firm.go(f"{room}bao-mat/")
        firm.check()
        page.get_by_role("button", name="Tôi đã đọc và chấp thuận").click()
        expect(page.get_by_text("Có hiệu lực", exact=True)).to_be_visible()
        firm.check()

        firm.go(f"{room}dieu-khoan/")
        firm.check()
        page.get_by_role("button", name="Chấp thuận bản này").click()
        expect(page.get_by_text("Đã thống nhất điều khoản").first).to_be_visible()

        firm.go(f"{room}hop-dong/")
        page.get_by_role("button", name="Soạn hợp đồng").click()
        expect(page.get_by_role("heading", name="Điều 1.", exact=False)).to_be_visible()
        firm.check()


@ON_A_PHONE
def test_a_buyer_accepts_what_was_handed_over(visit):
    buyer = visit(SECOND)
    page = buyer.page
    with no_errors_in_console(page):
        buyer.go("/giao-dich/")
        page.locator("main .listing-row h2 a").first.click()
        buyer.check()
        second = page.locator("#moc-2")
        second.get_by_role("button", name="Nghiệm thu").click()
        expect(page.locator("#moc-2").get_by_text("Đã nghiệm thu")).to_be_visible()
        buyer.check()
