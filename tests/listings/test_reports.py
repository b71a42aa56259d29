"""Reports of listings: the clock, the limits, the decision and who may take it."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from cms.setup import set_up_curation
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings.models import ListingReport, Need, ReviewDecision
from marketplace.listings.operating_rules import editions, operating_rules
from marketplace.listings.services.reports import (
    MOST_A_DAY,
    TooManyReports,
    dismiss_report,
    record_authority_request,
    report_listing,
    uphold_report,
)
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import NeedFactory


@pytest.fixture
def need(db):
    cache.clear()
    return NeedFactory(published=True)


@pytest.fixture
def report(need):
    return report_listing(need, reason="false", text="Số liệu sai.", address="203.0.113.5")


def fresh(listing):
    return Need.objects.get(pk=listing.pk)


# --- the rules ----------------------------------------------------------------------------------


def test_law_of_the_day_runs_the_clock():
    assert operating_rules(date(2026, 6, 30)).source_vi.startswith("Nghị định 52/2013")
    assert operating_rules(date(2026, 7, 1)).source_vi.startswith("Luật Thương mại điện tử")
    assert operating_rules(date(2019, 1, 1)) == editions()[0]
    assert editions()[0].valid_to == date(2026, 6, 30)
    assert all(one.takedown_hours <= 24 for one in editions())


def test_authoritys_hours_run_from_its_receipt(need):
    received = clock.now() - timedelta(hours=20)
    made = record_authority_request(
        need, authority="Sở Công Thương", document_number="12/SCT", reason="prohibited", text="",
        received_at=received, by=UserFactory(is_staff=True),
    )  # fmt: skip

    assert made.due_at == received + timedelta(hours=24)
    assert not made.is_late
    with pytest.raises(DomainError):
        record_authority_request(
            need, authority="x", document_number="1", reason="other", text="",
            received_at=clock.now() + timedelta(hours=1), by=UserFactory(is_staff=True),
        )  # fmt: skip


# --- readers ------------------------------------------------------------------------------------


def test_reader_reports_without_an_account(need, client):
    url = reverse("listings:report", args=["need", need.public_id])
    assert url in client.get(need.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 200

    page = client.post(url, {"reason": "", "text": ""})
    assert "Chọn một lý do." in page.content.decode()
    answer = client.post(url, {"reason": "gone", "text": "Gọi mãi không được."})

    assert answer.url == reverse("listings:reported")
    made = ListingReport.objects.get()
    assert (made.kind, made.key, made.reason, made.state) == (
        "need",
        need.public_id,
        "gone",
        "open",
    )
    assert client.get(answer.url).status_code == 200
    assert "24 giờ" in client.get(reverse("listings:operating_regulation")).content.decode()


def test_what_fills_every_field_is_left_aside(need, client):
    url = reverse("listings:report", args=["need", need.public_id])
    client.post(url, {"reason": "gone", "text": "x", "website": "http://spam.example"})
    assert ListingReport.objects.count() == 0


def test_what_is_not_shown_is_not_reported(client, db):
    hidden = NeedFactory()
    assert (
        client.get(reverse("listings:report", args=["need", hidden.public_id])).status_code == 404
    )


def test_one_address_sends_a_few_a_day_and_nothing_of_it_is_kept(need):
    for _n in range(MOST_A_DAY):
        made = report_listing(need, reason="other", text="x", address="203.0.113.9")
    with pytest.raises(TooManyReports):
        report_listing(need, reason="other", text="x", address="203.0.113.9")
    report_listing(need, reason="other", text="x", address="203.0.113.10")

    assert ListingReport.objects.count() == MOST_A_DAY + 1
    assert "203.0.113" not in str(made.__dict__)


# --- the decision ---------------------------------------------------------------------------------


def test_upheld_report_takes_the_listing_down_and_tells_its_owner(need, report):
    staff = UserFactory(is_staff=True)
    uphold_report(report, note="Vi phạm quyền sáng chế 123.", by=staff)

    assert not fresh(need).live
    decision = ReviewDecision.objects.get()
    assert (decision.decision, decision.note) == ("taken_down", "Vi phạm quyền sáng chế 123.")
    assert need.contact.notices.filter(kind="review.taken_down").exists()
    with pytest.raises(InvalidTransition):
        dismiss_report(report, note="Nhầm", by=staff)


def test_dismissed_report_leaves_the_listing(need, report):
    with pytest.raises(DomainError):
        dismiss_report(report, note=" ", by=UserFactory())
    dismiss_report(report, note="Số liệu có phiếu thử.", by=UserFactory())

    assert fresh(need).is_public
    assert ListingReport.objects.get().state == "dismissed"


def test_killed_between_the_two_leaves_both_undone(need, report, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("marketplace.listings.services.reports.record_review", die)
        with pytest.raises(Killed):
            uphold_report(report, note="Sai.", by=UserFactory())
    assert fresh(need).is_public
    assert ListingReport.objects.get().state == "open"

    uphold_report(report, note="Sai.", by=UserFactory())
    assert ReviewDecision.objects.count() == 1


def test_who_decides(need, report, client):
    set_up_curation()
    url, data = (
        reverse("reader_reports"),
        {"report": report.public_id, "action": "uphold", "note": "Sai."},
    )
    owner, stranger = need.contact, MembershipFactory().user
    colleague = MembershipFactory(organization=need.organization).user
    for person in (owner, colleague, stranger, staff_member("officers")):
        client.force_login(person)
        client.post(url, data)
        assert fresh(need).is_public
        assert ListingReport.objects.get().state == "open"

    client.force_login(staff_member("leads"))
    assert report.title in client.get(url).content.decode()
    client.post(url, data)
    assert not fresh(need).live
    assert "Sai." in client.get(f"{url}?trang-thai=da-xu-ly").content.decode()
    assert "Không có phản ánh" in client.get(url).content.decode()


def test_lead_records_an_authoritys_request_by_the_number(need, client):
    set_up_curation()
    Need.objects.filter(pk=need.pk).update(number=412)
    client.force_login(staff_member("leads"))
    data = {
        "action": "record", "number": "nc-00412", "authority": "Thanh tra Sở", "document_number": "9/TT",
        "reason": "prohibited", "received_at": "2026-01-05T08:30", "text": "",
    }  # fmt: skip
    page = client.post(reverse("reader_reports"), data | {"number": "NC-9"})
    assert "Không có tin nào mang số này" in page.content.decode()
    client.post(reverse("reader_reports"), data)

    made = ListingReport.objects.get()
    assert (made.source, made.key, made.document_number) == ("authority", need.public_id, "9/TT")
    assert "1 yêu cầu của cơ quan nhà nước" in client.get("/admin/").content.decode()
