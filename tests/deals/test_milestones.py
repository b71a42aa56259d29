"""Milestones: money and work, each in its own order, and what payments may call."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals import services
from marketplace.deals.models import Milestone
from marketplace.deals.services import PlannedMilestone
from marketplace.notifications.models import Notice
from tests.factories.deals import contracted_deal

pytestmark = pytest.mark.django_db

PAID_AT = datetime(2026, 8, 3, 9, tzinfo=clock.VIETNAM)


def paid(milestone, by, reference="tt-1"):
    return services.milestone_paid(milestone, reference=reference, paid_at=PAID_AT, by=by)


def test_the_plan_is_written_once(deal, buyer, milestones):
    assert [one.number for one in milestones] == [1, 2, 3]
    assert sum(one.amount for one in milestones) == 1_000_000_000
    with pytest.raises(InvalidTransition, match="đã có các mốc"):
        services.plan_milestones(deal, plan=[PlannedMilestone("x", 1)], by=buyer)


@pytest.mark.parametrize("line", [("", 1), ("x", 0), ("x", 5, "ĐỒNG")])
def test_a_line_without_words_or_sum_is_refused(deal, buyer, line):
    with pytest.raises(DomainError, match="lớn hơn 0"):
        services.plan_milestones(deal, plan=[PlannedMilestone(*line)], by=buyer)
    assert not deal.milestones.exists()


def test_nothing_is_asked_for_without_a_contract(deal, buyer, inventor):
    row = services.plan_milestones(deal, plan=[PlannedMilestone("x", 1)], by=buyer)[0]
    for act in (services.request_milestone, services.deliver_milestone):
        with pytest.raises(InvalidTransition, match="hợp đồng đã ký"):
            act(row, by=inventor)


def test_asked_for_paid_once_and_paid_back(milestones, buyer, inventor):
    first = milestones[0]
    services.request_milestone(first, by=inventor)
    assert paid(first, buyer)
    assert (first.state, first.paid_at, first.payment_reference) == ("paid", PAID_AT, "tt-1")
    assert not paid(first, buyer)  # the same payment again
    with pytest.raises(InvalidTransition, match="Đã thanh toán"):
        paid(first, buyer, "tt-2")
    assert not services.milestone_reversed(first, reference="tt-2", by=buyer)
    assert services.milestone_reversed(first, reference="tt-1", by=buyer)
    assert (first.state, first.paid_at, first.payment_reference) == ("requested", None, "")
    assert paid(first, buyer, "tt-2")
    events = [row.context["event"] for row in Notice.objects.filter(recipient=inventor)]
    assert events.count("paid") == 2


def test_money_for_a_deal_that_has_ended_is_for_the_desk(deal, milestones, buyer):
    services.terminate_deal(deal, reason="price", by=buyer)
    milestone = Milestone.objects.get(number=1)
    with pytest.raises(InvalidTransition, match="Đã bỏ"):
        paid(milestone, buyer)


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_settled_in_a_transaction_alone(deal, buyer):
    first = contracted_deal(deal, by=buyer)[0]
    with pytest.raises(transaction.TransactionManagementError):
        paid(first, buyer)
    with transaction.atomic():
        assert paid(first, buyer)


def test_work_is_accepted_or_given_back(milestones, buyer, inventor):
    first = milestones[0]
    with pytest.raises(InvalidTransition, match="Chưa bàn giao"):
        services.accept_milestone(first, by=buyer)
    services.deliver_milestone(first, by=inventor)
    with pytest.raises(DomainError, match="bổ sung"):
        services.return_milestone(first, note=" ", by=buyer)
    services.return_milestone(first, note="Thiếu bản vẽ", by=buyer)
    assert (first.work, first.return_note) == ("open", "Thiếu bản vẽ")
    services.deliver_milestone(first, by=inventor)
    services.accept_milestone(first, by=buyer)
    assert (first.work, first.accepted_by, first.return_note) == ("accepted", buyer, "")
    with pytest.raises(InvalidTransition, match="Đã nghiệm thu"):
        services.return_milestone(first, note="Muộn", by=buyer)


def test_settled_when_all_is_paid_and_accepted(deal, milestones, buyer, inventor):
    with pytest.raises(DomainError, match="mốc 1"):
        services.complete_deal(deal, by=buyer)
    for number, milestone in enumerate(milestones):
        paid(milestone, buyer, f"tt-{number}")
        services.deliver_milestone(milestone, by=inventor)
        services.accept_milestone(milestone, by=buyer)
    services.complete_deal(deal, by=buyer)
    assert deal.state == "completed"
    with pytest.raises(InvalidTransition, match="đã thanh lý"):
        services.complete_deal(deal, by=buyer)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "paid"}, {"amount": 0}, {"work": "accepted"}, {"payment_reference": "x"}],
)
def test_the_database_refuses_what_the_table_does_not_know(milestones, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.update(**wrong)
