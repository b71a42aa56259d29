"""What its owner reads where nothing is good enough: the little that may be related, or what came nearest."""

from dataclasses import replace

import pytest

from marketplace.core import clock
from marketplace.matching.models import Band, LiveQuality, Match, MatchRun
from marketplace.matching.previewing import preview_need
from marketplace.matching.published import count_day
from marketplace.matching.queries import unmet_needs
from marketplace.matching.scoring.weights import shipped_weights
from marketplace.matching.weighing import activate_weights, keep_weights
from marketplace.notifications.models import Notice
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def judged_by(**thresholds):
    """Puts weights in force that are as sure as the shipped ones and judge otherwise."""
    shipped = shipped_weights()
    made = replace(
        shipped,
        version="stricter",
        calibration=replace(shipped.calibration, **thresholds),
        calibration_with_meaning=None,
    )
    keep_weights(made)
    activate_weights("stricter", by="test")


@pytest.fixture
def result(others):
    return ResultFactory(organization=MembershipFactory().organization)


def read(client, need, user):
    client.force_login(user)
    return client.get(need.get_absolute_url()).content.decode()


def test_what_may_be_related_is_shown_as_that_and_answers_nothing(
    client, mango_need, owner, result, tick
):
    judged_by(abstain_below=0.0, good_from=0.999, strong_from=0.9999)
    assert preview_need(mango_need).good == 0

    tick()

    match = Match.objects.get(kind="result", candidate_id=result.pk)
    assert match.band == Band.WEAK
    assert not match.is_good_enough
    run = MatchRun.objects.get(need=mango_need)
    assert run.abstained
    assert run.nearest == []
    assert not Notice.objects.filter(kind__startswith="match.").exists()
    assert [one.need for one in unmet_needs(CuratorFactory())] == [mango_need]
    count_day()
    assert LiveQuality.objects.get().needs_met == 0
    page = read(client, mango_need, owner)
    assert result.title in page
    assert "Chưa có gì chắc là phù hợp" in page
    assert "gợi ý đủ phù hợp trong số" not in page


def test_where_nothing_answers_what_came_nearest_is_shown_with_what_it_lacks(
    client, mango_need, owner, result, tick
):
    judged_by(abstain_below=0.9999)

    tick()

    assert not Match.objects.exists()
    run = MatchRun.objects.get(need=mango_need)
    assert run.abstained
    assert [one["key"] for one in run.nearest][:1] == [result.public_id]
    assert len(run.nearest) <= 3
    page = read(client, mango_need, owner)
    assert "Chưa có gì đủ phù hợp với nhu cầu này." in page
    assert "nhưng sàn không cho là đáp ứng" in page
    assert result.title in page
    supplier = result.organization.memberships.get().user
    assert "sàn không cho là đáp ứng" not in read(client, mango_need, supplier)


def test_what_came_nearest_is_no_longer_shown_when_it_leaves(
    client, mango_need, owner, result, tick
):
    judged_by(abstain_below=0.9999)
    tick()
    type(result).objects.filter(pk=result.pk).update_content(withdrawn_at=clock.now())
    assert result.title not in read(client, mango_need, owner)


def test_what_shares_a_word_by_chance_did_not_come_near(mango_need, others, tick):
    tick()
    run = MatchRun.objects.get(need=mango_need)
    assert (run.abstained, run.nearest) == (True, [])
