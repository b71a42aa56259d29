"""The desk for requests to join that nobody answered."""

import pytest

from marketplace.accounts.models import JoinRequest
from marketplace.accounts.services import ask_to_join
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """Of an organisation without an owner: on the desk at once."""
    organization = OrganizationFactory(name="Viện Cơ điện", status="claimed")
    return ask_to_join(
        organization, user=UserFactory(full_name="Trần Thị Chờ"), note="Phòng Kỹ thuật"
    )


@pytest.mark.parametrize("person", ["officer", "lead", "poster", "administrator"])
@pytest.mark.parametrize("act", ["nhan", "tu-choi"])
def test_who_verifies_organizations_decides(asked, as_user, person, act, request):
    client = as_user(request.getfixturevalue(person))
    page = client.get("/admin/de-nghi-tham-gia/")
    assert ("Trần Thị Chờ" in page.content.decode()) == (person != "poster")

    client.post(f"/admin/de-nghi-tham-gia/quyet-dinh/{asked.pk}/", {"viec": act, "role": "owner"})

    decides = person in ("lead", "administrator")
    asked.refresh_from_db()
    assert (asked.state != "open") == decides
    assert asked.user.memberships.filter(role="owner").exists() == (decides and act == "nhan")


def test_requests_that_owners_can_answer_are_not_on_the_desk(as_user, lead):
    organization = MembershipFactory(organization__name="Công ty Có Chủ").organization
    mine = ask_to_join(organization, user=UserFactory(full_name="Lê Văn Đợi"))
    client = as_user(lead)
    assert "Lê Văn Đợi" not in client.get("/admin/de-nghi-tham-gia/").content.decode()

    client.post(f"/admin/de-nghi-tham-gia/quyet-dinh/{mine.pk}/", {"viec": "nhan"})

    assert JoinRequest.objects.get(pk=mine.pk).state == "open"
