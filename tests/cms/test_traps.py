"""The four traps of curation by Wagtail, each shown closed."""

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import TaskState

from cms import services
from cms.setup import group_named
from marketplace.core.errors import DomainError, StaleForm
from marketplace.listings.models import NeedSpecification, ReviewDecision
from marketplace.listings.services import Locked, save_draft, submit
from tests.cms.acts import decisions_on, facts_of, fresh, post_decision, reason
from tests.factories.listings import NeedFactory

Decision = ReviewDecision.Decision


def state_of(listing) -> TaskState:
    return fresh(listing).current_workflow_task_state


# --- (a) the last approver's right to publish ---------------------------------------------------


def test_last_approver_publishes_with_the_rights_of_the_set_up(submission, officer, lead):
    services.approve(state_of(submission), by=officer)
    assert not fresh(submission).live

    services.approve(state_of(submission), by=lead)

    row = fresh(submission)
    assert row.live
    assert row.is_public
    assert row.current_workflow_state is None
    assert decisions_on(row) == [Decision.APPROVED, Decision.PUBLISHED]


def test_last_approver_without_the_right_is_told_and_the_step_still_waits(
    submission, officer, lead
):
    services.approve(state_of(submission), by=officer)
    group_named("leads").permissions.remove(Permission.objects.get(codename="publish_need"))
    waiting = state_of(submission)

    with pytest.raises(DomainError, match="chưa có quyền đăng"):
        services.approve(waiting, by=type(lead).objects.get(pk=lead.pk))

    assert not fresh(submission).live
    assert state_of(submission) == waiting
    assert state_of(submission).status == TaskState.STATUS_IN_PROGRESS


def test_publishing_raises_the_version_that_index_and_matching_work_by(submission, officer, lead):
    before = fresh(submission).content_version
    services.approve(state_of(submission), by=officer)
    services.approve(state_of(submission), by=lead)

    row = fresh(submission)
    assert row.content_version > before
    assert row.indexed_version < row.content_version
    assert row.matched_version < row.content_version


# --- (b) what was edited after an approval is approved again ------------------------------------


def sneak_in(listing, by, title="Lẻn vào sau bước một"):
    """A revision saved past every form of ours."""
    draft = fresh(listing).get_latest_revision_as_object()
    draft.title = title
    return draft.save_revision(user=by)


def test_edit_after_first_step_is_not_published_by_the_last_one(submission, officer, lead, poster):
    services.approve(state_of(submission), by=officer)
    last = state_of(submission)
    sneak_in(submission, poster)

    with pytest.raises(StaleForm):
        services.approve(last, by=lead)

    row = fresh(submission)
    assert not row.live
    assert row.title == "Tách vỏ cứng hạt điều"
    assert state_of(row).task.name == "Cán bộ kiểm tra nội dung"
    assert state_of(row).revision_id == row.latest_revision_id


def test_edited_submission_passes_every_step_again(submission, officer, lead, poster):
    services.approve(state_of(submission), by=officer)
    sneak_in(submission, poster, "Bản đã đọc lại")
    services.review_again(submission, by=poster)

    with pytest.raises(DomainError):
        services.approve(state_of(submission), by=officer, seen=1)
    services.approve(state_of(submission), by=officer)
    assert not fresh(submission).live
    services.approve(state_of(submission), by=lead)

    assert fresh(submission).live
    assert fresh(submission).title == "Bản đã đọc lại"


def test_approval_of_a_page_that_was_open_too_long_is_refused(submission, officer, poster, as_user):
    seen = fresh(submission).latest_revision_id
    sneak_in(submission, poster)

    answer = post_decision(as_user(officer), submission, "approve", seen=seen)

    assert answer.status_code == 302
    assert answer.url.endswith(f"/review/{submission.pk}/")
    assert decisions_on(submission) == []
    assert state_of(submission).revision_id == fresh(submission).latest_revision_id


def test_wagtails_own_approval_also_asks_again_after_an_edit(submission, officer, lead, poster):
    """The setting, without our services: what a later change here must not lose."""
    state_of(submission).approve(user=officer)
    sneak_in(submission, poster)

    state_of(submission).approve(user=lead)

    assert not fresh(submission).live
    assert state_of(submission).task.name == "Cán bộ kiểm tra nội dung"


def test_returned_by_the_last_step_and_edited_starts_at_the_first(
    submission, officer, lead, poster
):
    services.approve(state_of(submission), by=officer)
    services.return_for_changes(state_of(submission), by=lead, reasons=[reason()], text="Thêm số.")
    save_draft(submission, changes={"summary": "Cần 92 % ở 300 kg/giờ."}, by=poster)

    submit(submission, by=poster)

    assert state_of(submission).task.name == "Cán bộ kiểm tra nội dung"
    services.approve(state_of(submission), by=officer)
    services.approve(state_of(submission), by=lead)
    assert fresh(submission).live


# --- (c) going on after a return; locks hold in public forms ------------------------------------


def test_resubmission_goes_on_with_the_same_workflow(submission, officer, poster):
    services.return_for_changes(
        state_of(submission), by=officer, reasons=[reason()], text="Thêm số."
    )
    workflow_state = fresh(submission).current_workflow_state
    assert workflow_state.status == workflow_state.STATUS_NEEDS_CHANGES
    save_draft(submission, changes={"summary": "Cần 92 % ở 300 kg/giờ."}, by=poster)

    submit(submission, by=poster)

    assert fresh(submission).current_workflow_state == workflow_state
    assert state_of(submission).status == TaskState.STATUS_IN_PROGRESS


def test_poster_cannot_save_while_staff_review(submission, poster):
    before = facts_of(submission)

    with pytest.raises(Locked):
        save_draft(submission, changes={"title": "Sửa giữa chừng"}, by=poster)

    assert facts_of(submission) == before


def test_poster_cannot_save_what_staff_hold(submission, officer, poster, as_user):
    address = f"/admin/tin-dang/nhu-cau/lock/{submission.pk}/"
    as_user(officer).post(address)
    assert fresh(submission).locked_by == officer

    with pytest.raises(Locked, match="đang khóa"):
        save_draft(submission, changes={"title": "Sửa giữa chừng"}, by=poster)


def test_return_gives_the_poster_the_draft_back(submission, officer, poster, as_user):
    client = as_user(officer)
    client.post(f"/admin/tin-dang/nhu-cau/lock/{submission.pk}/")

    post_decision(client, submission, "reject", reasons=[reason().pk])

    assert not fresh(submission).locked
    save_draft(submission, changes={"title": "Đã sửa theo góp ý"}, by=poster)


# --- (d) rows and codes belong to the revision --------------------------------------------------


def test_draft_over_a_live_listing_changes_nothing_of_it(organization, poster):
    live = NeedFactory(organization=organization, contact=poster, published=True)
    live.specifications.add(NeedSpecification(name="Năng suất", low=300, unit="kg/giờ"))
    live.save()
    version = fresh(live).content_version

    save_draft(
        live,
        changes={
            "title": "Bản sửa",
            "field_codes": ["20501"],
            "specifications": [NeedSpecification(name="Tỷ lệ nguyên", low=92, unit="%")],
        },
        by=poster,
    )

    row = fresh(live)
    assert row.title == live.title
    assert row.field_codes == ["40107"]
    assert [one.name for one in row.specifications.all()] == ["Năng suất"]
    assert row.content_version == version
    draft = row.get_latest_revision_as_object()
    assert draft.field_codes == ["20501"]
    assert [one.name for one in draft.specifications.all()] == ["Tỷ lệ nguyên"]


def test_publishing_the_draft_changes_row_and_rows_together(organization, poster, officer, lead):
    live = NeedFactory(organization=organization, contact=poster, published=True)
    save_draft(
        live,
        changes={
            "title": "Bản sửa",
            "specifications": [NeedSpecification(name="Tỷ lệ nguyên", low=92, unit="%")],
        },
        by=poster,
    )
    submit(live, by=poster)
    services.approve(state_of(live), by=officer)
    assert fresh(live).title == live.title

    services.approve(state_of(live), by=lead)

    row = fresh(live)
    assert row.title == "Bản sửa"
    assert [one.name for one in row.specifications.all()] == ["Tỷ lệ nguyên"]
    assert row.live
