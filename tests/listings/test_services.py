from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.listings import services
from marketplace.listings.models import (
    LISTING_MODELS,
    DailyViews,
    ListingStatus,
    Need,
    NeedSpecification,
    ReturnReason,
)
from marketplace.listings.notices import NOTICE_OF_DECISION
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory, OfferFactory

KINDS = list(FACTORIES)


def fresh(listing):
    return type(listing).objects.get(pk=listing.pk)


def approve(listing, curator):
    fresh(listing).current_workflow_task_state.approve(user=curator)
    return fresh(listing)


def ask_for_changes(listing, curator):
    fresh(listing).current_workflow_task_state.reject(user=curator)
    return fresh(listing)


# --- drafts


@pytest.mark.parametrize("kind", KINDS)
def test_create_draft_is_empty_hidden_and_has_a_revision(kind, organization, owner):
    draft = services.create_draft(kind, organization=organization, contact=owner)

    row = fresh(draft)
    assert not row.live
    assert row.latest_revision is not None
    assert row.number is None
    assert row.status == ListingStatus.DRAFT
    assert not LISTING_MODELS[kind].objects.public().exists()


def test_create_draft_keeps_the_words_searched_for(organization, owner):
    short = services.create_draft(
        "need", organization=organization, contact=owner, text="  sấy  xoài "
    )
    long = services.create_draft(
        "need", organization=organization, contact=owner, text="sấy xoài " * 30
    )

    assert services.draft_of(fresh(short)).title == "sấy xoài"
    assert services.draft_of(fresh(long)).title == ""
    assert services.draft_of(fresh(long)).problem.startswith("sấy xoài")


def test_save_draft_of_a_live_listing_changes_nothing_that_is_live(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    version = need.content_version

    services.save_draft(need, changes={"title": "Tên mới", "summary": ""}, by=owner)

    row = fresh(need)
    assert row.title == need.title
    assert row.content_version == version
    assert row.draft_title == "Tên mới"
    assert services.draft_of(row).title == "Tên mới"
    assert services.draft_of(row).summary == ""
    assert row.status == ListingStatus.CHANGES_DRAFT


def test_save_draft_keeps_rows_in_the_revision_only(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    rows = [NeedSpecification(name="Năng suất", low=300, unit="kg/giờ")]

    services.save_draft(need, changes={"specifications": rows}, by=owner)

    assert not fresh(need).specifications.exists()
    assert [r.name for r in services.draft_of(fresh(need)).specifications.all()] == ["Năng suất"]


def test_save_draft_of_one_sitting_is_one_revision(owner, colleague, organization):
    draft = services.create_draft("need", organization=organization, contact=owner)
    for title in ("A", "AB", "ABC"):
        services.save_draft(draft, changes={"title": title}, by=owner)
    assert draft.revisions.count() == 1

    services.save_draft(draft, changes={"title": "ABCD"}, by=colleague)
    assert draft.revisions.count() == 2


def test_save_draft_without_a_change_saves_no_revision(owner, organization):
    need = NeedFactory(organization=organization, contact=owner, published=True)

    services.save_draft(need, changes={"title": need.title}, by=owner)

    assert fresh(need).latest_revision_id == fresh(need).live_revision_id
    assert fresh(need).status == ListingStatus.PUBLISHED


def test_save_draft_from_a_stale_form_is_refused_and_changes_nothing(
    owner, colleague, organization
):
    draft = services.create_draft("need", organization=organization, contact=owner, text="Đầu")
    seen = services.fingerprint(services.draft_of(fresh(draft)), ["title"])
    services.save_draft(draft, changes={"title": "Của đồng nghiệp"}, by=colleague)

    with pytest.raises(StaleForm):
        services.save_draft(draft, changes={"title": "Của tôi"}, by=owner, seen=seen, session="a")

    assert services.draft_of(fresh(draft)).title == "Của đồng nghiệp"


def test_save_draft_of_another_field_is_not_stale(owner, colleague, organization):
    draft = services.create_draft("need", organization=organization, contact=owner)
    seen = services.fingerprint(services.draft_of(fresh(draft)), ["problem"])
    services.save_draft(draft, changes={"title": "Của đồng nghiệp"}, by=colleague)

    services.save_draft(draft, changes={"problem": "Vỡ nhân"}, by=owner, seen=seen, session="a")

    saved = services.draft_of(fresh(draft))
    assert (saved.title, saved.problem) == ("Của đồng nghiệp", "Vỡ nhân")


def test_save_draft_again_from_the_same_form_is_not_stale(owner, organization):
    draft = services.create_draft("need", organization=organization, contact=owner)
    seen = services.fingerprint(services.draft_of(fresh(draft)), ["title"])
    for title in ("A", "AB"):
        services.save_draft(
            draft, changes={"title": title}, by=owner, seen=seen, session="form", step="nhu-cau"
        )

    assert services.draft_of(fresh(draft)).title == "AB"


def test_save_draft_under_review_is_refused(owner, organization, workflow):
    need = NeedFactory(organization=organization, contact=owner)
    services.submit(need, by=owner)

    with pytest.raises(services.Locked):
        services.save_draft(need, changes={"title": "Lén sửa"}, by=owner)

    assert services.draft_of(fresh(need)).title == need.title


def test_save_draft_locked_by_staff_is_refused(owner, organization, curator):
    need = NeedFactory(organization=organization, contact=owner)
    need.locked, need.locked_by, need.locked_at = True, curator, clock.now()
    need.save()

    with pytest.raises(services.Locked):
        services.save_draft(need, changes={"title": "Lén sửa"}, by=owner)


def test_unread_input_is_kept_by_step_until_the_step_is_saved_again(owner, organization):
    draft = services.create_draft("need", organization=organization, contact=owner)
    services.save_draft(
        draft, changes={}, unread={"budget_min": ["nhiều"]}, step="doi-tac", by=owner
    )
    services.save_draft(draft, changes={"title": "A"}, step="nhu-cau", by=owner)
    assert fresh(draft).draft_inputs == {"doi-tac": {"budget_min": ["nhiều"]}}

    services.save_draft(draft, changes={"budget_min": 5}, step="doi-tac", by=owner)
    assert fresh(draft).draft_inputs == {}


# --- submission


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


# --- decisions of staff


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


# --- live listings


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


# --- views of pages


@pytest.mark.django_db
def test_record_view_counts_people_by_day_and_leaves_robots_out():
    for agent in ("Mozilla/5.0 (X11; Linux) Firefox/140", "Mozilla/5.0 (X11; Linux) Firefox/140"):
        assert services.record_view("need", "abc", user_agent=agent)
    for agent in ("", "Googlebot/2.1", "curl/8", "Mozilla/5.0 HeadlessChrome/130"):
        assert not services.record_view("need", "abc", user_agent=agent)

    assert DailyViews.objects.get().count == 2


def test_a_save_that_was_overtaken_by_a_newer_one_of_the_same_form_is_left_aside(
    owner, organization
):
    draft = services.create_draft("need", organization=organization, contact=owner)
    form = {"by": owner, "step": "nhu-cau", "session": "form"}
    services.save_draft(draft, changes={"title": "Mới"}, keystroke=9, **form)
    services.save_draft(draft, changes={"title": "Cũ"}, keystroke=4, **form)

    assert services.draft_of(fresh(draft)).title == "Mới"


def test_a_form_is_not_stale_to_itself_when_another_step_was_saved_between(owner, organization):
    draft = services.create_draft("need", organization=organization, contact=owner)
    seen = services.fingerprint(services.draft_of(fresh(draft)), ["title"])
    mine = {"by": owner, "step": "nhu-cau", "session": "a", "seen": seen}
    services.save_draft(draft, changes={"title": "A"}, **mine)
    services.save_draft(draft, changes={"problem": "Vỡ"}, by=owner, step="hien-trang", session="b")
    services.save_draft(draft, changes={"title": "AB"}, **mine)

    assert services.draft_of(fresh(draft)).title == "AB"
