"""A standard licence while others act on it, and while the server is killed: one is first, and nothing is doubled."""

from dataclasses import replace

import pytest

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.deals.models import (
    ContractRecord,
    Deal,
    ExpressionOfInterest,
    LicenceAcceptance,
    SheetAcceptance,
    StandardLicence,
)
from marketplace.deals.services.licences import offer_licence, withdraw_licence
from marketplace.notifications.models import Notice
from marketplace.payments.models import Payment, Posting
from marketplace.payments.services.licences import buy_licence
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import OfferFactory
from tests.payments.test_licences import ONCE, TERMS
from tests.threads import together

# On the larger size alone: what both see is what the server has committed by then.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signer(institute):
    return MembershipFactory(organization=institute, role="owner").user


@pytest.fixture
def director(firm):
    return MembershipFactory(organization=firm, role="owner").user


@pytest.fixture
def offer(institute, signer):
    return OfferFactory(organization=institute, contact=signer, published=True)


@pytest.fixture
def licence(offer, signer):
    return offer_licence(offer, kind="offer", terms=TERMS, by=signer)


def bought(licence, account, buyer, by):
    row = StandardLicence.objects.get(pk=licence.pk)
    return buy_licence(row, buyer=buyer, account=account, sha256=row.sha256, by=by)


def rows():
    return {
        model.__name__: model.objects.count()
        for model in (
            ExpressionOfInterest, Deal, SheetAcceptance, ContractRecord, LicenceAcceptance, Payment,
        )
    }  # fmt: skip


ONE = {
    "ExpressionOfInterest": 1, "Deal": 1, "SheetAcceptance": 2, "ContractRecord": 1,
    "LicenceAcceptance": 1, "Payment": 1,
}  # fmt: skip


def test_accepted_while_it_is_taken_back(licence, account, firm, director, signer):
    refused = together(
        lambda: bought(licence, account, firm, director),
        lambda: withdraw_licence(StandardLicence.objects.get(), by=signer),
    )
    # Taken back after it was accepted, the contract stands; before, there is none.
    assert StandardLicence.objects.get().state == "withdrawn"
    if refused:
        assert [type(one) for one in refused] == [InvalidTransition]
        assert set(rows().values()) == {0}
    else:
        assert rows() == ONE


def test_accepted_while_another_version_takes_its_place(
    licence, offer, account, firm, director, signer
):
    refused = together(
        lambda: bought(licence, account, firm, director),
        lambda: offer_licence(offer, kind="offer", terms=ONCE, by=signer),
    )
    licence.refresh_from_db()
    assert licence.state == "replaced"
    assert rows() == (ONE if not refused else dict.fromkeys(ONE, 0))


def test_accepted_twice_at_once_it_is_one_contract(licence, account, firm, director):
    other = MembershipFactory(organization=firm, role="owner").user
    refused = together(
        lambda: bought(licence, account, firm, director),
        lambda: bought(licence, account, firm, other),
    )
    assert refused == []
    assert rows() == ONE


def test_an_exclusive_one_goes_to_one_of_two_buyers(offer, account, firm, director, signer):
    licence = offer_licence(offer, kind="offer", terms=replace(ONCE, is_exclusive=True), by=signer)
    late = MembershipFactory(role="owner")
    refused = together(
        lambda: bought(licence, account, firm, director),
        lambda: bought(licence, account, late.organization, late.user),
    )
    assert [type(one) for one in refused] == [InvalidTransition]
    assert rows() == ONE
    assert StandardLicence.objects.get().state == "taken"


def test_two_owners_offer_at_once_and_one_version_stands(offer, institute, signer):
    other = MembershipFactory(organization=institute, role="owner").user
    together(
        lambda: offer_licence(offer, kind="offer", terms=TERMS, by=signer),
        lambda: offer_licence(offer, kind="offer", terms=ONCE, by=other),
    )
    assert StandardLicence.objects.filter(state="offered").count() == 1


IMPORTS = (
    "from marketplace.accounts.models import Organization, User; "
    "from marketplace.deals.models import StandardLicence; "
    "from marketplace.payments.models import PayeeAccount; "
    "from marketplace.payments.services.licences import buy_licence"
)
BUY = (
    "buy_licence(StandardLicence.objects.get(pk={licence}), buyer=Organization.objects.get(pk={buyer}), "
    "account=PayeeAccount.objects.get(pk={account}), sha256='{sha256}', by=User.objects.get(pk={by}))"
)


@pytest.mark.kill
def test_killed_anywhere_it_is_one_contract_and_one_payment(
    licence, account, firm, director, kill_stage
):
    said = BUY.format(
        licence=licence.pk, buyer=firm.pk, account=account.pk, sha256=licence.sha256, by=director.pk
    )
    assert kill_stage(said, IMPORTS, count=12, most=90) >= 4
    bought(licence, account, firm, director)
    assert rows() == ONE
    assert AuditEntry.objects.filter(action="licence.taken").count() == 1
    assert Posting.objects.filter(what="agreed").count() == 2
    assert Notice.objects.filter(retired_at=None, context__event="contracted").count() == 1
    deal = Deal.objects.get()
    assert (deal.state, deal.milestones.count()) == ("contracted", 2)
