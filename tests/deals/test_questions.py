"""Questions of one side to the other: asked, answered once, corrected, reminded of; by whose they are."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.models import Answer, Question
from marketplace.deals.services import questions as services
from marketplace.deals.services import terminate_deal
from marketplace.deals.states import QUESTION_TRANSITIONS, QuestionState
from marketplace.deals.tasks import questions as question_clock
from marketplace.deals.terms import due_after
from marketplace.notifications.models import Notice
from tests.deals.people import PEOPLE, person_named

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(deal, firm, buyer, officer):
    return services.ask_question(deal, side=firm, text="Máy chạy điện mấy pha?", by=buyer)


def told(event):
    rows = Notice.objects.filter(dedupe_key__startswith="deal:", context__event=event)
    return {row.recipient for row in rows.select_related("recipient")}


def test_only_what_waits_leads_on():
    assert set(QUESTION_TRANSITIONS) == {QuestionState.OPEN}


def test_asked_answered_once_and_corrected(question, institute, firm, buyer, inventor):
    assert (question.number, question.due_on) == (1, due_after(clock.today()))
    assert told("asked") == {inventor}
    services.answer_question(question, side=institute, text="Ba pha.", by=inventor)
    assert (question.state, question.step_on) == ("answered", None)
    assert told("answered") == {buyer}
    services.answer_question(question, side=institute, text="Một pha, 220 V.", by=inventor)
    assert told("answer_corrected") == {buyer}
    said = list(question.answers.values_list("number", "text"))
    assert said == [(2, "Một pha, 220 V."), (1, "Ba pha.")]
    with pytest.raises(DomainError, match="giống hệt"):
        services.answer_question(question, side=institute, text="Một pha, 220 V. ", by=inventor)
    with pytest.raises(InvalidTransition, match="đã trả lời"):
        services.withdraw_question(question, side=firm, by=buyer)


def test_each_side_does_what_is_its_own(question, deal, firm, institute, buyer, inventor):
    with pytest.raises(DomainError, match="Bên kia mới"):
        services.answer_question(question, side=firm, text="Tôi", by=buyer)
    with pytest.raises(DomainError, match="Chỉ bên hỏi"):
        services.withdraw_question(question, side=institute, by=inventor)
    with pytest.raises(DomainError, match="đang chờ trả lời"):
        services.ask_question(deal, side=firm, text="Máy chạy điện mấy pha?", by=buyer)
    with pytest.raises(DomainError, match="viết câu hỏi"):
        services.ask_question(deal, side=firm, text="  ", by=buyer)
    with pytest.raises(DomainError, match="viết câu trả lời"):
        services.answer_question(question, side=institute, text=" ", by=inventor)
    theirs = services.ask_question(deal, side=institute, text="Xưởng ở đâu?", by=inventor)
    assert theirs.number == 2
    services.withdraw_question(question, side=firm, by=buyer)
    with pytest.raises(InvalidTransition, match="đã rút lại"):
        services.answer_question(question, side=institute, text="Ba pha.", by=inventor)
    terminate_deal(deal, reason="price", by=buyer)
    with pytest.raises(InvalidTransition, match="đã dừng"):
        services.answer_question(theirs, side=firm, text="Đồng Nai", by=buyer)


def test_the_clock_reminds_then_tells_both_and_staff_once(
    frozen_clock, question, deal, buyer, inventor, officer
):
    assert question_clock() == 0
    for event, people in (
        ("question_due", {inventor}),
        ("question_overdue", {buyer, inventor, officer}),
    ):
        step_on = Question.objects.get().step_on
        frozen_clock.move(days=(step_on - clock.today()).days)
        assert (question_clock(), question_clock()) == (1, 0)
        assert told(event) == people
    assert Question.objects.get().step_on is None
    assert Question.objects.get().is_late


def test_nobody_is_reminded_of_what_was_answered_or_ended(
    frozen_clock, question, deal, firm, institute, buyer, inventor
):
    services.answer_question(question, side=institute, text="Ba pha.", by=inventor)
    services.ask_question(deal, side=firm, text="Bao giờ giao?", by=buyer)
    terminate_deal(deal, reason="price", by=buyer)
    frozen_clock.move(days=60)
    assert question_clock() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_answered_and_withdrawn_at_the_same_moment_ends_in_one_of_them(
    question, firm, institute, buyer, inventor
):
    starts, refused = threading.Barrier(2), []

    def run(act, **values):
        starts.wait(10)
        try:
            act(Question.objects.get(), **values)
        except DomainError as error:
            refused.append(type(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(act,), kwargs=values)
        for act, values in (
            (services.answer_question, {"side": institute, "text": "Ba pha.", "by": inventor}),
            (services.withdraw_question, {"side": firm, "by": buyer}),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    question.refresh_from_db()
    assert refused == [InvalidTransition]
    assert (question.state == "answered") == Answer.objects.exists()


MAY = {
    "ask": {"buyer", "inventor"},
    "answer_question": {"inventor"},
    "withdraw_question": {"buyer"},
}


@pytest.mark.parametrize("act", MAY)
def test_who_may_do_what(act, question, firm, institute, buyer, inventor, desk, client):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    args = [question.deal.public_id, *([] if act == "ask" else [question.key])]
    form = {"ask-text": "Bao giờ giao?", f"answer-{question.key}-text": "Ba pha."}

    def everything():
        return list(Question.objects.order_by("pk").values()), Answer.objects.count()

    before = everything()
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=args), form)
            if who in MAY[act]:
                assert answer.status_code == 302, who
            elif who not in ("buyer", "inventor"):
                assert answer.status_code == 404, who
            assert (everything() != before) == (who in MAY[act]), who
            transaction.set_rollback(True)


def test_the_page_is_for_both_sides_and_staff(
    question, firm, institute, buyer, inventor, desk, client
):
    url = reverse("deals:questions", args=[question.deal.public_id])
    for who in PEOPLE:
        client.force_login(person_named(who, firm, institute, buyer, inventor))
        seen = who in ("buyer", "inventor", "officer", "provincial", "elsewhere")
        assert client.get(url).status_code == (200 if seen else 404), who


def test_it_is_walked_on_the_page(deal, firm, institute, buyer, inventor, client):
    url = reverse("deals:questions", args=[deal.public_id])
    ask = reverse("deals:ask", args=[deal.public_id])
    client.force_login(buyer)
    refused = client.post(ask, {"ask-text": ""})
    assert (refused.status_code, Question.objects.count()) == (400, 0)
    assert "Hãy viết câu hỏi." in refused.content.decode()
    client.post(ask, {"ask-text": "Máy nặng bao nhiêu?"})
    twice = client.post(ask, {"ask-text": "Máy nặng bao nhiêu?"})
    assert twice.status_code == 400
    assert "đang chờ trả lời" in twice.content.decode()
    own = client.get(url).content.decode()
    assert "Rút câu hỏi" in own
    assert "1 câu chờ bên kia" in own
    client.force_login(inventor)
    theirs = client.get(url).content.decode()
    assert "1 câu chờ bên bạn" in theirs
    assert "Rút câu hỏi" not in theirs
    assert '<span class="badge">1</span>' in client.get(deal.get_absolute_url()).content.decode()
    question = Question.objects.get()
    path = reverse("deals:answer_question", args=[deal.public_id, question.key])
    name = f"answer-{question.key}-text"
    for text in ("Hai tấn.", "Hai tấn rưỡi."):
        client.post(path, {name: text})
    again = client.get(url).content.decode()
    assert "đã đính chính" in again
    assert "Hai tấn." in again
    english = client.get("/en" + url).content.decode()
    assert "Questions and answers" in english
    assert "corrected" in english


def test_a_page_of_one_and_of_four_asks_as_much(deal, firm, institute, buyer, inventor, client):
    client.force_login(buyer)
    url = reverse("deals:questions", args=[deal.public_id])

    def asked(number):
        one = services.ask_question(deal, side=firm, text=f"Câu {number}?", by=buyer)
        services.answer_question(one, side=institute, text="Có.", by=inventor)

    asked(1)
    client.get(url)
    with CaptureQueriesContext(connection) as first:
        client.get(url)
    for number in range(2, 5):
        asked(number)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(first)
