"""Submission to review: what is asked, numbered, refused, sent again."""

import pytest
from django.db import transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.listings import services
from marketplace.listings.models import (
    ListingStatus,
    ReturnReason,
)
from marketplace.listings.notices import NOTICE_OF_DECISION
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import FACTORIES, NeedFactory, OfferFactory
from tests.listings.acts import approve, ask_for_changes, fresh

KINDS = list(FACTORIES)


@pytest.mark.parametrize("kind", KINDS)
def test_submit_gives_a_number_and_starts_the_workflow_once(kind, owner, organization, workflow):
    listing = FACTORIES[kind](organization=organization, contact=owner)

    services.submit(listing, by=owner)

    row = fresh(listing)
    assert row.display_number.endswith("-00001")
    assert row.status == ListingStatus.IN_REVIEW
    assert row.submitted_at
    with pytest.raises(InvalidTransition):
        services.submit(row, by=owner)
    assert row.workflow_states.count() == 1
    assert fresh(listing).number == 1


def test_submit_numbers_kinds_and_listings_apart(owner, organization, workflow):
    first, second = NeedFactory.create_batch(2, organization=organization, contact=owner)
    offer = OfferFactory(organization=organization, contact=owner)
    for listing in (first, second, offer):
        services.submit(listing, by=owner)

    numbers = [fresh(x).display_number for x in (first, second, offer)]
    assert numbers == ["NC-00001", "NC-00002", "CN-00001"]


@pytest.mark.kill
def test_submit_killed_before_commit_and_repeated_gives_one_number(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        services.submit(need, by=owner)
        raise KeyboardInterrupt
    assert fresh(need).number is None
    assert not fresh(need).workflow_states.exists()

    services.submit(need, by=owner)

    assert fresh(need).number == 1
    assert fresh(need).workflow_states.count() == 1


@pytest.mark.kill
def test_number_is_given_once_however_often_it_is_asked_for(owner, organization):
    need = NeedFactory(organization=organization, contact=owner)
    stale = fresh(need)
    services.give_number(need)

    assert services.give_number(stale) == need.number
    assert fresh(need).number == 1


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("need", {"need_kinds", "title", "summary", "field_codes", "problem", "deadline", "province_code"}),
        ("offer", {"title", "summary", "field_codes", "advantage", "trl", "transfer_forms", "price_mode", "right_basis", "ip_status"}),
        ("equipment", {"title", "summary", "field_codes", "advantage", "development_level", "supply_modes", "price_mode"}),
    ],
)  # fmt: skip
def test_submit_of_an_empty_draft_lists_every_gap_and_changes_nothing(
    kind, missing, owner, organization, workflow
):
    draft = services.create_draft(kind, organization=organization, contact=owner)

    with pytest.raises(services.Incomplete) as caught:
        services.submit(draft, by=owner)

    assert {gap.field for gap in caught.value.gaps} == missing
    row = fresh(draft)
    assert row.number is None
    assert not row.workflow_states.exists()


def test_submit_without_an_assigned_right_says_which_step_is_missing(owner, organization, workflow):
    offer = OfferFactory(organization=organization, contact=owner, right_basis="not_yet")

    with pytest.raises(services.Incomplete) as caught:
        services.submit(offer, by=owner)

    assert "quyết định giao quyền" in str(caught.value.gaps[0].message)


def test_submit_with_unread_input_is_refused(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner)
    services.save_draft(
        need, changes={}, unread={"budget_min": ["nhiều"]}, step="doi-tac", by=owner
    )

    with pytest.raises(services.Incomplete):
        services.submit(need, by=owner)


def test_submit_of_an_older_revision_than_the_newest_is_stale(
    owner, colleague, organization, workflow
):
    need = NeedFactory(organization=organization, contact=owner)
    seen = need.latest_revision_id
    services.save_draft(need, changes={"title": "Đã đổi"}, by=colleague)

    with pytest.raises(StaleForm):
        services.submit(need, by=owner, revision_id=seen)


def test_submit_without_changes_to_a_live_listing_is_refused(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner, published=True)

    with pytest.raises(InvalidTransition):
        services.submit(need, by=owner)


def test_submit_without_a_workflow_says_so(owner, organization):
    need = NeedFactory(organization=organization, contact=owner)

    with pytest.raises(DomainError):
        services.submit(need, by=owner)
    assert fresh(need).number is None


def test_submit_after_changes_were_asked_resumes_the_same_workflow(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner)
    services.submit(need, by=owner)
    assert ask_for_changes(need, workflow).status == ListingStatus.RETURNED

    services.save_draft(need, changes={"title": "Đã sửa"}, by=owner)
    services.submit(need, by=owner)

    assert fresh(need).workflow_states.count() == 1
    assert fresh(need).status == ListingStatus.IN_REVIEW
    live = approve(need, workflow)
    assert (live.title, live.status, live.number) == ("Đã sửa", ListingStatus.PUBLISHED, 1)


def test_submit_ends_a_need_with_its_deadline_and_others_after_a_year(
    owner, organization, workflow
):
    need = NeedFactory(organization=organization, contact=owner, valid_until=None)
    offer = OfferFactory(organization=organization, contact=owner, valid_until=None)
    for listing in (need, offer):
        services.submit(listing, by=owner)

    assert services.draft_of(fresh(need)).valid_until == need.deadline
    assert services.draft_of(fresh(offer)).valid_until == clock.today() + services.USUAL_VALIDITY


def test_recall_takes_a_submission_back_and_it_can_be_sent_again(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner)
    services.submit(need, by=owner)

    services.recall(need, by=owner)
    assert fresh(need).status == ListingStatus.DRAFT
    with pytest.raises(InvalidTransition):
        services.recall(need, by=owner)
    services.save_draft(need, changes={"title": "Viết lại"}, by=owner)
    services.submit(need, by=owner)

    assert fresh(need).status == ListingStatus.IN_REVIEW
    assert fresh(need).number == 1


@pytest.mark.parametrize("decision", NOTICE_OF_DECISION)
def test_record_review_writes_the_decision_and_tells_contact_and_submitter_once(
    decision, owner, colleague, organization, curator
):
    ReturnReason.objects.create(code="thieu-so", label_vi="Thiếu số liệu", text_vi="Nêu số.")
    need = NeedFactory(organization=organization, contact=owner)
    revision = services.draft_of(need).save_revision(user=colleague, clean=False)

    row = services.record_review(
        need, decision=decision, step="Nội dung", reason_codes=["thieu-so"], note="Xem lại", by=curator, revision=revision
    )  # fmt: skip

    assert row.key == need.public_id
    notices = Notice.objects.all()
    assert {notice.recipient_id for notice in notices} == {owner.pk, colleague.pk}
    assert notices[0].context["reasons"] == ["Thiếu số liệu"]
    assert notices[0].url == need.owner_url


def test_record_review_tells_managers_where_the_contact_has_left(organization, owner, curator):
    need = NeedFactory(organization=organization, contact=owner)
    owner.memberships.all().delete()
    manager = MembershipFactory(organization=organization, role="manager").user

    services.record_review(need, decision="returned", step="", reason_codes=[], note="", by=curator)

    assert [n.recipient for n in Notice.objects.all()] == [manager]
