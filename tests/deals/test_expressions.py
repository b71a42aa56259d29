"""Sent once, answered once, reminded and passed to staff: an expression of interest and its clock."""

import threading
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.accounts.models import Outreach
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.deals import services
from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.tasks import clock as clock_tick
from marketplace.deals.terms import Step, due_after, next_step, terms_on
from marketplace.listings.services import withdraw as withdraw_listing
from marketplace.notifications.models import Notice
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import sent_expression
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def told(kind="interest.changed", event=None):
    rows = Notice.objects.filter(kind=kind).select_related("recipient")
    return {row.recipient for row in rows if event in (None, row.context["event"])}


def again(row):
    return type(row).objects.get(pk=row.pk)


def at(day):
    return datetime(2026, 8, day, 9, tzinfo=clock.VIETNAM)


# --- sending -------------------------------------------------------------------------------------


def test_it_is_sent_with_its_last_day_and_the_owner_is_told(
    expression, offer, institute, buyer, inventor
):
    assert (expression.kind, expression.title) == ("offer", offer.title)
    assert expression.receiver == institute
    assert expression.due_on == due_after(clock.today())
    assert told(event="received") == {inventor}
    entry = AuditEntry.objects.get(action="interest.sent")
    assert entry.data["of"] == f"offer:{offer.public_id}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wants": "moon"}, "mong muốn"),
        ({"why": "  "}, "vì sao"),
        ({"wanted_by": date(2020, 1, 1)}, "hôm nay"),
    ],
)
def test_what_the_owner_could_not_answer_is_not_sent(offer, firm, buyer, change, said):
    with pytest.raises(DomainError, match=said):
        sent_expression(offer, by=buyer, asker=firm, **change)
    assert not ExpressionOfInterest.objects.exists()


def test_ones_own_and_what_is_not_open_cannot_be_asked_for(offer, firm, buyer, institute, inventor):
    with pytest.raises(DomainError, match="chính tổ chức bạn"):
        sent_expression(offer, by=inventor, asker=institute)
    withdraw_listing(offer, by=inventor)
    with pytest.raises(DomainError, match="không còn mở"):
        sent_expression(offer, by=buyer, asker=firm)


def test_one_waits_at_a_time_and_another_may_follow(expression, offer, firm, buyer, inventor):
    with pytest.raises(DomainError, match="đang chờ trả lời"):
        sent_expression(offer, by=buyer, asker=firm)
    services.decline_interest(expression, reason="busy", by=inventor)
    assert sent_expression(offer, by=buyer, asker=firm).is_waiting


def test_an_owner_who_is_not_on_the_exchange_is_looked_for(firm, buyer):
    result = ResultFactory(organization=OrganizationFactory(unclaimed=True))

    made = sent_expression(result, by=buyer, asker=firm)

    assert made.kind == "result"
    assert Outreach.objects.get().organization == result.organization


# --- answers -------------------------------------------------------------------------------------


def test_accepted_both_know_each_other(firm, buyer, institute, inventor):
    need = NeedFactory(organization=firm, contact=buyer, hide_owner=True, published=True)
    made = sent_expression(need, by=inventor, asker=institute, wants="supply")
    assert not made.receiver_is_named

    services.accept_interest(made, by=buyer)

    assert (made.state, made.ended_by, made.step_on) == ("accepted", buyer, None)
    assert made.receiver_is_named
    assert told(event="accepted") == {inventor}


def test_a_hidden_owner_is_named_in_no_notice_before(firm, buyer, institute, inventor):
    need = NeedFactory(organization=firm, contact=buyer, hide_owner=True, published=True)
    made = sent_expression(need, by=inventor, asker=institute)
    services.decline_interest(made, reason="other", note="Đã có nơi làm", by=buyer)
    assert Notice.objects.filter(recipient=inventor).exists()
    for notice in Notice.objects.filter(recipient=inventor):
        assert firm.name not in str(notice.context)


def test_a_refusal_says_why(expression, inventor, buyer):
    with pytest.raises(DomainError, match="Chọn một lý do"):
        services.decline_interest(expression, reason="moon", by=inventor)
    with pytest.raises(DomainError, match="ngắn gọn"):
        services.decline_interest(expression, reason="other", by=inventor)

    services.decline_interest(expression, reason="not_ready", note="Sang năm", by=inventor)

    assert (expression.decline_reason, expression.decline_note) == ("not_ready", "Sang năm")
    assert told(event="declined") == {buyer}


ENDINGS = {
    "accepted": lambda row, by: services.accept_interest(row, by=by),
    "declined": lambda row, by: services.decline_interest(row, reason="busy", by=by),
    "withdrawn": lambda row, by: services.withdraw_interest(row, by=by),
    "closed": lambda row, by: services.close_interest(row, note="Hai bên đã gặp", by=by),
}


@pytest.mark.parametrize("first", ENDINGS)
@pytest.mark.parametrize("second", [*ENDINGS, "mediated"])
def test_whoever_is_first_decides(expression, buyer, first, second):
    stale = again(expression)
    ENDINGS[first](expression, buyer)
    before = ExpressionOfInterest.objects.values().get()
    late = ENDINGS.get(second) or (
        lambda row, by: services.mediate_interest(row, note="Gọi lại", by=by)
    )
    with pytest.raises(InvalidTransition):
        late(stale, buyer)
    assert ExpressionOfInterest.objects.values().get() == before
    assert before["state"] == first


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "accepted"},
        {"ended_at": datetime(2026, 1, 1, tzinfo=clock.VIETNAM)},
        {"state": "declined", "ended_at": datetime(2026, 1, 1, tzinfo=clock.VIETNAM)},
        {"decline_reason": "busy"},
    ],
)
def test_the_database_refuses_what_the_table_does_not_know(expression, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpressionOfInterest.objects.update(**wrong)


def test_staff_mediate_and_the_days_start_anew(expression, buyer, inventor, officer, frozen_clock):
    frozen_clock.move(days=20)
    services.mediate_interest(expression, note="Hẹn gọi thứ Sáu", by=officer)

    assert expression.due_on == due_after(clock.today())
    assert told(event="mediated") == {buyer, inventor}
    with pytest.raises(DomainError, match="hai bên"):
        services.close_interest(expression, note=" ", by=officer)
    services.close_interest(expression, note="Hai bên đã gặp nhau", by=officer)
    assert told(event="closed") == {buyer, inventor}


# --- the clock -----------------------------------------------------------------------------------


def test_days_are_working_days_of_the_terms():
    # Wednesday 26 August 2026; 2 September and the day beside it are holidays.
    terms = terms_on(date(2026, 8, 26))
    assert (terms.answer_days, terms.remind_before_days) == (5, 2)
    assert terms.status == "under_review"
    due = due_after(date(2026, 8, 26))
    assert due > date(2026, 9, 2)
    assert next_step(date(2026, 8, 3), date(2026, 8, 3)) == (date(2026, 8, 6), Step.REMIND)
    assert next_step(date(2026, 8, 3), date(2026, 8, 6)) == (date(2026, 8, 11), Step.ESCALATE)


def test_it_reminds_once_then_calls_staff_once_and_rests(offer, firm, buyer, inventor, officer):
    with clock.frozen_at(at(3)):
        made = sent_expression(offer, by=buyer, asker=firm)
        keep_batch()
        assert clock_tick() == 0
    with clock.frozen_at(at(6)):
        assert clock_tick() == 1
        assert clock_tick() == 0
    assert told("interest.reminder") == {inventor}
    with clock.frozen_at(at(10)):
        assert clock_tick() == 0  # the last day itself is still in time
    with clock.frozen_at(at(11)):
        assert clock_tick() == 1
        assert clock_tick() == 0
        assert again(made).is_late
    assert told("interest.late") == {officer}
    assert told(event="late") == {buyer, inventor}
    assert again(made).escalated_at is not None
    assert again(made).step_on is None


def test_a_clock_that_slept_past_the_last_day_calls_staff_at_once(offer, firm, buyer, officer):
    with clock.frozen_at(at(3)):
        sent_expression(offer, by=buyer, asker=firm)
        keep_batch()
        Case.objects.update(officer=officer)
    colleague = staff_member("officers")
    with clock.frozen_at(at(20)):
        assert clock_tick() == 1
    assert told("interest.late") == {officer}
    assert colleague not in told("interest.late")
    assert not told("interest.reminder")


def test_what_was_answered_is_left_alone(offer, firm, buyer, inventor):
    with clock.frozen_at(at(3)):
        made = sent_expression(offer, by=buyer, asker=firm)
        services.accept_interest(made, by=inventor)
    with clock.frozen_at(at(20)):
        assert clock_tick() == 0


def test_its_case_is_open_while_it_waits(expression, institute, inventor):
    keep_batch()
    case = Case.objects.get(kind="interest")
    assert (case.subject, case.organization) == (expression.public_id, institute)
    assert case.province_code == "92"
    services.accept_interest(expression, by=inventor)
    keep_batch()
    assert not again(case).is_open


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_each_step_is_taken_once(offer, firm, buyer, inventor, kill_stage):
    with clock.frozen_at(at(3)):
        for _number in range(3):
            asker = OrganizationFactory()
            sent_expression(offer, by=MembershipFactory(organization=asker).user, asker=asker)
    moment = at(11)
    killed = kill_stage(
        "clock_batch(limit=1)",
        "from marketplace.deals.services import clock_batch",
        count=3,
        most=25,
        at=moment.isoformat(),
    )
    with clock.frozen_at(moment):
        while services.clock_batch():
            pass

    assert killed >= 2
    assert (
        ExpressionOfInterest.objects.filter(step_on=None, escalated_at__isnull=False).count() == 3
    )
    assert AuditEntry.objects.filter(action="interest.escalated").count() == 3
    late = Notice.objects.filter(recipient=inventor, dedupe_key__contains=":late:")
    assert late.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["withdrawn", "declined", "closed"])
def test_two_sides_at_the_same_moment_end_it_once(expression, buyer, inventor, other):
    starts = threading.Barrier(2)
    failed: list[BaseException] = []

    def act(name, by):
        row = again(expression)
        starts.wait(10)
        try:
            ENDINGS[name](row, by)
        except InvalidTransition as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=("accepted", inventor)),
        threading.Thread(target=act, args=(other, buyer)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(failed) == 1
    assert again(expression).state in ("accepted", other)
    assert AuditEntry.objects.filter(action__startswith="state.").count() == 1
