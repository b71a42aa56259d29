"""Inspections: plan, visits, minutes, findings; who writes them and who reads them."""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.uploads import check_document
from marketplace.registration.models import Finding, FollowUp, InspectionPlan, InspectionVisit
from marketplace.registration.services import inspections
from tests.factories.registration import pdf_upload
from tests.registration.test_permissions import CAST, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen_at(datetime(2026, 11, 25, 9, tzinfo=clock.VIETNAM)):
        yield


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def plan(ministry, officer):
    return inspections.start_plan(ministry, 2026, by=officer, note="Kiểm tra việc đăng ký")


@pytest.fixture
def visit(plan, organization, officer):
    return inspections.add_visit(plan, by=officer, organization=organization, planned_on=DAY)


@pytest.fixture
def approved(visit, plan, officer):
    inspections.approve_plan(plan, by=officer, decision="15/QĐ-VKH", approved_on=DAY)
    return InspectionVisit.objects.select_related("plan").get(pk=visit.pk)


@pytest.fixture
def done(approved, officer):
    file = check_document(pdf_upload("bien-ban.pdf"))
    inspections.record_minutes(
        approved, by=officer, visited_on=DAY, minutes="Thiếu hai báo cáo.", file=file
    )
    return approved


@pytest.fixture
def finding(done, officer):
    return inspections.add_finding(
        done, by=officer, severity="major", text="Chưa nộp báo cáo", due_on=date(2026, 12, 15)
    )


def test_plan_is_one_a_year_and_approved_with_visits_and_a_decision(plan, ministry, officer):
    with pytest.raises(inspections.PlanExists):
        inspections.start_plan(ministry, 2026, by=officer)
    with pytest.raises(DomainError, match="chưa có buổi"):
        inspections.approve_plan(plan, by=officer, decision="15/QĐ", approved_on=DAY)
    plan.refresh_from_db()
    assert (plan.state, plan.decision) == ("draft", "")


def test_visit_belongs_to_a_draft_plan_of_its_year_once(visit, plan, organization, officer):
    for day in (DAY, date(2027, 1, 5)):
        with pytest.raises(DomainError):
            inspections.add_visit(plan, by=officer, organization=organization, planned_on=day)
    inspections.approve_plan(plan, by=officer, decision="15/QĐ", approved_on=DAY)
    with pytest.raises(DomainError, match="đã duyệt"):
        inspections.add_visit(
            plan, by=officer, organization=organization, planned_on=date(2026, 12, 1)
        )
    inspections.take_back_plan(plan, by=officer)
    inspections.add_visit(plan, by=officer, organization=organization, planned_on=date(2026, 12, 1))
    assert plan.visits.count() == 2


def test_minutes_are_recorded_once_and_leave_no_file_behind(approved, officer, visit):
    storage = approved.minutes_file.storage
    file = check_document(pdf_upload("bien-ban.pdf"))
    inspections.record_minutes(approved, by=officer, visited_on=DAY, minutes="Đủ.", file=file)
    kept = approved.minutes_file.name
    assert storage.exists(kept)
    assert approved.minutes_name == "bien-ban.pdf"
    again = InspectionVisit.objects.select_related("plan").get(pk=visit.pk)
    with pytest.raises(InvalidTransition):
        inspections.record_minutes(
            again,
            by=officer,
            visited_on=DAY,
            minutes="Lần hai.",
            file=check_document(pdf_upload("khac.pdf")),
        )
    lost = again.minutes_file.name
    assert lost != kept
    assert not storage.exists(lost)
    approved.refresh_from_db()
    assert (approved.minutes, approved.minutes_file.name) == ("Đủ.", kept)


def test_findings_follow_a_visit_and_close_once(visit, finding, officer):
    with pytest.raises(DomainError, match="Ghi biên bản"):
        inspections.add_finding(visit, by=officer, severity="minor", text="x", due_on=DAY)
    inspections.follow_up(finding, by=officer, note="Đã gửi một báo cáo.")
    assert finding.closed_on is None
    inspections.follow_up(finding, by=officer, note="Đã gửi cả hai.", closes=True)
    assert finding.closed_on == date(2026, 11, 25)
    with pytest.raises(InvalidTransition):
        inspections.follow_up(finding, by=officer, note="Nữa", closes=True)
    assert list(FollowUp.objects.order_by("pk").values_list("is_closing", flat=True)) == [
        False,
        True,
    ]


#: view → (which fixture it needs, what is posted).
WRITES = {
    "start_plan": ("ministry", {"year": "2026"}),
    "add_visit": ("plan", {"planned_on": "2026-12-01"}),
    "approve_plan": ("visit", {"decision": "15/QĐ", "approved_on": "2026-11-20"}),
    "take_back_plan": ("approved", {}),
    "record_minutes": ("approved", {"visited_on": "2026-11-20", "minutes": "Đủ."}),
    "cancel_visit": ("visit", {}),
    "add_finding": (
        "done", {"severity": "minor", "text": "Thiếu phiếu", "due_on": "2026-12-20"},
    ),
    "follow_up": ("finding", {"note": "Đã gửi."}),
}  # fmt: skip
READS = {"plan": "plan", "visit": "visit", "minutes_file": "done"}


def address(name, ministry):
    match name:
        case "start_plan":
            args = [ministry.slug]
        case "add_visit" | "approve_plan" | "take_back_plan" | "plan":
            args = [ministry.slug, 2026]
        case "follow_up":
            args = [Finding.objects.get().public_id]
        case _:
            args = [InspectionVisit.objects.get().public_id]
    return reverse(f"compliance:{name}", args=args)


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (InspectionPlan, InspectionVisit, Finding, FollowUp)
    ]


@pytest.mark.parametrize("name", WRITES)
def test_own_focal_point_writes_and_nobody_else(
    name, request, everybody, ministry, organization, client
):
    fixture, posted = WRITES[name]
    request.getfixturevalue(fixture)
    if name == "add_visit":
        posted = posted | {"unit": organization.name}
    if name == "follow_up":
        posted = {f"{Finding.objects.get().public_id}-{key}": v for key, v in posted.items()}
    url = address(name, ministry)
    before = everything()
    for who in sorted(set(CAST) - {"officer", "reader"}):
        assert signed_in(client, everybody[who]).post(url, posted).status_code == 404, who
        assert everything() == before, who

    assert signed_in(client, everybody["reader"]).post(url, posted).status_code == 302

    assert everything() != before


@pytest.mark.parametrize("name", READS)
def test_own_focal_point_and_agency_read(name, request, everybody, ministry, client):
    request.getfixturevalue(READS[name])
    url = address(name, ministry)
    seen = {who for who in CAST if signed_in(client, everybody[who]).get(url).status_code == 200}
    assert seen == {"officer", "reader", "agency_officer"}


def test_list_shows_what_is_due(finding, officer, other_officer, organization, client):
    url = reverse("compliance:inspections")
    assert organization.name in signed_in(client, officer).get(url).text
    other = signed_in(client, other_officer).get(url)
    assert other.status_code == 200
    assert organization.name not in other.text
    with clock.frozen_at(datetime(2026, 12, 20, 9, tzinfo=clock.VIETNAM)):
        assert "Quá hạn khắc phục" in signed_in(client, officer).get(url).text


def test_wrong_forms_say_why_and_keep_what_was_typed(approved, officer, client):
    url = reverse("compliance:record_minutes", args=[approved.public_id])
    bad = SimpleUploadedFile("bien-ban.pdf", b"MZ not a pdf", "application/pdf")
    answer = signed_in(client, officer).post(
        url, {"visited_on": "2026-12-24", "minutes": "Đã xem sổ.", "file": bad}
    )
    assert answer.status_code == 200
    assert {"visited_on", "file"} == set(answer.context["minutes_form"].errors)
    assert "Đã xem sổ." in answer.text
    approved.refresh_from_db()
    assert approved.state == "planned"
