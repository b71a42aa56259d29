"""Roles, leaving, ownership: what hangs on them passes on, and an organisation is never without an owner."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from wagtail.models import Revision

from marketplace.accounts import services
from marketplace.accounts.models import (
    MemberInvitation,
    Membership,
    OwnershipTransfer,
    Role,
    TransferState,
    User,
)
from marketplace.accounts.services.members import LastOwner, NotAllowed
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.listings.models import Need
from marketplace.listings.services import create_draft, draft_of, save_draft
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(name="Viện Cơ điện")


@pytest.fixture
def people(organization):
    """role → membership, one of each."""
    return {role: MembershipFactory(organization=organization, role=role) for role in Role}


def roles_of(organization):
    return sorted(organization.memberships.values_list("role", flat=True))


@pytest.mark.parametrize(
    ("actor", "target", "role", "allowed"),
    [
        ("owner", "manager", "owner", True),
        ("owner", "viewer", "finance", True),
        ("manager", "viewer", "contributor", True),
        ("manager", "viewer", "manager", False),
        ("manager", "owner", "viewer", False),
        ("contributor", "viewer", "contributor", False),
        ("finance", "finance", "owner", False),
    ],
)
def test_role_is_changed_by_those_above_it(people, actor, target, role, allowed):
    member = people[target]
    if allowed:
        services.change_role(member, role, by=people[actor].user)
    else:
        with pytest.raises(NotAllowed):
            services.change_role(member, role, by=people[actor].user)

    member.refresh_from_db()
    assert member.role == (role if allowed else target)


def test_stranger_changes_no_role(people):
    with pytest.raises(NotAllowed):
        services.change_role(people["viewer"], "manager", by=MembershipFactory().user)
    assert Membership.objects.get(pk=people["viewer"].pk).role == "viewer"


def test_last_owner_neither_leaves_nor_steps_down(people, organization):
    owner = people["owner"]

    with pytest.raises(LastOwner):
        services.remove_member(owner, by=owner.user)
    with pytest.raises(LastOwner):
        services.change_role(owner, "manager", by=owner.user)

    assert organization.memberships.filter(role="owner").get() == owner


def test_owner_whose_account_is_closed_does_not_count(people, organization):
    gone = MembershipFactory(organization=organization, user=UserFactory(is_active=False))
    assert gone.is_owner

    with pytest.raises(LastOwner):
        services.remove_member(people["owner"], by=people["owner"].user)


def test_what_somebody_looks_after_passes_on(people, organization):
    leaver, heir = people["contributor"], people["manager"]
    live = NeedFactory(organization=organization, contact=leaver.user)
    draft = create_draft("need", organization=organization, contact=leaver.user, text="Sấy xoài")
    save_draft(draft, changes={"title": "Sấy xoài dẻo"}, by=leaver.user)
    theirs = NeedFactory(organization=organization, contact=people["owner"].user)
    elsewhere = NeedFactory(contact=leaver.user)

    services.remove_member(leaver, by=people["owner"].user, successor=heir)

    assert Need.objects.get(pk=live.pk).contact == heir.user
    assert draft_of(Need.objects.get(pk=draft.pk)).contact == heir.user
    assert Need.objects.get(pk=theirs.pk).contact == people["owner"].user
    assert Need.objects.get(pk=elsewhere.pk).contact == leaver.user
    revisions = Revision.objects.filter(object_id=str(draft.pk), content__contact=leaver.user_id)
    assert not revisions.exists()
    assert not Membership.objects.filter(pk=leaver.pk).exists()
    told = dict(Notice.objects.values_list("recipient", "context__what"))
    assert told == {leaver.user_id: "removed", heir.user_id: "inherited"}
    entry = AuditEntry.objects.get(action="membership.removed")
    assert entry.data["passed_on"] == 2
    assert str(leaver.user) not in str(entry.data)


def test_who_leaves_without_a_word_leaves_their_work_to_an_owner(people, organization):
    need = NeedFactory(organization=organization, contact=people["viewer"].user)

    services.remove_member(people["viewer"], by=people["viewer"].user)

    need.refresh_from_db()
    assert need.contact == people["owner"].user


def test_successor_has_to_belong_to_the_organization(people):
    with pytest.raises(InvalidTransition):
        services.remove_member(
            people["viewer"], by=people["owner"].user, successor=MembershipFactory()
        )
    assert Membership.objects.filter(pk=people["viewer"].pk).exists()


def test_letters_and_transfers_of_who_goes_end_with_them(people, organization):
    manager, owner = people["manager"], people["owner"]
    services.invite_member(organization, email="ban@example.vn", role="viewer", by=manager.user)
    services.offer_ownership(organization, taker=manager, by=owner.user)

    services.remove_member(manager, by=owner.user)

    assert MemberInvitation.objects.get().state == "revoked"
    assert OwnershipTransfer.objects.get().state == "withdrawn"


def test_closing_an_account_leaves_nothing_in_its_charge(people, organization):
    leaver = people["manager"].user
    alone = MembershipFactory(user=leaver).organization
    need = NeedFactory(organization=organization, contact=leaver)

    assert services.leave_everything(leaver, by=leaver) == 2

    need.refresh_from_db()
    assert need.contact == people["owner"].user
    assert not leaver.memberships.exists()
    assert not alone.memberships.exists()


def test_closing_the_account_of_the_last_owner_is_refused(people):
    with pytest.raises(LastOwner):
        services.leave_everything(people["owner"].user, by=people["owner"].user)
    assert people["owner"].user.memberships.exists()


@pytest.mark.parametrize("at_once", [3])
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["leave", "step down"])
def test_owners_who_go_at_the_same_moment_leave_one_behind(organization, at_once, act):
    owners = [MembershipFactory(organization=organization).pk for _n in range(at_once)]

    def go(pk):
        try:
            own = Membership.objects.select_related("user", "organization").get(pk=pk)
            if act == "leave":
                services.remove_member(own, by=own.user)
            else:
                services.change_role(own, "viewer", by=own.user)
        except LastOwner:
            return "last"
        else:
            return "gone"
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        said = sorted(pool.map(go, owners))

    assert said == ["gone"] * (at_once - 1) + ["last"]
    assert organization.memberships.filter(role="owner").count() == 1


# --- ownership --------------------------------------------------------------------------------


def test_ownership_passes_when_both_have_agreed(people, organization):
    owner, manager = people["owner"], people["manager"]

    transfer = services.offer_ownership(organization, taker=manager, by=owner.user)
    assert Membership.objects.get(pk=manager.pk).role == "manager"
    services.accept_ownership(transfer, by=manager.user)

    assert Membership.objects.get(pk=manager.pk).role == "owner"
    assert Membership.objects.get(pk=owner.pk).role == "manager"
    assert OwnershipTransfer.objects.get().state == TransferState.DONE
    with pytest.raises(InvalidTransition):
        services.accept_ownership(transfer, by=manager.user)


@pytest.mark.parametrize("who", ["owner", "viewer", "stranger"])
def test_nobody_else_accepts_ownership(people, organization, who):
    user = UserFactory() if who == "stranger" else people[who].user
    transfer = services.offer_ownership(
        organization, taker=people["manager"], by=people["owner"].user
    )

    with pytest.raises(NotAllowed):
        services.accept_ownership(transfer, by=user)

    assert roles_of(organization) == sorted(Role.values)


def test_offer_of_who_is_no_owner_any_more_is_void(people, organization):
    owner, manager = people["owner"], people["manager"]
    transfer = services.offer_ownership(organization, taker=manager, by=owner.user)
    Membership.objects.filter(pk=owner.pk).update(role="viewer")

    with pytest.raises(InvalidTransition):
        services.accept_ownership(transfer, by=manager.user)

    assert Membership.objects.get(pk=manager.pk).role == "manager"


def test_one_transfer_at_a_time(people, organization):
    owner = people["owner"].user
    first = services.offer_ownership(organization, taker=people["manager"], by=owner)
    with pytest.raises(DomainError):
        services.offer_ownership(organization, taker=people["viewer"], by=owner)

    services.withdraw_ownership(first, by=owner)
    second = services.offer_ownership(organization, taker=people["viewer"], by=owner)
    services.decline_ownership(second, by=people["viewer"].user)

    assert [row.state for row in OwnershipTransfer.objects.order_by("pk")] == [
        "withdrawn",
        "declined",
    ]


@pytest.mark.parametrize("actor", ["manager", "contributor", "viewer", "finance"])
def test_only_an_owner_offers_ownership(people, organization, actor):
    with pytest.raises(NotAllowed):
        services.offer_ownership(organization, taker=people["owner"], by=people[actor].user)
    assert not OwnershipTransfer.objects.exists()


def test_addresses_do_not_tell_row_numbers(people, organization):
    member = people["viewer"]

    assert services.find_member(organization, member.reference) == member
    assert services.find_member(OrganizationFactory(), member.reference) is None
    assert str(member.pk) != member.reference
    assert len({m.reference for m in people.values()}) == len(people)
    assert User.objects.count() >= len(people)
