"""What a draft would find, by which words, and needs like it that its poster may know of."""

import pytest

from marketplace.listings import services
from marketplace.listings.models import Need
from marketplace.matching.models import Match
from marketplace.matching.previewing import alike_needs, preview_need
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(enterprise, owner):
    made = services.create_draft(
        "need",
        organization=enterprise,
        contact=owner,
        text="Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt",
    )
    return services.draft_of(Need.objects.get(pk=made.pk))


def test_preview_counts_what_would_be_found_and_says_which_words_bring_it(draft, others, index):
    OfferFactory(**DRYER)
    ResultFactory()
    index()
    found = preview_need(draft)
    assert found.good >= 1
    assert not found.most
    assert len(found.first) == min(found.good, 3)
    words = {word.text: word for word in found.words}
    assert words["xoài"].named == found.good
    assert all(0 <= word.lost <= found.good for word in found.words)
    assert not Match.objects.exists(), "a preview keeps nothing"


def test_preview_goes_by_the_corrections(draft, others, owner, index):
    OfferFactory(**DRYER)
    index()
    assert "xoài" in {word.text for word in preview_need(draft).words}
    rows = [{"text": "xoài", "kind": "", "was": "material"}]
    services.save_draft(draft, changes={"reading_corrections": rows}, by=owner)
    again = services.draft_of(Need.objects.get(pk=draft.pk))
    assert "xoài" not in {word.text for word in preview_need(again).words}


def test_alike_needs_shows_own_outcomes_and_of_others_only_what_is_public(
    draft, mango_need, owner, tick
):
    OfferFactory(**DRYER)
    stranger_draft = NeedFactory(
        title="Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt", published=False
    )
    other = NeedFactory(
        title="Sấy xoài cắt lát bằng bơm nhiệt", summary="Máy sấy xoài giữ màu.", published=True
    )
    tick()

    seen = {one.need.pk: one for one in alike_needs(draft, owner)}

    assert stranger_draft.pk not in seen
    assert seen[mango_need.pk].is_own
    assert seen[mango_need.pk].matched == Match.objects.active().filter(need=mango_need).count() > 0
    assert not seen[other.pk].is_own
    assert seen[other.pk].matched == 0, "how many were found for others is theirs to know"
    assert draft.pk not in seen


def test_alike_needs_finds_ones_own_past_and_nobody_elses(draft, mango_need, owner, tick):
    tick()
    services.withdraw(mango_need, by=owner)
    tick()
    assert [one.need.pk for one in alike_needs(draft, owner)] == [mango_need.pk]
    assert alike_needs(draft, MembershipFactory().user) == []
