import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from marketplace.core import clock
from marketplace.core.leases import lease
from marketplace.listings.models import Need
from marketplace.matching import considering, pipeline, services
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.services import matching
from marketplace.notifications.models import Notice
from marketplace.research.models import Result
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import OTHERS

pytestmark = pytest.mark.django_db


class Killed(Exception):
    pass


def raising(*args, **kwargs):
    raise Killed


def asserted_once():
    assert Match.objects.count() == 1
    assert Match.objects.active().count() == 1
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["match.need", "match.supply"]
    assert not Need.objects.stale("matched_version").exists()
    assert not Result.objects.stale("matched_version").exists()


def test_run_batch_waits_for_the_index(mango_need, search_engine):
    ResultFactory()
    assert pipeline.run_batch() == 0
    assert not MatchRun.objects.exists()


def test_run_batch_without_an_engine_leaves_everything_to_be_done(
    mango_need, index, settings, tmp_path
):
    ResultFactory()
    index()
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"

    assert pipeline.run_batch() == 0
    assert Need.objects.stale("matched_version").exists()


def test_run_batch_ends_with_nothing_to_do(mango_need, tick):
    ResultFactory()
    tick()
    assert pipeline.run_batch() == 0


def test_withdrawn_need_leaves_before_others_are_matched_anew(mango_need, tick):
    ResultFactory(organization=MembershipFactory().organization)
    other = NeedFactory(published=True)
    tick()
    assert mango_need.matches.active().exists()
    Need.objects.filter(pk=other.pk).update(matched_version=0)
    # Not in the index yet: what leaves the lists need not wait for it.
    Need.objects.filter(pk=mango_need.pk).update(
        live=False, withdrawn_at=clock.now(), content_version=F("content_version") + 1
    )

    assert pipeline.run_batch() == 1

    assert not mango_need.matches.active().exists()
    assert not Notice.objects.filter(retired_at=None).exists()
    assert Need.objects.stale("matched_version").get() == other


def test_batch_ends_after_its_seconds(mango_need, index, monkeypatch):
    NeedFactory(published=True)
    ResultFactory()
    index()
    monkeypatch.setattr(pipeline, "SECONDS_A_BATCH", 0)

    assert pipeline.run_batch() == 1
    assert Need.objects.stale("matched_version").count() == 1


@pytest.mark.kill
@pytest.mark.parametrize("place", ["_write_matches", "tell"])
def test_kill_inside_the_transaction_of_a_need(mango_need, tick, index, monkeypatch, place):
    ResultFactory(organization=MembershipFactory().organization)
    index()
    done = getattr(matching, place)

    def killed_after(*args, **kwargs):
        done(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(matching, place, killed_after)
        with pytest.raises(Killed):
            pipeline.run_batch()
    assert not Match.objects.exists()
    assert not Notice.objects.exists()

    tick()

    asserted_once()


@pytest.mark.kill
def test_kill_while_supply_marks_the_needs(mango_need, tick, index, monkeypatch):
    tick()
    ResultFactory(organization=MembershipFactory().organization)
    index()
    with monkeypatch.context() as patch:
        patch.setattr(Result, "mark_done", raising)
        with pytest.raises(Killed):
            pipeline.run_batch()
    # The need waits already, and whoever looks again will find that it does.
    assert Need.objects.stale("matched_version").get() == mango_need
    assert Result.objects.stale("matched_version").exists()

    tick()

    asserted_once()


@pytest.mark.kill
def test_kill_between_the_marks_and_the_needs(mango_need, tick, index, monkeypatch):
    tick()
    ResultFactory(organization=MembershipFactory().organization)
    index()
    assert pipeline.run_batch() == 1
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "match_need", raising)
        with pytest.raises(Killed):
            pipeline.run_batch()
    assert not Match.objects.exists()

    tick()

    asserted_once()


def test_a_hand_takes_needs_from_the_far_end_of_a_long_queue(mango_need, index, monkeypatch):
    needs = [mango_need, *NeedFactory.create_batch(3, published=True)]
    index()
    monkeypatch.setattr(pipeline, "WORTH_A_HAND", 3)
    monkeypatch.setattr(pipeline, "NEEDS_LENT", 2)
    assert pipeline.lend_a_hand() == 0  # nobody is at the stage

    with lease(pipeline.STAGE):
        assert [pipeline.lend_a_hand() for _n in range(2)] == [2, 0]  # few are left

    assert list(Need.objects.stale("matched_version").order_by("pk")) == needs[:2]
    assert pipeline.lend_a_hand() == 0


def test_a_hand_leaves_to_the_stage_what_is_not_a_need_in_the_index(mango_need, tick, monkeypatch):
    tick()
    monkeypatch.setattr(pipeline, "WORTH_A_HAND", 1)
    ResultFactory()
    Need.objects.filter(pk=mango_need.pk).update_content(title="Kit phát hiện bệnh trên tôm")

    with lease(pipeline.STAGE):
        assert pipeline.lend_a_hand() == 0

    assert Need.objects.stale("matched_version").get() == mango_need


def test_a_hand_without_an_engine_leaves_everything_to_be_done(
    mango_need, index, settings, tmp_path, monkeypatch
):
    index()
    monkeypatch.setattr(pipeline, "WORTH_A_HAND", 1)
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"

    with lease(pipeline.STAGE):
        assert pipeline.lend_a_hand() == 0

    assert Need.objects.stale("matched_version").exists()


@pytest.mark.kill
def test_what_a_killed_hand_leaves_the_stage_does(mango_need, tick, index, monkeypatch):
    ResultFactory(organization=MembershipFactory().organization)
    index()
    monkeypatch.setattr(pipeline, "WORTH_A_HAND", 1)
    with monkeypatch.context() as patch, lease(pipeline.STAGE):
        patch.setattr(matching, "tell", raising)
        with pytest.raises(Killed):
            pipeline.lend_a_hand()
    assert not Match.objects.exists()

    tick()

    asserted_once()


def test_needs_that_new_supply_concerns_are_matched_in_batches(
    mango_need, tick, index, monkeypatch
):
    for number in range(2):
        NeedFactory(
            title=f"{mango_need.title} {number}", summary=mango_need.summary, published=True
        )
    NeedFactory.create_batch(4, published=True)
    tick()
    monkeypatch.setattr(pipeline, "NEEDS_A_BATCH", 2)
    ResultFactory(organization=MembershipFactory().organization)
    index()

    done = [pipeline.run_batch() for _n in range(4)]

    assert done == [1, 2, 1, 0]


@pytest.mark.kill
def test_kill_while_a_withdrawn_result_leaves(mango_need, tick, index, monkeypatch):
    result = ResultFactory(organization=MembershipFactory().organization)
    tick()
    result.withdrawn_at = result.imported_at
    result.save()
    index()
    with monkeypatch.context() as patch:
        patch.setattr(Result, "mark_done", raising)
        with pytest.raises(Killed):
            pipeline.run_batch()

    tick()

    assert not Match.objects.active().exists()
    assert not Notice.objects.filter(retired_at=None).exists()


@pytest.mark.parametrize("side", ["texts", "needs", "all"])
def test_each_side_finds_the_needs_that_new_supply_answers(mango_need, tick, monkeypatch, side):
    for number in range(6):
        NeedFactory(
            title=f"Đúc vỏ tàu composite cỡ {number}",
            summary="Vỏ tàu composite sợi thủy tinh.",
            problem="Đúc tay.",
            published=True,
        )
    tick()
    monkeypatch.setattr(considering, "cheaper_side", lambda **_counts: side)
    matched = []
    match_need = services.match_need
    monkeypatch.setattr(
        pipeline,
        "match_need",
        lambda need, **counted: matched.append(need) or match_need(need, **counted),
    )

    ResultFactory()
    tick()

    assert Match.objects.active().filter(need=mango_need).exists()
    assert len(matched) == (7 if side == "all" else 1)


def test_the_register_is_counted_once_a_batch(mango_need, tick, index):
    NeedFactory.create_batch(3, published=True)
    index()
    with CaptureQueriesContext(connection) as done:
        assert pipeline.run_batch() == 4
    register = Result._meta.db_table
    counts = [one["sql"] for one in done.captured_queries if "COUNT(" in one["sql"]]
    assert sum(register in sql for sql in counts) == 1
    assert set(MatchRun.objects.values_list("searched__result", flat=True)) == {len(OTHERS)}


def test_what_new_supply_changes_is_the_same_as_matching_every_need_again(mango_need, tick):
    """Who is left out would have been shown nothing new."""
    for title, text in OTHERS.items():
        NeedFactory(title=title[:40], summary=text[:80], problem=text, published=True)
    tick()
    ResultFactory()
    for title, abstract in OTHERS.items():
        ResultFactory(title=f"{title}, đợt hai", abstract=abstract.upper(), keywords=[])
    tick()
    held = "need", "kind", "candidate_id", "rank", "score", "probability", "explanation"
    found = list(Match.objects.active().order_by("need", "rank").values_list(*held))

    for need in Need.objects.all():
        services.match_need(need)

    assert found == list(Match.objects.active().order_by("need", "rank").values_list(*held))
    assert len(found) > len(OTHERS)


@pytest.mark.parametrize(
    ("texts", "needs", "side"),
    [(1, 2000, "texts"), (10_000, 2000, "needs"), (58_000, 10, "all"), (1, 0, "all")],
)
def test_the_cheaper_side(texts, needs, side):
    assert considering.cheaper_side(texts=texts, needs=needs) == side


def test_new_texts_of_one_subject_are_found_though_they_all_say_it(mango_need, tick):
    """Among themselves no word of theirs is rare; in the whole index it is."""
    for title, abstract in OTHERS.items():
        ResultFactory(title=f"{title} (2)", abstract=abstract, keywords=[])
    tick()
    ResultFactory.create_batch(4)

    tick()

    assert Match.objects.active().filter(need=mango_need).exists()


def test_new_supply_that_no_need_would_be_shown_matches_none_again(mango_need, tick):
    ResultFactory()
    tick()
    ran = MatchRun.objects.get().ran_at
    ResultFactory(title="Nuôi tôm thẻ", abstract="Ao lót bạt.", keywords=[])

    tick()

    assert MatchRun.objects.get().ran_at == ran
    assert not Result.objects.stale("matched_version").exists()


def test_needs_that_a_changed_result_answered_are_matched_again(mango_need, tick):
    result = ResultFactory()
    tick()
    result.title, result.abstract, result.keywords = "Nuôi tôm thẻ", "Ao lót bạt.", []
    result.save()
    NeedFactory.create_batch(4, title="Nuôi tôm thẻ trong ao lót bạt", published=True)

    tick()

    assert not Match.objects.active().filter(need=mango_need).exists()


def test_an_edited_need_is_matched_in_its_new_words(mango_need, tick):
    mango = ResultFactory()
    tick()
    assert Match.objects.active().get().candidate == mango

    Need.objects.filter(pk=mango_need.pk).update_content(
        title="Kit phát hiện bệnh đốm trắng trên tôm",
        summary="Que thử tôm.",
        problem="",
        required="",
    )
    tick()

    assert [match.candidate.title for match in Match.objects.active()] == [
        "Kit phát hiện nhanh bệnh đốm trắng trên tôm"
    ]
