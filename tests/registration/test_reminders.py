"""Reminders: the right side, the right step, each once."""

from datetime import date, timedelta

import pytest

from marketplace.core import clock
from marketplace.notifications.models import Notice
from marketplace.registration.services import remind_batch, submit_dossier
from marketplace.registration.services.reminders import step_reached
from tests.factories.registration import DossierFactory, add_needed_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.parametrize(
    ("day", "step"),
    [(1, ""), (10, "due-10"), (16, "due-10"), (17, "due-3"), (20, "due-3"), (21, "overdue")],
)
def test_step_that_a_day_has_reached(day, step):
    assert step_reached(date(2026, 11, 20), date(2026, 11, day), [10, 3]) == step


def told(kind):
    return Notice.objects.filter(kind=kind).count()


def test_organisation_is_reminded_at_each_step_once(frozen_clock, organization, owner):
    accepted_on = (clock.today() - timedelta(days=10)).isoformat()
    DossierFactory(organization=organization, created_by=owner, form={"accepted_on": accepted_on})
    assert remind_batch() == 0
    frozen_clock.move(days=11)
    assert (remind_batch(), remind_batch()) == (1, 0)
    frozen_clock.move(days=7)
    assert (remind_batch(), remind_batch()) == (1, 0)
    assert (told("registration.due_soon"), told("registration.overdue")) == (2, 0)
    frozen_clock.move(days=3)

    assert (remind_batch(), remind_batch()) == (1, 0)

    assert told("registration.overdue") == 1


def test_filed_dossier_reminds_the_desk_and_no_longer_the_organisation(
    frozen_clock, organization, owner, ministry, officer
):
    dossier = DossierFactory(
        organization=organization,
        created_by=owner,
        form={"accepted_on": (clock.today() - timedelta(days=29)).isoformat()},
    )
    add_needed_files(dossier, owner)
    submit_dossier(dossier, by=owner)
    assert remind_batch() == 0
    frozen_clock.move(days=6)
    assert remind_batch() == 1
    frozen_clock.move(days=3)

    assert remind_batch() == 1

    assert (told("registration.desk_due_soon"), told("registration.desk_overdue")) == (1, 1)
    assert told("registration.overdue") == told("registration.due_soon") == 0
