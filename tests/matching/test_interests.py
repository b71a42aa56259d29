"""Standing interests: matched like needs, told once, written by those who edit."""

import re

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.listings.models import Need
from marketplace.listings.services import withdraw
from marketplace.matching.interests import running, services
from marketplace.matching.interests.texts import Narrowing
from marketplace.matching.models import ConsideredNeed, Interest, InterestMatch, ToldMatch
from marketplace.notifications.models import Notice
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.matching import InterestFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    return MembershipFactory()


@pytest.fixture
def interest(institute):
    return InterestFactory(organization=institute.organization)


@pytest.fixture
def run(tick):
    """Index, match, then the interests, until nothing waits."""

    def until_done():
        tick()
        while running.run_batch():
            pass

    return until_done


@pytest.fixture
def other_needs(db):
    return [
        NeedFactory(title=f"Đúc vỏ tàu composite cỡ {n}", summary="Vỏ tàu.", published=True)
        for n in range(3)
    ]


def found(interest):
    rows = InterestMatch.objects.active().filter(interest=interest).prefetch_related("candidate")
    return [row.candidate for row in rows]


def told():
    return Notice.objects.filter(kind="interest.matches", retired_at=None)


# --- what is found --------------------------------------------------------------------------------


def test_interest_finds_open_needs_with_reasons_and_tells_its_people(
    mango_need, other_needs, interest, institute, run
):
    reader = MembershipFactory(organization=institute.organization, role=Membership.Role.VIEWER)

    run()

    row = InterestMatch.objects.get()
    assert (row.candidate, row.rank) == (mango_need, 1)
    assert any(reason["evidence"] for reason in row.explanation["reasons"])
    notice = told().get()
    assert notice.recipient == institute.user != reader.user
    assert [one["title"] for one in notice.context["matches"]] == [mango_need.title]


def test_new_need_is_told_to_the_interest_that_waits_for_it(
    interest, other_needs, others, run, enterprise
):
    run()
    assert not found(interest)

    need = NeedFactory(
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần máy sấy xoài cắt lát giữ màu, không dùng lưu huỳnh.",
        published=True,
    )
    run()

    assert found(interest) == [need]
    assert told().count() == 1


def test_each_pair_is_considered_once_per_version_of_both(
    mango_need, other_needs, interest, run, monkeypatch
):
    run()
    runs, looks = [], []
    match, concern = running.match_interest, running.interests_concerned
    monkeypatch.setattr(running, "match_interest", lambda one: runs.append(one) or match(one))
    monkeypatch.setattr(
        running,
        "interests_concerned",
        lambda interests, texts, wants: concern(
            interests, [looks.append(one.key) or one for one in texts], wants
        ),
    )

    run()
    assert (runs, looks) == ([], [])

    Need.objects.filter(pk=other_needs[0].pk).update_content(summary="Vỏ tàu sợi thủy tinh.")
    run()
    assert (runs, looks) == ([], [other_needs[0].public_id])

    Need.objects.filter(pk=mango_need.pk).update_content(volume="Hai ca mỗi ngày.")
    run()
    assert (runs, looks[1:]) == ([interest], [mango_need.public_id])
    assert told().count() == 1


def test_need_that_leaves_takes_its_place_and_its_notice_along(
    mango_need, owner, other_needs, interest, run
):
    run()
    withdraw(mango_need, by=owner)
    assert not InterestMatch.objects.shown().exists()

    run()

    assert not found(interest)
    assert not told().exists()


def test_interest_in_supply_hears_of_new_results_and_offers(mango_need, institute, run):
    interest = InterestFactory(organization=institute.organization, seeks="supply")
    run()
    assert not found(interest)

    offer, result = OfferFactory(**DRYER), ResultFactory()
    ResultFactory(organization=institute.organization)
    run()

    assert set(found(interest)) == {offer, result}
    assert told().get().recipient == institute.user


@pytest.mark.parametrize(
    "narrowed",
    [
        {"field_codes": ["2"]},
        {"province_codes": ["01"]},
        {"need_kinds": ["co_develop"]},
        {"budget_least": 2_000_000_000},
        {"unwanted_kinds": ["buy"]},
        {"unwanted_fields": ["401"]},
        {"unwanted_words": ["sấy hầm"]},
    ],
)
def test_what_narrows_an_interest_keeps_needs_out(narrowed):
    need = Need(
        organization_id=1,
        title="Sấy xoài",
        field_codes=["40107"],
        province_code="75",
        need_kinds=["buy"],
        problem="Xưởng đang sấy hầm.",
        budget_max=1_000_000_000,
    )
    free, narrow = (
        Narrowing(Interest(organization_id=2, words="x", **values)) for values in ({}, narrowed)
    )

    assert free.wants_need(need)
    assert not narrow.wants_need(need)
    assert len(narrow.left_out) == ("unwanted" in next(iter(narrowed)))


def test_own_needs_are_no_news(mango_need, other_needs, enterprise, run):
    own = InterestFactory(organization=enterprise)
    run()
    assert not found(own)


def test_need_that_the_own_result_answers_is_not_told_twice(
    mango_need, other_needs, interest, institute, run
):
    ResultFactory(organization=institute.organization)

    run()

    assert found(interest) == [mango_need]
    assert Notice.objects.filter(kind="match.supply", recipient=institute.user).count() == 1
    assert not told().exists()


def test_nothing_of_a_kind_is_respected_from_the_next_run(
    mango_need, other_needs, interest, institute, run
):
    run()
    services.exclude(interest, by=institute.user, kinds=["buy"], words=["xoài"])
    run()

    assert not found(interest)
    assert not told().exists()
    interest.refresh_from_db()
    assert (interest.left_out, interest.unwanted_words) == (1, ["xoài"])


def test_changed_interest_that_finds_the_same_tells_nobody_again(
    mango_need, other_needs, interest, institute, run
):
    run()
    values = {name: getattr(interest, name) for name in services.FIELDS}

    services.change_interest(interest, by=institute.user, **values | {"name": "Tên khác"})
    services.pause_interest(interest, by=institute.user)
    services.resume_interest(interest, by=institute.user)
    Notice.objects.update(read_at=clock.now())
    run()

    assert found(interest) == [mango_need]
    assert Notice.objects.filter(kind="interest.matches").count() == 1
    assert ToldMatch.objects.exclude(interest_match=None).count() == 1


def test_paused_and_deleted_interests_sleep(mango_need, other_needs, institute, run):
    paused = InterestFactory(organization=institute.organization)
    deleted = InterestFactory(organization=institute.organization)
    services.pause_interest(paused, by=institute.user)
    services.delete_interest(deleted, by=institute.user)

    run()
    assert not InterestMatch.objects.exists()

    services.restore_interest(deleted, by=institute.user)
    run()
    assert found(deleted) == [mango_need]


def test_deleted_interest_goes_for_good_after_a_week(interest, institute, run):
    services.delete_interest(interest, by=institute.user)
    Interest.objects.update(deleted_at=clock.now() - services.KEPT_DELETED * 2)
    running.run_batch()
    assert not Interest.objects.exists()


def test_interest_needs_words_and_an_organisation_room(institute):
    with pytest.raises(DomainError):
        services.write_interest(institute.organization, by=institute.user, name="a", words="sấy")
    InterestFactory.create_batch(services.MOST, organization=institute.organization)
    with pytest.raises(services.TooManyInterests):
        services.write_interest(
            institute.organization, by=institute.user, name="a", words="máy sấy xoài cắt lát"
        )


# --- killed anywhere ------------------------------------------------------------------------------


class Killed(Exception):
    pass


@pytest.mark.kill
@pytest.mark.parametrize("place", ["_write", "tell_found"])
def test_kill_inside_the_run_of_an_interest(
    mango_need, other_needs, interest, run, tick, monkeypatch, place
):
    tick()
    done = getattr(running, place)

    def killed_after(*args, **kwargs):
        done(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(running, place, killed_after)
        with pytest.raises(Killed):
            while running.run_batch():
                pass
    assert not InterestMatch.objects.exists()
    assert not told().exists()

    run()

    assert found(interest) == [mango_need]
    assert told().count() == 1


@pytest.mark.kill
def test_kill_while_new_needs_are_considered(interest, other_needs, others, run, tick, monkeypatch):
    run()
    NeedFactory(
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần máy sấy xoài cắt lát giữ màu, không dùng lưu huỳnh.",
        published=True,
    )
    tick()
    before = ConsideredNeed.objects.count()
    with monkeypatch.context() as patch:

        def killed(*args):
            raise Killed

        patch.setattr(ConsideredNeed, "record", killed)
        with pytest.raises(Killed):
            running.run_batch()
    assert ConsideredNeed.objects.count() == before
    assert not Interest.objects.due().exists()

    run()

    assert len(found(interest)) == 1
    assert told().count() == 1


def test_what_comes_during_a_run_is_not_lost(mango_need, other_needs, interest, tick, monkeypatch):
    tick()
    write = running._write

    def concerned_meanwhile(*args):
        Interest.objects.filter(pk=interest.pk).ask_again()
        return write(*args)

    with monkeypatch.context() as patch:
        patch.setattr(running, "_write", concerned_meanwhile)
        running.match_interest(interest)
    assert Interest.objects.due().get() == interest


# --- pages ----------------------------------------------------------------------------------------


def form_of(interest, **values):
    return {"seeks": "needs", "name": "Khác", "words": interest.words} | values


@pytest.fixture
def changes(interest, mango_need, other_needs, run):
    """Every page that changes an interest, with a form that it takes."""
    run()
    row = InterestMatch.objects.get()
    args = [interest.public_id]
    return {
        reverse("matching:change_interest", args=args): form_of(interest),
        reverse("matching:pause_interest", args=args): {},
        reverse("matching:resume_interest", args=args): {},
        reverse("matching:exclude_by_interest", args=[*args, row.public_id]): {"words": "tàu"},
        reverse("matching:delete_interest", args=args): {},
        reverse("matching:restore_interest", args=args): {},
    }


def test_only_those_who_edit_change_an_interest(client, interest, institute, changes):
    viewer = MembershipFactory(organization=institute.organization, role=Membership.Role.VIEWER)
    before = Interest.objects.values().get()
    for person in (viewer.user, MembershipFactory().user, CuratorFactory()):
        client.force_login(person)
        for path, form in changes.items():
            assert client.post(path, form).status_code == 404
    assert Interest.objects.values().get() == before

    colleague = MembershipFactory(organization=institute.organization)
    client.force_login(colleague.user)
    for path, form in changes.items():
        assert client.post(path, form).status_code == 302, path
    after = Interest.objects.get()
    assert (after.name, after.unwanted_words, after.deleted_at) == ("Khác", ["tàu"], None)


def test_who_sees_an_interest(client, interest, institute):
    viewer = MembershipFactory(organization=institute.organization, role=Membership.Role.VIEWER)
    change = reverse("matching:change_interest", args=[interest.public_id])
    for person, status, edits in (
        (institute.user, 200, True),
        (viewer.user, 200, False),
        (CuratorFactory(), 200, False),
        (MembershipFactory().user, 404, False),
    ):
        client.force_login(person)
        page = client.get(interest.get_absolute_url())
        assert page.status_code == status
        assert (change in page.content.decode()) == edits
        listed = client.get(reverse("matching:interests")).content.decode()
        assert (interest.get_absolute_url() in listed) == (status == 200)


def test_interest_is_written_for_an_own_organisation_alone(client, institute):
    stranger = MembershipFactory()
    client.force_login(institute.user)
    form = form_of(InterestFactory.build(), organization=stranger.organization.public_id)
    path = reverse("matching:write_interest")

    assert client.post(path, form).status_code == 200
    assert not Interest.objects.exists()
    form["organization"] = institute.organization.public_id
    form["unwanted_words"] = "đào tạo, tư vấn\ntư vấn"
    assert client.post(path, form).status_code == 302
    made = Interest.objects.get()
    assert (made.organization, made.created_by) == (institute.organization, institute.user)
    assert made.unwanted_words == ["đào tạo", "tư vấn"]


def test_page_says_why_and_speaks_of_the_interest(client, mango_need, other_needs, interest, run):
    run()
    client.force_login(interest.organization.memberships.get().user)
    card = client.get(interest.get_absolute_url()).context["cards"][0]
    assert card["title"] == mango_need.title
    assert card["evidence"]
    assert card["reasons"]
    assert not any(re.search("yếu tố của nhu cầu", reason) for reason in card["reasons"])


def test_no_hidden_owner_is_named(client, enterprise, other_needs, others, interest, run):
    NeedFactory(
        organization=enterprise,
        title="Sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Cần máy sấy xoài cắt lát giữ màu, không dùng lưu huỳnh.",
        confidential="Kho mới ở Hang Nai Kestrel, sấy xoài bằng bơm nhiệt.",
        hide_owner=True,
        published=True,
    )
    run()
    row = InterestMatch.objects.get()
    client.force_login(interest.organization.memberships.get().user)
    page = client.get(interest.get_absolute_url()).content.decode()
    for text in (page, str(row.explanation), str(told().get().context)):
        assert enterprise.name not in text
        assert "Kestrel" not in text


def test_number_of_queries_does_not_grow_with_what_is_found(
    client, mango_need, other_needs, interest, run, django_assert_max_num_queries
):
    NeedFactory.create_batch(
        3, title="Sấy xoài giữ màu bằng bơm nhiệt", summary=mango_need.summary, published=True
    )
    run()
    client.force_login(interest.organization.memberships.get().user)
    with django_assert_max_num_queries(25):
        page = client.get(interest.get_absolute_url())
    assert len(page.context["cards"]) >= 1
