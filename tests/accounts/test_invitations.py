"""Letters that let one address in, once, in time; requests to be let in, which never lie unanswered."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from marketplace.accounts import services
from marketplace.accounts.emails import email_key, normal_email
from marketplace.accounts.invitation_tokens import hash_of, token_of
from marketplace.accounts.models import JoinRequest, MemberInvitation, Membership
from marketplace.accounts.services import invitations, join_requests
from marketplace.accounts.services.members import NotAllowed
from marketplace.accounts.tasks import joining
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Delivery, Letter, Notice
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    proved,
)

pytestmark = pytest.mark.django_db
ADDRESS = "nguoi.moi+san@example.vn"


@pytest.fixture
def owner():
    return MembershipFactory(organization__name="Viện Cơ điện").user


@pytest.fixture
def organization(owner):
    return owner.memberships.get().organization


@pytest.fixture
def invitation(organization, owner):
    return services.invite_member(organization, email=ADDRESS, role="contributor", by=owner)


@pytest.fixture
def invited():
    return proved(UserFactory(email=ADDRESS))


def unusable(invitation, user):
    with pytest.raises(services.MemberInvitationUnusable) as caught:
        services.accept_invitation(invitation, user=user)
    assert not user.memberships.exists()
    return caught.value.reason


# --- the letter -------------------------------------------------------------------------------


def test_letter_to_a_stranger_carries_the_link_that_lies_nowhere(invitation):
    deliver_batch()

    (letter,) = mail.outbox
    token = token_of(invitation)
    assert letter.to == [ADDRESS]
    assert reverse("accounts:join_by_letter", args=[token]) in letter.body
    assert "Viện Cơ điện" in letter.body
    assert services.open_member_invitation(token) == invitation
    assert invitation.token_hash == hash_of(token) != token
    stored = str([list(model.objects.values()) for model in (Delivery, Letter, MemberInvitation)])
    assert token not in stored
    assert Letter.objects.get().email == ""


def test_letter_of_a_withdrawn_invitation_never_leaves(invitation, owner):
    services.revoke_invitation(invitation, by=owner)

    deliver_batch()

    assert mail.outbox == []
    assert Delivery.objects.get().state == "cancelled"


def test_letter_killed_between_sending_and_marking_is_the_same_letter(invitation, monkeypatch):
    from marketplace.notifications import delivery as outbox

    class Killed(BaseException):
        pass

    def killed(*_args, **_changes):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_finish", killed)
        with pytest.raises(Killed):
            deliver_batch()
    Delivery.objects.update(claimed_until=clock.now())
    deliver_batch()

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_person_with_an_account_is_told_there(organization, owner, invited):
    services.invite_member(organization, email=ADDRESS.upper(), role="viewer", by=owner)
    deliver_batch()

    notice = Notice.objects.get(recipient=invited)
    assert notice.url == reverse("accounts:my_organizations")
    assert not Letter.objects.exists()
    assert [row.organization for row in services.invitations_for(invited)] == [organization]
    assert mail.outbox[0].to == [ADDRESS]


# --- accepted, once, by the right person, in time -----------------------------------------------


def test_invited_person_comes_in(invitation, invited, owner):
    membership = services.accept_invitation(invitation, user=invited)

    assert (membership.user, membership.role) == (invited, "contributor")
    assert Notice.objects.get(recipient=owner).context["what"] == "joined"


def test_used_letter_lets_nobody_else_in(invitation, invited):
    services.accept_invitation(invitation, user=invited)
    invited.memberships.all().delete()

    assert unusable(invitation, invited) == "used"
    with pytest.raises(services.MemberInvitationUnusable) as caught:
        services.open_member_invitation(token_of(invitation))
    assert caught.value.reason == "used"


def test_forwarded_letter_is_of_no_use(invitation):
    assert unusable(invitation, proved(UserFactory())) == "foreign"


def test_address_that_was_not_proved_is_of_no_use(invitation):
    assert unusable(invitation, UserFactory(email=ADDRESS)) == "foreign"


def test_address_without_the_plus_is_another(invitation):
    assert unusable(invitation, proved(UserFactory(email="nguoi.moi@example.vn"))) == "foreign"


def test_second_address_of_the_account_counts(invitation):
    user = proved(proved(UserFactory()), ADDRESS)

    assert services.accept_invitation(invitation, user=user).user == user


def test_expired_letter(invitation, invited, frozen_clock):
    MemberInvitation.objects.update(expires_at=clock.now() + timedelta(days=1))
    frozen_clock.move(days=1)

    assert unusable(invitation, invited) == "expired"


def test_letter_taken_back(invitation, invited, owner):
    services.revoke_invitation(invitation, by=owner)

    assert unusable(invitation, invited) == "revoked"


def test_declined_letter(invitation, invited):
    services.decline_invitation(invitation, user=invited)

    assert unusable(invitation, invited) == "declined"


@pytest.mark.parametrize("token", ["", "x", "0" * 40, "\x00", "ＡＢＣ"])
def test_unknown_link(token):
    with pytest.raises(services.MemberInvitationUnusable) as caught:
        services.open_member_invitation(token)
    assert caught.value.reason == "unknown"


def test_letter_sent_again_ends_the_first_link(invitation, owner, frozen_clock):
    MemberInvitation.objects.update(created_at=clock.now())
    before = token_of(invitation)
    with pytest.raises(DomainError):
        services.send_invitation_again(invitation, by=owner)

    frozen_clock.move(hours=1)
    again = services.send_invitation_again(invitation, by=owner)

    with pytest.raises(services.MemberInvitationUnusable):
        services.open_member_invitation(before)
    assert services.open_member_invitation(token_of(again)) == invitation


def test_member_who_comes_again_keeps_the_role(organization, owner, invited):
    services.invite_member(organization, email=ADDRESS, role="viewer", by=owner)
    MembershipFactory(user=invited, organization=organization, role="manager")

    membership = services.accept_invitation(MemberInvitation.objects.get(), user=invited)

    assert membership.role == "manager"
    assert invited.memberships.count() == 1


def test_one_open_letter_an_address(invitation, organization, owner):
    with pytest.raises(DomainError):
        services.invite_member(organization, email=ADDRESS, role="viewer", by=owner)
    assert MemberInvitation.objects.count() == 1


def test_member_is_not_invited(organization, owner):
    with pytest.raises(DomainError):
        services.invite_member(organization, email=owner.email.upper(), role="viewer", by=owner)
    assert not MemberInvitation.objects.exists()


def test_letters_are_limited_by_organization_and_address(organization, owner, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    for number in range(2):
        services.invite_member(organization, email=f"a{number}@example.vn", role="viewer", by=owner)
    with pytest.raises(DomainError):
        services.invite_member(organization, email="a3@example.vn", role="viewer", by=owner)


@pytest.mark.parametrize(
    ("role", "invited_role", "allowed"),
    [("manager", "viewer", True), ("manager", "owner", False), ("contributor", "viewer", False)],
)
def test_letters_are_sent_by_those_above_the_role(organization, role, invited_role, allowed):
    by = MembershipFactory(organization=organization, role=role).user
    if allowed:
        services.invite_member(organization, email=ADDRESS, role=invited_role, by=by)
    else:
        with pytest.raises(NotAllowed):
            services.invite_member(organization, email=ADDRESS, role=invited_role, by=by)
    assert MemberInvitation.objects.exists() == allowed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ban@Example.VN", "ban@example.vn", True),
        ("ban@viện.vn", "ban@xn--vin-5kz.vn", True),
        ("ban@VIỆN.vn", "ban@viện.vn", True),
        ("ban+a@example.vn", "ban@example.vn", False),
        ("ban@example.vn", "ban@example.com", False),
        ("bаn@example.vn", "ban@example.vn", False),
    ],
)
def test_spellings_of_an_address(one, other, same):
    assert (email_key(one) == email_key(other)) is same
    assert email_key(normal_email(one)) == email_key(one)


# --- requests ---------------------------------------------------------------------------------


@pytest.fixture
def asked(organization):
    return services.ask_to_join(organization, user=proved(UserFactory()), note="Phòng Kỹ thuật")


def test_managers_are_told_and_decide(asked, owner, organization):
    assert Notice.objects.filter(recipient=owner, context__step="first").exists()

    services.answer_join_request(asked, accept=True, by=owner, role="contributor")

    assert asked.user.memberships.get().role == "contributor"
    assert Notice.objects.get(recipient=asked.user).context["accepted"] is True
    with pytest.raises(DomainError):
        services.answer_join_request(asked, accept=False, by=owner)


def test_request_declined_lets_nobody_in(asked, owner):
    services.answer_join_request(asked, accept=False, by=owner)

    assert not asked.user.memberships.exists()
    assert Notice.objects.get(recipient=asked.user).context["accepted"] is False


@pytest.mark.parametrize("role", ["contributor", "viewer", "finance", ""])
def test_request_is_not_decided_by_others(asked, organization, role):
    other = MembershipFactory(organization=organization, role=role).user if role else UserFactory()

    with pytest.raises(NotAllowed):
        services.answer_join_request(asked, accept=True, by=other)

    assert JoinRequest.objects.get().state == "open"


def test_one_open_request_and_none_of_members(asked, owner, organization):
    for user in (asked.user, owner):
        with pytest.raises(DomainError):
            services.ask_to_join(organization, user=user)
    assert JoinRequest.objects.count() == 1


def test_unclaimed_organization_is_claimed_not_joined():
    with pytest.raises(DomainError):
        services.ask_to_join(OrganizationFactory(unclaimed=True), user=UserFactory())


def test_nobody_answers_and_staff_take_over(asked, owner, frozen_clock):
    JoinRequest.objects.update(asked_at=clock.now())
    staff = UserFactory(is_staff=True, is_superuser=True)
    with pytest.raises(NotAllowed):
        services.answer_join_request(asked, accept=True, by=staff, as_staff=True)
    for days, step, told in ((3, "again", owner), (4, "staff", staff)):
        frozen_clock.move(days=days, minutes=1)
        joining()
        joining()
        assert Notice.objects.filter(recipient=told, context__step=step).count() == 1

    services.answer_join_request(asked, accept=True, by=staff, as_staff=True, role="viewer")

    assert asked.user.memberships.get().role == "viewer"


def test_organization_without_an_owner_is_staffs_at_once(organization, owner):
    owner.is_active = False
    owner.save()
    staff = UserFactory(is_staff=True, is_superuser=True)

    asked = services.ask_to_join(organization, user=UserFactory())

    assert asked.passed_to_staff_at
    assert Notice.objects.get(recipient=staff).context["step"] == "staff"


def test_follow_up_killed_tells_once(asked, owner, frozen_clock, monkeypatch):
    JoinRequest.objects.update(asked_at=clock.now() - timedelta(days=4))

    class Killed(BaseException):
        pass

    def killed(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(join_requests.notices, "tell_managers", killed)
        with pytest.raises(Killed):
            join_requests.follow_up_batch()
    assert JoinRequest.objects.get().reminded_at is None
    join_requests.follow_up_batch()
    join_requests.follow_up_batch()

    assert Notice.objects.filter(recipient=owner, context__step="again").count() == 1


def test_letter_ends_the_wait_of_a_request(asked, owner, organization):
    sent = services.invite_member(organization, email=asked.user.email, role="manager", by=owner)

    services.accept_invitation(sent, user=asked.user)

    assert JoinRequest.objects.get().state == "withdrawn"
    assert Membership.objects.get(user=asked.user).role == "manager"
