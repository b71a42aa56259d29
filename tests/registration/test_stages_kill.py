"""Duties and their reminders: the stages ended by SIGKILL wherever they are."""

from datetime import date, datetime

import pytest

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.notifications.models import Notice
from marketplace.registration.models import Duty, DutyReminder
from marketplace.registration.services.duties import derive_batch, derive_tasks
from marketplace.registration.services.duty_reminders import remind_duties_batch
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.research import TaskFactory

pytestmark = [
    pytest.mark.kill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ministry", "owner"),
]


def at(*day):
    return datetime(*day, 9, tzinfo=clock.VIETNAM)


def test_duties_are_derived_once_wherever_the_pass_is_ended(organization, kill_stage):
    moment = at(2026, 11, 25)
    for _n in range(6):
        TaskFactory(organization=organization, ended_on="2026-09")

    killed = kill_stage(
        "derive_batch(limit=2)",
        "from marketplace.registration.services.duties import derive_batch",
        most=60,
        at=moment.isoformat(),
    )
    with clock.frozen_at(moment):
        while derive_batch(limit=2):
            pass

    assert killed >= 3
    assert Duty.objects.filter(kind="register").count() == 6
    assert Duty.objects.values("key").distinct().count() == Duty.objects.count()


def test_each_is_reminded_once_wherever_the_stage_is_ended(
    organization, officer, agency_officer, kill_stage
):
    moment = at(2026, 7, 20)
    units = [organization, *(OrganizationFactory(kind="institute") for _n in range(3))]
    for unit in units[1:]:
        MembershipFactory(organization=unit, role=Membership.Role.OWNER)
    tasks = [TaskFactory(organization=unit, ended_on="2026-05-29").pk for unit in units]
    with clock.frozen_at(at(2026, 6, 1)):
        derive_tasks(tasks)
    assert set(Duty.objects.values_list("due_on", flat=True)) == {date(2026, 6, 29)}

    killed = kill_stage(
        "remind_duties_batch(1)",
        "from marketplace.registration.services.duty_reminders import remind_duties_batch",
        count=5,
        at=moment.isoformat(),
    )
    with clock.frozen_at(moment):
        while remind_duties_batch():
            pass

    assert killed >= 2
    assert DutyReminder.objects.values("duty").distinct().count() == 4
    assert DutyReminder.objects.count() == Notice.objects.count() == 4
