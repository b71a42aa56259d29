"""The staff desk and the claim of a profile: once, in time, by the link alone, killed or not."""

from datetime import timedelta

import pytest

from marketplace.accounts import dependents, services
from marketplace.accounts.fronts import default_front
from marketplace.accounts.models import ClaimInvitation, Membership, Outreach, OutreachState
from marketplace.accounts.services.claims import InvitationUnusable
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from tests.factories.accounts import OrganizationFactory, OutreachFactory, UserFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db):
    return UserFactory(is_staff=True)


@pytest.fixture
def invited(curator):
    """An invited organisation with a result: (organisation, token)."""
    case = OutreachFactory()
    ResultFactory(organization=case.organization)
    _invitation, token = services.create_invitation(case, by=curator)
    return case.organization, token


# --- cases ------------------------------------------------------------------------------------


def test_one_open_case_an_organisation():
    organization = OrganizationFactory(unclaimed=True)

    first = services.open_outreach(organization, reason="NC-00001")
    again = services.open_outreach(organization, reason="NC-00002")

    assert first == again
    assert again.reason == "NC-00001"


def test_closed_case_is_followed_by_a_new_one(curator):
    organization = OrganizationFactory(unclaimed=True)
    first = services.open_outreach(organization, reason="NC-00001")
    services.move_outreach(first, OutreachState.CLOSED, by=curator, reason="không liên lạc được")

    assert services.open_outreach(organization, reason="NC-00002") != first


def test_no_case_for_who_is_here():
    assert services.open_outreach(OrganizationFactory(), reason="NC-00001") is None


def test_first_call_says_that_the_organisation_was_reached(curator):
    case = OutreachFactory()

    services.log_call(
        case, by=curator, note="Gặp chị Hoa, hẹn gửi thư", next_action_on=clock.today()
    )
    services.log_call(case, by=curator, note="Đã nhận thư")

    assert case.state == OutreachState.CONTACTED
    assert case.calls.count() == 2
    assert case.next_action_on is None


def test_call_without_a_note_is_no_call(curator):
    with pytest.raises(DomainError):
        services.log_call(OutreachFactory(), by=curator, note="  ")


@pytest.mark.parametrize("state", [OutreachState.CLOSED, OutreachState.CLAIMED])
def test_ended_case_takes_nothing_more(curator, state):
    case = OutreachFactory(state=state)

    with pytest.raises(InvalidTransition):
        services.log_call(case, by=curator, note="x")
    with pytest.raises(InvalidTransition):
        services.create_invitation(case, by=curator)
    with pytest.raises(InvalidTransition):
        services.move_outreach(case, OutreachState.OPEN, by=curator)


def test_request_by_a_user_becomes_a_case_with_a_contact():
    organization = OrganizationFactory(unclaimed=True)
    user = UserFactory(phone="0912345678")

    case = services.request_claim(organization, user=user)

    assert (case.contact_email, case.contact_phone) == (user.email, "0912345678")
    assert not Membership.objects.exists()


# --- invitations ------------------------------------------------------------------------------


def test_only_the_hash_of_a_token_is_kept(invited):
    _organization, token = invited

    assert len(token) == 30
    assert token not in str(list(ClaimInvitation.objects.values()))
    assert services.open_invitation(f" {token.upper()} ")


def test_letter_is_a_pdf_with_the_link(curator):
    invitation, token = services.create_invitation(OutreachFactory(), by=curator)

    pdf = services.invitation_letter(invitation, token, default_front())

    assert pdf.startswith(b"%PDF")


def test_claim_makes_an_owner_and_passes_everything_on(invited):
    organization, token = invited
    user = UserFactory()
    followed = []
    dependents.register_claim_follow_up(followed.append)

    try:
        claimed = services.claim_organization(token, user=user)
    finally:
        dependents._claim_follow_ups.remove(followed.append)

    assert claimed == organization
    assert claimed.status == "claimed"
    assert claimed.content_version == 2
    assert claimed.results.get().content_version == 2
    assert Membership.objects.get().role == "owner"
    assert Outreach.objects.get().state == OutreachState.CLAIMED
    assert followed == [organization]
    assert AuditEntry.objects.filter(action="status.claimed").exists()


def test_link_works_once(invited):
    _organization, token = invited
    services.claim_organization(token, user=UserFactory())

    with pytest.raises(InvitationUnusable) as error:
        services.claim_organization(token, user=UserFactory())

    assert error.value.reason == "used"
    assert Membership.objects.count() == 1


def test_second_letter_is_worthless_after_the_first_was_used(invited, curator):
    organization, token = invited
    _second, other = services.create_invitation(Outreach.objects.get(), by=curator)
    services.claim_organization(token, user=UserFactory())

    with pytest.raises(InvitationUnusable) as error:
        services.claim_organization(other, user=UserFactory())

    assert error.value.reason == "claimed"


def test_link_expires(invited, frozen_clock):
    _organization, token = invited
    ClaimInvitation.objects.update(expires_at=frozen_clock.moment + timedelta(days=1))
    frozen_clock.move(days=2)

    with pytest.raises(InvitationUnusable) as error:
        services.claim_organization(token, user=UserFactory())

    assert error.value.reason == "expired"


def test_unknown_link_opens_nothing():
    with pytest.raises(InvitationUnusable) as error:
        services.open_invitation("khong-co")

    assert error.value.reason == "unknown"


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_claim_killed_before_its_end_can_be_made_again(other_process):
    case = OutreachFactory()
    user = UserFactory()
    _invitation, token = services.create_invitation(case, by=UserFactory(is_staff=True))
    process = other_process(
        f"""
        import time
        from marketplace.accounts import dependents, services
        from marketplace.accounts.models import User
        def stop(organization):
            print("claimed", flush=True)
            time.sleep(60)
        dependents.register_claim_follow_up(stop)
        services.claim_organization({token!r}, user=User.objects.get(pk={user.pk}))
        """
    )
    process.wait_for("claimed")
    process.kill()

    case.organization.refresh_from_db()
    assert case.organization.status == "unclaimed"
    services.claim_organization(token, user=user)
    assert Membership.objects.count() == 1
