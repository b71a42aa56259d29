"""Who may answer, withdraw and mediate; nobody else changes anything."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse

from marketplace.deals.models import ExpressionOfInterest
from tests.deals.people import PEOPLE, person_named
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

ACTS = {
    "accept": {},
    "decline": {"reason": "busy"},
    "withdraw": {},
    "curate": {"staff-note": "Đã gọi hai bên", "viec": "dong"},
}
MAY = {
    "accept": {"inventor"},
    "decline": {"inventor"},
    "withdraw": {"buyer"},
    "curate": {"officer", "provincial"},
}


@pytest.fixture
def people(firm, institute, buyer, inventor, desk):
    return {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}


@pytest.mark.parametrize("act", ACTS)
def test_each_does_what_is_theirs_and_nothing_else(act, expression, people, client):
    before = ExpressionOfInterest.objects.values().get()
    for who, person in people.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=[expression.public_id]), ACTS[act])
            if who in MAY[act]:
                assert answer.status_code == 302, who
                assert ExpressionOfInterest.objects.get().state != "sent"
            else:
                assert answer.status_code == 404, who
                assert ExpressionOfInterest.objects.values().get() == before
            transaction.set_rollback(True)


def test_its_page_is_for_both_sides_and_staff(expression, people, client):
    for who, person in people.items():
        client.force_login(person)
        answer = client.get(expression.get_absolute_url())
        hidden = who in ("stranger", "curator", "elsewhere")
        assert answer.status_code == (404 if hidden else 200), who


@pytest.mark.parametrize("who", ["viewer", "nobody", "own"])
def test_who_writes_for_no_other_organisation_sends_nothing(who, offer, firm, institute, client):
    person = {
        "viewer": lambda: MembershipFactory(organization=firm, role="viewer").user,
        "nobody": UserFactory,
        "own": lambda: MembershipFactory(organization=institute).user,
    }[who]()
    client.force_login(person)
    url = reverse("deals:express", args=["offer", offer.public_id])
    assert client.get(url).status_code == 403
    assert client.post(url, {"wants": "quote", "why": "Cần"}).status_code == 403
    assert not ExpressionOfInterest.objects.exists()


def test_a_right_without_being_staff_is_none(expression, client):
    person = UserFactory()
    person.user_permissions.add(*Permission.objects.filter(content_type__app_label="deals"))
    client.force_login(person)
    assert client.get(expression.get_absolute_url()).status_code == 404
