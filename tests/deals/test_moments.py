"""Both sides, or two colleagues, act at the same moment: one of them is first, and nothing is done twice."""

import pytest

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.deals.models import ContractRecord, Milestone, Release
from marketplace.deals.services import (
    accept_milestone,
    contracts,
    deliver_milestone,
    disclosure,
    return_milestone,
)
from marketplace.deals.services.terms import accept_terms, offer_terms, reopen_terms
from tests.factories.deals import offered_terms
from tests.factories.listings import OfferFactory
from tests.threads import together

# On the larger size alone: what both see is what the server has committed by then.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offer(institute, inventor):
    return OfferFactory(
        organization=institute, contact=inventor, confidential="62 độ", ip_status="granted",
        published=True,
    )  # fmt: skip


@pytest.fixture
def secret(deal, firm, institute, buyer, inventor):
    """A deal in which both have agreed on secrecy."""
    for side, person in ((firm, buyer), (institute, inventor)):
        disclosure.accept_agreement(
            deal, side=side, sha256=disclosure.agreement_of(deal).sha256, signed_as="lead",
            by_second_factor=False, by=person,
        )  # fmt: skip
    return deal


@pytest.fixture
def contract(deal, firm, institute, buyer, inventor):
    sheet = offer_terms(deal, offered_terms(), side=firm, by=buyer)
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    deal.refresh_from_db()
    return contracts.draw_contract(deal, by=buyer)


def confirm(contract, side, by):
    row = ContractRecord.objects.get(pk=contract.pk)
    return contracts.confirm_contract(
        row, side=side, sha256=row.sha256, signed_as="signatory", by=by
    )


def done(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_part_is_opened_by_two_colleagues_once(secret, inventor):
    refused = together(*[lambda: disclosure.release_text(secret, by=inventor)] * 2)
    assert [type(one) for one in refused] == [InvalidTransition]
    assert Release.objects.count() == done("disclosure.released") == 1


def test_a_part_is_opened_again_while_it_is_taken_back(secret, inventor):
    first = disclosure.release_text(secret, by=inventor)
    refused = together(
        lambda: disclosure.release_text(secret, by=inventor),
        lambda: disclosure.revoke_release(Release.objects.get(pk=first.pk), by=inventor),
    )
    # Opened again before it was taken back it is open already; afterwards it is a release of its own.
    first.refresh_from_db()
    assert not first.is_open
    open_now = [row for row in Release.objects.all() if row.is_open]
    assert len(open_now) == 1 - len(refused)
    assert Release.objects.count() == 2 - len(refused)
    assert done("disclosure.revoked") == 1


def test_both_sides_confirm_a_contract_and_it_is_in_force_once(
    contract, deal, firm, institute, buyer, inventor
):
    refused = together(
        lambda: confirm(contract, firm, buyer), lambda: confirm(contract, institute, inventor)
    )
    contract.refresh_from_db()
    deal.refresh_from_db()
    assert refused == []
    assert (contract.state, deal.state) == ("confirmed", "contracted")
    assert contract.confirmations.count() == 2
    assert list(deal.milestones.values_list("number", flat=True)) == [1, 2]


def test_a_contract_is_confirmed_while_the_other_side_reopens_the_terms(
    contract, deal, firm, institute, buyer, inventor
):
    confirm(contract, firm, buyer)
    refused = together(
        lambda: confirm(contract, institute, inventor),
        lambda: reopen_terms(deal, side=firm, by=buyer),
    )
    contract.refresh_from_db()
    deal.refresh_from_db()
    assert [type(one) for one in refused] == [InvalidTransition]
    assert (contract.state, deal.state) in [("confirmed", "contracted"), ("discarded", "talking")]
    assert deal.milestones.exists() == (deal.state == "contracted")


def test_work_is_accepted_and_given_back_at_the_same_moment(milestones, buyer, inventor):
    deliver_milestone(milestones[0], by=inventor)
    refused = together(
        lambda: accept_milestone(Milestone.objects.get(number=1), by=buyer),
        lambda: return_milestone(Milestone.objects.get(number=1), note="Thiếu", by=buyer),
    )
    row = Milestone.objects.get(number=1)
    assert [type(one) for one in refused] == [InvalidTransition]
    assert (row.work, bool(row.return_note)) in [("accepted", False), ("open", True)]
