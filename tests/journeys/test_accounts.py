"""Coming to the exchange: a new enterprise with a passkey, an institute's second employee by letter."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import AT_A_DESK, INSTITUTE, ON_A_PHONE, Visitor

pytestmark = pytest.mark.journey
BEGUN = "Cần dây chuyền tách vỏ hạt điều không vỡ nhân, 300 kg mỗi giờ"


def virtual_key(visitor: Visitor) -> None:
    """A device that keeps passkeys and says yes, as a phone under its owner's finger does."""
    browser = visitor.context.new_cdp_session(visitor.page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def newest_letter(reader: Visitor, address: str, pattern: str) -> str:
    """What the newest letter to an address holds: a code, or the path of a link."""
    mailbox = f"/demo/hop-thu/?to={address.replace('+', '%2B')}"
    page = reader.until(mailbox, lambda p: p.locator(".inbox-row").count() > 0)
    page.locator(".inbox-row a").first.click()
    page.wait_for_selector("main")
    return re.search(pattern, page.locator("main").inner_text(), re.MULTILINE).group(1)


CODE = r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$"


def send(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.locator("main form button[type=submit]").first.click()


@ON_A_PHONE
def test_new_enterprise_begins_to_write_signs_up_with_a_passkey_and_goes_on(visit):
    address = f"moi+{secrets.token_hex(3)}@example.vn"
    reader, visitor = visit(), visit()
    virtual_key(visitor)
    page = visitor.go("/bang-dieu-khien/nhu-cau/moi/")
    visitor.check()
    page.fill("[name=text]", BEGUN)
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("input[name=email]")
    visitor.check()

    page.get_by_role("link", name="passkey").click()
    page.fill("input[name=email]", address)
    page.fill("input[name=full_name]", "Lê Thị Mới")
    visitor.check()
    send(visitor)
    page.fill("input[name=code]", newest_letter(reader, address, CODE))
    visitor.check()
    send(visitor)
    page.wait_for_selector("#mfa_webauthn_signup")
    visitor.check()
    # What the check still fetches must not answer for the old session after the new one began.
    page.reload()
    page.locator("#mfa_webauthn_signup").click()

    page.wait_for_url("**/nhu-cau/moi/")
    expect(page.locator("main")).to_contain_text(BEGUN)
    expect(page.locator("main")).to_contain_text("mã dự phòng")
    visitor.check()
    page.get_by_role("link", name="Khai báo tổ chức").click()
    name = f"Công ty TNHH Điều Bù Đăng {secrets.token_hex(2)}"
    page.fill("input[name=ten]", "dieu bu dang khong co")
    send(visitor)
    visitor.check()
    page.get_by_role("link", name="Tạo hồ sơ tổ chức mới").click()
    page.fill("input[name=name]", name)
    visitor.check()
    send(visitor)
    visitor.check()
    page.get_by_role("link", name="Viết tiếp").click()
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("input[name=title]")

    # Out, and in again by the passkey alone.
    page = visitor.go("/tai-khoan/logout/")
    send(visitor)
    visitor.go("/tai-khoan/login/")
    visitor.check()
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/login" not in url)
    visitor.go("/to-chuc/cua-toi/")
    expect(page.locator("main")).to_contain_text(name)


@AT_A_DESK
def test_second_employee_of_an_institute_comes_in_by_letter(visit):
    address = f"dong-nghiep-{secrets.token_hex(3)}@example.vn"
    reader, owner = visit(), visit(INSTITUTE)
    page = owner.go("/to-chuc/cua-toi/")
    owner.check()
    page.get_by_role("link", name="Người của tổ chức").first.click()
    page.wait_for_selector("input[name=email]")
    owner.check()
    page.fill("input[name=email]", address)
    page.select_option("#id_role", "contributor")
    page.get_by_role("button", name="Gửi thư mời").click()
    expect(page.locator("main")).to_contain_text(address)
    owner.check()

    link = newest_letter(reader, address, r"(/vao-to-chuc/\w+/)")
    colleague = visit()
    page = colleague.go(link)
    colleague.check()
    page.locator("main").get_by_role("link", name="Đăng ký tài khoản").click()
    page.fill("input[name=email]", address)
    page.fill("input[name=full_name]", "Đỗ Văn Hai")
    page.fill("input[name=password1]", f"cay-lua-{secrets.token_hex(4)}")
    colleague.check()
    send(colleague)
    page.fill("input[name=code]", newest_letter(reader, address, CODE))
    send(colleague)
    page.wait_for_url(f"**{link}")
    colleague.check()
    page.get_by_role("button", name="Tham gia tổ chức").click()
    page.wait_for_url("**/to-chuc/cua-toi/")
    colleague.check()

    # The link is used up, for everybody.
    expect(owner.go(link).locator("main")).to_contain_text("Thư mời này đã được dùng")
    owner.check()
    page = owner.go("/to-chuc/cua-toi/")
    page.get_by_role("link", name="Người của tổ chức").first.click()
    row = page.get_by_role("row", name="Đỗ Văn Hai")
    row.get_by_role("link", name="Cho rời").click()
    owner.check()
    send(owner)
    expect(page.locator("main")).to_contain_text("không còn trong tổ chức")
    colleague.go("/to-chuc/cua-toi/")
    expect(colleague.page.locator("main")).to_contain_text("Bạn chưa thuộc tổ chức nào")
