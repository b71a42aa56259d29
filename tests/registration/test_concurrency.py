"""Issue and reminders by several at once, and ended anywhere: no gap, no double, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.registration.models import Certificate, Dossier, NumberCounter
from marketplace.registration.services import issuing, reminders
from marketplace.registration.services.issuing import issue_certificate
from marketplace.registration.states import DossierState
from marketplace.research.models import Result
from tests.factories.registration import DossierFactory, FocalOfficerFactory

pytestmark = [
    pytest.mark.kill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
]


class Killed(BaseException):
    """What no code of ours catches."""


@pytest.fixture
def user():
    return FocalOfficerFactory().user


def accepted(count):
    return [DossierFactory(state="accepted").pk for _n in range(count)]


@pytest.mark.parametrize("at_once", [pytest.param(8, marks=pytest.mark.postgres), 3])
def test_numbers_drawn_at_once_have_no_gap_and_no_double(user, at_once):
    dossiers = accepted(at_once + 2)

    def issue_all(order):
        issued = 0
        try:
            for pk in order:
                try:
                    issue_certificate(Dossier.objects.get(pk=pk), by=User.objects.get(pk=user.pk))
                    issued += 1
                except InvalidTransition:
                    pass
        finally:
            connection.close()
        return issued

    # Everybody issues all of them, each beginning with another one.
    orders = [dossiers[n:] + dossiers[:n] for n in range(at_once)]
    with ThreadPoolExecutor(at_once) as pool:
        issued = sum(pool.map(issue_all, orders))

    assert issued == len(dossiers)
    numbers = sorted(Certificate.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, len(dossiers) + 1))
    assert NumberCounter.objects.get().last == len(dossiers)
    assert Result.objects.count() == len(dossiers)


def test_issue_killed_before_its_commit_leaves_no_gap(other_process, user):
    dossiers = accepted(2)
    process = other_process(
        f"""
        from django.db import transaction
        from marketplace.accounts.models import User
        from marketplace.registration import services
        from marketplace.registration.models import Dossier
        with transaction.atomic():
            services.issue_certificate(
                Dossier.objects.get(pk={dossiers[0]}), by=User.objects.get(pk={user.pk})
            )
            print("issued", flush=True)
            import time; time.sleep(60)
        """
    )
    process.wait_for("issued")
    process.kill()
    assert Dossier.objects.get(pk=dossiers[0]).state == DossierState.ACCEPTED
    assert not Result.objects.exists()

    for pk in dossiers:
        issue_certificate(Dossier.objects.get(pk=pk), by=user)

    assert sorted(Certificate.objects.values_list("sequence", flat=True)) == [1, 2]


def test_printing_that_ends_after_the_file_was_stored_prints_again(user, monkeypatch):
    certificate = issue_certificate(Dossier.objects.get(pk=accepted(1)[0]), by=user)

    def end(*args):
        raise Killed

    monkeypatch.setattr(issuing.hashlib, "sha256", end)
    with pytest.raises(Killed):
        issuing.print_batch()
    monkeypatch.undo()
    certificate.refresh_from_db()
    assert not certificate.file

    assert issuing.print_batch() == 1

    certificate.refresh_from_db()
    assert certificate.file.read().startswith(b"%PDF-")


def test_reminders_that_end_in_the_middle_tell_everybody_once(monkeypatch):
    long_ago = (clock.today() - timedelta(days=90)).isoformat()
    for _n in range(3):
        DossierFactory(form={"accepted_on": long_ago})
    tell, told = reminders.tell_organization, []

    def end_at_the_second(*args, **values):
        tell(*args, **values)
        told.append(args)
        if len(told) == 2:
            raise Killed

    monkeypatch.setattr(reminders, "tell_organization", end_at_the_second)
    with pytest.raises(Killed):
        reminders.remind_batch()
    monkeypatch.undo()
    assert Notice.objects.filter(kind="registration.overdue").count() == 1

    assert reminders.remind_batch() == 2
    assert reminders.remind_batch() == 0
    assert Notice.objects.filter(kind="registration.overdue").count() == 3
