"""Answer rates are public; brokers answer for needs that they posted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.answering import answer_rate
from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.services import accept_interest, decline_interest, withdraw_interest
from marketplace.mandates.models import Scope
from marketplace.mandates.services import ask_for_mandate, confirm_mandate, withdraw_mandate
from marketplace.notifications.models import Notice
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import sent_expression
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


def test_the_rate_counts_what_was_due_and_is_shown_from_three_on(
    offer, institute, inventor, frozen_clock, client
):
    def ask():
        asker = OrganizationFactory()
        by = MembershipFactory(organization=asker).user
        return sent_expression(offer, by=by, asker=asker), by

    accept_interest(ask()[0], by=inventor)
    decline_interest(ask()[0], reason="busy", by=inventor)
    taken_back, by = ask()
    withdraw_interest(taken_back, by=by)
    ask()  # waits
    assert answer_rate(institute) is None  # two answers, one not due yet
    frozen_clock.move(days=30)
    late, _by = ask()
    rate = answer_rate(institute)
    assert (rate.due, rate.in_time, rate.percent) == (3, 2, 67)
    frozen_clock.move(days=30)
    accept_interest(late, by=inventor)
    rate = answer_rate(institute)
    assert (rate.due, rate.in_time) == (4, 2)
    assert "đúng hạn 50 %" in client.get(institute.get_absolute_url()).content.decode()
    frozen_clock.move(days=400)
    assert answer_rate(institute) is None


@pytest.fixture
def posted(firm, buyer):
    """A need that a broker posted for the firm, and the broker's person."""
    broker = OrganizationFactory(kind="intermediary")
    person = MembershipFactory(organization=broker, role="contributor").user
    mandate = ask_for_mandate(broker, firm=firm, scopes=list(Scope), by=person)
    owner = MembershipFactory(organization=firm, role="owner").user
    confirm_mandate(
        mandate, scopes=list(Scope), last_day=clock.today() + timedelta(days=30), by=owner
    )
    need = NeedFactory(organization=firm, contact=buyer, found_by=broker, published=True)
    return need, person, mandate, owner


def test_a_broker_answers_for_the_need_it_posted_while_the_firm_lets_it(
    posted, institute, inventor
):
    need, person, mandate, owner = posted
    made = sent_expression(need, by=inventor, asker=institute)
    assert ExpressionOfInterest.objects.answerable_by(person).get() == made
    assert ExpressionOfInterest.objects.visible_to(person).exists()
    withdraw_mandate(mandate, by=owner)
    assert not ExpressionOfInterest.objects.answerable_by(person).exists()


def test_who_manages_the_firm_is_told_of_the_deal_that_a_broker_opened(posted, institute, inventor):
    need, person, _mandate, owner = posted
    deal = accept_interest(sent_expression(need, by=inventor, asker=institute), by=person)
    assert list(deal.members.values_list("user", flat=True)) == [inventor.pk]
    told = Notice.objects.filter(kind="deal.changed", recipient=owner)
    assert [row.context["event"] for row in told] == ["opened"]


def test_an_officer_brings_two_together_and_the_asker_may_take_it_back(
    offer, firm, buyer, institute, inventor, officer, client
):
    client.force_login(officer)
    url = reverse("deals:introduce", args=["offer", offer.public_id])
    assert url in client.get(offer.get_absolute_url()).content.decode()
    wrong = client.post(url, {"organization": "Không có", "wants": "meeting", "why": "Hợp nhau"})
    assert wrong.status_code == 400
    form = {"organization": firm.name, "wants": "meeting", "why": "Hợp nhau"}
    assert client.post(url, form).status_code == 302
    made = ExpressionOfInterest.objects.get()
    assert (made.asker, made.introduced_by, made.sent_by) == (firm, officer, None)
    events = {row.recipient: row.context["event"] for row in Notice.objects.all()}
    assert (events[buyer], events[inventor]) == ("introduced", "received")
    withdraw_interest(made, by=buyer)
    for person in (buyer, inventor):
        client.force_login(person)
        assert client.get(url).status_code == 404
        assert client.post(url, form).status_code == 404
    assert ExpressionOfInterest.objects.count() == 1


def test_a_provincial_officer_introduces_to_owners_of_the_province(offer, firm, desk, client):
    url = reverse("deals:introduce", args=["offer", offer.public_id])
    for code, status in (("92", 200), ("75", 404)):
        client.force_login(staff_member("provincial", staff_provinces=[code]))
        assert client.get(url).status_code == status
