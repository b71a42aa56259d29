"""Every page, on a phone and at a desk, in both languages: accessible, nothing to scroll sideways."""

import re

import pytest

from tests.journeys.conftest import AT_A_DESK, ENTERPRISE, INSTITUTE, OFFICER

pytestmark = pytest.mark.journey

PUBLIC = (
    "/",
    "/nhu-cau/",
    "/cong-nghe/",
    "/thiet-bi/",
    "/dich-vu/",
    "/chuyen-gia/",
    "/ket-qua/",
    "/ket-qua/?linh-vuc=4&cap=ministry",
    "/nha-khoa-hoc/?ten=tran",
    "/linh-vuc/",
    "/linh-vuc/401/",
    "/to-chuc/",
    "/tim-kiem/",
    "/tim-kiem/?q=say+xoai",
    "/tim-kiem/?q=khongcotunaynhuthe",
    "/tim-kiem/?q=nhu+cau&muc=trang",
    "/trang/",
    "/danh-muc/",
    "/chat-luong-goi-y/",
    "/tai-khoan/login/",
    "/tai-khoan/signup/",
    "/tai-khoan/password/reset/",
    "/du-lieu-ca-nhan/",
    "/demo/",
    "/demo/hop-thu/",
    "/khong-co-trang-nay/",
)
#: Pages that staff write, one of each kind, in each language.
WRITTEN = {
    "": (
        "/trang/tin-tuc/",
        "/trang/tin-tuc/say-trai-cay-khong-luu-huynh/",
        "/trang/su-kien/",
        "/trang/su-kien/gap-cung-cau-trai-cay/",
        "/trang/chuyen-de/",
        "/trang/chuyen-de/trai-cay-khong-hoa-chat/",
        "/trang/chuyen-de/ky-thuat-moi-truong/",
        "/trang/chuyen-de/xuong-moc-giam-bui/",
        "/trang/chuyen-de/vien-sau-thu-hoach/",
        "/trang/huong-dan/doanh-nghiep-tim-cong-nghe/",
        "/trang/hoi-dap/",
        "/trang/van-ban/luat-thuong-mai-dien-tu/",
        "/trang/thong-bao-ket-qua/",
        "/trang/thong-bao-ket-qua/so-11-2026/",
        "/trang/dang-ky-lop-viet-nhu-cau/",
    ),
    "/en": (
        "/trang/news/",
        "/trang/news/needs-in-everyday-words/",
        "/trang/events/demand-meets-supply-fruit/",
        "/trang/dossiers/fruit-without-chemicals/",
        "/trang/help/enterprise-find-technology/",
        "/trang/questions/",
        "/trang/notice-of-results/",
        "/trang/notice-of-results/issue-11-2026/",
        "/trang/class-on-writing-a-need/",
    ),
}
SIGNED_IN = (
    "/bang-dieu-khien/",
    "/thong-bao/",
    "/thong-bao/tuy-chon/",
    "/nhu-cau-phu-hop/",
    "/bang-dieu-khien/nhu-cau/moi/",
    "/bang-dieu-khien/cong-nghe/moi/",
    "/bang-dieu-khien/thiet-bi/moi/",
    "/bang-dieu-khien/dich-vu/moi/",
    "/chuyen-gia/cua-toi/",
    "/moi-quan-tam/",
    "/moi-quan-tam/moi/",
    "/moi-gioi/",
    "/uy-quyen/",
    "/ho-so-ca-nhan/",
    "/tai-khoan/email/",
    "/tai-khoan/2fa/",
    "/tai-khoan/sessions/",
    "/du-lieu-ca-nhan/cua-toi/",
    # Asks for the password again first: that page is looked at on the way.
    "/du-lieu-ca-nhan/cua-toi/dong-tai-khoan/",
)
#: List → pattern of the first detail page reached from it.
DETAILS = {
    "/nhu-cau/": r"/nhu-cau/[^/]+-\w{10}/",
    "/cong-nghe/": r"/cong-nghe/[^/]+-\w{10}/",
    "/thiet-bi/": r"/thiet-bi/[^/]+-\w{10}/",
    "/dich-vu/": r"/dich-vu/[^/]+-\w{10}/",
    "/chuyen-gia/": r"/chuyen-gia/[^/]+-\w{10}/",
    "/ket-qua/": r"/ket-qua/[^/]+-\w{10}/",
    "/nhiem-vu/": r"/nhiem-vu/[^/]+-\w{10}/",
    "/chuong-trinh/": r"/chuong-trinh/[^/]+-\w{10}/",
    "/nha-khoa-hoc/?ten=tran": r"/nha-khoa-hoc/[^/]+-\w{10}/",
    "/to-chuc/": r"/to-chuc/[^/]+-\w{10}/",
    "/danh-muc/": r"/danh-muc/[^/]+/",
    "/trang/": r"/trang/[^/]+/",
}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_public_pages_are_accessible(visit, prefix):
    visitor = visit()
    for path in (*PUBLIC, *WRITTEN[prefix]):
        visitor.go(f"{prefix}{path}")
        visitor.check()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_detail_pages_are_accessible(visit, prefix):
    visitor = visit()
    for path, pattern in DETAILS.items():
        page = visitor.go(f"{prefix}{path}")
        hrefs = page.eval_on_selector_all("main a[href]", "links => links.map(a => a.pathname)")
        found = next((href for href in hrefs if re.search(pattern, href)), None)
        assert found, f"{path} leads to no page: {hrefs}"
        visitor.go(found)
        visitor.check()


@pytest.mark.parametrize("person", [ENTERPRISE, INSTITUTE], ids=["enterprise", "institute"])
def test_signed_in_pages_are_accessible(visit, person):
    visitor = visit(person)
    for path in SIGNED_IN:
        visitor.go(path)
        visitor.check()


@AT_A_DESK
def test_staff_pages_answer(visit):
    """Wagtail's own pages keep its look and its accessibility; ours in it must at least answer."""
    visitor = visit(OFFICER)
    page = visitor.go("/admin/")
    links = page.eval_on_selector_all("a[href^='/admin/']", "links => links.map(a => a.pathname)")
    wanted = sorted({link for link in links if "logout" not in link})
    assert len(wanted) > 5
    for link in wanted:
        answer = visitor.page.goto(visitor.exchange.url(link))
        assert answer is not None
        assert answer.status == 200, f"{link} answered {answer.status}"


def test_a_form_of_staff_is_answered_without_scripts(visit):
    page = visit(javascript=False).go("/trang/dang-ky-lop-viet-nhu-cau/")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Thợ")
    page.get_by_label("Email", exact=True).fill("tho@example.vn")
    page.get_by_label("Buổi muốn học").select_option("Chiều thứ Năm")
    page.get_by_role("button", name="Gửi biểu mẫu").click()
    assert page.get_by_text("Hãy đánh dấu đồng ý").is_visible()
    assert page.get_by_label("Họ và tên").input_value() == "Nguyễn Văn Thợ"

    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi biểu mẫu").click()
    assert page.get_by_text("Sàn đã nhận đăng ký").is_visible()


def test_a_need_is_found_and_read_by_keyboard_alone(visit):
    """From the first Tab to the page of a listing: the skip link, the search box, the first hit."""
    page = visit().go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    _tab_until(page, "input[type=search]")
    page.keyboard.type("say xoai")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/tim-kiem/"))
    _tab_until(page, "main a[href*='/nhu-cau/'], main a[href*='/cong-nghe/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(nhu-cau|cong-nghe)/[^/?]+-\w{10}/"))
    assert page.locator("h1").is_visible()


def test_a_listing_says_that_it_was_read_and_fetches_no_more_than_it_needs(visit):
    page = visit().go("/nhu-cau/")
    need = page.get_by_role("main").locator("h2 a, h3 a").first
    with page.expect_response(lambda answer: "/luot-xem/" in answer.url) as counted:
        need.click()
    assert counted.value.status == 204
    assert page.evaluate("typeof htmx") == "undefined"


def _tab_until(page, wanted: str, most: int = 80) -> None:
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            is_shown = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); "
                "return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
            )
            assert is_shown, "nothing shows where the focus is"
            return
    raise AssertionError(f"{wanted} is not reached by Tab")
