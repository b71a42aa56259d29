"""The page by which an organisation is known, and the form behind it."""

import pytest
from django.urls import reverse

from marketplace.accounts.models import OrganizationCertificate
from marketplace.accounts.profile_gaps import profile_gaps
from marketplace.privacy.services import give_consent, withdraw_consent
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import EquipmentFactory

pytestmark = pytest.mark.django_db

ROWS = {
    "certificates-TOTAL_FORMS": "2",
    "certificates-INITIAL_FORMS": "0",
    "certificates-0-title": "ISO 9001",
    "certificates-0-number": "VN-17",
    "certificates-0-valid_until": "2028-05-01",
}


@pytest.fixture
def organization():
    return OrganizationFactory(
        name="Viện Cơ điện", name_en="Institute of Mechanics", status="claimed"
    )


@pytest.fixture
def expert(organization):
    user = UserFactory(
        full_name="Lê Thị Chuyên Gia", email="chuyen-gia@example.vn", phone="0912345678",
        job_title="Trưởng phòng Sấy", expertise="Thiết kế máy sấy lạnh",
    )  # fmt: skip
    return MembershipFactory(organization=organization, user=user).user


def page_of(client, organization):
    return client.get(organization.get_absolute_url()).content.decode()


def test_people_are_shown_field_by_field_while_they_agree(client, organization, expert):
    assert expert.full_name not in page_of(client, organization)
    give_consent(expert, "show_phone")
    assert expert.phone not in page_of(client, organization)  # nobody without a name

    give_consent(expert, "show_name")

    page = page_of(client, organization)
    assert expert.full_name in page
    assert expert.job_title in page
    assert expert.phone in page
    assert expert.email not in page
    assert expert.expertise not in page
    withdraw_consent(expert, "show_name")
    assert expert.phone not in page_of(client, organization)


def test_who_left_is_no_longer_shown(client, organization, expert):
    give_consent(expert, "show_name")
    expert.memberships.all().delete()

    assert expert.full_name not in page_of(client, organization)


def test_certificates_are_written_and_said_to_be_ones_own_word(client, organization, expert):
    client.force_login(expert)
    edit = reverse("accounts:edit_organization", args=[organization.public_id])
    form = {"name": organization.name, "kind": "institute"}

    more = client.post(edit, form | ROWS | {"them-dong": "certificates"}).content.decode()
    assert "certificates-2-title" in more
    assert not OrganizationCertificate.objects.exists()
    nameless = client.post(edit, form | ROWS | {"certificates-0-title": ""}).content.decode()
    assert "Hãy ghi tên chứng nhận" in nameless
    client.post(edit, form | ROWS)
    client.post(edit, form)  # a form without the rows leaves them

    page = page_of(client, organization)
    assert "ISO 9001" in page
    assert "Tổ chức tự khai" in page
    client.post(edit, form | ROWS | {f"certificates-0-{name}": "" for name in ("title", "number", "valid_until")})  # fmt: skip
    assert not OrganizationCertificate.objects.exists()


def test_equipment_for_shared_use_stands_apart(client, organization):
    shared = EquipmentFactory(
        organization=organization,
        published=True,
        title="Buồng thử mù muối",
        supply_modes=["shared_use"],
    )
    sold = EquipmentFactory(
        organization=organization, published=True, title="Máy ép cũ", supply_modes=["sale"]
    )

    page = page_of(client, organization)

    assert page.index("Thiết bị dùng chung") < page.index(shared.title) < page.index(sold.title)
    assert page.count(shared.title) == 1


def test_page_leads_with_the_name_of_its_language(client, organization):
    assert "<h1>Viện Cơ điện</h1>" in page_of(client, organization)
    english = client.get(f"/en{organization.get_absolute_url()}").content.decode()
    assert "<h1>Institute of Mechanics</h1>" in english


def test_what_a_reader_lacks_is_told_to_those_who_can_mend_it(client, organization, expert):
    said = [str(gap.message) for gap in profile_gaps(organization)]
    assert len(said) == 7
    assert "Người xem còn thiếu gì" not in page_of(client, organization)
    client.force_login(expert)
    page = page_of(client, organization)
    assert all(message in page for message in said)

    give_consent(expert, "show_name")
    EquipmentFactory(organization=organization, published=True)
    left = {str(gap.message) for gap in profile_gaps(organization)}
    assert len(left) == 5
    assert not any("Hỏi ai" in message or "Đang cần gì" in message for message in left)
