"""Live listings: taken down, confirmed, extended, expired, counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings import services
from marketplace.listings.models import (
    LISTING_MODELS,
    DailyViews,
    ListingStatus,
    Need,
)
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory
from tests.listings.acts import approve, fresh

KINDS = list(FACTORIES)


@pytest.mark.parametrize("kind", KINDS)
def test_withdraw_takes_down_raises_the_version_and_cancels_review(
    kind, owner, organization, workflow
):
    listing = FACTORIES[kind](organization=organization, contact=owner, published=True)
    services.save_draft(listing, changes={"title": "Bản sửa"}, by=owner)
    services.submit(listing, by=owner)
    version = fresh(listing).content_version

    services.withdraw(listing, by=owner, reason="Đã mua")

    row = fresh(listing)
    assert not row.live
    assert row.content_version > version
    assert row.status == ListingStatus.WITHDRAWN
    assert row.current_workflow_state is None
    assert not LISTING_MODELS[kind].objects.public().exists()
    with pytest.raises(InvalidTransition):
        services.withdraw(row, by=owner)


def test_withdrawn_is_a_draft_again_only_when_restored(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    services.withdraw(need, by=owner)
    with pytest.raises(services.Locked):
        services.save_draft(need, changes={"title": "Sửa"}, by=owner)
    with pytest.raises(InvalidTransition):
        services.submit(need, by=owner)

    services.restore_draft(need, by=owner)
    assert fresh(need).status == ListingStatus.DRAFT
    services.submit(need, by=owner)
    assert approve(need, workflow).is_public


def test_a_withdrawn_listing_can_never_be_live(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    services.withdraw(need, by=owner)

    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(live=True)


def test_restore_of_what_is_not_withdrawn_is_refused(owner, organization):
    with pytest.raises(InvalidTransition):
        services.restore_draft(NeedFactory(organization=organization, contact=owner), by=owner)


def test_confirm_shows_the_day_and_rematches_nothing(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    version = need.content_version

    services.confirm_still_valid(need, by=owner)

    assert fresh(need).last_confirmed_at
    assert fresh(need).content_version == version


def test_confirm_of_what_is_not_public_is_refused(owner, organization):
    with pytest.raises(InvalidTransition):
        services.confirm_still_valid(
            NeedFactory(organization=organization, contact=owner), by=owner
        )


def test_extend_holds_for_the_row_and_for_what_is_edited_next(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    services.save_draft(need, changes={"title": "Bản sửa"}, by=owner)
    until = clock.today() + timedelta(days=200)

    services.extend_validity(need, until=until, by=owner)

    assert fresh(need).valid_until == until
    assert fresh(need).title == need.title
    services.submit(need, by=owner)
    assert approve(need, workflow).valid_until == until


@pytest.mark.parametrize("days", [0, -1, 400])
def test_extend_to_an_impossible_day_is_refused(days, owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)

    with pytest.raises(DomainError):
        services.extend_validity(need, until=clock.today() + timedelta(days=days), by=owner)
    assert fresh(need).valid_until == need.valid_until


def test_extend_of_what_is_not_public_is_refused(owner, organization):
    need = NeedFactory(organization=organization, contact=owner)

    with pytest.raises(InvalidTransition):
        services.extend_validity(need, until=clock.today() + timedelta(days=9), by=owner)


@pytest.mark.kill
def test_expire_takes_down_what_is_past_and_tells_once(owner, organization):
    past = NeedFactory(organization=organization, contact=owner, published=True)
    current = EquipmentFactory(organization=organization, contact=owner, published=True)
    Need.objects.filter(pk=past.pk).update(valid_until=clock.today() - timedelta(days=1))
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        services.expire_batch()
        raise KeyboardInterrupt
    assert fresh(past).live

    assert services.expire_batch() == 1
    assert services.expire_batch() == 0

    assert fresh(past).status == ListingStatus.EXPIRED
    assert fresh(current).is_public
    assert Notice.objects.filter(kind="listing.expired").count() == 1


def test_a_listing_past_its_validity_is_hidden_before_the_tick_comes(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    Need.objects.filter(pk=need.pk).update(valid_until=clock.today() - timedelta(days=1))

    assert not Need.objects.public().exists()
    assert not Need.objects.visible_to(MembershipFactory().user).exists()
    assert fresh(need).status == ListingStatus.EXPIRED


def test_record_view_counts_people_by_day_and_leaves_robots_out(db):
    for agent in ("Mozilla/5.0 (X11; Linux) Firefox/140", "Mozilla/5.0 (X11; Linux) Firefox/140"):
        assert services.record_view("need", "abc", user_agent=agent)
    for agent in ("", "Googlebot/2.1", "curl/8", "Mozilla/5.0 HeadlessChrome/130"):
        assert not services.record_view("need", "abc", user_agent=agent)

    assert DailyViews.objects.get().count == 2
