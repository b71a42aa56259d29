"""Tasks that the register lacks: entered by the unit, confirmed by the right focal point alone."""

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from marketplace.core.errors import InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.registration import owing, services
from marketplace.registration.models import Dossier, TaskReport
from marketplace.registration.owing import Filing
from marketplace.registration.services.prefill import prefilled
from marketplace.research.models import Task
from marketplace.research.secrecy import Classified
from tests.factories.accounts import UserFactory
from tests.factories.research import ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db
VALUES = {
    "secrecy": "normal",
    "title": "Nghiên cứu bảo quản bơ sáp",
    "code": "ĐTKHCN.07/24",
    "kind": "research-topic",
    "level": "ministry",
    "agency": "Bộ Nông nghiệp và Môi trường",
    "leader": "Trần Thị Thử",
    "members": "Lê Văn Nghiệm\n  Phạm  Văn Ba ",
    "started_on": "2024-01-01",
    "ended_on": "2026-06-30",
    "accepted_on": "2026-10-01",
    "contract_number": "12/HĐ",
    "contracted_on": "2024-01-02",
    "field_codes_0": "40107",
}
REPORT = reverse("registration:report_task")


def fields(**changes):
    return {k: v for k, v in VALUES.items() if k not in ("secrecy", "field_codes_0")} | changes


@pytest.fixture
def browse(client):
    def as_person(user):
        if not user.authenticator_set.exists():
            TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        client.force_login(user)
        return client

    return as_person


def sent(organization, by, **changes):
    values = fields(members=["Lê Văn Nghiệm"], **changes)
    values |= {"accepted_on": date(2026, 10, 1), "contracted_on": date(2024, 1, 2)}
    return services.report_task(organization, values=values, secrecy="normal", by=by)


def test_a_unit_enters_its_task_and_registers_after_the_focal_point_confirmed(
    owner, officer, browse
):
    answer = browse(owner).post(REPORT, VALUES)
    report = TaskReport.objects.get()
    assert answer["Location"] == report.get_absolute_url()
    assert not Task.objects.exists()
    assert set(Notice.objects.values_list("recipient", "kind")) == {
        (officer.pk, "registration.task_reported")
    }
    assert report.title in browse(owner).get(reverse("registration:dossiers")).content.decode()

    desk = browse(officer)
    assert report.title in desk.get(reverse("registration:desk")).content.decode()
    page = desk.get(reverse("registration:desk_task_report", args=[report.public_id]))
    assert "ĐTKHCN.07/24" in page.content.decode()
    desk.post(reverse("registration:confirm_task_report", args=[report.public_id]))

    task = Task.objects.get()
    assert (task.kind, task.accepted_on, task.source) == (
        "research-topic", date(2026, 10, 1), "dang-ky",
    )  # fmt: skip
    assert [p["name"] for p in task.people] == ["Trần Thị Thử", "Lê Văn Nghiệm", "Phạm Văn Ba"]
    assert (task.started_on, task.field_codes) == ("2024-01-01", ["40107"])
    unit = browse(owner)
    start = reverse("registration:start", args=[task.public_id])
    assert start in unit.get(report.get_absolute_url()).content.decode()
    unit.post(start, {"secrecy": "normal"})
    form = Dossier.objects.get().form
    assert (form["accepted_on"], form["task_kind"]) == ("2026-10-01", "research-topic")


def test_a_report_goes_back_and_comes_again(organization, owner, officer, browse):
    report = sent(organization, owner)
    desk, back = (
        browse(officer),
        reverse("registration:return_task_report", args=[report.public_id]),
    )
    assert desk.post(back, {"return-reason": " "}).status_code == 400
    desk.post(back, {"return-reason": "Sai số hợp đồng"})
    report.refresh_from_db()
    assert (report.state, report.reason) == ("returned", "Sai số hợp đồng")

    mend = reverse("registration:mend_task_report", args=[report.public_id])
    unit = browse(owner)
    assert "Sai số hợp đồng" in unit.get(mend).content.decode()
    unit.post(mend, VALUES | {"contract_number": "13/HĐ"})
    report.refresh_from_db()
    assert (report.state, report.values["contract_number"], report.reason) == (
        "submitted", "13/HĐ", "",
    )  # fmt: skip
    services.withdraw_task_report(report, by=owner)
    with pytest.raises(InvalidTransition):
        services.confirm_task_report(report, by=officer)
    assert not Task.objects.exists()


def test_secret_known_and_unplaced_tasks_are_refused_and_nothing_is_kept(
    organization, owner, ministry, browse
):
    with pytest.raises(Classified):
        services.report_task(organization, values=fields(), secrecy="secret", by=owner)
    unit = browse(owner)
    unit.post(REPORT, VALUES | {"secrecy": "confidential"})
    unit.post(REPORT, VALUES | {"level": "national", "agency": "Bộ khác"})
    unit.post(REPORT, VALUES | {"contract_number": ""})
    task = TaskFactory(code="ĐTKHCN.07/24", organization=organization)
    page = unit.post(REPORT, VALUES)
    assert reverse("registration:start", args=[task.public_id]) in page.content.decode()
    with pytest.raises(services.AlreadyKnown):
        sent(organization, owner, code="", title=task.title.upper())
    assert not TaskReport.objects.exists()


def test_confirming_twice_makes_one_task(organization, owner, officer):
    report = sent(organization, owner)
    services.confirm_task_report(report, by=officer)
    with pytest.raises((InvalidTransition, services.AlreadyKnown)):
        services.confirm_task_report(report, by=officer)
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("mend_task_report", {"owner", "colleague"}),
        ("withdraw_task_report", {"owner", "colleague"}),
        ("confirm_task_report", {"officer", "reader"}),
        ("return_task_report", {"officer", "reader"}),
    ],
)
def test_each_act_belongs_to_its_side(name, allowed, organization, owner, request, browse, client):
    cast = {
        who: request.getfixturevalue(who)
        for who in ("owner", "colleague", "viewer", "stranger", "curator", "officer", "reader",
                    "other_officer", "agency_officer")
    }  # fmt: skip
    report = sent(organization, owner)
    if name == "mend_task_report":
        services.return_task_report(report, by=cast["officer"], reason="x")
    url = reverse(f"registration:{name}", args=[report.public_id])
    values = VALUES if name == "mend_task_report" else {"return-reason": "thiếu"}

    def kept():
        return list(TaskReport.objects.values()), Task.objects.count()

    before = kept()
    client.logout()
    assert reverse("account_login") in client.post(url, values)["Location"]
    for who in sorted(set(cast) - allowed):
        assert browse(cast[who]).post(url, values).status_code == 404, who
        assert kept() == before, who
    assert browse(cast[sorted(allowed)[0]]).post(url, values).status_code == 302
    assert kept() != before


def test_who_reads_a_report(organization, owner, request, browse):
    officer = request.getfixturevalue("officer")
    other, agency = (request.getfixturevalue(f"{n}_officer") for n in ("other", "agency"))
    viewer, stranger = request.getfixturevalue("viewer"), request.getfixturevalue("stranger")
    report = sent(organization, owner)
    mine = report.get_absolute_url()
    desk = reverse("registration:desk_task_report", args=[report.public_id])
    for person, url, status in (
        (viewer, mine, 200), (stranger, mine, 404), (viewer, REPORT, 404),
        (officer, desk, 200), (agency, desk, 200), (other, desk, 404), (owner, desk, 404),
    ):  # fmt: skip
        assert browse(person).get(url).status_code == status, (person, url)


def test_terms_count_from_the_acceptance_in_the_register(organization):
    today = date(2026, 11, 26)
    task = TaskFactory(
        organization=organization, ended_on="2026-06-30", level="ministry", agency="Bộ Thử"
    )
    (presumed,) = owing.task_duties(task, Filing(), stated_on=None, today=today)
    task.accepted_on = date(2026, 10, 1)
    (told,) = owing.task_duties(task, Filing(), stated_on=None, today=today)
    assert (presumed.is_presumed, told.is_presumed) == (True, False)
    assert told.since == date(2026, 10, 1)
    assert told.due.on > presumed.due.on
    form = prefilled(task, organization=organization, contact=UserFactory())
    assert form["accepted_on"] == "2026-10-01"


@pytest.mark.parametrize(
    ("kind", "count"), [("", 1), ("research-topic", 1), ("trial-production", 1), ("other", 0)]
)
def test_yearly_reports_are_owed_for_the_kinds_that_the_rule_names(kind, count):
    task = TaskFactory(kind=kind)
    result = ResultFactory(task=task, accepted_on=date(2026, 6, 1), level="ministry")
    found = list(owing.result_duties(result, {}, today=date(2026, 11, 26)))
    assert len(found) == count
