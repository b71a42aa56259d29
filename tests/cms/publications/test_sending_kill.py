"""The sending ended by SIGKILL wherever it is: nobody gets an issue twice, nobody is left out."""

import pytest

from cms.publications.models import IssueSending, SentIssue, Subscription
from cms.publications.sending import send_issues
from marketplace.core import clock
from marketplace.notifications.models import Delivery, Letter

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def test_each_subscriber_has_one_letter_wherever_sending_is_ended(series, publish, kill_stage):
    now = clock.now()
    Subscription.objects.bulk_create(
        [
            Subscription(
                series=series,
                email=f"n{number}@congty.vn",
                email_key=f"n{number}@congty.vn",
                asked_at=now,
                confirmed_at=now,
            )
            for number in range(9)
        ]
    )
    publish(series)

    killed = kill_stage(
        "send_issues(4)", "from cms.publications.sending import send_issues", count=5, most=30
    )
    while send_issues(4):
        pass

    assert killed >= 3
    assert IssueSending.objects.get().finished_at is not None
    assert sorted(SentIssue.objects.values_list("subscription__email", flat=True)) == [
        f"n{number}@congty.vn" for number in range(9)
    ]
    assert Letter.objects.count() == Delivery.objects.filter(letter__isnull=False).count() == 9
    assert not SentIssue.objects.filter(delivery=None).exists()
