"""Drafts: what is kept while somebody types, and what a stale form cannot overwrite."""

import pytest

from marketplace.core import clock
from marketplace.core.errors import StaleForm
from marketplace.listings import services
from marketplace.listings.models import (
    LISTING_MODELS,
    ListingStatus,
    NeedSpecification,
)
from tests.factories.listings import FACTORIES, NeedFactory
from tests.listings.acts import fresh

KINDS = list(FACTORIES)


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
