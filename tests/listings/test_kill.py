"""Submission and expiry ended by SIGKILL, and done by two at once: nothing lost, nothing doubled."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.models import ListingStatus, Need
from marketplace.notifications.models import Notice
from tests.factories.listings import NeedFactory, one_step_workflow

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]

SUBMIT = """
    from django.db import transaction
    from marketplace.accounts.models import User
    from marketplace.core.errors import InvalidTransition
    from marketplace.listings import services
    from marketplace.listings.models import Need
    import sys, time
    need, user = Need.objects.get(pk={need}), User.objects.get(pk={user})
    print("ready", flush=True)
    try:
        with transaction.atomic():
            services.submit(need, by=user)
            print("submitted", flush=True)
            time.sleep({wait})
    except InvalidTransition:
        print("was first", flush=True)
"""


@pytest.fixture
def need():
    one_step_workflow()
    return NeedFactory()


def submission(need, wait=0):
    return SUBMIT.format(need=need.pk, user=need.contact_id, wait=wait)


def test_submission_killed_before_its_commit_leaves_nothing_and_can_be_repeated(
    need, other_process
):
    process = other_process(submission(need, wait=60))
    process.wait_for("submitted")
    process.kill()
    row = Need.objects.get(pk=need.pk)
    assert row.number is None
    assert row.status == ListingStatus.DRAFT

    services.submit(need, by=need.contact)

    row = Need.objects.get(pk=need.pk)
    assert row.number == 1
    assert row.workflow_states.count() == 1


def test_two_submissions_at_once_are_one(need, other_process):
    processes = [other_process(submission(need, wait=0.3)) for _n in range(2)]

    said = "".join(process.finish(60) for process in processes)

    assert said.count("was first") == 1
    row = Need.objects.get(pk=need.pk)
    assert row.number == 1
    assert row.workflow_states.count() == 1


def test_two_listings_submitted_at_once_have_two_numbers(need, other_process):
    other = NeedFactory()
    processes = [other_process(submission(row, wait=0.3)) for row in (need, other)]
    for process in processes:
        process.finish(60)

    assert sorted(Need.objects.values_list("number", flat=True)) == [1, 2]


def test_expiry_killed_in_the_middle_goes_on_and_tells_once(other_process):
    needs = NeedFactory.create_batch(3, published=True)
    Need.objects.update(valid_until=clock.today() - timedelta(days=1))
    process = other_process(
        """
        from marketplace.listings import services
        from marketplace.listings.services import shown
        told = shown.notify
        seen = []
        def tell(**notice):
            told(**notice)
            seen.append(notice)
            if len(seen) == 2:
                print("second", flush=True)
                import time; time.sleep(60)
        shown.notify = tell
        services.expire_batch()
        """
    )
    process.wait_for("second")
    process.kill()
    assert Need.objects.filter(live=True).count() == 2

    assert services.expire_batch() == 2

    assert not Need.objects.filter(live=True).exists()
    assert Notice.objects.filter(kind="listing.expired").count() == len(needs)
