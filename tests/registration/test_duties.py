"""What units owe: derived from the rules and the registers, once, and closed by what was filed."""

from datetime import date, datetime

import pytest

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.registration import owing
from marketplace.registration.models import Duty, DutyKind, DutyPass, DutyState, YearlyReport
from marketplace.registration.owing import Filing
from marketplace.registration.services import begin_review, return_dossier, submit_dossier
from marketplace.registration.services import duties as deriving
from marketplace.registration.services.duties import derive_batch, derive_tasks
from marketplace.registration.services.excuses import excuse_duty, reopen_duty, state_acceptance
from marketplace.research.models import Result
from marketplace.research.registering import report_application, stop_task
from marketplace.research.services import withdraw_result
from tests.factories.registration import DossierFactory, add_needed_files
from tests.factories.research import ResultFactory, TaskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen_at(datetime(2026, 11, 25, 9, tzinfo=clock.VIETNAM)):
        yield


def derive():
    """Passes over every register, as a tick does until nothing is left."""
    DutyPass.objects.all().delete()
    for _n in range(50):
        if not derive_batch():
            return
    raise AssertionError("a pass does not end")


def rows(**which):
    return list(Duty.objects.filter(**which).order_by("due_on", "pk"))


# --- pure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026", date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2026-03-15", date(2026, 3, 15)),
        ("2026-02-30", None),
        ("2026-13", None),
        ("", None),
        ("về sau", None),
    ],
)
def test_last_day_that_a_written_date_can_mean(written, day):
    assert owing.last_day(written) == day


def test_task_that_ended_owes_its_registration_by_a_presumed_day(db):
    task = TaskFactory.build(
        organization=None, state="ongoing", ended_on="2026-09", public_id="abc", contracted_on=None
    )
    [owed] = owing.task_duties(task, Filing(), stated_on=None, today=TODAY)
    assert (owed.key, owed.since, owed.is_presumed) == (
        "register:abc",
        date(2026, 9, 30),
        True,
    )
    assert owed.due.on == date(2026, 10, 30)
    stated = owing.task_duties(task, Filing(), stated_on=date(2026, 11, 2), today=TODAY)
    assert [(o.since, o.is_presumed) for o in stated] == [(date(2026, 11, 2), False)]
    filing = Filing(accepted_on=date(2026, 10, 20))
    assert [o.since for o in owing.task_duties(task, filing, stated_on=None, today=TODAY)] == [
        date(2026, 10, 20)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_on": "2027-03"},  # still under way
        {"ended_on": "2022-03"},  # before anything is followed up
        {"level": ""},  # not paid by the state
        {"state": "stopped"},
        {"withdrawn_at": datetime(2026, 1, 1, tzinfo=clock.VIETNAM)},
    ],
)
def test_task_that_owes_nothing(db, changes):
    values = {"state": "ongoing", "ended_on": "2026-09", "contracted_on": None} | changes
    task = TaskFactory.build(organization=None, **values)
    assert list(owing.task_duties(task, Filing(), stated_on=None, today=TODAY)) == []


def test_reports_on_application_are_asked_for_one_year_after_another(db):
    result = ResultFactory.build(organization=None, accepted_on=date(2024, 3, 1), public_id="r")
    owed = list(owing.result_duties(result, {1: date(2025, 2, 1)}, today=TODAY))
    assert [(o.number, o.since, o.done_on) for o in owed] == [
        (1, date(2024, 3, 1), date(2025, 2, 1)),
        (2, date(2025, 3, 1), None),
        (3, date(2026, 3, 1), None),
    ]
    # 1 March 2026 is a Sunday: the term ends on the Monday.
    assert owed[1].due.on == date(2026, 3, 2)
    old = ResultFactory.build(organization=None, accepted_on=date(2021, 1, 10), public_id="o")
    assert len(list(owing.result_duties(old, {}, today=TODAY))) == 5


# --- rows ---------------------------------------------------------------------------------------


def test_duties_are_derived_once_and_stay_the_same_rows(organization, ministry, agency):
    task = TaskFactory(organization=organization, ended_on="2026-09")
    result = ResultFactory(organization=organization, accepted_on=date(2025, 5, 5))
    derive()
    before = list(Duty.objects.order_by("pk").values())
    assert {(d["kind"], d["state"]) for d in before if d["organization_id"] == organization.pk} == {
        ("register", "late"),
        ("application-report", "late"),
        ("application-report", "open"),
    }
    register = Duty.objects.get(task=task)
    assert (register.focal_point, register.is_presumed, register.days_late) == (ministry, True, 26)
    assert register.rule_book == "duties-2023"
    assert (register.rule, register.basis_status) == ("register", "under_review")
    assert "14/2014" in register.legal_basis
    assert Duty.objects.filter(result=result).count() == 2

    derive()

    assert list(Duty.objects.order_by("pk").values()) == before


def test_filing_closes_the_duty_and_a_return_opens_it_again(organization, owner, ministry, officer):
    task = TaskFactory(organization=organization, level="ministry", ended_on="2026-09")
    dossier = DossierFactory(
        organization=organization, created_by=owner, task=task, form={"accepted_on": "2026-10-01"}
    )
    derive()
    duty = Duty.objects.get(task=task)
    assert (duty.state, duty.since, duty.is_presumed) == ("late", date(2026, 10, 1), False)
    add_needed_files(dossier, owner)
    submit_dossier(dossier, by=owner)

    derive()

    duty.refresh_from_db()
    assert (duty.state, duty.done_on, duty.was_late) == ("done", TODAY, True)
    dossier.refresh_from_db()
    begin_review(dossier, by=officer)
    return_dossier(dossier, by=officer, reasons=[("unreadable", "minutes")])
    derive()
    duty.refresh_from_db()
    assert (duty.state, duty.done_on) == ("late", None)


def test_report_closes_its_year_alone(organization, owner, ministry):
    result = ResultFactory(organization=organization, accepted_on=date(2024, 3, 1))
    derive()
    report_application(result, year_number=1, organization_name="HTX", reported_on=TODAY, by=owner)
    deriving.derive_results([result.pk])
    assert [(d.number, d.state) for d in rows(result=result)] == [
        (1, "done"),
        (2, "late"),
        (3, "open"),
    ]


def test_sheet_is_owed_until_it_is_whole(organization, ministry):
    task = TaskFactory(
        organization=organization, ended_on="2028-01", contracted_on=date(2026, 9, 1), summary=""
    )
    derive()
    [sheet] = rows(task=task)
    assert (sheet.kind, sheet.state, sheet.due_on) == ("ongoing-sheet", "late", date(2026, 10, 1))
    task.summary = "Khảo sát và chế tạo."
    task.save()

    derive()

    sheet.refresh_from_db()
    assert (sheet.state, sheet.done_on) == ("done", TODAY)


def test_what_stopped_or_was_withdrawn_is_owed_no_longer_and_comes_back(
    organization, owner, ministry
):
    task = TaskFactory(organization=organization, ended_on="2026-09")
    result = ResultFactory(organization=organization, accepted_on=date(2025, 5, 5))
    derive()
    stop_task(task, by=owner)
    withdraw_result(result, by=owner, reason="trùng")
    derive()
    mine = rows(organization=organization)
    assert {(d.state, d.is_dropped) for d in mine} == {("excused", True)}
    Result.objects.filter(pk=result.pk).update(withdrawn_at=None)
    derive()
    assert {(d.number, d.state) for d in rows(result=result)} == {(1, "late"), (2, "open")}


def test_focal_points_owe_the_report_of_the_year_to_the_agency(ministry, agency):
    derive()
    owed = rows(kind=DutyKind.YEARLY_REPORT, organization=ministry.organization)
    assert [(d.number, d.state, d.due_on, d.focal_point) for d in owed] == [
        (2025, "late", date(2025, 12, 31), agency),
        (2026, "open", date(2026, 12, 31), agency),
    ]
    YearlyReport.objects.create(focal_point=ministry, year=2025, closed_on=TODAY)
    derive()
    assert Duty.objects.get(pk=owed[0].pk).state == "done"


def test_day_that_passes_makes_late_and_ends_a_delay(organization, owner, ministry, officer):
    task = TaskFactory(organization=organization, ended_on="2026-10-30")
    derive()
    duty = Duty.objects.get(task=task)
    assert duty.state == "open"
    with clock.frozen_at(datetime(2026, 12, 1, 9, tzinfo=clock.VIETNAM)):
        assert deriving.mark_days() == 1
        duty.refresh_from_db()
        assert duty.state == "late"
        excuse_duty(duty, by=officer, reason="Xin lùi", until=date(2026, 12, 20))
        derive()
        duty.refresh_from_db()
        assert (duty.state, duty.excused_by) == ("excused", officer)
    with clock.frozen_at(datetime(2026, 12, 21, 9, tzinfo=clock.VIETNAM)):
        derive()
        duty.refresh_from_db()
        assert duty.state == "late"


def test_excuse_needs_a_reason_and_what_is_owed(organization, ministry, officer):
    task = TaskFactory(organization=organization, ended_on="2026-09")
    derive()
    duty = Duty.objects.get(task=task)
    with pytest.raises(DomainError):
        excuse_duty(duty, by=officer, reason="  ")
    with pytest.raises(DomainError):
        excuse_duty(duty, by=officer, reason="Lùi", until=TODAY)
    excuse_duty(duty, by=officer, reason="Nhiệm vụ sáp nhập")
    with pytest.raises(InvalidTransition):
        excuse_duty(duty, by=officer, reason="lần nữa")
    reopen_duty(duty, by=officer)
    assert (duty.state, duty.excuse) == (DutyState.LATE, "")
    with pytest.raises(InvalidTransition):
        reopen_duty(duty, by=officer)


def test_acceptance_that_the_focal_point_knows_moves_the_term(organization, ministry, officer):
    task = TaskFactory(organization=organization, ended_on="2026-09")
    derive()
    duty = Duty.objects.get(task=task)
    with pytest.raises(DomainError):
        state_acceptance(duty, by=officer, accepted_on=date(2026, 12, 1))

    state_acceptance(duty, by=officer, accepted_on=date(2026, 11, 10))

    assert (duty.due_on, duty.state, duty.is_presumed) == (date(2026, 12, 10), "open", False)


@pytest.mark.kill
def test_pass_that_is_ended_anywhere_goes_on_and_writes_each_duty_once(
    organization, ministry, monkeypatch
):
    class Killed(BaseException):
        pass

    for _n in range(5):
        TaskFactory(organization=organization, ended_on="2026-09")
    derive_pks = deriving.derive_tasks
    calls = []

    def end_after_the_rows(pks):
        derive_pks(pks)
        calls.append(pks)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(deriving, "derive_tasks", end_after_the_rows)
    assert derive_batch(limit=2) == 2
    with pytest.raises(Killed):
        derive_batch(limit=2)
    monkeypatch.undo()
    assert Duty.objects.count() == 2  # the ended batch left nothing

    for _n in range(10):
        if not derive_batch(limit=2):
            break

    assert Duty.objects.filter(kind="register").count() == 5
    assert Duty.objects.values("key").distinct().count() == Duty.objects.count()


def test_queries_of_a_batch_do_not_grow_with_its_rows(
    organization, ministry, django_assert_max_num_queries
):
    def tasks(count):
        return [
            TaskFactory(organization=organization, ended_on="2026-09").pk for _n in range(count)
        ]

    few, many = tasks(2), tasks(12)
    derive_tasks(few)
    with django_assert_max_num_queries(12):
        derive_tasks(many)
    assert Duty.objects.count() == 14
