"""Pages of organisations and people: who may read, who may write, and that nothing else changed."""

import pytest
from django.urls import reverse

from marketplace.accounts import services
from marketplace.accounts.models import Membership, Organization, Outreach
from marketplace.core import clock
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    OutreachFactory,
    UserFactory,
)
from tests.factories.listings import EquipmentFactory, NeedFactory, OfferFactory
from tests.factories.research import ResultFactory
from tests.research.registers import browse_all

pytestmark = pytest.mark.django_db

PROFILE = {"name": "Công ty Mới", "kind": "enterprise"}


@pytest.fixture
def organization():
    return OrganizationFactory(name="Công ty Cũ", status="claimed")


@pytest.fixture(params=["owner", "colleague", "stranger", "curator", "nobody"])
def person(request, organization, client):
    """The cast, signed in; `person.may` says who manages the organisation."""
    if request.param == "nobody":
        return request.param
    user = UserFactory(is_staff=request.param == "curator")
    if request.param in ("owner", "colleague"):
        role = "owner" if request.param == "owner" else "contributor"
        MembershipFactory(user=user, organization=organization, role=role)
    client.force_login(user)
    return request.param


def test_edit_is_for_those_who_manage(client, person, organization):
    url = reverse("accounts:edit_organization", args=[organization.public_id])

    response = client.post(url, PROFILE)

    organization.refresh_from_db()
    if person == "owner":
        assert response.status_code == 302
        assert organization.name == "Công ty Mới"
    else:
        assert response.status_code == (302 if person == "nobody" else 404)
        assert (organization.name, organization.content_version) == ("Công ty Cũ", 1)
        assert client.get(url).status_code == (302 if person == "nobody" else 404)


def test_switch_is_for_members(client, person, organization):
    response = client.post(
        reverse("accounts:switch_organization"), {"organization": organization.public_id}
    )

    if person in ("owner", "colleague"):
        assert client.session["acting_organization"] == organization.public_id
    else:
        assert response.status_code == (302 if person == "nobody" else 404)
        assert "acting_organization" not in client.session


def test_create_is_for_whoever_is_signed_in(client, person):
    response = client.post(reverse("accounts:create_organization"), PROFILE)

    assert response.status_code == 302
    assert Organization.objects.filter(name="Công ty Mới").exists() == (person != "nobody")


def test_request_to_claim_is_for_whoever_is_signed_in(client, person):
    unclaimed = OrganizationFactory(unclaimed=True)

    response = client.post(reverse("accounts:request_claim", args=[unclaimed.public_id]))

    assert response.status_code == 302
    assert Outreach.objects.exists() == (person != "nobody")
    assert not unclaimed.memberships.exists()


def test_profile_is_ones_own(client, person):
    response = client.post(
        reverse("accounts:profile"),
        {"full_name": "Tên Mới", "phone": "0912 345 678", "language": "en"},
    )

    assert response.status_code == 302
    if person != "nobody":
        user = Membership._meta.get_field("user").related_model.objects.get(full_name="Tên Mới")
        assert (user.phone, user.language) == ("0912345678", "en")


@pytest.mark.parametrize(
    "name", ["my_organizations", "find_organization", "create_organization", "profile"]
)
def test_own_pages_ask_to_sign_in(client, name):
    response = client.get(reverse(f"accounts:{name}"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# --- finding and making -----------------------------------------------------------------------


def test_find_shows_who_is_here_and_what_can_be_done(client, organization):
    unclaimed = OrganizationFactory(name="Viện Cũ Kỹ", status="unclaimed")
    client.force_login(UserFactory())

    page = client.post(reverse("accounts:find_organization"), {"ten": "cu"}).content.decode()

    assert organization.name in page
    assert unclaimed.name in page
    assert reverse("accounts:request_claim", args=[unclaimed.public_id]) in page
    assert reverse("accounts:request_claim", args=[organization.public_id]) not in page


def test_find_by_tax_code(client):
    OrganizationFactory(name="Công ty Đúng", tax_code="0100047516")
    client.force_login(UserFactory())

    page = client.post(reverse("accounts:find_organization"), {"ten": "0100 047 516"})

    assert "Công ty Đúng" in page.content.decode()


def test_known_name_keeps_what_was_typed_and_offers_the_claim(client):
    known = OrganizationFactory(name="Viện Chăn nuôi", status="unclaimed")
    client.force_login(UserFactory())

    page = client.post(
        reverse("accounts:create_organization"),
        {"name": "viện chăn nuôi", "kind": "institute", "tax_code": "0100047516"},
    ).content.decode()

    assert "0100047516" in page
    assert reverse("accounts:request_claim", args=[known.public_id]) in page
    assert Organization.objects.count() == 1


def test_wrong_tax_code_is_said_beside_the_field(client):
    client.force_login(UserFactory())

    response = client.post(
        reverse("accounts:create_organization"), PROFILE | {"tax_code": "0100047517"}
    )

    assert "chữ số kiểm tra" in response.context["form"].errors["tax_code"][0]


def test_second_click_makes_one_organisation(client):
    client.force_login(UserFactory())
    form = PROFILE | {"idempotency_key": "một"}

    first = client.post(reverse("accounts:create_organization"), form)
    again = client.post(reverse("accounts:create_organization"), form)

    assert first["Location"] == again["Location"]
    assert Organization.objects.count() == 1


def test_next_leads_nowhere_else(client, organization):
    client.force_login(MembershipFactory(organization=organization).user)

    response = client.post(
        reverse("accounts:switch_organization"),
        {"organization": organization.public_id, "next": "https://evil.example/"},
    )

    assert response["Location"] == reverse("accounts:my_organizations")


def test_membership_that_ended_acts_no_more(client, organization, rf):
    from marketplace.accounts.acting import acting_organization

    membership = MembershipFactory(organization=organization)
    other = MembershipFactory(user=membership.user, role="viewer").organization
    client.force_login(membership.user)
    client.post(reverse("accounts:switch_organization"), {"organization": organization.public_id})
    membership.delete()
    request = rf.get("/")
    request.user, request.session = membership.user, client.session

    assert acting_organization(request) == other


# --- public pages -----------------------------------------------------------------------------


def test_organisation_page_shows_results_and_listings(client):
    organization = OrganizationFactory(unclaimed=True)
    result = ResultFactory(organization=organization)
    browse_all()

    page = client.get(organization.get_absolute_url()).content.decode()

    assert result.title in page
    assert "chưa có tài khoản trên sàn" in page


def test_wrong_slug_moves_to_the_right_one(client, organization):
    url = reverse("accounts:organization", args=["khac", organization.public_id])

    response = client.get(url)

    assert response.status_code == 301
    assert response["Location"] == organization.get_absolute_url()


def test_hidden_organisation_is_not_found(client):
    hidden = OrganizationFactory(is_hidden=True)

    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert hidden.name not in client.get(reverse("accounts:organization_list")).content.decode()


def test_page_of_an_organisation_says_nothing_of_hidden_ownership(client, organization):
    need = NeedFactory(
        organization=organization, hide_owner=True, published=True, title="Canary nhu cầu"
    )

    page = client.get(organization.get_absolute_url()).content.decode()

    assert need.title not in page


def test_page_of_an_organisation_shows_what_it_posted(client, organization):
    shown = [
        factory(organization=organization, published=True)
        for factory in (NeedFactory, OfferFactory, EquipmentFactory)
    ]
    draft = NeedFactory(organization=organization)
    withdrawn = NeedFactory(
        organization=organization, live=False, withdrawn_at=clock.now(), title="Đã rút về"
    )

    page = client.get(organization.get_absolute_url()).content.decode()

    assert [row.get_absolute_url() in page for row in shown] == [True] * 3
    assert draft.public_id not in page
    assert withdrawn.title not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_has_a_fixed_number_of_queries(client, rows, django_assert_max_num_queries):
    for _row in range(rows):
        OrganizationFactory(unclaimed=True, province_code="01")
    client.get(reverse("accounts:organization_list"))  # names of codes are kept for a minute

    with django_assert_max_num_queries(5):
        client.get(reverse("accounts:organization_list"), {"q": "vien", "loai": "institute"})


@pytest.mark.parametrize("number", ["abc", "0", "99999999999999999999", "-1"])
def test_list_stands_odd_addresses(client, number):
    odd = {"page": number, "loai": "x" * 500, "tinh": "\x00'", "q": "%\0' OR 1=1 --" * 50}

    assert client.get(reverse("accounts:organization_list"), odd).status_code == 200


# --- claim ------------------------------------------------------------------------------------


@pytest.fixture
def invited():
    case = OutreachFactory()
    ResultFactory(organization=case.organization)
    _invitation, token = services.create_invitation(case, by=UserFactory(is_staff=True))
    return case.organization, reverse("accounts:claim", args=[token])


def test_claim_page_says_what_there_is_before_signing_in(client, invited):
    organization, url = invited

    response = client.get(url)
    page = response.content.decode()

    assert organization.name in page
    assert f"next={url}" in page
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-cache" in response["Cache-Control"]


def test_claim_without_signing_in_changes_nothing(client, invited):
    organization, url = invited

    response = client.post(url)

    assert response["Location"] == f"{reverse('account_login')}?next={url}"
    organization.refresh_from_db()
    assert organization.status == "unclaimed"


def test_claim_gives_the_profile_to_who_holds_the_letter(client, invited):
    organization, url = invited
    user = UserFactory()
    client.force_login(user)

    response = client.post(url)

    assert response["Location"] == reverse("accounts:my_organizations")
    assert organization.memberships.get().user == user
    assert client.get(url).status_code == 410


def test_unusable_letter_is_a_page_not_an_error(client):
    response = client.get(reverse("accounts:claim", args=["khong-co"]))

    assert response.status_code == 410
    assert "không đúng" in response.content.decode()


# --- sign-in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/password_reset/"])
def test_admin_leads_to_the_one_sign_in(client, path):
    response = client.get(path, follow=True)

    assert response.request["PATH_INFO"].startswith("/tai-khoan/")


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    response = client.get("/admin/")

    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")


def test_sign_up_keeps_name_and_language(client):
    client.post(
        f"/en{reverse('account_signup')}",
        {
            "email": "Moi@Example.vn",
            "full_name": "  Trần Mới ",
            "password1": "hoa-xoan-1975",
            "password2": "hoa-xoan-1975",
        },
    )

    user = Membership._meta.get_field("user").related_model.objects.get()
    assert (user.email, user.full_name, user.language) == ("moi@example.vn", "Trần Mới", "en")
