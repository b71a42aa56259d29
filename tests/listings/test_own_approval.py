"""An organisation reads what its people submit before the staff do."""

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.listings import services
from marketplace.listings.models import ListingStatus, OwnReviewStep
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory
from tests.listings.acts import approve, ask_for_changes, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def careful(organization):
    organization.approves_own_listings = True
    organization.save(update_fields=["approves_own_listings"])
    return organization


@pytest.fixture
def manager(organization, owner):
    return MembershipFactory(organization=organization, role=Membership.Role.MANAGER).user


@pytest.fixture
def waiting(careful, owner, colleague, manager, workflow):
    need = NeedFactory(organization=careful, contact=colleague, title="Sấy mít giữ màu")
    return services.submit(need, by=colleague)


def acts_on(listing):
    rows = OwnReviewStep.objects.filter(kind=listing.KIND, key=listing.public_id)
    return list(rows.order_by("pk").values_list("act", "by", "note"))


def heard(user):
    return list(
        Notice.objects.filter(recipient=user, retired_at=None).values_list("kind", flat=True)
    )


def test_without_the_option_a_submission_goes_to_the_staff_at_once(
    organization, owner, colleague, workflow
):
    need = services.submit(NeedFactory(organization=organization, contact=colleague), by=colleague)

    assert need.status == ListingStatus.IN_REVIEW
    assert acts_on(need) == []


def test_what_a_contributor_submits_waits_for_a_manager(waiting, owner, colleague, manager):
    assert waiting.status == ListingStatus.OWN_REVIEW
    assert waiting.current_workflow_state is None
    assert waiting.number is None
    assert acts_on(waiting) == [("asked", colleague.pk, "")]
    assert heard(owner) == heard(manager) == ["listing.own_approval_asked"]
    assert heard(colleague) == []
    with pytest.raises(InvalidTransition):
        services.submit(waiting, by=colleague)


def test_a_manager_passes_it_on_and_its_writer_hears_of_it(waiting, owner, colleague, workflow):
    need = services.approve_as_manager(
        waiting, by=owner, revision_id=waiting.latest_revision_id, note="Được"
    )

    assert need.status == ListingStatus.IN_REVIEW
    assert need.number == 1
    assert acts_on(need)[-1] == ("approved", owner.pk, "Được")
    assert heard(owner) == []
    assert heard(colleague) == ["listing.own_approval_answered"]
    assert approve(need, workflow).live


def test_a_manager_who_writes_it_asks_nobody(careful, owner, workflow):
    need = services.submit(NeedFactory(organization=careful, contact=owner), by=owner)

    assert need.status == ListingStatus.IN_REVIEW
    assert acts_on(need) == [("approved", owner.pk, "")]


def test_a_manager_gives_it_back_with_a_word(waiting, owner, colleague):
    with pytest.raises(DomainError):
        services.return_as_manager(waiting, by=owner, note="  ")
    need = services.return_as_manager(waiting, by=owner, note="Thiếu năng suất")

    assert need.status == ListingStatus.DRAFT
    assert acts_on(need)[-1] == ("returned", owner.pk, "Thiếu năng suất")
    assert heard(colleague) == ["listing.own_approval_answered"]
    services.submit(need, by=colleague)
    assert fresh(need).status == ListingStatus.OWN_REVIEW


def test_what_was_changed_meanwhile_is_read_again_before_it_is_passed_on(waiting, owner):
    seen = waiting.latest_revision_id
    services.save_draft(waiting, changes={"title": "Tên khác"}, by=owner)

    with pytest.raises(StaleForm):
        services.approve_as_manager(waiting, by=owner, revision_id=seen)
    assert fresh(waiting).status == ListingStatus.OWN_REVIEW
    assert len(acts_on(waiting)) == 1


def test_what_the_staff_returned_is_read_by_the_managers_again(waiting, owner, colleague, workflow):
    need = services.approve_as_manager(waiting, by=owner)
    ask_for_changes(need, workflow)
    services.save_draft(need, changes={"title": "Đã sửa"}, by=colleague)

    again = services.submit(fresh(need), by=colleague)

    assert again.status == ListingStatus.OWN_REVIEW
    assert services.approve_as_manager(again, by=owner).status == ListingStatus.IN_REVIEW


def test_answered_once(waiting, owner, manager):
    services.approve_as_manager(waiting, by=owner)

    with pytest.raises(InvalidTransition):
        services.return_as_manager(waiting, by=manager, note="Muộn rồi")
    assert [act for act, _by, _note in acts_on(waiting)] == ["asked", "approved"]


def test_withdrawn_while_it_waits_nobody_is_asked_any_more(waiting, owner, colleague):
    services.withdraw(waiting, by=colleague)

    assert heard(owner) == []
    with pytest.raises(InvalidTransition):
        services.approve_as_manager(waiting, by=owner)


# --- pages ----------------------------------------------------------------------------------------


def address(name, listing):
    return reverse(f"listings:{name}", args=[listing.KIND, listing.public_id])


@pytest.mark.parametrize("person", ["colleague", "viewer", "stranger", "curator"])
@pytest.mark.parametrize("act", ["dong-y", "tra-lai"])
def test_only_managers_of_the_organisation_answer(person, act, request, waiting, as_user):
    client = as_user(request.getfixturevalue(person))

    answer = client.post(address("own_answer", waiting), {"viec": act, "note": "Không phải tôi"})

    assert answer.status_code == 404
    assert fresh(waiting).status == ListingStatus.OWN_REVIEW
    assert len(acts_on(waiting)) == 1


@pytest.mark.parametrize("person", ["viewer", "stranger", "curator"])
def test_only_writers_take_it_back(person, request, waiting, as_user):
    client = as_user(request.getfixturevalue(person))

    assert client.post(address("own_take_back", waiting)).status_code == 404
    assert fresh(waiting).status == ListingStatus.OWN_REVIEW


def test_the_manager_answers_on_the_page_of_the_listing(waiting, owner, colleague, as_user):
    page = as_user(owner).get(waiting.owner_url).content.decode()
    assert address("own_answer", waiting) in page
    assert "Chờ bạn đồng ý gửi sàn" in page
    sent = {"viec": "dong-y", "revision": waiting.latest_revision_id}
    assert as_user(owner).post(address("own_answer", waiting), sent).status_code == 302
    assert fresh(waiting).status == ListingStatus.IN_REVIEW
    page = as_user(colleague).get(waiting.owner_url).content.decode()
    assert "Người quản lý đồng ý gửi sàn" in page
    assert address("own_answer", waiting) not in page


def test_the_writer_sees_for_whom_it_waits_and_takes_it_back(waiting, colleague, as_user):
    page = as_user(colleague).get(waiting.owner_url).content.decode()
    assert "Chờ người quản lý của tổ chức" in page
    assert address("own_answer", waiting) not in page

    as_user(colleague).post(address("own_take_back", waiting))

    assert fresh(waiting).status == ListingStatus.DRAFT
    assert [act for act, _by, _note in acts_on(waiting)] == ["asked", "taken_back"]


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("owner", True),
        ("colleague", False),
        ("viewer", False),
        ("stranger", False),
        ("curator", False),
    ],
)
def test_managers_turn_it_on_and_off(person, allowed, request, organization, owner, as_user):
    where = reverse("accounts:own_approval", args=[organization.public_id])

    answer = as_user(request.getfixturevalue(person)).post(where, {"wanted": "yes"})

    assert answer.status_code == (302 if allowed else 404)
    organization.refresh_from_db()
    assert organization.approves_own_listings is allowed
