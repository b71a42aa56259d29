"""Organisations found, made, renamed and verified."""

import pytest

from marketplace.accounts import services
from marketplace.accounts.models import FormerName, Membership, Organization
from marketplace.accounts.services.organizations import OrganizationExists
from marketplace.core.errors import DomainError, InvalidTransition
from tests.factories.accounts import CuratorFactory, OrganizationFactory, UserFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def test_find_or_create_gives_one_row_for_all_spellings():
    first = services.find_or_create_organization("Công ty Cổ phần Tân Phú")
    again = services.find_or_create_organization("CTCP Tân Phú", kind="institute")

    assert first == again
    assert (first.name, first.kind, first.status) == (
        "Công ty Cổ phần Tân Phú",
        "enterprise",
        "unclaimed",
    )
    assert first.name_folded == "cong ty co phan tan phu"


def test_find_or_create_many_takes_few_queries(django_assert_max_num_queries):
    names = [f"Viện số {n}" for n in range(300)] + ["VIỆN SỐ 7", "n/a", ""]

    with django_assert_max_num_queries(30):
        found = services.find_or_create_organizations(names)

    assert Organization.objects.count() == 300
    assert found["VIỆN SỐ 7"] == found["Viện số 7"]
    assert "n/a" not in found


def test_nobody_is_not_made():
    with pytest.raises(DomainError):
        services.find_or_create_organization(" – ")


def test_created_organisation_belongs_to_its_maker():
    user = UserFactory()

    organization = services.create_organization(user, name="Cơ khí Bình Minh", kind="enterprise")

    assert organization.status == "claimed"
    assert Membership.objects.get(user=user).role == "owner"
    assert list(user.organizations()) == [organization]


@pytest.mark.parametrize("status", ["unclaimed", "claimed", "verified"])
def test_known_organisation_is_not_taken_by_typing_its_name(status):
    known = OrganizationFactory(name="Viện Chăn nuôi", status=status)

    with pytest.raises(OrganizationExists) as error:
        services.create_organization(UserFactory(), name="VIỆN CHĂN NUÔI (NIAS)", kind="institute")

    assert error.value.organization == known
    assert Membership.objects.count() == 0


def test_tax_code_belongs_to_one_organisation():
    OrganizationFactory(tax_code="0100047516")

    with pytest.raises(DomainError, match="Mã số thuế"):
        services.create_organization(
            UserFactory(), name="Công ty Khác", kind="enterprise", tax_code="0100047516"
        )

    assert Organization.objects.count() == 1


def test_renamed_organisation_is_still_found_by_records_that_use_the_old_name():
    organization = OrganizationFactory(name="Công ty Cũ", status="claimed")

    services.update_organization(organization, by=UserFactory(), name="Công ty Mới")

    assert services.find_or_create_organization("Công ty cũ") == organization
    assert services.find_or_create_organization("Công ty mới") == organization
    services.update_organization(organization, by=UserFactory(), name="Công ty Cũ")
    assert FormerName.objects.get().name == "Công ty Mới"
    assert Organization.objects.count() == 1


def test_rename_to_a_known_name_is_refused():
    OrganizationFactory(name="Công ty A")
    other = OrganizationFactory(name="Công ty B", status="claimed")

    with pytest.raises(OrganizationExists):
        services.update_organization(other, by=UserFactory(), name="Cty A")


def test_change_of_profile_marks_what_shows_it():
    organization = OrganizationFactory(status="claimed")
    result = ResultFactory(organization=organization)
    other = ResultFactory()

    services.update_organization(organization, by=UserFactory(), province_code="01")

    result.refresh_from_db()
    other.refresh_from_db()
    assert (result.content_version, other.content_version) == (2, 1)
    assert organization.content_version == 2


def test_unchanged_profile_raises_no_version():
    organization = OrganizationFactory()

    services.update_organization(organization, by=UserFactory(), name=organization.name)

    assert organization.content_version == 1


def test_verified_tax_code_stays():
    organization = OrganizationFactory(tax_code="0100047516")

    with pytest.raises(DomainError):
        services.update_organization(organization, by=UserFactory(), tax_code="1801742453")


def test_verification_is_given_and_taken_back():
    organization = OrganizationFactory(status="claimed")
    curator = CuratorFactory()

    services.verify_organization(organization, by=curator)
    assert organization.is_verified
    assert organization.verified_at

    services.revoke_verification(organization, by=curator, reason="Giấy phép hết hạn")
    assert organization.status == "claimed"
    assert organization.verified_at is None


def test_unclaimed_organisation_cannot_be_verified():
    with pytest.raises(InvalidTransition):
        services.verify_organization(OrganizationFactory(unclaimed=True), by=CuratorFactory())


def test_names_are_found_with_and_without_marks():
    OrganizationFactory(name="Viện Dược liệu Pù Xai")
    OrganizationFactory(name="Công ty Dược Hà Nội")

    assert Organization.objects.named_like("vien duoc").count() == 1
    assert Organization.objects.named_like("Dược").count() == 2
    assert Organization.objects.named_like("dược 100%_").count() == 0
