"""Acting for others: a broker whose consent is taken back midway, and staff who come in by a passkey."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.demo.people import PASSWORD
from tests.journeys.conftest import AT_A_DESK, BROKER, EDITOR, ON_A_PHONE, SECOND
from tests.journeys.test_accounts import send, virtual_key

pytestmark = pytest.mark.journey
DRAFT = "Máy mài dao cụ hợp kim năm trục cho xưởng khuôn"


@ON_A_PHONE
def test_broker_acts_for_a_firm_until_its_consent_is_taken_back(visit):
    broker, owner = visit(BROKER), visit(SECOND)
    page = broker.go("/moi-gioi/")
    expect(page.locator("main")).to_contain_text("Công ty TNHH Cơ khí chính xác Tân Lộc Khê")
    broker.check()
    page.get_by_role("link", name=DRAFT).click()
    page.get_by_role("link", name="Viết tiếp").click()
    page.wait_for_selector("input[name=title]")
    broker.check()
    step = page.url
    page.fill("input[name=title]", f"{DRAFT}, gia công lại dao cũ")
    with page.expect_navigation():
        page.locator("button[name=tiep]:visible").first.click()
    broker.check()

    # The firm takes its consent back while the broker has the form open; what is typed saves itself.
    page = broker.go(step)
    firm = owner.go("/uy-quyen/")
    owner.check()
    firm.locator("main a[href*='/uy-quyen/']", has_text="Cầu Ván").first.click()
    firm.get_by_role("button", name="Rút ủy quyền").click()
    expect(firm.locator("main")).to_contain_text("Đã rút")
    owner.check()

    page.fill("input[name=title]", "Câu này không được lưu")
    with page.expect_navigation():
        page.locator("button[name=tiep]:visible").first.click()
    expect(page.locator("main")).to_contain_text("không còn ủy quyền")
    broker.check()
    page = broker.go("/moi-gioi/")
    expect(page.locator("main")).to_contain_text("Đã thôi")
    assert page.get_by_role("link", name=DRAFT).count() == 0
    broker.check()
    # What was written before is the firm's, and nothing after it.
    firm = owner.go("/bang-dieu-khien/")
    expect(firm.locator("main")).to_contain_text(f"{DRAFT}, gia công lại dao cũ")
    assert "Câu này không được lưu" not in firm.content()


#: Doors that lead into the admin, or would lead past its second factor.
DOORS = (
    "/admin/",
    "/en/admin/",
    "/admin/login/",
    "/admin/pages/",
    "/admin/password_reset/",
    "/admin/account/",
)


@AT_A_DESK
def test_staff_enter_the_admin_by_a_passkey_and_by_no_other_way(visit):
    staff = visit()
    virtual_key(staff)
    staff.sign_in(EDITOR)
    for door in DOORS:
        page = staff.go(door)
        assert not inside(page), f"{door} opened {page.url}"
    page = staff.go("/admin/")
    page.wait_for_url("**/tai-khoan/2fa/")
    expect(page.locator("body")).to_contain_text("Cán bộ sàn cần bật xác thực hai bước")
    staff.check()
    page = staff.go("/tai-khoan/2fa/webauthn/add/")
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", PASSWORD)
        send(staff)
    page.wait_for_selector("input[name=name]")
    staff.check()
    page.fill("input[name=name]", "Máy của cơ quan")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page = staff.go("/admin/")
    assert inside(page), page.url

    # Again by the password: the key is asked for before there is a session, and on every door.
    staff.go("/tai-khoan/logout/")
    send(staff)
    page = staff.go("/tai-khoan/login/")
    page.fill("input[name=login]", EDITOR.email)
    page.fill("input[name=password]", PASSWORD)
    send(staff)
    page.wait_for_url("**/2fa/authenticate/")
    staff.check()
    for door in DOORS:
        assert not inside(staff.go(door)), door
    page = staff.go("/tai-khoan/2fa/authenticate/")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(lambda url: "/authenticate" not in url)
    page = staff.go("/admin/pages/")
    assert inside(page), page.url
    assert page.locator("#main").count()


def inside(page) -> bool:
    """Whether a page of the admin is open, with its menu."""
    return (
        bool(re.search(r"/admin/", page.url)) and page.locator("[data-wagtail-sidebar]").count() > 0
    )
