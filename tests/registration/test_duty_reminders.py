"""Reminders of duties: rising steps, each once; the unit, then a letter, then who stands above."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.core import clock
from marketplace.notifications.models import Notice
from marketplace.registration import owing, rules
from marketplace.registration.models import Duty, DutyReminder, Letter
from marketplace.registration.services import duty_reminders
from marketplace.registration.services.duties import derive_tasks
from marketplace.registration.services.duty_reminders import remind_duties_batch
from marketplace.registration.services.excuses import excuse_duty
from marketplace.research.registering import register_result
from tests.factories.research import TaskFactory

pytestmark = [pytest.mark.django_db]
DUE = date(2026, 6, 30)


def step_on(day, told=None):
    found = owing.next_step(rules.reminder_steps(), due_on=DUE, told=told or {}, today=day)
    return found and (found.step.code, found.on)


def after(days):
    return DUE + timedelta(days=days)


def test_steps_rise_from_a_notice_to_who_stands_above():
    assert step_on(after(-30)) == ("before", after(-10))
    assert step_on(after(-10), {}) == ("before", after(-10))
    assert step_on(after(-5), {"before": after(-10)}) == ("due", DUE)
    told = {"before": after(-10), "due": DUE}
    assert step_on(after(1), told) == ("late-7", after(7))
    assert step_on(after(8), told | {"late-7": after(7)}) == ("late-30", after(30))
    assert step_on(after(31), {"late-30": after(30)}) == ("late-60", after(60))
    assert step_on(after(90), {"late-60": after(60)}) is None


def test_who_is_found_late_gets_one_notice_and_then_a_letter_at_a_distance():
    assert step_on(after(200)) == ("late-7", after(7))
    assert step_on(after(200), {"late-7": after(200)}) == ("late-30", after(207))
    # A step taken late keeps the next one away.
    assert step_on(after(59), {"late-30": after(58)}) == ("late-60", after(72))


@pytest.fixture
def late_task(organization, owner, ministry, officer, agency_officer):
    task = TaskFactory(organization=organization, ended_on="2026-05-29")
    with at(date(2026, 6, 1)):
        derive_tasks([task.pk])
    return task


def at(day):
    return clock.frozen_at(datetime(day.year, day.month, day.day, 9, tzinfo=clock.VIETNAM))


def told(kind):
    return sorted(
        Notice.objects.filter(kind=f"registration.{kind}").values_list(
            "recipient__email", flat=True
        )
    )


def remind(day):
    with at(day):
        count = remind_duties_batch()
        assert remind_duties_batch() == 0
    return count


def test_each_step_is_taken_once_and_tells_the_right_people(
    late_task, owner, officer, agency_officer, ministry
):
    duty = Duty.objects.get()
    due = duty.due_on
    assert remind(due - timedelta(days=11)) == 0
    assert remind(due - timedelta(days=10)) == 1
    assert told("duty_soon") == [owner.email]
    assert remind(due) == 1
    assert remind(due + timedelta(days=7)) == 1
    assert (told("duty_soon"), told("duty_late")) == ([owner.email] * 2, [owner.email])
    assert not Letter.objects.exists()

    assert remind(due + timedelta(days=30)) == 1

    letter = Letter.objects.get()
    assert (letter.recipient, letter.state) == (duty.organization.name, "draft")
    assert told("duty_letter") == [officer.email]
    assert remind(due + timedelta(days=60)) == 1
    head = Letter.objects.exclude(pk=letter.pk).get()
    assert head.recipient == late_task.agency
    assert told("duty_head") == [agency_officer.email]
    assert remind(due + timedelta(days=200)) == 0
    assert list(DutyReminder.objects.order_by("pk").values_list("step", "letter")) == [
        ("before", None),
        ("due", None),
        ("late-7", None),
        ("late-30", letter.pk),
        ("late-60", head.pk),
    ]


def test_duties_of_a_unit_at_one_step_are_one_notice(organization, owner, ministry):
    tasks = [TaskFactory(organization=organization, ended_on="2026-05-29").pk for _n in range(3)]
    with at(date(2026, 9, 1)):
        derive_tasks(tasks)
        assert remind_duties_batch() == 1
        assert remind_duties_batch() == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.context["count"]) == (owner, 3)
    assert DutyReminder.objects.count() == 3


def test_who_has_filed_or_is_excused_is_not_reminded(late_task, owner, officer):
    with at(date(2026, 8, 1)):
        register_result(
            task=late_task, values={"abstract": "Sấy xoài."}, certificate_number="1/2026/GCN-TN",
            issued_on=date(2026, 7, 30), registering_body="Vụ", by=officer,
        )  # fmt: skip
        # The pass has not come by yet: the reminder looks for itself.
        remind_duties_batch()
    assert Duty.objects.get(task=late_task).state == "done"
    assert not Notice.objects.filter(kind__startswith="registration.duty").exists()


def test_excused_duty_rests(late_task, officer):
    with at(date(2026, 8, 1)):
        excuse_duty(Duty.objects.get(), by=officer, reason="Gia hạn theo quyết định 12")
        assert remind_duties_batch() == 0


@pytest.mark.kill
def test_reminder_that_ends_in_the_middle_is_taken_once(late_task, owner, monkeypatch):
    class Killed(BaseException):
        pass

    def end(*args, **values):
        raise Killed

    monkeypatch.setattr(duty_reminders.DutyReminder.objects, "bulk_create", end)
    with at(date(2026, 7, 20)):
        with pytest.raises(Killed):
            remind_duties_batch()
        assert not Notice.objects.exists()
        monkeypatch.undo()
        assert remind_duties_batch() == 1
        assert remind_duties_batch() == 0
    assert (Notice.objects.count(), DutyReminder.objects.count()) == (1, 1)
