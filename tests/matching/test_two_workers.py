"""Two processes that come to one need at the same moment: one list, one word to each side, no error."""

import threading

import pytest

from marketplace.listings.models import Need
from marketplace.matching import pipeline, services
from marketplace.matching.interests import running
from marketplace.matching.models import Interest, InterestMatch, Match, MatchRun
from marketplace.matching.services import matching
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import OfferFactory
from tests.factories.matching import InterestFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_the_second_of_two_workers_at_one_need_writes_nothing(mango_need, index, monkeypatch):
    ResultFactory(organization=MembershipFactory().organization)
    index()
    both_have_looked = threading.Barrier(2)
    find, write = matching.find_matches, matching._write_matches
    written = []

    def find_and_wait(*args, **kwargs):
        found = find(*args, **kwargs)
        both_have_looked.wait(30)
        return found

    def write_and_tell(*args, **kwargs):
        written.append(threading.get_ident())
        return write(*args, **kwargs)

    monkeypatch.setattr(matching, "find_matches", find_and_wait)
    monkeypatch.setattr(matching, "_write_matches", write_and_tell)

    def match():
        services.match_need(Need.objects.get(pk=mango_need.pk))

    assert together(match, match) == []
    assert len(written) == 1
    assert Match.objects.active().count() == Match.objects.count() == 1
    assert MatchRun.objects.get().shown == 1
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["match.need", "match.supply"]
    assert not Need.objects.stale("matched_version").exists()


def test_a_need_that_another_process_has_done_meanwhile_is_left_alone(mango_need, index):
    """It was listed with a batch that took long."""
    ResultFactory(organization=MembershipFactory().organization)
    index()
    services.match_need(mango_need)
    ran = MatchRun.objects.get().ran_at

    pipeline._matched(Need.objects.filter(pk=mango_need.pk))

    assert MatchRun.objects.get().ran_at == ran


@pytest.mark.postgres
def test_supply_that_comes_while_an_interest_is_run_is_not_lost(mango_need, index, monkeypatch):
    """The interest has looked already, and supply is considered by another stage before it has written."""
    interest = InterestFactory(organization=MembershipFactory().organization, seeks="supply")
    index()
    looked, considered = threading.Event(), threading.Event()
    find = running.find_matches

    def find_and_wait(*args, **kwargs):
        found = find(*args, **kwargs)
        looked.set()
        considered.wait(30)
        return found

    monkeypatch.setattr(running, "find_matches", find_and_wait)

    def run_the_interest():
        running.match_interest(Interest.objects.get(pk=interest.pk))

    def bring_supply():
        assert looked.wait(30)
        try:
            OfferFactory(**DRYER)
            index()
            while pipeline.run_batch():
                pass
        finally:
            considered.set()

    assert together(run_the_interest, bring_supply) == []
    while running.run_batch():
        pass

    assert [row.candidate.title for row in InterestMatch.objects.active()] == [DRYER["title"]]


@pytest.mark.postgres
def test_supply_that_comes_while_a_need_is_matched_is_not_lost(mango_need, index, monkeypatch):
    """Another process has looked for the need already, and the stage comes to its end before it has written."""
    index()
    looked, done = threading.Event(), threading.Event()
    find, slow = matching.find_matches, []

    def find_and_wait(*args, **kwargs):
        found = find(*args, **kwargs)
        if threading.get_ident() in slow:
            looked.set()
            done.wait(30)
        return found

    monkeypatch.setattr(matching, "find_matches", find_and_wait)

    def lend():
        slow.append(threading.get_ident())
        services.match_need(Need.objects.get(pk=mango_need.pk))

    def bring_supply():
        assert looked.wait(30)
        try:
            OfferFactory(**DRYER)
            index()
            while pipeline.run_batch():
                pass
        finally:
            done.set()

    assert together(lend, bring_supply) == []
    while pipeline.run_batch():
        pass

    assert [row.candidate.title for row in Match.objects.active()] == [DRYER["title"]]
