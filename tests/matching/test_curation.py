"""Decisions of staff: they outlive every run; what was asked to be looked at first waits."""

import pytest

from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.listings.models import Need
from marketplace.matching import services
from marketplace.matching.explanations import card
from marketplace.matching.models import Curation, Match, MatchRun, Pass, Side
from marketplace.matching.services import matching, releasing
from marketplace.notifications.models import Notice
from marketplace.research.models import Result
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.listings import OfferFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db

FAR = "Kit phát hiện nhanh bệnh đốm trắng trên tôm"


@pytest.fixture
def curator():
    return CuratorFactory()


@pytest.fixture
def institute():
    return MembershipFactory()


@pytest.fixture
def matched(mango_need, institute, tick):
    ResultFactory(organization=institute.organization)
    OfferFactory(**DRYER)
    tick()
    return mango_need


def listed(need):
    return list(need.matches.active().order_by("rank"))


def again(need, tick):
    Need.objects.filter(pk=need.pk).update(matched_version=0)
    tick()


def fresh(match):
    return Match.objects.with_candidates().get(pk=match.pk)


def told(kind):
    return Notice.objects.filter(kind=kind).count()


def test_pinned_match_stays_first_through_runs_and_goes_back_when_undone(matched, curator, tick):
    first, second = listed(matched)
    pin = services.pin_match(second, by=curator, note="Đã chạy ở nhà máy tương tự")
    assert listed(matched) == [second, first]

    again(matched, tick)

    assert listed(matched) == [second, first]
    assert card(fresh(second))["staff"] == {
        "label": "Cán bộ sàn ghim lên đầu",
        "note": "Đã chạy ở nhà máy tương tự",
    }
    assert card(fresh(first))["staff"] is None

    services.undo_decision(pin, by=curator)
    tick()
    assert listed(matched) == [first, second]
    with pytest.raises(InvalidTransition):
        services.undo_decision(pin, by=curator)
    acts = AuditEntry.objects.filter(subject=f"match:{second.public_id}").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["match.decided", "match.decision_undone"]


def test_suppressed_match_never_comes_back_nor_tells_anybody(
    mango_need, institute, index, tick, curator, pass_reasons
):
    MembershipFactory(organization=mango_need.organization)
    ResultFactory(organization=institute.organization)
    tick()
    [match] = listed(mango_need)
    before = told("match.need"), told("match.supply")

    services.suppress_matches([match], by=curator, reason="wrong_field")
    assert listed(mango_need) == []
    assert not Notice.objects.filter(kind__startswith="match.", retired_at=None).exists()
    again(mango_need, tick)

    assert listed(mango_need) == []
    run = MatchRun.objects.get()
    assert (run.abstained, run.nearest) == (True, [])  # what staff took away is not near either
    assert (told("match.need"), told("match.supply")) == before
    assert Pass.objects.get().side == Side.STAFF
    with pytest.raises(InvalidTransition):
        services.suppress_matches([match], by=curator, reason="wrong_field")

    services.undo_decision(Curation.objects.get(), by=curator)
    tick()
    assert listed(mango_need) == [match]
    assert Pass.objects.get().taken_back_by == curator
    assert (told("match.need"), told("match.supply")) == before  # told once, not again


def test_several_are_suppressed_together_or_none(matched, curator, pass_reasons):
    first, second = listed(matched)
    services.suppress_matches([second], by=curator, reason="wrong_field")
    with pytest.raises(InvalidTransition):
        services.suppress_matches([first, second], by=curator, reason="too_early")
    assert listed(matched) == [first]
    assert Pass.objects.count() == 1


def test_added_match_is_explained_told_once_and_survives(matched, others, curator, tick):
    far = next(result for result in others if result.title == FAR)
    owner_of_far = MembershipFactory().user
    Result.objects.filter(pk=far.pk).update(organization=owner_of_far.organizations().get())
    before = told("match.need")

    added = services.add_match(
        matched, "result", far.public_id, by=curator, note="Cùng nhóm làm máy sấy"
    )
    assert added in listed(matched)
    assert told("match.need") == before + 1
    notice = Notice.objects.get(recipient=owner_of_far, kind="match.supply")
    assert notice.context["staff"] == "Cùng nhóm làm máy sấy"
    assert card(fresh(added))["staff"]["label"] == "Cán bộ sàn đề xuất"

    again(matched, tick)
    assert added in listed(matched)
    assert MatchRun.objects.get().shown == 3
    assert told("match.need") == before + 1
    assert Notice.objects.filter(recipient=owner_of_far).count() == 1
    with pytest.raises(DomainError):
        services.add_match(matched, "result", far.public_id, by=curator, note="Hai lần")

    # A pin over it and the pin's undo leave it added.
    pin = services.pin_match(added, by=curator, note="Lên đầu")
    assert listed(matched)[0] == added
    services.undo_decision(pin, by=curator)
    tick()
    assert added in listed(matched)
    services.undo_decision(Curation.objects.standing().get(match=added), by=curator)
    tick()
    assert added not in listed(matched)


def test_confirmed_match_stays_when_a_run_no_longer_finds_it(matched, curator, tick):
    match = next(one for one in listed(matched) if one.kind == "result")
    services.confirm_match(match, by=curator, note="Đúng việc")
    match.candidate.title, match.candidate.abstract = FAR, "Que thử cho kết quả trong 30 phút."
    match.candidate.save()
    tick()
    assert match in listed(matched)

    match.candidate.withdrawn_at = match.first_matched_at
    match.candidate.save()
    tick()
    assert match not in listed(matched)  # a decision shows nothing that is not public


@pytest.mark.parametrize("act", ["confirm_match", "pin_match"])
def test_keeping_a_match_asks_why(matched, curator, act):
    with pytest.raises(DomainError):
        getattr(services, act)(listed(matched)[0], by=curator, note=" ")
    assert not Curation.objects.exists()


@pytest.mark.parametrize("asks", ["need", "supply"])
def test_matches_wait_where_an_organisation_asks_for_a_look(
    mango_need, institute, owner, curator, tick, asks
):
    organization = {"need": mango_need.organization, "supply": institute.organization}[asks]
    services.set_staff_look(organization, wanted=True, by=owner)
    ResultFactory(organization=institute.organization)
    tick()
    [match] = listed(mango_need)
    assert match.held_at
    assert not Notice.objects.exists()
    assert not Match.objects.shown_to(owner).exists()
    assert not Match.objects.shown_to(institute.user).exists()
    assert Match.objects.shown_to(curator).exists()
    again(mango_need, tick)
    assert not Notice.objects.exists()

    assert services.release_matches([match], by=curator) == 1
    assert services.release_matches([match], by=curator) == 0
    assert {n.recipient for n in Notice.objects.all()} == {owner, institute.user}
    again(mango_need, tick)
    assert Notice.objects.count() == 2
    assert Match.objects.shown_to(owner).get().released_by == curator


def test_matches_of_others_go_out_at_once(matched, owner):
    assert not Match.objects.held().exists()
    assert told("match.need")


@pytest.mark.kill
def test_kill_while_matches_are_released_tells_nobody_or_everybody(
    mango_need, institute, owner, curator, tick, monkeypatch
):
    services.set_staff_look(mango_need.organization, wanted=True, by=owner)
    ResultFactory(organization=institute.organization)
    tick()
    done = releasing.tell_of

    def killed_after(*args):
        done(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(releasing, "tell_of", killed_after)
        with pytest.raises(KeyboardInterrupt):
            services.release_matches(Match.objects.held(), by=curator)
    assert Match.objects.held().count() == 1
    assert not Notice.objects.exists()

    services.release_matches(Match.objects.held(), by=curator)
    assert Notice.objects.count() == 2


@pytest.mark.kill
def test_kill_inside_a_run_keeps_decisions(matched, curator, tick, monkeypatch):
    first, second = listed(matched)
    services.pin_match(second, by=curator, note="Lên đầu")
    done = matching.tell

    def killed_after(*args):
        done(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(matching, "tell", killed_after)
        with pytest.raises(KeyboardInterrupt):
            services.match_need(matched)
    assert listed(matched) == [second, first]
    tick()
    assert listed(matched) == [second, first]
