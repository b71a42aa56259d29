"""The page that says how far needs are matched again, and which needs nothing answers."""

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.matching.models import MatchRun, Rematching
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    for number in range(2):
        need = NeedFactory(published=True, title=f"Nhu cầu thử {number}")
        type(need).objects.filter(pk=need.pk).update(indexed_version=need.content_version)
        MatchRun.objects.create(
            need=need,
            content_version=1,
            ran_at=clock.now(),
            abstained=not number,
            unmet_since=None if number else clock.now(),
            weights_version="before",
        )
    return Rematching.objects.create(weights_version="now", total=5)


def test_lead_sees_progress_and_unmet_needs_and_pauses(client, lead, running):
    client.force_login(lead)

    page = client.get(reverse("rematching")).content.decode()
    assert "3 trên 5 nhu cầu (60%)" in page
    assert "Nhu cầu thử 0" in page
    assert "Nhu cầu thử 1" not in page
    client.post(reverse("rematching"), {"rematching": running.pk, "action": "pause"})

    running.refresh_from_db()
    assert running.paused_by == lead
    client.post(reverse("rematching"), {"rematching": running.pk, "action": "resume"})
    running.refresh_from_db()
    assert running.paused_at is None


def test_officer_reads_and_cannot_pause(client, officer, running):
    client.force_login(officer)

    page = client.get(reverse("rematching")).content.decode()
    client.post(reverse("rematching"), {"rematching": running.pk, "action": "pause"})

    assert "60%" in page
    assert 'value="pause"' not in page
    running.refresh_from_db()
    assert running.paused_at is None


def test_a_stranger_neither_reads_nor_pauses(client, running):
    client.force_login(UserFactory())

    assert client.get(reverse("rematching")).status_code != 200
    client.post(reverse("rematching"), {"rematching": running.pk, "action": "pause"})

    running.refresh_from_db()
    assert running.paused_at is None
