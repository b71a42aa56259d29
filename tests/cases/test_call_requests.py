"""“Ask staff to call me”: a case for who waits, in the order of the desk, gone when it is over."""

import pytest
from django.urls import reverse

from marketplace.cases import services as cases
from marketplace.cases.keeping import keep_batch
from marketplace.cases.kinds import case_kind
from marketplace.cases.models import Case
from marketplace.cases.outcomes import outcomes
from marketplace.listings import services
from marketplace.listings.models import CallRequest
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory


@pytest.fixture
def owner(db):
    return MembershipFactory().user


@pytest.fixture
def draft(owner):
    return NeedFactory(
        organization=owner.memberships.get().organization, contact=owner, title="Sấy cá cơm"
    )


def address(listing, step="hien-trang"):
    return f"{reverse('listings:call_me', args=[listing.KIND, listing.public_id])}?buoc={step}"


def ask(client, listing, **said):
    return client.post(address(listing), {"phone": "0912 345 678", "when": "morning"} | said)


def kept() -> Case | None:
    keep_batch()
    return Case.objects.filter(kind="call").first()


def test_who_asks_is_a_case_with_number_hour_and_step(client, owner, draft):
    client.force_login(owner)
    answer = ask(client, draft, note="Không rõ ghi chỉ tiêu nào.")

    assert answer.status_code == 302
    case = kept()
    assert case.title == "Gọi lại: Sấy cá cơm"
    assert case.organization == draft.organization
    said = case_kind("call").events_of(case.row)[0].text
    assert "0912 345 678, Buổi sáng" in said
    assert "Không rõ ghi chỉ tiêu nào." in said
    assert list(case_kind("call").people_of(case.row)) == [owner]


def test_asked_again_it_is_the_same_request_with_what_was_told_last(client, owner, draft):
    client.force_login(owner)
    ask(client, draft)
    ask(client, draft, phone="0987 654 321", when="any")

    assert CallRequest.objects.get().phone == "0987 654 321"
    assert kept() is not None
    assert Case.objects.filter(kind="call").count() == 1
    page = client.get(address(draft)).content.decode()
    assert "0987 654 321" in page


@pytest.mark.parametrize("phone", ["", "gọi tôi", "0912"])
def test_without_a_number_nobody_is_asked(phone, client, owner, draft):
    client.force_login(owner)
    answer = ask(client, draft, phone=phone)

    assert answer.status_code == 400
    assert "Ghi số điện thoại" in answer.content.decode()
    assert not CallRequest.objects.exists()


def test_taken_back_the_case_closes_by_itself(client, owner, draft):
    client.force_login(owner)
    ask(client, draft)
    assert kept().is_open
    client.post(address(draft), {"thoi": "1"})

    assert not kept().is_open
    ask(client, draft)
    keep_batch()
    assert Case.objects.open().filter(kind="call").count() == 1


def test_closed_by_an_officer_it_stays_closed(client, owner, draft, officer):
    client.force_login(owner)
    ask(client, draft)
    case = kept()
    cases.close_case(case, by=officer, outcome=outcomes()[0][0])

    assert not kept().is_open


def test_nobody_waits_for_ever(owner, draft, frozen_clock):
    services.ask_for_call(draft, by=owner, phone="0912345678", when="any")
    assert kept().is_open
    frozen_clock.move(days=15)

    assert CallRequest.objects.waiting(draft, owner) is None
    assert not kept().is_open
    services.ask_for_call(draft, by=owner, phone="0912345678", when="any")
    assert CallRequest.objects.running().count() == 1


def test_asked_for_by_its_people_alone(client, draft, lead):
    for person in (MembershipFactory().user, lead):
        client.force_login(person)
        assert ask(client, draft).status_code == 404
    colleague = MembershipFactory(organization=draft.organization).user
    client.force_login(colleague)
    assert ask(client, draft).status_code == 302
    assert CallRequest.objects.get().by == colleague


def test_every_step_offers_it_and_says_that_one_waits(client, owner, draft):
    client.force_login(owner)
    step = reverse("listings:edit", args=["need", draft.public_id, "hien-trang"])
    assert address(draft) in client.get(step).content.decode()
    ask(client, draft)

    assert "Bạn đã nhờ gọi lại số 0912 345 678" in client.get(step).content.decode()
