"""Staff at their desks: a file is mapped and brought in, what it raises is decided, a page is published."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import AT_A_DESK, LEAD, SIZES

pytestmark = pytest.mark.journey
#: Windows are set to both widths where it matters; going the whole way twice would show nothing more.
ONCE = AT_A_DESK

#: Of an admin page all but its frame, and the heading that Wagtail puts over what a filter found.
OURS = {"include": [["#main"]], "exclude": [["h2[role='alert']"]]}

TITLE = "Nghiên cứu quy trình ươm giống sâm dây bằng nuôi cấy mô thạch mềm"
ABSTRACT = (
    "Hoàn thiện môi trường nuôi cấy mô sâm dây trên thạch mềm, hệ số nhân chồi 6,2 lần sau tám tuần, "
    "tỷ lệ sống ngoài vườn ươm 91 %, giá thành cây giống giảm một phần ba so với giâm hom."
)
HEAD = "id;title;abstract;org;year"
ORG = "Viện Nghiên cứu Giống thử nghiệm"
FILES = (
    f"{HEAD}\nD1;{TITLE};{ABSTRACT};{ORG};2023\nD2;Nghi?n c?u s?y m?ng c?u b?ng b?m nhi?t;;{ORG};2024\n",
    f"{HEAD}\nD1;{TITLE};{ABSTRACT};{ORG};2022\n",
)
#: A year beside both years that the first has here: near enough to ask, too far to join unasked.
OTHER = f"{HEAD}\nE1;{TITLE};{ABSTRACT};{ORG};2024\n"


def check_desk(visitor, *, everywhere: bool = False) -> None:
    """Our part of the admin's page, at both widths: accessible, nothing to scroll sideways."""
    page = visitor.page
    for width in SIZES.values() if everywhere else (SIZES["desktop"],):
        page.set_viewport_size(width)
        found = Axe().run(page, context=OURS).response["violations"]
        said = [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found]
        assert not said, f"{page.url} at {width}: {said}"
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at {width}"
    page.set_viewport_size(SIZES["desktop"])


def make_source(visitor, slug: str, name: str, sharing: str) -> None:
    page = visitor.go("/admin/nguon-du-lieu/new/")
    page.fill("[name=slug]", slug)
    page.fill("[name=name]", name)
    page.select_option("[name=kind]", "file")
    page.select_option("[name=sharing]", sharing)
    page.get_by_role("button", name="Tạo", exact=False).first.click()
    page.wait_for_url(lambda url: url.rstrip("/").endswith("nguon-du-lieu"))


def bring(visitor, source: str, text: str, name: str, *, look: bool = False) -> None:
    """Chooses a file, looks at its columns and brings it in; waits until it has been read."""
    page = visitor.go("/admin/nhap-du-lieu/tep/")
    page.set_input_files(
        "[name=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.select_option("[name=source]", label=source)
    page.locator("#main form button[type=submit]").first.click()
    page.wait_for_selector("button[value=bring]")
    if look:
        assert page.input_value("[name=c1]") == "title"
        page.select_option("[name=c4]", "")
        page.locator("button[value=look]").click()
        page.wait_for_selector("button[value=bring]")
        assert page.input_value("[name=c4]") == ""
        page.select_option("[name=c4]", "year")
        check_desk(visitor, everywhere=True)
    where = page.url
    page.locator("button[value=bring]").click()
    page.wait_for_url(lambda url: url.rstrip("/").endswith("nhap-du-lieu"))
    visitor.until(where, lambda p: "Đã nhập" in p.inner_text("#main"), 30)


@ONCE
def test_lead_walks_the_desks_of_what_comes_in(visit):
    lead = visit(LEAD)
    make_source(lead, "ban-thu-mot", "Kho thử một", "public")
    make_source(lead, "ban-thu-hai", "Kho thử hai", "public")
    make_source(lead, "ban-thu-kin", "Kho thử kín", "ministries")
    lead.go("/admin/nguon-du-lieu/")
    check_desk(lead)

    bring(lead, "Kho thử một", FILES[0], "mot.csv", look=True)
    bring(lead, "Kho thử hai", OTHER, "hai.csv")

    # A correction stands against what the source says next.
    page = lead.go("/admin/ket-qua/?words=s%C3%A2m+d%C3%A2y&source=ban-thu-mot")
    check_desk(lead)
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_selector("h1")
    check_desk(lead, everywhere=True)
    page.get_by_role("link", name="Sửa Năm").click()
    page.fill("[name=value]", "2025")
    page.fill("[name=reason]", "theo biên bản nghiệm thu")
    page.get_by_role("button", name="Lưu giá trị này").click()
    page.wait_for_selector("text=Lần nhập sau không ghi đè")
    bring(lead, "Kho thử một", FILES[1], "mot-lai.csv")
    page = lead.go("/admin/khac-biet/?nguon=ban-thu-mot")
    check_desk(lead, everywhere=True)
    page.get_by_label(TITLE).check()
    page.get_by_role("button", name="Giữ giá trị đã sửa").click()
    page.wait_for_selector("text=Đã quyết định")

    page = lead.go("/admin/chu-bi-mat/")
    assert "Nghi?n c?u" in page.inner_text("#main")
    check_desk(lead, everywhere=True)

    page = lead.until(
        "/admin/ban-ghi-trung/", lambda p: "sâm dây" in p.inner_text("#main"), seconds=30
    )
    check_desk(lead)
    page.get_by_role("link", name="sâm dây").first.click()
    page.wait_for_selector("button[value=merge]")
    check_desk(lead, everywhere=True)
    page.locator("button[value=apart]").click()
    page.wait_for_selector("text=Hai bản ghi được giữ riêng")

    page = lead.go("/admin/thoa-thuan-chia-se/new/")
    page.select_option("[name=source]", label="Kho thử kín")
    page.fill("[name=reader]", ORG)
    page.fill("[name=number]", "01/TT-2026")
    page.fill("[name=valid_from]", "2026-01-01")
    check_desk(lead, everywhere=True)
    page.get_by_role("button", name="Tạo", exact=False).first.click()
    page.wait_for_url(lambda url: url.rstrip("/").endswith("thoa-thuan-chia-se"))
    page.get_by_role("link", name="0 khóa").first.click()
    page.fill("[name=name]", "máy chủ của bộ")
    page.get_by_role("button", name="Tạo khóa").click()
    page.wait_for_selector("text=Khóa mới")
    check_desk(lead, everywhere=True)


def number_of(page, title: str) -> str:
    """The number under which the admin knows a page of the list that is open."""
    link = page.locator("#main a[href$='/edit/']", has_text=title).first
    return link.get_attribute("href").split("/")[-3]


@ONCE
def test_a_page_is_published_found_and_taken_back(visit):
    lead, reader, words = visit(LEAD), visit(), "Lịch tiếp khách chợ phiên"
    found = "/tim-kiem/?q=lich+tiep+khach+cho+phien&muc=trang"
    top = number_of(lead.go("/admin/pages/"), "Về sàn giao dịch")
    parent = number_of(lead.go(f"/admin/pages/{top}/"), "Liên hệ")
    page = lead.go(f"/admin/pages/add/cms/contentpage/{parent}/")
    page.fill("[name=title]", words)
    page.fill("[name=introduction]", "Khi nào gặp được cán bộ của sàn ở chợ phiên công nghệ.")
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("[name=action-publish]").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    own = number_of(lead.go(f"/admin/pages/{parent}/"), words)

    page = reader.until(found, lambda p: words in p.inner_text("main"))
    page.get_by_role("link", name=words).first.click()
    page.wait_for_selector("h1")
    assert words in page.inner_text("h1")
    reader.check()
    address = page.url

    page = lead.go(f"/admin/pages/{own}/unpublish/")
    page.locator("#main form [type=submit]").first.click()
    page.wait_for_url(lambda url: "/unpublish/" not in url)
    answer = reader.page.goto(address)
    assert answer.status == 404
    reader.until(found, lambda p: words not in p.inner_text("main"))
