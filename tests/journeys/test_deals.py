"""From a match to a registered contract and a paid milestone, as both sides, a broker, finance and staff of the demo walk it."""

import pytest
from playwright.sync_api import expect

from marketplace.core import clock
from marketplace.demo.people import PASSWORD
from tests.journeys.conftest import (
    AT_A_DESK,
    BROKER,
    CHAIR,
    ENTERPRISE,
    INSTITUTE,
    INSTITUTE_FINANCE,
    INSTITUTE_SIGNER,
    LEAD,
    OFFICER,
    ON_A_PHONE,
    SECOND,
    SIGNER,
    no_errors_in_console,
)

pytestmark = pytest.mark.journey


@ON_A_PHONE
def test_from_a_match_to_a_registered_contract_and_an_advance_paid_by_transfer(visit):
    firm, institute, broker = visit(ENTERPRISE), visit(INSTITUTE), visit(BROKER)
    page = firm.page
    with no_errors_in_console(page), no_errors_in_console(institute.page):
        agree_to_the_broker(visit(CHAIR))
        interest = asked_from_a_match(broker)
        room = accepted_by(institute, interest)
        expect(broker.go(interest).get_by_text("Đã đồng ý").first).to_be_visible()
        broker.check()
        assert broker.page.goto(room).status == 404, "a broker sits in the deal of its firm"
        for name, role in ((INSTITUTE_SIGNER, "signatory"), (INSTITUTE_FINANCE, "finance")):
            seat(institute, room, name, role)
        seat(firm, room, SIGNER, "signatory")
        offer_terms(institute, room)

        firm.go(room)
        expect(page.get_by_role("heading", name="Trao đổi")).to_be_visible()
        firm.check()
        page.get_by_label("Lời nhắn").fill("Bên tôi đồng ý xem số liệu tuần này.")
        page.get_by_role("button", name="Gửi", exact=True).click()
        expect(page.get_by_text("Bên tôi đồng ý xem số liệu tuần này.")).to_be_visible()
        asked_and_judged(firm, room)

    agree_to_secrecy(visit(INSTITUTE_SIGNER), room, "Chưa có hiệu lực")
    agree_to_secrecy(visit(SIGNER), room, "Có hiệu lực")
    with no_errors_in_console(page):
        firm.go(f"{room}dieu-khoan/")
        firm.check()
        page.get_by_role("button", name="Chấp thuận bản này").click()
        expect(page.get_by_text("Đã thống nhất điều khoản").first).to_be_visible()

        firm.go(f"{room}hop-dong/")
        page.get_by_role("button", name="Soạn hợp đồng").click()
        expect(page.get_by_role("heading", name="Điều 1.", exact=False)).to_be_visible()
        firm.check()

    confirm(visit(SIGNER), room)
    confirm(visit(INSTITUTE_SIGNER), room)

    finance = visit(INSTITUTE_FINANCE)
    with no_errors_in_console(finance.page):
        payment, reference = ask_for_the_first_milestone(finance, room)
    with no_errors_in_console(page):
        firm.go(payment)
        expect(page.get_by_role("img", name="Mã VietQR của khoản chuyển này")).to_be_visible()
        firm.check()
    with no_errors_in_console(finance.page):
        import_statement_of(finance, reference, "300000000")
    with no_errors_in_console(page):
        firm.until(payment, lambda shown: shown.get_by_text("Đã thanh toán").count())
        firm.check()
        firm.go(f"{room}chuan-bi/")
        page.get_by_role("button", name="Xong Chọn người tiếp nhận và vận hành").click()
        expect(page.get_by_text("xong 1 trong", exact=False)).to_be_visible()
        firm.check()
        register(firm, room, "26/2026/GCN-CGCN")

    desk = broker.go("/moi-gioi/")
    expect(desk.locator("dt", has_text="Hợp đồng có từ đó").locator("+ dd")).to_have_text("1")
    broker.check()
    officer = visit(OFFICER)
    with no_errors_in_console(officer.page):
        officer.go(room)
        expect(officer.page.locator("#moc-1").get_by_text("Đã thanh toán")).to_be_visible()


def card_of(visitor, need, offer):
    """The match of one's need with an offer, on the need's own page."""
    page = visitor.go(f"/tim-kiem/?q={need}")
    page.locator("main a[href*='/nhu-cau/']", has_text=need).first.click()
    card = page.locator("article.match", has_text=offer).first
    expect(card).to_be_visible()
    return card


def proved(page, done):
    """The password once more, unless the person gave it in a walk of a few minutes ago; then `done` is seen."""
    password = page.get_by_label("Mật khẩu", exact=True)
    expect(password.or_(done).first).to_be_visible()
    if password.count():
        password.fill(PASSWORD)
        page.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(done.first).to_be_visible()


def agree_to_the_broker(owner):
    """The consent that the demo's broker has asked for; with it the broker reads the firm's matches."""
    page = owner.go("/uy-quyen/")
    owner.check()
    page.locator("article", has_text="Chờ doanh nghiệp đồng ý").get_by_role("link").click()
    expect(page.get_by_label("Gửi đề nghị kết nối thay doanh nghiệp")).to_be_checked()
    owner.check()
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    proved(page, page.get_by_text("Đang ủy quyền"))


def asked_from_a_match(broker):
    """For the firm that has let it. The address of the interest."""
    page = broker.page
    with no_errors_in_console(page):
        card = card_of(broker, "Sấy dẻo xoài và hồng", "Quy trình và thiết bị sấy dẻo xoài")
        broker.check()
        card.get_by_role("link", name="Gửi đề nghị kết nối").click()
        expect(page.get_by_text("theo ủy quyền; bên kia thấy tên doanh nghiệp")).to_be_visible()
        broker.check()
        page.get_by_label("Nhận chuyển giao công nghệ").check()
        page.get_by_label("Vì sao bạn quan tâm?").fill("Xưởng hai cần thêm một dây chuyền.")
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.get_by_text("Đã gửi. Bên kia được báo")).to_be_visible()
    return page.url


def accepted_by(institute, interest):
    """The address of the room."""
    page = institute.go(interest)
    institute.check()
    page.get_by_role("button", name="Đồng ý kết nối").click()
    page.get_by_role("link", name="Mở giao dịch").click()
    page.wait_for_url("**/giao-dich/*/")
    return page.url


def seat(lead, room, person, role):
    page = lead.go(f"{room}?mo=nguoi")
    page.get_by_label("Người của tổ chức bạn").select_option(label=person.full_name)
    page.locator("select[name=seat-role]").select_option(role)
    page.locator("#mo-nguoi").get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("section", has_text="Người tham gia").first).to_contain_text(
        person.full_name
    )


def offer_terms(institute, room):
    page = institute.go(f"{room}dieu-khoan/")
    for name, text in {
        "object": "Quy trình và bản vẽ cho một dây chuyền 300 kg mỗi mẻ",
        "quality": "Độ ẩm cuối 16 phần trăm, màu như mẫu đã thử",
        "rights": "Quyền sử dụng không độc quyền tại Việt Nam",
        "price": "Chưa gồm thuế",
        "term": "Ba năm từ ngày hai bên xác nhận",
        "disputes": "Tòa án nhân dân có thẩm quyền",
    }.items():
        page.fill(f"[name=content_{name}]", text)
    for number, (title, amount) in enumerate(
        (("Tạm ứng", "300 triệu"), ("Nghiệm thu", "700 triệu"))
    ):
        page.fill(f"[name=plan_{number + 1}_title]", title)
        page.fill(f"[name=plan_{number + 1}_amount]", amount)
    page.get_by_role("button", name="Gửi bản này cho bên kia").click()
    expect(page.get_by_text("Đã gửi bản điều khoản")).to_be_visible()
    institute.check()


def register(firm, room, number):
    page = firm.go(f"{room}hop-dong/")
    page.locator("summary", has_text="Đã được cấp số…").click()
    page.get_by_label("Số giấy chứng nhận đăng ký").fill(number)
    page.get_by_label("Ngày đăng ký").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_role("button", name="Ghi số đăng ký").click()
    expect(page.get_by_text(number)).to_be_visible()
    firm.check()


def asked_and_judged(firm, room):
    """A question to the other side, and what the firm's own team gives."""
    page = firm.page
    firm.go(f"{room}hoi-dap/")
    page.get_by_label("Câu hỏi của bạn").fill("Máy cần mấy người vận hành?")
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.get_by_role("heading", name="Câu 1")).to_be_visible()
    firm.check()
    firm.go(f"{room}danh-gia/")
    page.get_by_role("button", name="Mở đánh giá", exact=True).click()
    page.locator("select[name=score-points_fit]").select_option("4")
    page.get_by_role("button", name="Ghi điểm").click()
    expect(page.get_by_text("80%").first).to_be_visible()
    firm.check()


def agree_to_secrecy(signer, room, then):
    page = signer.page
    with no_errors_in_console(page):
        signer.go(f"{room}bao-mat/")
        signer.check()
        agree = page.get_by_role("button", name="Tôi đã đọc và chấp thuận")
        agree.click()
        expect(agree).to_have_count(0)
        expect(page.get_by_text(then, exact=True)).to_be_visible()
        signer.check()


def confirm(signer, room):
    """With the second factor that the person has signed in with, and the password once more."""
    page = signer.page
    with no_errors_in_console(page):
        signer.go(f"{room}hop-dong/")
        page.get_by_role("button", name="Xác nhận hợp đồng").click()
        proved(page, page.get_by_text("Đã xác nhận. Hợp đồng có hiệu lực"))


def ask_for_the_first_milestone(finance, room):
    """Its payment's address, and what the payer writes as content."""
    page = finance.page
    finance.go(room)
    page.locator("#moc-1").get_by_role("link", name="Đề nghị thanh toán").click()
    finance.check()
    account = page.get_by_label("Nhận tiền vào tài khoản")
    account.select_option(label=account.locator("option", has_text="VietinBank").inner_text())
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("heading", name="Giấy tờ")).to_be_visible()
    finance.check()
    return page.url, page.locator("#pay-content").inner_text()


def import_statement_of(finance, reference, amount):
    page = finance.page
    finance.go("/thanh-toan/sao-ke/")
    day = f"{clock.today():%d/%m/%Y}"
    lines = ["Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung giao dịch"]
    lines += [f"{day},FT9001,{amount},CT DEN {reference} tam ung", f"{day},FT9002,55000,Lai TK"]
    file = {"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    account = page.get_by_label("Sao kê của tài khoản")
    account.select_option(label=account.locator("option", has_text="VietinBank").inner_text())
    page.get_by_label("Tệp sao kê").set_input_files(file)
    page.get_by_role("button", name="Nhập", exact=True).click()
    expect(page.get_by_role("heading", name="sao-ke.csv")).to_be_visible()
    finance.until(page.url, lambda shown: not shown.get_by_text("Đang đối soát").count())
    expect(page.get_by_role("link", name="Tạm ứng", exact=False)).to_be_visible()
    finance.check()


@AT_A_DESK
def test_from_a_match_by_an_express_licence_to_a_contract_paid_by_the_card_that_is_none(visit):
    chair = visit(CHAIR)
    page = chair.page
    with no_errors_in_console(page):
        card = card_of(chair, "Máy bóc vỏ mắc ca", "Máy tách vỏ mắc ca")
        card.get_by_role("button", name="Xem chi tiết").click()
        page.get_by_role("link", name="Mua giấy phép theo điều khoản sẵn").click()
        expect(page.get_by_role("heading", name="Giấy phép theo điều khoản sẵn")).to_be_visible()
        chair.check()
        page.get_by_label("Tài khoản thẻ giả", exact=False).check()
        page.get_by_label("Tôi đã đọc và chấp nhận đúng bản điều khoản này").check()
        page.get_by_role("button", name="Chấp nhận và đi tới trả tiền").click()
        proved(page, page.get_by_text("Hợp đồng đã có hai bên xác nhận"))
        page.wait_for_url("**/thanh-toan/*/")
        payment = page.url
        chair.until(payment, lambda shown: shown.get_by_role("link", name="Trả bằng thẻ").count())
        chair.check()
        page.get_by_role("link", name="Trả bằng thẻ").click()
        page.get_by_role("button", name="Giả làm đã trả").click()
        chair.until(payment, lambda shown: shown.get_by_text("Tiền đã nhận").count())
        page.get_by_role("link", name="Khi chấp nhận").click()
        expect(page.locator("#moc-1").get_by_text("Đã thanh toán")).to_be_visible()
        register(chair, page.url.partition("#")[0], "27/2026/GCN-CGCN")

    owner = visit(INSTITUTE)
    with no_errors_in_console(owner.page):
        owner.go("/giao-dich/")
        owner.page.get_by_role("link", name="Máy tách vỏ mắc ca").first.click()
        expect(owner.page.locator("#moc-1").get_by_text("Đã thanh toán")).to_be_visible()


@AT_A_DESK
def test_a_firm_pays_by_the_card_that_is_none(visit):
    firm = visit(ENTERPRISE)
    page = firm.page
    with no_errors_in_console(page):
        firm.go("/thanh-toan/")
        firm.check()
        page.get_by_role("link", name="Nhận báo cáo thử nghiệm").click()
        payment = page.url
        page.get_by_role("link", name="Trả bằng thẻ").click()
        expect(page.get_by_text("Đây không phải cổng thanh toán")).to_be_visible()
        firm.check()
        page.get_by_role("button", name="Giả làm đã trả").click()
        firm.until(payment, lambda shown: shown.get_by_text("Tiền đã nhận").count())
        firm.check()
        page.get_by_role("link", name="Nhận báo cáo thử nghiệm").click()
        expect(page.locator("#moc-2").get_by_text("Đã thanh toán")).to_be_visible()


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


@AT_A_DESK
def test_a_dispute_is_answered_and_settled(visit):
    """The demo's firm has raised one; its institute answers, staff say the outcome."""
    institute = visit(INSTITUTE)
    page = institute.page
    with no_errors_in_console(page):
        institute.go("/giao-dich/")
        page.get_by_role("link", name="Thử nghiệm hạn dùng").first.click()
        page.get_by_role("link", name="Xem khiếu nại").click()
        institute.check()
        page.get_by_label("Nội dung").fill("Lịch thử bắt đầu thứ Hai tuần tới.")
        page.get_by_role("button", name="Gửi trả lời").click()
        expect(page.get_by_text("Đã trả lời, chờ hòa giải")).to_be_visible()
        address = page.url

    officer = visit(LEAD)
    page = officer.page
    with no_errors_in_console(page):
        officer.go("/admin/khieu-nai/")
        officer.check()
        page.get_by_role("link", name="Thử nghiệm hạn dùng", exact=False).click()
        page.get_by_label("Hai bên thống nhất được").check()
        page.get_by_role("textbox", name="Căn cứ").fill("Hai bên đã thống nhất lịch thử.")
        page.get_by_role("button", name="Ghi kết quả").click()
        expect(page.get_by_text("Hai bên đã thống nhất lịch thử.").first).to_be_visible()
        officer.check()
        officer.go(address.replace("/giao-dich/", "/en/giao-dich/"))
        expect(page.get_by_text("The two sides have agreed")).to_be_visible()
        officer.check()
