"""A firm's consent: asked for, given for some things until a day, and over at once when it is over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.mandates import services, tasks
from marketplace.mandates.models import Mandate, MandateState, Scope, firms_acted_for
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.mandates.conftest import confirm

pytestmark = pytest.mark.django_db


def firms(user, scope=Scope.POST):
    return list(firms_acted_for(user, scope))


def test_asking_allows_nothing_and_tells_the_owners(asked, owner, agent):
    assert firms(agent) == []
    told = Notice.objects.get(recipient=owner)
    assert (told.kind, told.context["state"]) == ("mandate.changed", "asked")
    assert not Notice.objects.filter(recipient=agent).exists()


def test_owner_gives_less_than_was_asked_and_never_more(broker, firm, owner, agent):
    asked = services.ask_for_mandate(broker, firm=firm, scopes=[Scope.MATCHES], by=agent)
    with pytest.raises(DomainError):
        confirm(asked, owner, [Scope.POST])
    confirm(asked, owner)

    assert firms(agent) == []
    assert firms(agent, Scope.MATCHES) == [firm]
    entry = AuditEntry.objects.get(action="mandate.confirmed")
    assert entry.data["firm"] == firm.public_id
    assert entry.data["broker"] == broker.public_id
    assert not Notice.objects.filter(recipient=owner, retired_at=None).exists()
    assert Notice.objects.get(recipient=agent).context["state"] == "active"


@pytest.mark.parametrize(
    ("end", "state", "by_firm"),
    [
        (services.withdraw_mandate, MandateState.WITHDRAWN, True),
        (services.end_mandate, MandateState.ENDED, False),
    ],
)
def test_either_side_ends_it_at_once_and_the_other_is_told(
    mandate, owner, agent, end, state, by_firm
):
    end(mandate, by=owner if by_firm else agent)

    assert firms(agent) == []
    mandate.refresh_from_db()
    assert (mandate.state, mandate.ended_at is not None) == (state, True)
    other = agent if by_firm else owner
    assert Notice.objects.filter(recipient=other, context__state=state.value).count() == 1
    with pytest.raises(InvalidTransition):
        services.withdraw_mandate(mandate, by=owner)


def test_only_an_intermediary_asks_and_only_of_firms_that_are_here(firm, broker, agent, owner):
    with pytest.raises(services.NoBroker):
        services.ask_for_mandate(firm, firm=broker, scopes=list(Scope), by=owner)
    with pytest.raises(DomainError):
        services.ask_for_mandate(
            broker, firm=OrganizationFactory(unclaimed=True), scopes=list(Scope), by=agent
        )
    with pytest.raises(DomainError):
        services.ask_for_mandate(broker, firm=broker, scopes=list(Scope), by=agent)
    assert not Mandate.objects.exists()


def test_one_open_mandate_a_pair_and_a_new_one_after_the_end(mandate, broker, firm, owner, agent):
    with pytest.raises(DomainError):
        services.ask_for_mandate(broker, firm=firm, scopes=list(Scope), by=agent)
    services.withdraw_mandate(mandate, by=owner)
    services.ask_for_mandate(broker, firm=firm, scopes=list(Scope), by=agent)
    assert Mandate.objects.count() == 2


def test_a_mandate_without_a_day_cannot_be_in_force(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=asked.pk).update(state=MandateState.ACTIVE)


@pytest.mark.parametrize("days", [0, -1, 400])
def test_last_day_lies_ahead_and_within_a_year(asked, owner, agent, days):
    with pytest.raises(DomainError):
        confirm(asked, owner, days=days)
    assert firms(agent) == []


def test_who_left_the_broker_or_only_looks_acts_for_nobody(mandate, broker, agent):
    viewer = MembershipFactory(organization=broker, role="viewer").user
    assert firms(viewer) == []
    broker.memberships.filter(user=agent).delete()
    assert firms(agent) == []


def test_past_its_day_it_allows_nothing_before_the_tick_too(mandate, agent, owner, monkeypatch):
    later = clock.now() + timedelta(days=32)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert firms(agent) == []

    # Killed after the first row was written: the next run goes on, and each is told once.
    real = services.notices.tell

    def die(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("killed")

    monkeypatch.setattr(services.notices, "tell", die)
    with pytest.raises(RuntimeError):
        tasks.expire()
    mandate.refresh_from_db()
    assert mandate.state == MandateState.ACTIVE
    monkeypatch.setattr(services.notices, "tell", real)
    tasks.expire()
    tasks.expire()

    mandate.refresh_from_db()
    assert mandate.state == MandateState.EXPIRED
    assert Notice.objects.filter(context__state="expired").count() == 2
