import pytest

from marketplace.accounts.models import Membership, Outreach
from marketplace.listings.services import withdraw
from marketplace.matching import queries, services
from marketplace.matching.models import Match, MatchRun
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import EquipmentFactory, NeedFactory, OfferFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db

CANARY = "Hang Nai Kestrel"


def notices(kind):
    return Notice.objects.filter(kind=kind, retired_at=None).order_by("pk")


def test_match_need_keeps_the_best_with_reasons_and_evidence(mango_need, others, tick):
    result = ResultFactory()

    tick()

    match = Match.objects.get()
    assert (match.candidate, match.rank) == (result, 1)
    reasons = match.explanation["reasons"]
    assert reasons[0]["evidence"]["text"]
    specification = match.explanation["specifications"][0]
    assert (specification["offered"], specification["fit"]) == ("500 kg mỗi mẻ", "met")
    run = MatchRun.objects.get()
    assert (run.content_version, run.abstained, run.shown) == (mango_need.content_version, False, 1)
    assert run.searched["result"] == 1 + len(others)


def test_match_need_finds_all_kinds_of_supply(mango_need, tick):
    ResultFactory()
    OfferFactory(**DRYER)
    EquipmentFactory(**DRYER)

    tick()

    assert {match.kind for match in Match.objects.all()} == {"result", "offer", "equipment"}
    assert sorted(Match.objects.values_list("rank", flat=True)) == [1, 2, 3]


def test_match_need_again_changes_nothing_and_tells_nobody_again(mango_need, tick):
    ResultFactory(organization=MembershipFactory().organization)
    tick()
    before = Match.objects.values().get()
    told = Notice.objects.count()

    services.match_need(mango_need)

    assert Match.objects.values().get() == before
    assert Notice.objects.count() == told == 2


def test_match_need_with_nothing_good_says_so_and_keeps_none(enterprise, others, tick):
    need = NeedFactory(
        organization=enterprise,
        title="Kéo sợi para-aramid cho vải chống đâm",
        summary="Cần dây chuyền kéo sợi para-aramid.",
        problem="Đang nhập toàn bộ.",
        published=True,
    )
    ResultFactory()

    tick()

    assert not Match.objects.exists()
    assert MatchRun.objects.get(need=need).abstained
    assert not notices("match.need").exists()


def test_match_need_tells_members_who_act_and_no_readers(mango_need, owner, tick):
    institute = MembershipFactory().organization
    reader = MembershipFactory(organization=institute, role=Membership.Role.VIEWER).user
    MembershipFactory(user=reader, organization=OrganizationFactory())
    ResultFactory(organization=institute)

    tick()

    assert [notice.recipient for notice in notices("match.need")] == [owner]
    supply = notices("match.supply").get()
    assert supply.recipient != reader
    assert supply.recipient in {m.user for m in institute.memberships.all()}


def test_match_need_tells_somebody_who_only_reads_elsewhere(mango_need, owner, tick):
    MembershipFactory(user=owner, organization=OrganizationFactory(), role=Membership.Role.VIEWER)
    ResultFactory()

    tick()

    assert notices("match.need").get().recipient == owner


def test_match_with_an_organisation_not_here_yet_opens_the_desk_once(mango_need, tick):
    institute = OrganizationFactory(unclaimed=True)
    ResultFactory(organization=institute)
    ResultFactory(organization=institute)

    tick()
    services.match_need(mango_need)

    case = Outreach.objects.get()
    assert case.organization == institute
    assert mango_need.title in case.reason
    assert not notices("match.supply").exists()


def test_match_never_carries_what_is_confidential_or_a_hidden_owner(
    enterprise, owner, others, tick
):
    enterprise.name = f"Công ty {CANARY}"
    enterprise.save()
    NeedFactory(
        organization=enterprise,
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần máy sấy xoài cắt lát giữ màu.",
        confidential=f"Kho mới ở {CANARY}, sấy xoài bằng bơm nhiệt.",
        hide_owner=True,
        published=True,
    )
    OfferFactory(
        organization=MembershipFactory().organization,
        confidential=f"Bí quyết của {CANARY}",
        **DRYER,
    )

    tick()

    match = Match.objects.get()
    assert CANARY not in str(match.explanation)
    supply = notices("match.supply").get()
    assert CANARY not in str(supply.context)
    assert supply.context["owner"] == ""


def test_withdrawn_candidate_leaves_and_what_was_to_be_told_with_it(mango_need, owner, tick):
    institute = MembershipFactory()
    offer = OfferFactory(
        organization=institute.organization,
        **DRYER,
    )
    tick()
    assert Match.objects.active().get().candidate == offer

    withdraw(offer, by=institute.user)
    tick()

    assert not Match.objects.active().exists()
    assert not notices("match.supply").exists()
    assert not notices("match.need").exists()


def test_withdrawn_need_leaves_with_its_matches_and_notices(mango_need, owner, tick):
    ResultFactory(organization=MembershipFactory().organization)
    tick()

    withdraw(mango_need, by=owner)
    tick()

    assert not Match.objects.active().exists()
    assert not notices("match.supply").exists()
    assert not notices("match.need").exists()


def test_edited_result_that_no_longer_fits_is_retired_and_comes_back(mango_need, tick):
    result = ResultFactory()
    tick()
    title, abstract = result.title, result.abstract

    result.title, result.abstract, result.keywords = "Nuôi tôm thẻ", "Ao lót bạt.", []
    result.save()
    tick()
    assert not Match.objects.active().exists()

    result.title, result.abstract = title, abstract
    result.save()
    tick()
    assert Match.objects.active().get().candidate == result


def test_pass_on_keeps_the_first_answer_and_can_be_taken_back(
    mango_need, owner, tick, pass_reasons
):
    ResultFactory()
    tick()
    match = Match.objects.get()
    first, second = pass_reasons[:2]

    services.pass_on(match, by=owner, reason=first, note="Chưa có số liệu")
    services.pass_on(match, by=owner, reason=second)
    match.refresh_from_db()
    assert (match.passed_reason, match.passed_note) == (first, "Chưa có số liệu")

    services.take_back_pass(match, by=owner)
    match.refresh_from_db()
    assert match.passed_at is None


def test_a_pass_outlives_a_new_run(mango_need, owner, tick, pass_reasons):
    ResultFactory()
    tick()
    services.pass_on(Match.objects.get(), by=owner, reason=pass_reasons[0])

    services.match_need(mango_need)

    assert Match.objects.get().passed_at is not None


def test_figures_of_a_listing_count_ranks_openings_and_passes(
    mango_need, owner, tick, pass_reasons
):
    offer = OfferFactory(**DRYER)
    tick()
    match = Match.objects.get()
    services.record_opened(match)
    services.pass_on(match, by=owner, reason=pass_reasons[0])

    figures = queries.figures_of(offer)

    assert (figures.matched, figures.best_rank, figures.opened) == (1, 1, 1)
    assert [count for _reason, count in figures.passed] == [1]


def test_organisation_that_comes_to_the_exchange_is_told_what_waited(mango_need, tick):
    institute = OrganizationFactory(unclaimed=True)
    ResultFactory(organization=institute)
    tick()
    assert not notices("match.supply").exists()
    person = MembershipFactory(organization=institute).user
    services.tell_what_waited(institute)
    services.tell_what_waited(institute)
    told = notices("match.supply").get()
    assert told.recipient == person
    assert told.context["need_title"] == mango_need.title
