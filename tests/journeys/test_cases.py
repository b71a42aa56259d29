"""An officer looks after a need; an owner says by the link of a mail that a listing still holds."""

import re
import subprocess
import sys

import pytest

from tests.journeys.conftest import ENTERPRISE, OFFICER, ROOT, _environment
from tests.journeys.test_desks import check_desk

pytestmark = pytest.mark.journey

#: What the clock would bring about in half a year, to the listing of this person that stands first.
TIME_PASSES = """
from datetime import timedelta
from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.models import Need
row = Need.objects.public().filter(contact__email="{email}").order_by("pk").first()
long_ago = clock.now() - timedelta(days=160)
Need.objects.filter(pk=row.pk).update(last_confirmed_at=long_ago)
assert services.ask_batch() == 1
print(row.public_id)
"""


@pytest.mark.parametrize("size", ["desktop"])
def test_officer_looks_after_a_need_and_passes_it_on(visit):
    officer = visit(OFFICER)
    page = officer.until("/admin/ho-so/", lambda p: p.locator("[name=case]").count() > 1)
    assert "Chưa giao ai" in page.inner_text("#main")
    check_desk(officer, everywhere=True)

    page.locator("#listing-results td.title a").first.click()
    page.get_by_role("button", name="Tôi nhận hồ sơ này").click()
    page.wait_for_selector("text=Bạn phụ trách hồ sơ này.")
    page.select_option("[name=note-kind]", "visit")
    page.fill("[name=note-text]", "Đến xưởng, xem máy tách hạt; cần mẫu thử 20 kg.")
    page.get_by_role("button", name="Ghi vào nhật ký").click()
    page.wait_for_selector("text=Đến xưởng, xem máy tách hạt")
    page.fill("[name=plan-action]", "Gửi mẫu cho viện")
    page.get_by_role("button", name="Lưu việc tiếp theo").click()
    page.wait_for_selector("text=Đã ghi việc tiếp theo.")
    officer.go(page.url)  # without Wagtail's own message
    check_desk(officer, everywhere=True)

    page = officer.go("/admin/ho-so/?heap=mine")
    assert "Gửi mẫu cho viện" in page.inner_text("#listing-results")
    page.locator("[name=case]").first.check()
    page.select_option("#hand-over [name=to]", label="Đỗ Minh Khoa")
    page.fill("#hand-over [name=note]", "Tôi đi công tác tuần này")
    page.locator("#hand-over").get_by_role("button", name="Bàn giao").click()
    page.wait_for_selector("text=Đã giao 1 hồ sơ cho Đỗ Minh Khoa.")
    page.get_by_role("button", name="Hoàn tác bàn giao cho Đỗ Minh Khoa").click()
    page.wait_for_selector("text=Đã trả 1 hồ sơ về người phụ trách trước.")

    page = officer.go("/admin/")
    assert "Hồ sơ của tôi hôm nay" in page.inner_text("#main")
    check_desk(officer, everywhere=True)


@pytest.mark.parametrize("size", ["phone"])
def test_owner_confirms_by_the_link_of_the_mail_without_signing_in(visit, exchange):
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-v0",
            "-c",
            TIME_PASSES.format(email=ENTERPRISE.email),
        ],
        cwd=ROOT,
        env=_environment(exchange.data),
        capture_output=True,
        text=True,
        check=True,
    )
    owner = visit()
    mailbox = f"/demo/hop-thu/?to={ENTERPRISE.email}"
    page = owner.until(mailbox, lambda p: "Tin còn đúng không" in p.inner_text("main"), 30)
    page.get_by_role("link", name="Tin còn đúng không").first.click()
    page.wait_for_selector("text=Xác nhận tin còn đúng")
    link = re.search(r"/xac-nhan-tin/[\w.:-]+/", page.content())
    assert link is not None

    page = owner.go(link[0])
    owner.check()
    page.get_by_role("button", name="Còn đúng, tiếp tục hiển thị").click()
    page.wait_for_selector("h1:has-text('Đã xác nhận')")
    owner.check()
    page.get_by_role("link", name="Xem tin").click()
    page.wait_for_selector("h1")
    assert done.stdout.strip().splitlines()[-1] in page.url
    assert "xác nhận còn nhu cầu ngày" in page.inner_text("main")
