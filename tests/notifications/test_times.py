"""Quiet hours, and the hour of the digest."""

from datetime import datetime, time

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.notifications.models import Delivery
from marketplace.notifications.services import notify, set_times, times_of
from marketplace.notifications.times import DIGEST_CLOSES, Times, awake, digest_slot
from tests.factories.accounts import UserFactory

NIGHT = Times(time(22), time(6, 30))
NOON = Times(time(12), time(13))


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.VIETNAM)


@pytest.mark.parametrize(
    ("times", "moment", "leaves"),
    [
        (Times(), at(1, 3), at(1, 3)),
        (NIGHT, at(1, 21, 59), at(1, 21, 59)),
        (NIGHT, at(1, 22), at(2, 6, 30)),
        (NIGHT, at(2, 0), at(2, 6, 30)),
        (NIGHT, at(2, 6, 30), at(2, 6, 30)),
        (NOON, at(1, 12, 30), at(1, 13)),
        (NOON, at(1, 13), at(1, 13)),
    ],
)
def test_mail_waits_for_the_end_of_quiet_hours(times, moment, leaves):
    assert awake(moment, times) == leaves


def test_digest_leaves_at_the_chosen_hour_and_never_in_quiet_hours():
    morning = Times(digest_at=time(8))
    assert digest_slot(at(1, 7), morning)[1] == at(1, 8, 5)
    assert digest_slot(at(1, 9), morning)[1] == at(2, 8, 5)
    late = Times(time(22), time(6), digest_at=time(23))
    assert digest_slot(at(1, 9), late)[1] == at(2, 6)


@pytest.mark.django_db
def test_notices_wait_but_answers_to_what_somebody_did_do_not(monkeypatch, notice_kinds):
    user = UserFactory()
    set_times(user, NIGHT)
    monkeypatch.setattr(clock, "now", lambda: at(1, 23))
    for number, kind in enumerate(("news", "urgent", "answer")):
        notify(kind=kind, recipient=user, dedupe_key=str(number), context={})
    leaving = {
        delivery.notices.get().kind: delivery.not_before for delivery in Delivery.objects.all()
    }
    assert leaving == {"news": at(2, 6, 30), "urgent": at(2, 6, 30), "answer": at(1, 23)}

    # A digest of another hour is another one: that of the old hour may have left.
    notify(kind="news", recipient=user, dedupe_key="4", context={})
    set_times(user, Times(digest_at=time(23, 30)))
    notify(kind="news", recipient=user, dedupe_key="5", context={})
    assert Delivery.objects.filter(is_digest=True).count() == 2


@pytest.mark.django_db
def test_hours_are_chosen_on_the_page(client):
    user = UserFactory()
    client.force_login(user)
    address = reverse("notifications:preferences")
    modes = {
        name: field.initial
        for name, field in client.get(address).context["form"].fields.items()
        if "_" not in name
    }
    half = client.post(address, modes | {"quiet_from": "22:00"})
    assert half.context["form"].errors.keys() == {"quiet_to"}
    same = client.post(address, modes | {"quiet_from": "22:00", "quiet_to": "22:00"})
    assert same.context["form"].errors.keys() == {"quiet_to"}
    assert times_of(user) == Times(None, None, DIGEST_CLOSES)

    client.post(address, modes | {"quiet_from": "22:00", "quiet_to": "06:30", "digest_at": "08:00"})
    assert times_of(user) == Times(time(22), time(6, 30), time(8))
