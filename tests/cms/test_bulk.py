"""Several submissions at once, each decided by itself, and taken back."""

import pytest
from django.urls import reverse

from cms import bulk, services
from cms.models import BulkRun
from cms.undoing import undo_decision
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings.models import ReviewDecision
from marketplace.listings.services import save_draft, submit
from marketplace.notifications.models import Delivery, DeliveryState
from marketplace.notifications.rendering import render_mail
from tests.cms.acts import decisions_on, facts_of, fresh, reason
from tests.cms.conftest import staff_member
from tests.factories.listings import NeedFactory


@pytest.fixture
def three(desk, organization, poster):
    """Of three subjects, that none is a copy of another."""
    titles = ("Tách vỏ cứng hạt điều", "Khử mùi trại heo kín", "Kéo sợi chống cắt para-aramid")
    summaries = ("Nhân nguyên 92 %.", "Giảm mùi 80 %.", "Sợi 1.000 dtex, bền 22 cN/dtex.")
    return [
        submit(
            NeedFactory(
                organization=organization, contact=poster, title=title, summary=summary,
                problem=f"{title} đang làm tay.",
            ),
            by=poster,
        )
        for title, summary in zip(titles, summaries, strict=True)
    ]  # fmt: skip


def items(listings) -> list[str]:
    return [f"{one.KIND}:{one.public_id}:{fresh(one).latest_revision_id}" for one in listings]


def act(client, listings, action, **said):
    data = {"item": items(listings), "action": action} | said
    return client.post(reverse("bulk_review"), data)


def test_clean_ones_are_approved_and_the_others_say_why(
    three,
    officer,
    as_user,
    lists,
    search_engine,
):
    secret = NeedFactory(organization=three[0].organization, contact=three[0].contact, title="Nấu cao su",
                         problem="MẬT\nBản đồ kho.")  # fmt: skip
    submit(secret, by=three[0].contact)
    client = as_user(officer)

    answer = act(client, [*three, secret], "approve", read="on")

    page = client.get(answer.url)
    assert [row["done"] for row in page.context["run"].rows] == [True, True, True, False]
    assert [decisions_on(one) for one in three] == [["approved"]] * 3
    assert decisions_on(secret) == []
    assert "mở bài để quyết định" in page.content.decode()


def test_lists_that_are_not_loaded_let_nothing_through(three, officer, as_user, search_engine):
    act(as_user(officer), three, "approve", read="on")

    assert [row["done"] for row in BulkRun.objects.get().rows] == [False] * 3
    assert all(decisions_on(one) == [] for one in three)


@pytest.mark.parametrize("action", ["approve", "return", "hand_over"])
def test_act_without_what_it_needs_changes_nothing(action, three, officer, as_user):
    before = [facts_of(one) for one in three]
    page = act(as_user(officer), three, action)

    assert page.status_code == 200
    assert "error-message" in page.content.decode()
    assert [facts_of(one) for one in three] == before


def test_returned_with_one_reason_in_each_posters_language_and_taken_back(
    three, officer, as_user, poster
):
    client = as_user(officer)
    answer = act(client, three, "return", reason=reason().pk)
    assert [decisions_on(one) for one in three] == [["returned"]] * 3
    assert "ít nhất một con số" in ReviewDecision.objects.first().note
    # One of them was edited since: that decision stands.
    save_draft(fresh(three[0]), changes={"summary": "Cần 95 %."}, by=poster)

    client.post(reverse("bulk_review"), {"undo": answer.url.rpartition("=")[2]})

    rows = client.get(answer.url).context["run"].rows
    assert [row["undone"] == "Đã hoàn tác" for row in rows] == [False, True, True]
    assert decisions_on(three[1]) == ["returned", "undone"]
    assert fresh(three[1]).current_workflow_task_state is not None
    assert not poster.notices.filter(
        kind="review.returned", retired_at=None, dedupe_key__contains=three[1].public_id
    ).exists()
    with pytest.raises(DomainError):
        bulk.undo_run(BulkRun.objects.get(), by=officer)


def test_handed_over_and_taken_back(three, officer, as_user):
    other = staff_member("officers")
    client = as_user(officer)
    answer = act(client, three[:2], "hand_over", to=other.pk)
    assert [fresh(one).locked_by for one in three] == [other, other, None]

    client.post(reverse("bulk_review"), {"undo": answer.url.rpartition("=")[2]})

    assert [fresh(one).locked for one in three] == [False] * 3


def test_who_takes_no_step_acts_on_nothing(three, lead, poster, colleague, stranger, as_user):
    before = [facts_of(one) for one in three]
    for person in (lead, poster, colleague, stranger):
        act(as_user(person), three, "return", reason=reason().pk)
    assert [facts_of(one) for one in three] == before


def test_run_is_its_makers_own(three, officer, as_user):
    run = bulk.decide_many(
        [(three[0], three[0].latest_revision_id)], by=officer,
        said={"action": "return", "reason": reason()},
    )  # fmt: skip
    other = as_user(staff_member("officers"))

    assert other.post(reverse("bulk_review"), {"undo": run.public_id}).status_code == 404
    assert decisions_on(three[0]) == ["returned"]


# --- taking back one decision ---------------------------------------------------------------------


def step_of(listing):
    return fresh(listing).current_workflow_task_state


def test_approval_taken_back_waits_at_the_same_step(submission, officer):
    first = step_of(submission).task_id
    made = services.approve(step_of(submission), by=officer)

    undo_decision(made, by=officer)

    assert step_of(submission).task_id == first
    assert decisions_on(submission) == ["approved", "undone"]
    services.approve(step_of(submission), by=officer)
    assert step_of(submission).task_id != first


def told(person, kind):
    return person.notices.filter(kind=kind, retired_at=None)


def test_poster_who_had_heard_of_it_hears_that_it_was_taken_back(submission, officer, poster):
    made = services.return_for_changes(
        step_of(submission), by=officer, reasons=[reason()], text="Thêm."
    )
    told(poster, "review.returned").update(read_at=clock.now())

    undo_decision(made, by=officer)

    assert not told(poster, "review.returned").exists()
    notice = told(poster, "review.undone").get()
    assert notice.context["was"] == "returned"
    mail = render_mail(notice.deliveries.get(), [notice])
    assert "hoàn tác" in mail.subject
    assert "chưa cần sửa gì" in mail.text
    assert "chưa cần sửa gì" in mail.html


def test_poster_who_had_not_heard_of_it_is_not_troubled(submission, officer, poster):
    made = services.return_for_changes(
        step_of(submission), by=officer, reasons=[reason()], text="Thêm."
    )

    undo_decision(made, by=officer)

    assert not told(poster, "review.returned").exists()
    assert not told(poster, "review.undone").exists()
    letters = Delivery.objects.filter(recipient=poster)
    assert {one.state for one in letters} == {DeliveryState.CANCELLED}


def test_publication_taken_back_hides_the_listing_and_reviews_it_again(submission, officer, lead):
    services.approve(step_of(submission), by=officer)
    made = services.approve(step_of(submission), by=lead)
    assert fresh(submission).is_public

    undo_decision(made, by=lead)

    row = fresh(submission)
    assert not row.live
    assert row.current_workflow_task_state is not None
    assert row.latest_revision_id == made.revision_id


def test_publication_of_a_change_taken_back_shows_what_was_shown_before(
    submission, officer, lead, poster
):
    services.approve(step_of(submission), by=officer)
    services.approve(step_of(submission), by=lead)
    before = fresh(submission).title
    save_draft(fresh(submission), changes={"title": "Tên mới của nhu cầu"}, by=poster)
    submit(fresh(submission), by=poster)
    services.approve(step_of(submission), by=officer)
    made = services.approve(step_of(submission), by=lead)

    undo_decision(made, by=lead)

    assert fresh(submission).is_public
    assert fresh(submission).title == before
    assert step_of(submission) is not None


def test_decision_of_another_person_or_of_long_ago_stands(submission, officer, lead, frozen_clock):
    made = services.approve(step_of(submission), by=officer)
    with pytest.raises(DomainError):
        undo_decision(made, by=lead)
    services.return_for_changes(step_of(submission), by=lead, reasons=[reason()], text="Thêm.")
    with pytest.raises(InvalidTransition):
        undo_decision(made, by=officer)
    last = ReviewDecision.objects.first()
    frozen_clock.move(days=2)
    with pytest.raises(DomainError):
        undo_decision(last, by=lead)
    assert decisions_on(submission) == ["approved", "returned"]
