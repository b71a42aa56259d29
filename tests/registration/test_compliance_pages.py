"""The compliance desk: who sees and does what, and what its pages say."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from marketplace.accounts.fronts import default_front
from marketplace.core import clock
from marketplace.registration.models import Duty, DutyReminder, Letter
from marketplace.registration.services.duties import derive_results, derive_tasks
from marketplace.registration.services.excuses import excuse_duty
from marketplace.registration.services.letters import draft_letter
from marketplace.research.models import Application
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory, TaskFactory
from tests.registration.test_permissions import CAST, signed_in

pytestmark = [pytest.mark.django_db]

OFFICERS = {"officer", "reader"}
READERS = OFFICERS | {"agency_officer"}
REPORT = {
    "organization_name": "Hợp tác xã Xoài",
    "form_of_use": "production",
    "economic_effect": "Giảm 20 % điện.",
    "reported_on": "2026-11-20",
}
#: view → (what is posted, who may).
WRITES = {
    "excuse": ({"reason": "Nhiệm vụ sáp nhập"}, OFFICERS),
    "state_acceptance": ({"accepted_on": "2026-11-02"}, OFFICERS),
    "reopen": ({}, OFFICERS),
    "draft_letter": ({}, OFFICERS),
    "draft_all": ({}, OFFICERS),
    "number_letter": ({"number": "12/SKHCN", "issued_on": "2026-11-20"}, OFFICERS),
    "drop_letter": ({}, OFFICERS),
    "report": (REPORT, {"owner", "colleague"}),
}
READS = {
    "unit": READERS,
    "letter": READERS,
    "letter_document": READERS,
    "excuse": OFFICERS,
    "report": {"owner", "colleague"},
}


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen_at(datetime(2026, 11, 25, 9, tzinfo=clock.VIETNAM)):
        yield


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def duties(organization, everybody):
    """A task whose registration is late, and a result whose first report is due."""
    task = TaskFactory(organization=organization, ended_on="2026-09")
    result = ResultFactory(organization=organization, accepted_on=date(2025, 5, 5))
    derive_tasks([task.pk])
    derive_results([result.pk])
    return task


def address(name, organization):
    register = Duty.objects.get(kind="register")
    match name:
        case "unit" | "draft_letter":
            args = [organization.public_id]
        case "draft_all":
            args = [register.focal_point.slug]
        case "report":
            args = [Duty.objects.get(kind="application-report", number=1).public_id]
        case "letter" | "letter_document" | "number_letter" | "drop_letter":
            args = [Letter.objects.get().public_id]
        case _:
            args = [register.public_id]
    return reverse(f"compliance:{name}", args=args)


def prepare(name, organization, officer):
    register = Duty.objects.get(kind="register")
    if "letter" in name and name != "draft_letter":
        draft_letter(register.focal_point, organization, [register], by=officer)
    if name == "reopen":
        excuse_duty(register, by=officer, reason="Chờ quyết định")


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Duty, Letter, DutyReminder, Application)
    ]


@pytest.mark.parametrize("name", WRITES)
def test_only_who_may_writes(name, duties, everybody, organization, officer, client):
    posted, allowed = WRITES[name]
    prepare(name, organization, officer)
    url = address(name, organization)
    before = everything()
    for who in sorted(set(CAST) - allowed):
        answer = signed_in(client, everybody[who]).post(url, posted)
        assert answer.status_code == 404, who
        assert everything() == before, who

    answer = signed_in(client, everybody[min(allowed)]).post(url, posted)

    assert answer.status_code == 302
    assert everything() != before


@pytest.mark.parametrize("name", READS)
def test_only_who_may_reads(name, duties, everybody, organization, officer, client):
    prepare(name, organization, officer)
    url = address(name, organization)
    seen = {who for who in CAST if signed_in(client, everybody[who]).get(url).status_code == 200}
    assert seen == READS[name]


def test_lists_show_the_own_focal_point_alone_and_the_agency_all(
    duties, everybody, organization, officer, client
):
    draft_letter(
        Duty.objects.get(kind="register").focal_point,
        organization,
        list(Duty.objects.late()),
        by=officer,
    )
    for view in ("desk", "letters"):
        url = reverse(f"compliance:{view}")
        for who, sees in [("officer", True), ("agency_officer", True), ("other_officer", False)]:
            answer = signed_in(client, everybody[who]).get(url)
            assert answer.status_code == 200
            assert (organization.name in answer.text) is sees, (view, who)
        assert signed_in(client, everybody["curator"]).get(url).status_code == 404
    mine = reverse("compliance:mine")
    assert duties.title in signed_in(client, everybody["viewer"]).get(mine).text
    assert duties.title not in signed_in(client, everybody["stranger"]).get(mine).text


def test_desk_filters_by_unit_kind_and_lateness(duties, officer, client):
    other = OrganizationFactory(name="Viện Chế tạo máy thử")
    derive_tasks([TaskFactory(organization=other, ended_on="2026-10-20").pk])
    url = reverse("compliance:desk")
    signed_in(client, officer)
    rows = client.get(url).context["rows"]
    assert [(row["organization__name"], row["late"], row["owed"]) for row in rows] == [
        (duties.organization.name, 2, 3),
        (other.name, 1, 1),
    ]
    late = client.get(url, {"muc": "qua-han", "tre": "7"}).context["rows"]
    assert [row["duty"].kind for row in late] == ["application-report", "register"]
    long = client.get(url, {"muc": "qua-han", "tre": "180"}).context["rows"]
    assert [row["duty"].kind for row in long] == ["application-report"]
    named = client.get(url, {"ten": "che tao may"}).context["rows"]
    assert [row["organization__name"] for row in named] == [other.name]
    reports = client.get(url, {"muc": "chua-den-han", "loai": "application-report"})
    assert [row["duty"].number for row in reports.context["rows"]] == [2]


@pytest.mark.parametrize("count", [1, 3])
def test_desk_asks_the_same_number_of_queries(
    count, organization, officer, client, django_assert_max_num_queries
):
    tasks = [TaskFactory(organization=organization, ended_on="2026-09").pk for _n in range(count)]
    derive_tasks(tasks)
    signed_in(client, officer)
    default_front()  # which sites there are is kept for a minute
    for url in (
        reverse("compliance:desk") + "?muc=qua-han",
        reverse("compliance:unit", args=[organization.public_id]),
        reverse("compliance:letters"),
    ):
        with django_assert_max_num_queries(28):
            assert client.get(url).status_code == 200


def test_report_closes_the_year_and_wrong_ones_say_why(duties, owner, client):
    duty = Duty.objects.get(kind="application-report", number=1)
    url = reverse("compliance:report", args=[duty.public_id])
    signed_in(client, owner)
    answer = client.post(url, REPORT | {"reported_on": "2026-12-20", "income": "nhiều"})
    assert answer.status_code == 200
    assert {"reported_on", "income"} == set(answer.context["form"].errors)
    assert not Application.objects.exists()

    client.post(url, REPORT | {"income": "1,2 tỷ", "scale": "3 xưởng"})

    application = Application.objects.get()
    assert (application.year_number, application.income, application.scale) == (
        1,
        1_200_000_000,
        "3 xưởng",
    )
    duty.refresh_from_db()
    assert (duty.state, duty.done_on) == ("done", date(2026, 11, 20))


def test_number_that_is_taken_is_told_at_the_field(duties, organization, officer, client):
    duty = Duty.objects.get(kind="register")
    other = OrganizationFactory(name="Viện Thứ Hai")
    letters = [
        draft_letter(duty.focal_point, unit, [duty], by=officer) for unit in (organization, other)
    ]
    signed_in(client, officer)
    posted = WRITES["number_letter"][0]
    first, second = (reverse("compliance:number_letter", args=[x.public_id]) for x in letters)
    assert client.post(first, posted).status_code == 302
    answer = client.post(second, posted)
    assert answer.status_code == 200
    assert "number" in answer.context["form"].errors
    letters[1].refresh_from_db()
    assert letters[1].state == "draft"


def test_first_page_tells_the_unit_and_the_desk_what_is_late(
    duties, owner, officer, stranger, client
):
    home = reverse("dashboard:home")
    assert "2 việc quá hạn" in signed_in(client, owner).get(home).text
    assert "1 đơn vị quá hạn báo cáo" in signed_in(client, officer).get(home).text
    page = signed_in(client, stranger).get(home).text
    assert "việc quá hạn" not in page
    assert "quá hạn báo cáo" not in page
