"""Who may do what with the people of an organisation, asked at the pages; what is refused changes nothing."""

import pytest
from django.urls import reverse

from marketplace.accounts import services
from marketplace.accounts.invitation_tokens import token_of
from marketplace.accounts.models import (
    JoinRequest,
    MemberInvitation,
    Membership,
    OwnershipTransfer,
)
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    asked_again,
    proved,
    second_factor,
)

pytestmark = pytest.mark.django_db
CAST = ["owner", "colleague", "stranger", "curator", "nobody"]


@pytest.fixture
def organization():
    return OrganizationFactory(name="Viện Cơ điện", status="claimed")


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization, user=proved(UserFactory())).user


@pytest.fixture
def viewer(organization, owner):
    return MembershipFactory(organization=organization, role="viewer")


@pytest.fixture(params=CAST)
def person(request, organization, owner, client):
    if request.param == "nobody":
        return request.param
    user = owner
    if request.param == "colleague":
        user = MembershipFactory(organization=organization, role="contributor").user
    elif request.param != "owner":
        user = UserFactory(is_staff=request.param == "curator")
    second_factor(user)
    client.force_login(user)
    asked_again(client)
    return request.param


def state():
    return [
        sorted(model.objects.values_list("pk", *fields))
        for model, fields in (
            (Membership, ["role"]),
            (MemberInvitation, ["state", "token_hash"]),
            (JoinRequest, ["state"]),
            (OwnershipTransfer, ["state"]),
        )
    ]


def post(client, name, *args, **data):
    return client.post(reverse(f"accounts:{name}", args=args), data)


def check(response, person, before, *, allowed=("owner",), refused=404):
    """Who may is led on and something changed; nobody is asked to sign in; others learn nothing."""
    if person in allowed:
        assert response.status_code == 302, response.content.decode()
        assert state() != before
    else:
        assert response.status_code == (302 if person == "nobody" else refused)
        assert person != "nobody" or response["Location"].startswith(reverse("account_login"))
        assert state() == before


def test_people_are_shown_to_their_colleagues(client, person, organization, viewer):
    sent = services.invite_member(
        organization,
        email="moi@example.vn",
        role="viewer",
        by=organization.memberships.first().user,
    )
    page = client.get(reverse("accounts:members", args=[organization.public_id]))

    if person in ("owner", "colleague"):
        assert viewer.user.email in page.content.decode()
        assert (sent.email in page.content.decode()) == (person == "owner")
    else:
        assert page.status_code == (302 if person == "nobody" else 404)


def test_invite(client, person, organization):
    before = state()
    response = post(
        client, "invite_member", organization.public_id, email="moi@example.vn", role="viewer"
    )
    check(response, person, before)


@pytest.mark.parametrize("act", ["gui-lai", "thu-hoi"])
def test_letter_sent_again_or_taken_back(client, person, organization, owner, act):
    sent = services.invite_member(organization, email="moi@example.vn", role="viewer", by=owner)
    MemberInvitation.objects.update(created_at="2026-01-01T00:00Z")
    before = state()
    response = post(
        client, "answer_for_invitation", organization.public_id, sent.public_id, viec=act
    )
    check(response, person, before)


def test_change_of_role(client, person, organization, viewer):
    before = state()
    response = post(client, "change_role", organization.public_id, viewer.reference, role="manager")
    check(response, person, before)


def test_removal(client, person, organization, owner, viewer):
    heir = organization.memberships.get(user=owner)
    before = state()
    response = post(
        client,
        "remove_member",
        organization.public_id,
        viewer.reference,
        successor=heir.reference,
    )
    check(response, person, before)


def test_answer_to_a_request(client, person, organization):
    asked = services.ask_to_join(organization, user=UserFactory())
    before = state()
    response = post(
        client,
        "answer_join_request",
        organization.public_id,
        asked.public_id,
        viec="nhan",
        role="viewer",
    )
    check(response, person, before)


def test_offer_of_ownership(client, person, organization, viewer):
    before = state()
    response = post(
        client,
        "offer_ownership",
        organization.public_id,
        taker=viewer.reference,
        role_after="manager",
    )
    check(response, person, before)


@pytest.mark.parametrize("act", ["nhan", "tu-choi"])
def test_ownership_is_accepted_by_nobody_else(client, person, organization, owner, viewer, act):
    transfer = services.offer_ownership(organization, taker=viewer, by=owner)
    before = state()
    response = post(client, "transfer", transfer.public_id, viec=act)
    check(response, person, before, allowed=(), refused=302 if person == "owner" else 404)


def test_offer_is_taken_back_by_who_made_it(client, person, organization, owner, viewer):
    transfer = services.offer_ownership(organization, taker=viewer, by=owner)
    before = state()
    response = post(client, "transfer", transfer.public_id, viec="rut")
    check(response, person, before)


def test_request_is_withdrawn_by_who_made_it(client, person, organization):
    asked = services.ask_to_join(organization, user=UserFactory())
    before = state()
    response = post(client, "withdraw_join_request", asked.public_id)
    check(response, person, before, allowed=())


def test_request_to_join_is_for_whoever_is_no_member(client, person, organization):
    before = state()
    response = post(client, "ask_to_join", organization.public_id, note="Phòng Kỹ thuật")
    check(response, person, before, allowed=("stranger", "curator"), refused=302)


def test_letter_of_another_is_no_key(client, person, organization, owner):
    sent = services.invite_member(organization, email="moi@example.vn", role="viewer", by=owner)
    before = state()
    by_link = post(client, "join_by_letter", token_of(sent), viec="nhan")
    check(by_link, person, before, allowed=(), refused=403)
    by_page = post(client, "answer_invitation", sent.public_id, viec="nhan")
    check(by_page, person, before, allowed=())


# --- one's own letter, one's own leave ----------------------------------------------------------


def test_invited_person_comes_in_by_the_link_and_acts_for_the_organization(
    client, organization, owner
):
    sent = services.invite_member(organization, email="moi@example.vn", role="viewer", by=owner)
    address = reverse("accounts:join_by_letter", args=[token_of(sent)])
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert "moi@example.vn" not in page.content.decode()

    client.force_login(proved(UserFactory(email="moi@example.vn")))
    response = client.post(address, {"viec": "nhan"})

    assert response["Location"] == reverse("accounts:my_organizations")
    assert client.session["acting_organization"] == organization.public_id
    again = client.get(address)
    assert again.status_code == 410
    assert "Thư mời này đã được dùng." in again.content.decode()


def test_invited_person_with_an_account_answers_on_their_own_page(client, organization, owner):
    user = proved(UserFactory(email="moi@example.vn"))
    sent = services.invite_member(organization, email="MOI@example.vn", role="viewer", by=owner)
    client.force_login(user)
    assert "Viện Cơ điện" in client.get(reverse("accounts:my_organizations")).content.decode()

    post(client, "answer_invitation", sent.public_id, viec="tu-choi")

    assert MemberInvitation.objects.get().state == "declined"
    assert not user.memberships.exists()


def test_member_leaves(client, organization, owner, viewer):
    client.force_login(viewer.user)
    address = reverse("accounts:remove_member", args=[organization.public_id, viewer.reference])
    heir = organization.memberships.get(user=owner)
    assert heir.reference in client.get(address).content.decode()

    client.post(address, {"successor": heir.reference})

    assert not viewer.user.memberships.exists()
    assert client.get(address).status_code == 404


def test_last_owner_is_told_what_to_do(client, organization, owner, viewer):
    client.force_login(owner)
    own = organization.memberships.get(user=owner)
    address = reverse("accounts:remove_member", args=[organization.public_id, own.reference])

    page = client.post(address, {"successor": viewer.reference})

    assert "Hãy chuyển quyền chủ tài khoản cho người khác trước" in page.content.decode()
    assert owner.memberships.exists()


def test_only_person_of_an_organization_is_told_what_to_do(client, organization, owner):
    client.force_login(owner)
    own = organization.memberships.get(user=owner)
    address = reverse("accounts:remove_member", args=[organization.public_id, own.reference])

    assert "Bạn là người duy nhất" in client.get(address).content.decode()
    assert client.post(address, {"successor": own.reference}).status_code == 200
    assert owner.memberships.exists()


def test_roles_are_named_in_the_readers_language(client, organization, owner, viewer):
    client.force_login(owner)
    page = client.get(f"/en/to-chuc/{organization.public_id}/chuyen-chu/").content.decode()

    assert ">Manager<" in page
    assert "Quản lý" not in page


# --- what cannot be taken back asks once more ---------------------------------------------------


@pytest.mark.parametrize("factor", [False, True])
@pytest.mark.parametrize("step", ["grant", "offer", "accept"])
def test_ownership_moves_with_a_second_factor_asked_anew(
    client, organization, owner, viewer, step, factor
):
    actor, name, args, data = owner, "change_role", [viewer.reference], {"role": "owner"}
    if step == "offer":
        name, args = "offer_ownership", []
        data = {"taker": viewer.reference, "role_after": "manager"}
    if step == "accept":
        transfer = services.offer_ownership(organization, taker=viewer, by=owner)
        actor, data = viewer.user, {"viec": "nhan"}
    path = (
        reverse("accounts:transfer", args=[transfer.public_id])
        if step == "accept"
        else reverse(f"accounts:{name}", args=[organization.public_id, *args])
    )
    if factor:
        second_factor(actor)
    client.force_login(actor)
    before = state()

    response = client.post(path, data)

    expected = reverse("account_reauthenticate") if factor else reverse("mfa_index")
    assert response.status_code == 302
    assert response["Location"].startswith((expected, reverse("mfa_reauthenticate")))
    assert state() == before
    if factor:
        # The password once more, and what was sent goes on by itself.
        client.post(response["Location"], {"password": "mat-khau-thu"})
        assert state() != before
