"""What a submission would meet if it were published now, with the first reason in words."""

import pytest

from marketplace.matching.expecting import expected_matches
from marketplace.matching.models import Match
from tests.factories.listings import OfferFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("submitted", ["need", "offer"])
def test_submission_is_told_what_it_would_meet_and_why(submitted, mango_need, others, index):
    offer = OfferFactory(**DRYER)
    index()

    found = expected_matches(mango_need if submitted == "need" else offer)

    met = {"need": offer, "offer": mango_need}[submitted]
    assert [one.title for one in found][0] == met.title
    assert found[0].probability > 0.3
    assert "xoài" in found[0].reason.lower()
    assert not Match.objects.exists()
