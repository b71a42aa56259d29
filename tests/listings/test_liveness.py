"""Listings that nobody confirms are asked about, hidden by themselves, and shown again by one word."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Membership, User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings import services
from marketplace.listings.liveness import confirmed_share, liveness_terms, read_link, renewal_url
from marketplace.listings.models import ListingStatus, Need, TechnologyOffer
from marketplace.notifications import delivery
from marketplace.notifications.models import Notice
from marketplace.taxonomy.labels import label
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory, OfferFactory

STATE = (
    "last_confirmed_at",
    "asked_step",
    "asked_at",
    "suspended_at",
    "valid_until",
    "withdrawn_at",
)


def fresh(listing):
    return type(listing).objects.get(pk=listing.pk)


def facts(listing):
    return [getattr(fresh(listing), name) for name in STATE]


@pytest.fixture
def offer(organization, owner, frozen_clock):
    """Confirmed this moment, and shown without an end."""
    row = OfferFactory(organization=organization, contact=owner, published=True, title="Sấy xoài")
    TechnologyOffer.objects.filter(pk=row.pk).update(last_confirmed_at=clock.now())
    return fresh(row)


def questions():
    return Notice.objects.filter(kind="listing.still_holds", retired_at=None)


# --- asking and hiding --------------------------------------------------------------------------


def test_the_owner_is_asked_at_each_step_once(offer, owner, frozen_clock):
    asked = []
    for day in range(0, 181, 2):
        asked += [day] * services.ask_batch()
        frozen_clock.move(days=2)

    assert asked == list(liveness_terms().ask_after_days)
    assert questions().count() == len(asked)
    assert {notice.recipient for notice in questions()} == {owner}


def test_without_an_answer_a_listing_is_hidden_once_and_found_no_more(offer, frozen_clock):
    frozen_clock.move(days=150)
    services.ask_batch()
    frozen_clock.move(days=29)
    assert services.suspend_batch() == 0
    before = fresh(offer).content_version

    frozen_clock.move(days=1)
    assert services.suspend_batch() == 1
    assert services.suspend_batch() == 0

    row = fresh(offer)
    assert row.status == ListingStatus.SUSPENDED
    assert not row.is_public
    assert not TechnologyOffer.objects.public().exists()
    assert row.content_version > before
    assert Notice.objects.filter(kind="listing.suspended").count() == 1


def test_nothing_is_hidden_that_its_owner_was_not_asked_about_in_time(offer, frozen_clock):
    frozen_clock.move(days=300)
    assert services.suspend_batch() == 0
    assert services.ask_batch() == 1
    assert fresh(offer).asked_step == 174
    frozen_clock.move(days=13)
    assert services.suspend_batch() == 0
    frozen_clock.move(days=1)
    assert services.suspend_batch() == 1


def test_a_listing_that_was_never_confirmed_counts_from_its_first_day(owner, frozen_clock):
    need = NeedFactory(published=True, valid_until=None)
    Need.objects.filter(pk=need.pk).update(
        last_confirmed_at=None, first_published_at=clock.now() - timedelta(days=150)
    )
    assert services.ask_batch() == 1


def test_the_owners_word_shows_it_again_at_once_and_takes_the_question_back(
    offer, owner, frozen_clock
):
    frozen_clock.move(days=150)
    services.ask_batch()
    frozen_clock.move(days=30)
    services.suspend_batch()
    before = fresh(offer).content_version

    services.renew(offer, by=owner)

    row = fresh(offer)
    assert row.is_public
    assert (row.asked_step, row.asked_at, row.last_confirmed_at) == (0, None, clock.now())
    assert row.content_version > before
    assert not questions().exists()
    frozen_clock.move(days=150)
    assert services.ask_batch() == 1


def test_a_new_version_that_is_published_answers_the_question(offer, frozen_clock, curator):
    frozen_clock.move(days=150)
    services.ask_batch()
    services.record_review(
        fresh(offer), decision="published", step="x", reason_codes=[], note="", by=curator
    )
    assert fresh(offer).asked_at is None
    assert not questions().exists()


def test_what_was_withdrawn_or_has_ended_is_not_asked_about(owner, organization, frozen_clock):
    gone = OfferFactory(organization=organization, contact=owner, published=True)
    NeedFactory(published=True, valid_until=clock.today() + timedelta(days=10))
    services.withdraw(gone, by=owner)
    frozen_clock.move(days=200)
    assert services.ask_batch() == 0
    with pytest.raises(InvalidTransition):
        services.renew(gone, by=owner)


@pytest.mark.parametrize(("left", "longer"), [(14, True), (15, False)])
def test_what_ends_soon_is_shown_longer_by_the_same_word(left, longer, owner, organization):
    last = clock.today() + timedelta(days=left)
    need = NeedFactory(organization=organization, contact=owner, published=True, valid_until=last)
    services.renew(need, by=owner)
    renewed = clock.today() + timedelta(days=liveness_terms().renew_days)
    assert fresh(need).valid_until == (renewed if longer else last)


def test_several_are_confirmed_all_or_none(offer, owner, frozen_clock):
    other = OfferFactory(organization=offer.organization, contact=owner, published=True)
    gone = OfferFactory(organization=offer.organization, contact=owner, published=True)
    services.withdraw(gone, by=owner)
    frozen_clock.move(days=3)
    before = facts(offer)

    with pytest.raises(InvalidTransition):
        services.renew_many([offer, gone], by=owner)
    assert facts(offer) == before
    with pytest.raises(DomainError):
        services.renew_many([], by=owner)
    assert services.renew_many([offer, other], by=owner) == 2
    assert fresh(other).last_confirmed_at == clock.now()


def test_the_share_counts_what_readers_see(offer, frozen_clock):
    assert (confirmed_share().shown, confirmed_share().percent) == (1, 100)
    old = OfferFactory(published=True)
    TechnologyOffer.objects.filter(pk=old.pk).update(
        last_confirmed_at=clock.now() - timedelta(days=180)
    )
    OfferFactory()
    found = confirmed_share()
    assert (found.shown, found.confirmed, found.percent, found.days) == (2, 1, 50, 180)
    TechnologyOffer.objects.all().update(live=False)
    assert confirmed_share().percent is None


# --- the link of the mail -----------------------------------------------------------------------


@pytest.fixture
def link(offer, owner, frozen_clock, mailoutbox):
    """As it stands in the mail."""
    frozen_clock.move(days=150)
    services.ask_batch()
    delivery.deliver_batch()
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
    found = re.search(r"https?://[^/\s]+(/xac-nhan-tin/\S+)", mailoutbox[0].body)
    assert found[1] not in str(Notice.objects.values())
    return found[1]


def test_the_link_asks_and_only_a_post_confirms(link, offer):
    browser = Client()
    before = facts(offer)
    for _again in range(2):
        page = browser.get(link)
        assert page.status_code == 200
        assert "Sấy xoài" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert facts(offer) == before

    browser.post(link)

    assert fresh(offer).last_confirmed_at == clock.now()
    assert "Đã xác nhận" in browser.get(link).content.decode()


def test_a_link_is_good_for_one_answer(link, offer, frozen_clock):
    browser = Client()
    browser.post(link)
    frozen_clock.move(days=5)
    before = facts(offer)

    browser.post(link)

    assert facts(offer) == before


def test_a_link_expires_and_one_that_was_changed_is_none(link, offer, owner, frozen_clock):
    before, browser = facts(offer), Client()
    assert read_link(link.split("/")[-2]) == (offer, owner)
    broken = link[:-5] + "xxxx/"
    assert browser.post(broken).status_code == 404
    frozen_clock.move(days=liveness_terms().link_days + 1)
    assert browser.post(link).status_code == 404
    assert facts(offer) == before


@pytest.mark.parametrize("change", ["left", "viewer", "inactive"])
def test_the_link_of_who_edits_there_no_more_opens_nothing(change, link, offer, owner):
    before = facts(offer)
    if change == "left":
        Membership.objects.filter(user=owner).delete()
    elif change == "viewer":
        Membership.objects.filter(user=owner).update(role=Membership.Role.VIEWER)
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)

    answer = Client().post(link)

    assert answer.status_code == 404
    assert "Sấy xoài" not in answer.content.decode()
    assert facts(offer) == before


def test_a_link_of_another_purpose_confirms_nothing(offer, owner):
    from marketplace.notifications.rendering import unsubscribe_url

    token = unsubscribe_url(owner, "listing.still_holds").rstrip("/").rpartition("/")[2]
    assert Client().post(reverse("listings:renew", args=[token])).status_code == 404


def test_a_question_that_was_answered_is_not_mailed(offer, owner, frozen_clock, mailoutbox):
    frozen_clock.move(days=150)
    services.ask_batch()
    services.confirm_still_valid(offer, by=owner)
    delivery.deliver_batch()
    assert mailoutbox == []


def test_a_link_to_what_was_withdrawn_says_so(offer, owner):
    address = renewal_url(offer, owner)
    services.withdraw(offer, by=owner)
    page = Client().post(address)
    assert "không còn hiển thị" in page.content.decode()
    assert fresh(offer).withdrawn_at is not None


# --- at the owner's desk ------------------------------------------------------------------------


def test_the_desk_lists_what_waits_first_and_chosen(offer, owner, as_user, frozen_clock):
    frozen_clock.move(days=150)
    services.ask_batch()
    OfferFactory(organization=offer.organization, contact=owner, published=True, title="Mới")
    client = as_user(owner)

    page = client.get(reverse("listings:confirm_many")).content.decode()
    assert page.index("Sấy xoài") < page.index("Mới")
    assert page.count(" checked") == 1
    assert "1 tin chờ bạn xác nhận" in client.get(reverse("dashboard:home")).content.decode()
    client.post(reverse("listings:confirm_many"), {"listing": f"offer:{offer.public_id}"})
    assert fresh(offer).last_confirmed_at == clock.now()


@pytest.mark.parametrize("who", ["viewer", "stranger", "curator"])
def test_others_confirm_nothing_at_their_desk(who, request, offer, as_user, frozen_clock):
    frozen_clock.move(days=3)
    before = facts(offer)
    client = as_user(request.getfixturevalue(who))
    sent = {"listing": f"offer:{offer.public_id}"}
    client.post(reverse("listings:confirm_many"), sent)
    client.post(reverse("listings:confirm", args=["offer", offer.public_id]))
    assert facts(offer) == before


def test_a_colleague_who_edits_confirms_for_the_organisation(
    offer, colleague, as_user, frozen_clock
):
    frozen_clock.move(days=3)
    sent = {"listing": f"offer:{offer.public_id}"}
    as_user(colleague).post(reverse("listings:confirm_many"), sent)
    assert fresh(offer).last_confirmed_at == clock.now()


# --- withdrawn for a reason ---------------------------------------------------------------------


def test_whoever_opens_a_withdrawn_listing_reads_that_it_was_transferred(offer, owner, as_user):
    address = offer.get_absolute_url()
    withdraw = reverse("listings:withdraw", args=["offer", offer.public_id])
    assert as_user(owner).post(withdraw, {"code": "nonsense"}).status_code == 200
    assert fresh(offer).withdrawn_at is None

    as_user(owner).post(withdraw, {"code": "transferred", "reason": "Cho công ty A"})

    page = Client().get(address)
    assert page.status_code == 410
    assert label("withdrawal-reasons", "transferred") in page.content.decode()
    assert "công ty A" not in page.content.decode()
    assert fresh(offer).indexed_version < fresh(offer).content_version


def test_whoever_opens_a_hidden_listing_reads_why(offer):
    TechnologyOffer.objects.filter(pk=offer.pk).update(suspended_at=clock.now())
    page = Client().get(offer.get_absolute_url())
    assert page.status_code == 410
    assert "chưa xác nhận" in page.content.decode()


# --- killed, and two at once --------------------------------------------------------------------


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["ask_batch", "suspend_batch"])
def test_killed_anywhere_each_is_asked_and_hidden_once(stage, kill_stage):
    members = MembershipFactory.create_batch(3)
    for member in members:
        OfferFactory(organization=member.organization, contact=member.user, published=True)
    long_ago = clock.now() - timedelta(days=200)
    TechnologyOffer.objects.update(last_confirmed_at=long_ago)
    if stage == "suspend_batch":
        TechnologyOffer.objects.update(asked_step=174, asked_at=clock.now() - timedelta(days=20))

    killed = kill_stage(f"{stage}()", f"from marketplace.listings.services import {stage}", count=4)
    while getattr(services, stage)():
        pass

    assert killed
    kind = {"ask_batch": "listing.still_holds", "suspend_batch": "listing.suspended"}[stage]
    assert Notice.objects.filter(kind=kind).count() == 3
    hidden = TechnologyOffer.objects.exclude(suspended_at=None).count()
    assert hidden == (3 if stage == "suspend_batch" else 0)


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_two_that_wake_at_once_hide_and_tell_once(other_process):
    member = MembershipFactory()
    OfferFactory(organization=member.organization, contact=member.user, published=True)
    TechnologyOffer.objects.update(
        last_confirmed_at=clock.now() - timedelta(days=200),
        asked_step=174,
        asked_at=clock.now() - timedelta(days=20),
    )
    before = TechnologyOffer.objects.get().content_version
    code = "from marketplace.listings.services import suspend_batch\nsuspend_batch()"
    for process in [other_process(code) for _n in range(2)]:
        process.finish(60)

    assert TechnologyOffer.objects.get().content_version == before + 1
    assert Notice.objects.filter(kind="listing.suspended").count() == 1
