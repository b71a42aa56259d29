"""A deal is opened with the answer, is seen by those in it, and ends once."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from marketplace.accounts.models import Membership
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.deals import services
from marketplace.deals.kinds import edition_on, kind_for, steps_of
from marketplace.deals.models import Deal, DealMember, ExpressionOfInterest, MemberRole
from marketplace.deals.models.deals import (
    BUYER,
    EVERYBODY,
    MONEY,
    NEGOTIATING,
    SELLER,
    SIGNING,
    WRITING,
    Standing,
)
from marketplace.deals.services.rows import move
from marketplace.deals.states import DEAL_TRANSITIONS, DealState
from marketplace.notifications.models import Notice
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.deals import opened_deal
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


def told(event):
    rows = Notice.objects.filter(kind="deal.changed").select_related("recipient")
    return {row.recipient for row in rows if row.context["event"] == event}


# --- opened ----------------------------------------------------------------------------------------


def test_accepting_opens_it_for_both(deal, offer, expression, firm, institute, buyer, inventor):
    assert (deal.buyer, deal.seller) == (firm, institute)
    assert (deal.state, deal.kind, deal.title) == ("talking", "licence", offer.title)
    seats = set(deal.members.values_list("user", "organization", "role"))
    assert seats == {(buyer.pk, firm.pk, "lead"), (inventor.pk, institute.pk, "lead")}
    assert AuditEntry.objects.filter(action="deal.opened").count() == 1
    assert ExpressionOfInterest.objects.get().state == "accepted"


def test_who_answers_a_need_sells(firm, buyer, institute, inventor):
    need = NeedFactory(organization=firm, contact=buyer, published=True)
    deal = opened_deal(need, by=inventor, asker=institute, accepted_by=buyer)
    assert (deal.buyer, deal.seller) == (firm, institute)


def test_a_deal_that_cannot_be_opened_leaves_the_interest_waiting(expression, inventor, offer):
    Deal.objects.create(
        title="x", kind="licence", origin=expression, buyer=expression.asker,
        seller=expression.receiver,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        services.accept_interest(expression, by=inventor)
    assert ExpressionOfInterest.objects.get().is_waiting


def test_who_left_meanwhile_is_not_seated(expression, buyer, inventor):
    Membership.objects.filter(user=buyer).delete()
    deal = services.accept_interest(expression, by=inventor)
    assert list(deal.members.values_list("user", flat=True)) == [inventor.pk]


def test_kinds_and_steps_are_data():
    edition = edition_on(clock.today())
    assert edition.status == "under_review"
    assert len(edition.steps) == 14
    assert kind_for("offer", "research") == "research"
    assert kind_for("equipment", "quote") == "equipment_sale"
    hire = [step.code for step in steps_of("equipment_hire", clock.today())]
    assert hire[0] == "request"
    assert "pilot" not in hire


# --- seen by ----------------------------------------------------------------------------------------


def test_it_is_seen_by_those_in_it_and_who_manages_a_side(
    deal, firm, institute, buyer, inventor, desk
):
    colleague = MembershipFactory(organization=firm, role="contributor").user
    manager = MembershipFactory(organization=institute, role="manager").user
    stranger = MembershipFactory(role="owner").user
    sees = {
        person
        for person in (buyer, inventor, colleague, manager, stranger)
        if Deal.objects.visible_to(person).exists()
    }
    assert sees == {buyer, inventor, manager}
    Membership.objects.filter(user=buyer).delete()
    assert not Deal.objects.visible_to(buyer).exists()


def test_of_the_staff_the_responsible_officer_alone_reads_it(deal, officer):
    other, elsewhere = (
        staff_member("officers"),
        staff_member("provincial", staff_provinces=["01"]),
    )
    assert Deal.objects.visible_to(other).exists()
    assert not Deal.objects.visible_to(elsewhere).exists()
    keep_batch()
    Case.objects.filter(kind="deal").update(officer=officer)
    assert Deal.objects.visible_to(officer).exists()
    assert not Deal.objects.visible_to(other).exists()


@pytest.mark.parametrize(
    ("role", "roles", "may"),
    [
        ("lead", NEGOTIATING, True),
        ("technical", NEGOTIATING, False),
        ("finance", MONEY, True),
        ("lead", SIGNING, False),
        ("signatory", SIGNING, True),
    ],
)
def test_each_role_does_its_own(deal, buyer, role, roles, may):
    DealMember.objects.filter(user=buyer).update(role=role)
    assert Deal.objects.bought_by(buyer, roles).exists() == may
    assert not Deal.objects.sold_by(buyer, frozenset(MemberRole)).exists()


def test_who_manages_both_sides_is_on_the_one_where_they_sit(deal, firm, institute, inventor):
    both = MembershipFactory(organization=firm, role="owner").user
    assert Deal.objects.bought_by(both, SIGNING).exists()
    MembershipFactory(organization=institute, user=both, role="owner")
    assert not Deal.objects.acted_on_by(both, NEGOTIATING).exists()
    DealMember.objects.create(deal=deal, organization=institute, user=both, role="negotiator")
    assert Deal.objects.sold_by(both, SIGNING).exists()
    assert not Deal.objects.bought_by(both, frozenset(MemberRole)).exists()


# --- ended ------------------------------------------------------------------------------------------


def test_it_ends_with_a_reason_and_what_is_not_paid_is_not_due(deal, milestones, buyer, inventor):
    with pytest.raises(DomainError, match="trong danh sách"):
        services.terminate_deal(deal, reason="moon", by=buyer)
    with pytest.raises(DomainError, match="ngắn gọn"):
        services.terminate_deal(deal, reason="other", by=buyer)

    services.terminate_deal(deal, reason="funding", note="Chưa vay được", by=buyer)

    assert (deal.state, deal.end_reason, deal.ended_by) == ("terminated", "funding", buyer)
    assert set(deal.milestones.values_list("state", flat=True)) == {"cancelled"}
    assert told("terminated") == {inventor}
    with pytest.raises(InvalidTransition, match="đã dừng"):
        services.terminate_deal(deal, reason="price", by=inventor)


@pytest.mark.parametrize("start", DealState)
@pytest.mark.parametrize("to", DealState)
def test_only_what_the_table_allows(deal, buyer, start, to):
    ended = {"ended_at": clock.now()} if start in ("completed", "terminated") else {}
    why = {"end_reason": "price"} if start == "terminated" else {}
    Deal.objects.update(state=start, **ended, **why)
    also = {"ended_at": clock.now()} if to in ("completed", "terminated") else {}
    also |= {"end_reason": "price"} if to == "terminated" else {}
    if to in DEAL_TRANSITIONS.get(start, ()):
        move(deal, to, by=buyer, also=also)
        assert deal.state == to
    else:
        with pytest.raises(InvalidTransition):
            move(deal, to, by=buyer, also=also)
        assert Deal.objects.get().state == start


@pytest.mark.parametrize(
    "wrong",
    [{"state": "completed"}, {"ended_at": "2026-01-01T00:00Z"}, {"end_reason": "price"}],
)
def test_the_database_refuses_what_the_table_does_not_know(deal, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.update(**wrong)


def test_its_case_follows_it(deal, institute, buyer):
    keep_batch()
    case = Case.objects.get(kind="deal")
    assert (case.subject, case.organization, case.is_open) == (deal.public_id, institute, True)
    services.terminate_deal(deal, reason="price", by=buyer)
    keep_batch()
    assert not Case.objects.get(kind="deal").is_open


@pytest.mark.parametrize("role", [MemberRole.LEAD, MemberRole.OBSERVER])
@pytest.mark.parametrize("roles", [EVERYBODY, WRITING, SIGNING], ids=["all", "writing", "signing"])
def test_one_is_on_the_side_that_the_database_finds(deal, firm, institute, buyer, role, roles):
    """The rule is said twice, for rows and for one deal: both say the same of everybody."""
    ranks = [None, "owner", "manager", "viewer"]
    found = []
    for at_buyer, at_seller, seated in product(ranks, ranks, [None, firm, institute]):
        person = UserFactory()
        for side, rank in ((firm, at_buyer), (institute, at_seller)):
            if rank:
                MembershipFactory(user=person, organization=side, role=rank)
        if seated:
            deal.members.create(organization=seated, user=person, role=role)
        standing = Standing(person)
        acts = {BUYER: Deal.objects.bought_by, SELLER: Deal.objects.sold_by}
        for side, rows in acts.items():
            held = rows(person, roles).filter(pk=deal.pk).exists()
            assert standing.is_for(side, deal, roles) == held, (at_buyer, at_seller, seated, side)
            found.append(held)
    assert {True, False} == set(found)
