from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.matching import pipeline, rematching
from marketplace.matching.models import Match, MatchRun, Rematching
from marketplace.notifications.models import Delivery, DeliveryState, Notice
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db


class Killed(Exception):
    pass


@pytest.fixture
def behind(mango_need, tick):
    """Five matched needs that weights no longer in force ranked."""
    ResultFactory(organization=MembershipFactory().organization)
    NeedFactory.create_batch(4, published=True)
    tick()
    MatchRun.objects.update(weights_version="before")
    return MatchRun.objects.count()


def told():
    return sorted(Notice.objects.values_list("kind", "dedupe_key", "retired_at"))


def drained():
    while pipeline.run_batch():
        pass


def test_needs_of_other_weights_are_matched_again_and_nobody_is_told_twice(behind):
    before, matches = told(), Match.objects.count()

    drained()

    row = Rematching.objects.get()
    assert (behind, row.total) == (5, 5)
    assert row.ended_at is not None
    assert not MatchRun.objects.filter(weights_version="before").exists()
    assert (told(), Match.objects.count()) == (before, matches)
    assert before


@pytest.mark.kill
@pytest.mark.parametrize("after", [0, 1, 3])
def test_kill_while_needs_are_matched_again(behind, monkeypatch, after):
    before = told()
    done = rematching.match_need
    count = []

    def killed(need, **counted):
        if len(count) == after:
            raise Killed
        count.append(need.pk)
        return done(need, **counted)

    with monkeypatch.context() as patch:
        patch.setattr(rematching, "match_need", killed)
        with pytest.raises(Killed):
            pipeline.run_batch()
    assert MatchRun.objects.filter(weights_version="before").count() == behind - after

    again = []
    monkeypatch.setattr(
        rematching,
        "match_need",
        lambda need, **counted: again.append(need.pk) or done(need, **counted),
    )
    drained()

    assert sorted(count + again) == sorted(MatchRun.objects.values_list("need", flat=True))
    assert Rematching.objects.get().total == behind
    assert told() == before


def test_a_pause_stops_it_and_leaves_the_rest_of_matching_alone(behind, monkeypatch, tick):
    person = UserFactory()
    monkeypatch.setattr(rematching, "BATCH", 2)
    assert pipeline.run_batch() == 2
    rematching.pause_rematching(Rematching.objects.get(), by=person)
    with pytest.raises(InvalidTransition):
        rematching.pause_rematching(Rematching.objects.get(), by=person)
    fresh = NeedFactory(published=True)

    tick()

    told_by = rematching.progress()
    assert (told_by.done, told_by.left, told_by.per_minute) == (2, 3, 0)
    assert MatchRun.objects.get(need=fresh).weights_version != "before"

    rematching.resume_rematching(Rematching.objects.get(), by=person)
    drained()

    assert rematching.progress().percent == 100
    assert Rematching.objects.get().ended_at
    acts = AuditEntry.objects.values_list("action", flat=True)
    assert {"matching.rematching_paused", "matching.rematching_resumed"} <= set(acts)
    with pytest.raises(InvalidTransition):
        rematching.resume_rematching(Rematching.objects.get(), by=person)


def test_progress_tells_rate_and_what_is_left(behind, monkeypatch):
    monkeypatch.setattr(rematching, "BATCH", 2)
    pipeline.run_batch()
    Rematching.objects.update(started_at=clock.now() - timedelta(minutes=1))

    found = rematching.progress()

    assert (found.done, found.left, found.total, found.percent) == (2, 3, 5, 40)
    assert found.per_minute == pytest.approx(2, abs=0.1)
    assert found.minutes_left == 2


def test_other_weights_meanwhile_end_it_and_begin_anew(behind, monkeypatch):
    monkeypatch.setattr(rematching, "BATCH", 2)
    pipeline.run_batch()
    Rematching.objects.update(weights_version="between")

    drained()

    first, second = Rematching.objects.order_by("pk")
    assert first.ended_at
    assert second.ended_at
    assert second.total == 3


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.PENDING])
def test_a_match_that_returns_is_new_only_to_who_was_not_told(mango_need, owner, tick, state):
    result = ResultFactory()
    other = OfferFactory(**DRYER)
    tick()
    Delivery.objects.update(state=state)
    first = Notice.objects.get(kind="match.need", recipient=owner)
    assert len(first.context["matches"]) == 2
    for words in (
        ("Nuôi tôm thẻ", "Ao lót bạt.", []),
        (result.title, result.abstract, result.keywords),
    ):
        result.title, result.abstract, result.keywords = words
        result.save()
        tick()

    assert Match.objects.active().of("result", [result.pk]).exists()
    assert Match.objects.active().of("offer", [other.pk]).exists()
    again = Notice.objects.filter(kind="match.need", recipient=owner).exclude(pk=first.pk)
    assert again.exists() is (state == DeliveryState.PENDING)
