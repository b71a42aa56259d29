import pytest
from django.urls import reverse

from marketplace.matching.unmet import unmet_needs_for
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unmet(enterprise, others, tick):
    need = NeedFactory(
        organization=enterprise,
        title="Kéo sợi para-aramid cho vải chống đâm",
        summary="Cần dây chuyền kéo sợi para-aramid.",
        problem="Đang nhập toàn bộ.",
        field_codes=["20501"],
        published=True,
    )
    tick()
    return need


def test_institutes_of_its_field_see_an_unmet_need(client, unmet):
    member = MembershipFactory()
    OfferFactory(organization=member.organization, field_codes=["20503"], published=True)

    (run,) = unmet_needs_for(member.user, 5)
    client.force_login(member.user)
    page = client.get(reverse("matching:needs_for_us")).content.decode()

    assert run.need == unmet
    assert unmet.title in page


def test_others_and_its_own_people_do_not(unmet, owner):
    elsewhere = MembershipFactory()
    OfferFactory(organization=elsewhere.organization, field_codes=["40107"], published=True)
    OfferFactory(organization=unmet.organization, field_codes=["20501"], published=True)

    assert unmet_needs_for(elsewhere.user, 5) == []
    assert unmet_needs_for(owner, 5) == []
    assert unmet_needs_for(UserFactory(), 5) == []
