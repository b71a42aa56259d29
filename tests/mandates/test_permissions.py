"""Who may do what with a mandate, asked at the pages; what is refused changes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.mandates.models import Mandate
from tests.factories.accounts import asked_again, second_factor

pytestmark = pytest.mark.django_db


def state():
    return list(Mandate.objects.order_by("pk").values()), AuditEntry.objects.count()


@pytest.fixture
def entered(people, client):
    """Everybody of the cast in turn, signed in with a second factor a moment ago; then nobody."""

    def visits():
        for name, person in people.items():
            second_factor(person)
            client.force_login(person)
            asked_again(client)
            yield name
        client.logout()
        yield "nobody"

    return visits()


def confirming():
    return {
        "viec": "dong-y",
        "scopes": ["may_post"],
        "last_day": (clock.today() + timedelta(days=9)).isoformat(),
    }


@pytest.mark.parametrize(
    ("act", "start", "allowed"),
    [
        ("dong-y", "asked", {"owner"}),
        ("tu-choi", "asked", {"owner", "manager"}),
        ("thoi", "asked", {"agent"}),
        ("rut", "mandate", {"owner", "manager"}),
        ("thoi", "mandate", {"agent"}),
    ],
)
def test_answering_a_mandate(act, start, allowed, entered, request, client):
    found = request.getfixturevalue(start)
    address = reverse("mandates:mandate", args=[found.public_id])
    before, did = state(), set()

    for name in entered:
        with transaction.atomic():
            answer = client.post(address, confirming() if act == "dong-y" else {"viec": act})
            if state() != before:
                did.add(name)
                # For the next one it is as it was.
                transaction.set_rollback(True)
        assert answer.status_code == (302 if name in allowed | {"nobody"} else 404), name
    assert did == allowed


def test_reading_a_mandate(entered, mandate, client):
    address = reverse("mandates:mandate", args=[mandate.public_id])
    seen = {name for name in entered if client.get(address).status_code == 200}
    assert seen == {"owner", "manager", "agent", "helper"}


def test_asking_is_for_who_manages_a_broker(entered, firm, client):
    address = reverse("mandates:ask", args=[firm.public_id])
    asked = set()
    for name in entered:
        answer = client.post(address, {"scopes": ["may_post"], "note": "Giúp"})
        if Mandate.objects.all().delete()[0]:
            asked.add(name)
        else:
            assert answer.status_code == (302 if name == "nobody" else 404), name
    assert asked == {"agent", "stranger"}


def test_confirming_needs_a_second_factor_a_moment_ago(owner, asked, client):
    client.force_login(owner)
    answer = client.post(reverse("mandates:mandate", args=[asked.public_id]), confirming())
    assert answer["Location"] == reverse("mfa_index")
    asked.refresh_from_db()
    assert asked.state == "asked"
