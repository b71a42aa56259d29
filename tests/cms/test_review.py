"""The review page: what it shows, what a decision writes, and what the poster hears."""

import json
import re

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import TaskState

from cms import services
from cms.listings import url_name
from marketplace.core.errors import InvalidTransition, StaleForm
from marketplace.listings.models import Need, NeedSpecification, ReturnReason, ReviewDecision
from marketplace.listings.services import recall, save_draft, submit, withdraw
from marketplace.notifications.models import Notice
from tests.cms.acts import decisions_on, fresh, post_decision, reason, review_address
from tests.cms.conftest import staff_member
from tests.factories.listings import NeedFactory, OfferFactory

Decision = ReviewDecision.Decision


def text_of(page) -> str:
    return page.content.decode()


def test_gaps_of_an_offer_lead_to_the_lines_that_lack_something(
    desk, officer, organization, poster, as_user
):
    offer = OfferFactory(organization=organization, contact=poster)
    save_draft(offer, by=poster, changes={"compared_with": "", "improvement": "nhanh hơn"})
    submit(offer, by=poster)

    text = text_of(as_user(officer).get(review_address(offer)))

    assert 'href="#muc-compared_with"' in text
    assert 'id="muc-compared_with"' in text
    assert "“nhanh hơn” chưa có con số kèm đơn vị." in text


# --- what it shows ------------------------------------------------------------------------------


def test_everything_is_shown_with_names_instead_of_codes(
    desk, officer, organization, poster, as_user
):
    need = NeedFactory(organization=organization, contact=poster)
    save_draft(
        need,
        by=poster,
        changes={
            "confidential": "Công thức ủ ẩm.",
            "budget_min": 800_000_000,
            "hide_owner": True,
            "specifications": [
                NeedSpecification(name="Năng suất", operator="ge", low=300, unit="kg/giờ"),
                NeedSpecification(
                    name="Tỷ lệ nguyên", operator="between", low=92, high=96, unit="%"
                ),
                NeedSpecification(name="Vật liệu", operator="text", text="thép 304"),
                NeedSpecification(name="Độ ẩm", operator="le", high=5, unit="%"),
            ],
        },
    )
    submit(need, by=poster)

    text = text_of(as_user(officer).get(review_address(need)))

    for shown in (
        "Mua công nghệ, thiết bị",
        "Bảo quản và chế biến nông sản",
        "Đồng Nai",
        "800 triệu đồng",
        "Công thức ủ ẩm.",
        "Năng suất: ≥ 300 kg/giờ",
        "Tỷ lệ nguyên: 92–96 %",
        "Vật liệu: thép 304",
        "Độ ẩm: ≤ 5 %",
        "Trang công khai không nêu tên tổ chức.",
        "Đã xác minh",
    ):
        assert shown in text
    assert "40107" not in text


def test_changes_stand_beside_what_is_live(desk, officer, organization, poster, as_user):
    live = NeedFactory(organization=organization, contact=poster, published=True, title="Tên cũ")
    save_draft(live, changes={"title": "Tên mới"}, by=poster)
    submit(live, by=poster)

    page = as_user(officer).get(review_address(live))

    assert [line.name for line in page.context["changes"]] == ["title"]
    assert "Tên cũ" in text_of(page)
    assert "Tên mới" in text_of(page)
    assert "So sánh với bản đang đăng" in text_of(page)


def test_first_submission_has_nothing_to_compare_with(submission, officer, as_user):
    page = as_user(officer).get(review_address(submission))

    assert page.context["compared"] is False
    assert "Bản đã đăng" not in text_of(page)


def test_standard_history_and_other_listings_stand_beside_it(
    submission, officer, organization, poster, as_user
):
    NeedFactory(organization=organization, contact=poster, published=True, title="Tin cùng tổ chức")
    services.return_for_changes(
        submission.current_workflow_task_state, by=officer, reasons=[reason()], text="Thêm số liệu."
    )
    submit(fresh(submission), by=poster)

    text = text_of(as_user(officer).get(review_address(submission)))

    assert "Câu tóm tắt có ít nhất một con số" in text
    assert "Trả lại để chỉnh sửa" in text
    assert "Tóm tắt thiếu con số" in text
    assert "Thêm số liệu." in text
    assert "Tin cùng tổ chức" in text


def test_comparison_of_two_revisions_uses_names(desk, officer, organization, poster, as_user):
    live = NeedFactory(organization=organization, contact=poster, published=True)
    save_draft(live, changes={"field_codes": ["40107", "20301"]}, by=poster)

    page = as_user(officer).get(
        reverse(url_name(Need, "revisions_compare"), args=[live.pk, "live", "latest"])
    )

    assert "Bảo quản và chế biến nông sản" in text_of(page)
    assert "20301" not in text_of(page)


def test_preview_of_a_revision_is_the_public_page(submission, officer, as_user):
    page = as_user(officer).get(
        reverse(
            url_name(Need, "revisions_view"), args=[submission.pk, submission.latest_revision_id]
        )
    )

    assert page.status_code == 200
    assert submission.draft_title in text_of(page)


def test_colleagues_of_another_step_read_but_do_not_decide(submission, lead, as_user):
    page = as_user(lead).get(review_address(submission))

    assert page.status_code == 200
    assert "Duyệt bài này" not in text_of(page)
    assert "Bước này do nhóm khác duyệt" in text_of(page)


# --- returning ----------------------------------------------------------------------------------


def test_return_without_a_reason_says_so_and_keeps_what_was_typed(submission, officer, as_user):
    page = post_decision(as_user(officer), submission, "reject", text="Cần thêm số liệu.")

    assert page.status_code == 200
    assert "Chọn ít nhất một lý do" in text_of(page)
    assert "Cần thêm số liệu." in text_of(page)
    assert decisions_on(submission) == []


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "ít nhất một con số"), ("en", "at least one figure")]
)
def test_text_is_prepared_in_the_posters_language(
    language, words, submission, officer, poster, as_user
):
    type(poster).objects.filter(pk=poster.pk).update(language=language)

    post_decision(as_user(officer), submission, "reject", reasons=[reason().pk])

    decision = ReviewDecision.objects.get(key=submission.public_id)
    assert words in decision.note
    assert decision.reason_codes == ["summary-no-figure"]
    assert decision.by == officer
    assert decision.revision_id == submission.latest_revision_id


def test_text_can_be_prepared_without_a_script_and_then_edited(submission, officer, as_user):
    client = as_user(officer)
    chosen = [reason().pk, reason("price-missing").pk]

    page = client.post(
        review_address(submission),
        {
            "decision": "reject",
            "prepare": "1",
            "reject-seen": submission.latest_revision_id,
            "reject-reasons": chosen,
        },
    )
    assert decisions_on(submission) == []
    prepared = page.context["forms"]["reject"]["text"].value()
    assert "ít nhất một con số" in prepared
    assert "khoảng giá" in prepared

    post_decision(client, submission, "reject", reasons=chosen, text=prepared + "\n\nCảm ơn.")

    assert ReviewDecision.objects.get().note.endswith("Cảm ơn.")


def test_texts_for_the_script_are_on_the_page(submission, officer, as_user):
    text = text_of(as_user(officer).get(review_address(submission)))

    found = re.search(r'<script id="return-texts" type="application/json">(.*?)</script>', text)
    assert json.loads(found[1])[str(reason().pk)] == reason().text_vi


def test_reasons_out_of_use_are_not_offered(submission, officer, as_user):
    ReturnReason.objects.filter(code="duplicate").update(is_active=False)

    assert "Trùng với tin đang đăng" not in text_of(
        as_user(officer).get(review_address(submission))
    )


def test_poster_reads_the_reasons_and_the_text(submission, officer, poster, as_user):
    post_decision(
        as_user(officer), submission, "reject", reasons=[reason().pk], text="Nêu năng suất đo được."
    )

    notice = poster.notices.get()
    assert notice.kind == "review.returned"
    assert notice.context["note"] == "Nêu năng suất đo được."
    assert notice.context["reasons"] == ["Tóm tắt thiếu con số"]


def test_refusal_needs_words_and_ends_the_review(submission, officer, poster, as_user):
    client = as_user(officer)
    page = post_decision(client, submission, "refuse", text=" ")
    assert "vì sao bài không được nhận" in text_of(page)

    post_decision(client, submission, "refuse", text="Không phải công nghệ.")

    assert decisions_on(submission) == [Decision.REJECTED]
    assert fresh(submission).current_workflow_state is None
    assert poster.notices.get().kind == "review.rejected"


def test_refusing_an_edit_leaves_the_live_listing_alone(
    desk, officer, organization, poster, as_user
):
    live = NeedFactory(organization=organization, contact=poster, published=True, title="Đang đăng")
    save_draft(live, changes={"title": "Bản sửa"}, by=poster)
    submit(live, by=poster)

    post_decision(as_user(officer), live, "refuse", text="Không phù hợp.")

    row = fresh(live)
    assert row.is_public
    assert row.title == "Đang đăng"


# --- somebody was faster, or the listing changed ------------------------------------------------


def test_second_click_answers_as_the_first(submission, officer, as_user):
    client = as_user(officer)
    data = {
        "decision": "approve",
        "approve-seen": submission.latest_revision_id,
        "approve-standard": "on",
        "approve-grounds": "Đã tự đối chiếu.",
        "idempotency_key": "mot-lan",
    }

    first = client.post(review_address(submission), data)
    second = client.post(review_address(submission), data)

    assert (first.url, second.url) == ("/admin/", "/admin/")
    assert decisions_on(submission) == [Decision.APPROVED]


def test_colleague_was_faster(submission, officer, as_user):
    post_decision(as_user(staff_member("officers")), submission, "reject", reasons=[reason().pk])

    answer = post_decision(as_user(officer), submission, "approve")

    assert answer.url == review_address(submission)
    assert decisions_on(submission) == [Decision.RETURNED]


@pytest.mark.parametrize("away", [recall, withdraw])
def test_submission_taken_back_meanwhile(away, submission, officer, poster, as_user):
    away(submission, by=poster)

    answer = post_decision(as_user(officer), submission, "approve")

    assert answer.url == review_address(submission)
    assert decisions_on(submission) == []
    assert not fresh(submission).live


def test_incomplete_submission_is_not_approved(submission, officer, poster, as_user, frozen_clock):
    frozen_clock.move(days=90)  # its deadline has passed while it waited

    answer = post_decision(as_user(officer), submission, "approve")

    assert answer.url == review_address(submission)
    assert decisions_on(submission) == []
    assert "Bài còn thiếu" in text_of(as_user(officer).get(review_address(submission)))


def test_hold_is_given_and_given_back(submission, officer, as_user):
    client = as_user(officer)
    lock = reverse(url_name(Need, "lock"), args=[submission.pk])
    unlock = reverse(url_name(Need, "unlock"), args=[submission.pk])
    version = submission.content_version

    assert client.post(f"{lock}?next={review_address(submission)}").url == review_address(
        submission
    )
    assert fresh(submission).locked_by == officer
    client.post(unlock)

    row = fresh(submission)
    assert not row.locked
    assert row.content_version == version


# --- telling staff ------------------------------------------------------------------------------


def told(user) -> list[Notice]:
    return list(user.notices.filter(kind="staff.submitted", retired_at=None).order_by("pk"))


def test_members_of_the_step_hear_of_a_submission(officer, lead, draft, poster):
    outsider = staff_member("leads")
    submit(draft, by=poster)

    assert len(told(officer)) == 1
    notice = told(officer)[0]
    assert notice.url == review_address(draft)
    assert notice.context["title"] == draft.title
    assert told(lead) == told(outsider) == []


def test_next_step_hears_and_the_first_ones_call_is_over(submission, officer, lead):
    other = staff_member("officers")
    services.review_again(submission, by=None)
    recall_state = submission.current_workflow_task_state
    services.approve(recall_state, by=officer)

    assert told(officer) == []
    assert told(other) == []
    assert len(told(lead)) == 1


def test_wagtails_own_mails_stay_at_home(officer, lead, draft, poster):
    mail.outbox.clear()
    submit(draft, by=poster)
    services.return_for_changes(
        draft.current_workflow_task_state, by=officer, reasons=[reason()], text="Thêm số."
    )
    save_draft(fresh(draft), changes={"summary": "Cần 92 %."}, by=poster)
    submit(fresh(draft), by=poster)
    services.approve(fresh(draft).current_workflow_task_state, by=officer)
    services.approve(fresh(draft).current_workflow_task_state, by=lead)

    assert fresh(draft).live
    assert mail.outbox == []


def test_staff_mail_renders_in_both_languages(officer, draft, poster):
    from marketplace.notifications.delivery import deliver_batch

    submit(draft, by=poster)
    for language in ("vi", "en"):
        type(officer).objects.filter(pk=officer.pk).update(language=language)
    mail.outbox.clear()
    deliver_batch()

    assert mail.outbox[0].to == [officer.email]
    assert draft.title in mail.outbox[0].subject
    assert f"http://127.0.0.1:8000{review_address(draft)}" in mail.outbox[0].body


def test_a_killed_decision_leaves_nothing_behind(submission, officer, monkeypatch):
    """The process ends between Wagtail's approval and our own record of it."""

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    waiting = submission.current_workflow_task_state
    monkeypatch.setattr(services, "record_review", die)
    with pytest.raises(Killed):
        services.approve(waiting, by=officer)
    monkeypatch.undo()

    assert TaskState.objects.get(pk=waiting.pk).status == TaskState.STATUS_IN_PROGRESS
    services.approve(TaskState.objects.get(pk=waiting.pk), by=officer)
    assert decisions_on(submission) == [Decision.APPROVED]


# --- by Wagtail's own call ----------------------------------------------------------------------


def test_wagtails_call_takes_the_same_way(submission, officer, lead, poster):
    """Whatever part of Wagtail acts on a step writes the decision and tells the poster too."""
    state = submission.current_workflow_task_state
    state.task.specific.on_action(
        state, officer, "reject", reasons=[reason()], text="Thêm số liệu."
    )
    submit(fresh(submission), by=poster)
    for user in (officer, lead):
        state = fresh(submission).current_workflow_task_state
        state.task.specific.on_action(state, user, "approve", text="")

    assert decisions_on(submission) == [Decision.RETURNED, Decision.APPROVED, Decision.PUBLISHED]


def test_wagtails_call_refuses_too_and_knows_no_other_act(submission, officer):
    state = submission.current_workflow_task_state
    state.task.specific.on_action(state, officer, "nghịch")
    assert decisions_on(submission) == []

    state.task.specific.on_action(state, officer, "refuse", text="Không thuộc sàn.")
    assert decisions_on(submission) == [Decision.REJECTED]


def test_step_says_what_it_is_and_whom_it_lets_act(submission, officer, lead):
    task = submission.current_workflow_task
    assert "trả lại kèm lý do" in task.get_description()
    assert {name for name, _label, _modal in task.get_actions(submission, officer)} == {
        "approve", "reject", "refuse",
    }  # fmt: skip
    assert task.get_actions(submission, lead) == []


def test_a_decision_twice_is_refused(submission, officer):
    state = submission.current_workflow_task_state
    services.approve(state, by=officer)

    with pytest.raises(InvalidTransition):
        services.approve(TaskState.objects.get(pk=state.pk), by=officer)
    assert decisions_on(submission) == [Decision.APPROVED]


def test_edit_in_the_very_moment_of_the_decision_is_noticed(
    submission, officer, poster, monkeypatch
):
    """Between the look at the newest revision and the lock somebody saves another."""
    state = submission.current_workflow_task_state
    look = services._follow_newest_revision

    def look_and_be_overtaken(*args, **kwargs):
        look(*args, **kwargs)
        draft = fresh(submission).get_latest_revision_as_object()
        draft.title = "Vừa sửa"
        draft.save_revision(user=poster)

    monkeypatch.setattr(services, "_follow_newest_revision", look_and_be_overtaken)

    with pytest.raises(StaleForm):
        services.approve(state, by=officer)
    assert decisions_on(submission) == []


def test_what_is_not_live_cannot_be_taken_down(submission, lead):
    with pytest.raises(InvalidTransition):
        services.take_down(submission, by=lead, reason="Nhầm")
    assert fresh(submission).withdrawn_at is None
