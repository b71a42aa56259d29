"""The whole way of a deal, ended by SIGKILL after twenty statements chosen by a seed, and gone on with each time."""

import pytest

from marketplace.listings.models import TechnologyOffer
from tests.deals.walking import faults_of_books, outcome, walk
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import OfferFactory
from tests.factories.payments import verified_account

# On the larger size alone: the issue of a kill is what a server has committed by then.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.kill,
    pytest.mark.postgres,
]

STAGE = """walk(
    TechnologyOffer.objects.get(pk={offer}), asker=Organization.objects.get(pk={asker}),
    buying=User.objects.get(pk={buying}), selling=User.objects.get(pk={selling}),
)"""
IMPORTS = """
from marketplace.accounts.models import Organization, User
from marketplace.listings.models import TechnologyOffer
from tests.deals.walking import walk
"""


def test_from_interest_to_a_paid_milestone_once_wherever_it_is_ended(
    offer, firm, institute, kill_stage
):
    buying = MembershipFactory(organization=firm, role="owner").user
    selling = MembershipFactory(organization=institute, role="owner").user
    verified_account(institute)
    undisturbed = OfferFactory(organization=institute, contact=selling, published=True)
    cast = {"asker": firm, "buying": buying, "selling": selling}
    walk(TechnologyOffer.objects.get(pk=undisturbed.pk), **cast)
    wanted = outcome(undisturbed)
    assert wanted["milestones"] == [(1, "paid"), (2, "planned")]

    said = STAGE.format(offer=offer.pk, **{name: one.pk for name, one in cast.items()})
    killed = kill_stage(
        " ".join(said.split()), "; ".join(IMPORTS.strip().splitlines()), count=20, most=60
    )
    walk(TechnologyOffer.objects.get(pk=offer.pk), **cast)
    assert killed >= 8
    assert outcome(offer) == wanted
    assert faults_of_books([firm, institute]) == []
