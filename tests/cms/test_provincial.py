"""Staff of a province: what is of their provinces, and nothing of any other, wherever they look."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.models import TaskState

from cms.listings import url_name
from cms.queue import heaps, oldest_for
from cms.setup import group_named
from marketplace.accounts.models import NarrowedGroup, User
from marketplace.accounts.scopes import EVERYWHERE, NOWHERE, scope_of
from marketplace.listings.models import Need, curates
from marketplace.listings.services import submit
from marketplace.notifications.models import Notice
from tests.cms.acts import facts_of, fresh, post_decision
from tests.cms.conftest import staff_member
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory

HERE, THERE = "92", "01"
SECRET = "Công thức men của xưởng phía Bắc"


@pytest.fixture
def provincial(desk):
    return staff_member("provincial", full_name="Lê Thị Cần", staff_provinces=[HERE])


@pytest.fixture
def ours(desk):
    return NeedFactory(title="Tách vỏ sầu riêng", province_code=HERE)


@pytest.fixture
def theirs(desk):
    return NeedFactory(title=SECRET, confidential=SECRET, province_code=THERE)


def seen_by(user):
    return set(Need.objects.visible_to(user).values_list("title", flat=True))


def again(user):
    """As the next request knows the person."""
    return User.objects.get(pk=user.pk)


def test_scope_is_everywhere_nowhere_or_the_persons_provinces(provincial, officer, stranger):
    right = "listings.view_need"
    assert scope_of(officer, right) == EVERYWHERE
    assert scope_of(stranger, right) == NOWHERE
    assert scope_of(provincial, right).provinces == {HERE}

    User.objects.filter(pk=provincial.pk).update(staff_provinces=[])
    assert scope_of(again(provincial), right) == NOWHERE

    provincial.groups.add(group_named("officers"))
    assert scope_of(again(provincial), right) == EVERYWHERE


def test_a_group_that_the_set_up_finds_without_its_mark_is_narrowed(desk):
    from cms.setup import set_up_curation

    NarrowedGroup.objects.all().delete()
    set_up_curation()
    assert NarrowedGroup.objects.get().group == group_named("provincial")


@pytest.mark.parametrize(
    ("province", "home", "is_seen"),
    [
        (HERE, THERE, True),
        (THERE, HERE, False),
        ("", HERE, True),
        ("", THERE, False),
        ("", "", False),
    ],
)
def test_a_listing_without_a_province_is_of_its_organisations(province, home, is_seen, provincial):
    organization = OrganizationFactory(province_code=home)
    for published in (True, False):
        need = NeedFactory(
            organization=organization,
            province_code=province,
            published=published,
            title="Một nhu cầu",
        )
        assert curates(provincial, need) is is_seen
        assert Need.objects.curated_by(provincial).filter(pk=need.pk).exists() is is_seen


def test_a_draft_is_of_the_province_that_its_newest_version_names(provincial, theirs):
    draft = theirs.get_latest_revision_as_object()
    draft.province_code = HERE
    draft.save_revision()

    assert curates(provincial, fresh(theirs))


def test_drafts_of_other_provinces_stay_hidden_and_public_ones_are_read_as_by_all(
    provincial, ours, theirs
):
    shown = NeedFactory(title="Ai cũng đọc", province_code=THERE, published=True)

    assert seen_by(provincial) == {ours.title, shown.title}
    assert not curates(provincial, shown)


@pytest.mark.parametrize("name", ["review", "edit", "history", "usage", "delete"])
def test_every_page_of_a_listing_of_another_province_is_not_found(
    name, provincial, ours, theirs, as_user
):
    client = as_user(provincial)
    address = url_name(Need, name)
    assert client.get(reverse(address, args=[theirs.pk])).status_code == 404
    assert client.get(reverse(address, args=[ours.pk])).status_code in (200, 302)


@pytest.mark.parametrize("decision", ["approve", "reject", "refuse", "take_down"])
def test_nothing_of_another_province_is_decided_even_at_a_step_of_theirs(
    decision, provincial, theirs, as_user
):
    submit(theirs, by=theirs.contact)
    task = fresh(theirs).current_workflow_task_state.task.specific
    task.groups.add(group_named("provincial"))
    before = facts_of(theirs)

    answer = post_decision(as_user(provincial), theirs, decision, text="Không")

    assert answer.status_code == 404
    assert facts_of(theirs) == before


def test_they_decide_at_a_step_of_theirs_and_are_told_of_their_province_alone(
    provincial, ours, theirs, as_user
):
    from cms.models import ReviewTask

    ReviewTask.objects.order_by("pk").first().groups.add(group_named("provincial"))
    for need in (ours, theirs):
        submit(need, by=need.contact)

    assert [n.context["title"] for n in Notice.objects.filter(recipient=provincial)] == [ours.title]
    assert [row.listing for row in oldest_for(again(provincial))] == [fresh(ours)]
    assert [heap.count for heap in heaps(again(provincial))] == [1]
    post_decision(as_user(provincial), ours, "approve")
    assert fresh(ours).current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS
    assert heaps(again(provincial))[0].step == "Phụ trách duyệt đăng"


#: Rooms that show listings or cases without a right of their own on each; the others have their rights.
ROOMS = ("", "wagtailsnippet", "wagtailadmin_reports", "cases", "assignment")


def addresses():
    """Every address of these rooms that asks for nothing but itself."""
    found, waiting = set(), [("", get_resolver("cms.urls"))]
    while waiting:
        namespace, resolver = waiting.pop()
        for name in {key for key in resolver.reverse_dict if isinstance(key, str)}:
            try:
                found.add("/admin" + reverse(f"{namespace}{name}", urlconf="cms.urls"))
            except NoReverseMatch:
                continue
        for inner, (_prefix, sub) in resolver.namespace_dict.items():
            if inner.startswith(ROOMS[1:]):
                waiting.append((f"{namespace}{inner}:", sub))
    return sorted(one for one in found if "/logout/" not in one)


def test_no_page_of_the_admin_names_a_listing_of_another_province(provincial, theirs, as_user):
    submit(theirs, by=theirs.contact)
    client = as_user(provincial)
    # Wagtail's choosers of pages answer nobody who has no page.
    client.raise_request_exception = False
    walked = addresses()
    assert len(walked) > 40

    named = []
    for address in walked:
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming and SECRET in answer.content.decode():
            named.append(address)
    assert named == []


def test_an_administrator_says_which_provinces_a_person_is_in_charge_of(
    administrator, provincial, as_user
):
    client = as_user(administrator)
    address = reverse("wagtailusers_users:edit", args=[provincial.pk])
    sent = {
        "full_name": provincial.full_name,
        "language": "vi",
        "groups": [group_named("provincial").pk],
        "is_active": "on",
    }

    client.post(address, sent | {"staff_provinces": [HERE, THERE]})
    assert again(provincial).staff_provinces == [HERE, THERE]

    client.post(address, sent | {"staff_provinces": ["nowhere"]})
    assert again(provincial).staff_provinces == [HERE, THERE]
