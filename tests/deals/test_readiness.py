"""The buyer's plan of preparation: begun with the contract, kept by the buyer, read by both sides."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.kinds import DEAL_KINDS
from marketplace.deals.models import ReadinessItem
from marketplace.deals.preparing import edition_on
from marketplace.deals.services import readiness as services
from marketplace.deals.services import terminate_deal
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.people import seat_person, unseat_person
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.deals.states import READINESS_TRANSITIONS, ReadinessState
from marketplace.deals.tasks import readiness
from marketplace.notifications.models import Notice
from marketplace.taxonomy.choices import choices
from tests.deals.people import PEOPLE, person_named
from tests.factories.accounts import MembershipFactory
from tests.factories.deals import offered_terms
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(deal, milestones, buyer):
    deal.refresh_from_db()
    services.plan_readiness(deal, by=buyer)
    return list(deal.readiness.in_order_of_work())


def test_every_kind_of_deal_has_a_list_of_known_groups():
    edition = edition_on(clock.today())
    for kind, _label in choices(DEAL_KINDS):
        assert len([one for one in edition.items if kind in one.kinds]) >= 3, kind
    assert len({one.code for one in edition.items}) == len(edition.items)
    assert set(READINESS_TRANSITIONS) == set(ReadinessState)


def test_it_begins_with_the_contract(deal, firm, institute, buyer, inventor):
    sheet = offer_terms(deal, offered_terms(), side=institute, by=inventor)
    accept_terms(sheet, side=firm, sha256=sheet.sha256, by=buyer)
    contract = draw_contract(deal, by=buyer)
    for side, person in ((institute, inventor), (firm, buyer)):
        assert not deal.readiness.exists()
        confirm_contract(
            contract, side=side, sha256=contract.sha256, signed_as="signatory", by=person
        )
    listed = [one.code for one in edition_on(clock.today()).items if deal.kind in one.kinds]
    assert [one.code for one in deal.readiness.all()] == listed
    deal.refresh_from_db()
    assert services.plan_readiness(deal, by=buyer) == 0


def test_who_and_by_when_done_and_opened_again(plan, deal, firm, buyer, inventor, frozen_clock):
    engineer = MembershipFactory(organization=firm).user
    item = plan[0]
    with pytest.raises(DomainError, match="cho bên nhận"):
        services.assign_preparation(item, person=inventor, by=buyer)
    with pytest.raises(DomainError, match="cho bên nhận"):
        services.assign_preparation(item, person=engineer, by=buyer)
    seat_person(deal, person=engineer, organization=firm, role="technical", by=buyer)
    day = clock.today() + timedelta(days=9)
    services.assign_preparation(item, person=engineer, due_on=day, note="Xưởng 2", by=buyer)
    services.assign_preparation(item, person=engineer, due_on=day, note="Xưởng 3", by=buyer)
    assert [one.recipient for one in Notice.objects.filter(context__event="prepares")] == [engineer]
    assert not item.is_late
    frozen_clock.move(days=10)
    assert item.is_late
    services.move_preparation(item, to=ReadinessState.DONE, by=engineer)
    assert (item.state, item.is_late, item.by) == ("done", False, engineer)
    with pytest.raises(InvalidTransition, match="đã xong"):
        services.move_preparation(item, to=ReadinessState.LEFT_OUT, by=buyer)
    with pytest.raises(InvalidTransition, match="đã xong"):
        services.assign_preparation(item, by=buyer)
    services.move_preparation(item, to=ReadinessState.PLANNED, by=buyer)
    assert (item.state, item.done_at) == ("planned", None)


def test_who_makes_it_ready_is_reminded_once_of_its_day(
    plan, deal, firm, institute, buyer, frozen_clock
):
    engineer = MembershipFactory(organization=firm).user
    seat_person(deal, person=engineer, organization=firm, role="technical", by=buyer)
    day = clock.today() + timedelta(days=5)
    theirs, nobodys, done, far, open_ended = plan[:5]
    services.assign_preparation(theirs, person=engineer, due_on=day, by=buyer)
    services.assign_preparation(nobodys, due_on=day, by=buyer)
    services.assign_preparation(done, person=engineer, due_on=day, by=buyer)
    services.move_preparation(done, to=ReadinessState.DONE, by=buyer)
    services.assign_preparation(far, due_on=day + timedelta(days=30), by=buyer)
    assert open_ended.due_on is None

    def told():
        rows = Notice.objects.filter(context__event="prepare_due").order_by("pk")
        return [(row.recipient, row.dedupe_key.rpartition(":")[2]) for row in rows]

    assert services.remind_batch() == 0
    frozen_clock.move(days=3)
    assert readiness() == 2
    # Of what nobody was given the whole buyer hears, and the seller nothing.
    seats = {one.user for one in deal.members.filter(organization=firm)}
    first = told()
    assert first[0] == (engineer, day.isoformat())
    assert {person for person, _day in first} == seats
    assert services.remind_batch() == 0
    sooner = day - timedelta(days=1)
    services.assign_preparation(theirs, person=engineer, due_on=sooner, by=buyer)
    assert services.remind_batch() == 1
    assert told()[-1] == (engineer, sooner.isoformat())
    terminate_deal(deal, reason="price", by=buyer)
    frozen_clock.move(days=40)
    assert services.remind_batch() == 0


def test_who_left_the_deal_is_not_reminded_of_it(plan, deal, firm, buyer):
    engineer = MembershipFactory(organization=firm).user
    seat = seat_person(deal, person=engineer, organization=firm, role="technical", by=buyer)
    services.assign_preparation(plan[0], person=engineer, due_on=clock.today(), by=buyer)
    unseat_person(seat, by=buyer)
    assert services.remind_batch() == 1
    told = Notice.objects.filter(context__event="prepare_due")
    assert [one.recipient for one in told] == [buyer]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_wake_at_once_remind_once(plan, buyer):
    services.assign_preparation(plan[0], due_on=clock.today(), by=buyer)
    reminded = []
    together(*[lambda: reminded.append(services.remind_batch())] * 2)
    assert sorted(reminded) == [0, 1]
    assert Notice.objects.filter(context__event="prepare_due").count() == 1


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_each_item_is_reminded_of_once(plan, buyer, kill_stage):
    for item in plan[:3]:
        services.assign_preparation(item, due_on=clock.today(), by=buyer)
    imports = "from marketplace.deals.services.readiness import remind_batch"
    assert kill_stage("remind_batch()", imports, count=5, most=20) >= 2
    while services.remind_batch():
        pass
    keys = list(Notice.objects.filter(context__event="prepare_due").values_list("dedupe_key"))
    assert len(keys) == len(set(keys)) == 3


def test_what_the_buyer_adds_stands_once_and_after_the_list(plan, deal, buyer):
    made = services.add_preparation(deal, title="Mua pallet", by=buyer)
    assert (list(deal.readiness.in_order_of_work())[-1], made.group) == (made, "other")
    with pytest.raises(DomainError, match="đã có trong kế hoạch"):
        services.add_preparation(deal, title=" Mua pallet ", by=buyer)
    with pytest.raises(DomainError, match="Hãy ghi"):
        services.add_preparation(deal, title=" ", by=buyer)


def test_without_a_contract_there_is_no_plan(deal, buyer):
    with pytest.raises(InvalidTransition, match="hai bên xác nhận"):
        services.plan_readiness(deal, by=buyer)
    with pytest.raises(InvalidTransition, match="hai bên xác nhận"):
        services.add_preparation(deal, title="Mua pallet", by=buyer)


ACTS = {
    "plan_readiness": {},
    "add_preparation": {"add-title": "Mua pallet"},
    "assign_preparation": {"due_on": "2099-01-01"},
    "move_preparation": {"viec": "xong"},
}


@pytest.mark.parametrize("act", ACTS)
def test_only_the_buyer_keeps_it(
    act, deal, milestones, firm, institute, buyer, inventor, desk, client
):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    deal.refresh_from_db()
    args, form = [deal.public_id], ACTS[act]
    if act in ("assign_preparation", "move_preparation"):
        services.plan_readiness(deal, by=buyer)
        item = deal.readiness.first()
        args.append(item.key)
        form = {f"item-{item.key}-{name}": value for name, value in form.items()} | form

    def everything():
        return list(ReadinessItem.objects.order_by("pk").values())

    before = everything()
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=args), form)
            assert answer.status_code == (302 if who == "buyer" else 404), who
            assert (everything() != before) == (who == "buyer"), who
            transaction.set_rollback(True)


def test_the_page_is_read_by_both_sides_and_staff(
    plan, deal, firm, institute, buyer, inventor, desk, client
):
    url = reverse("deals:readiness", args=[deal.public_id])
    for who in PEOPLE:
        client.force_login(person_named(who, firm, institute, buyer, inventor))
        answer = client.get(url)
        seen = who in ("buyer", "inventor", "officer", "provincial", "elsewhere")
        assert answer.status_code == (200 if seen else 404), who
        assert ("Giao việc, đặt ngày…" in answer.content.decode()) == (who == "buyer"), who


def test_the_room_shows_how_far_it_is(plan, deal, buyer, client):
    client.force_login(buyer)
    url = reverse("deals:readiness", args=[deal.public_id])
    item = plan[0]
    path = reverse("deals:assign_preparation", args=[deal.public_id, item.key])
    wrong = client.post(path, {f"item-{item.key}-due_on": "ngày mai"})
    assert wrong.status_code == 400
    assert "Chưa đọc được ngày này." in wrong.content.decode()
    client.post(path, {f"item-{item.key}-due_on": "2099-01-31"})
    client.post(
        reverse("deals:move_preparation", args=[deal.public_id, plan[1].key]), {"viec": "xong"}
    )
    client.post(
        reverse("deals:move_preparation", args=[deal.public_id, plan[2].key]), {"viec": "bo"}
    )
    room = client.get(deal.get_absolute_url()).content.decode()
    assert f"xong 1 trong {len(plan) - 1} việc" in room
    assert "31/01/2099" in room
    assert url in room
    english = client.get("/en" + url).content.decode()
    assert "People and training" in english
    assert "Preparation of the receiving side" in english


def test_a_longer_plan_asks_as_often(plan, deal, buyer, client):
    client.force_login(buyer)
    url = reverse("deals:readiness", args=[deal.public_id])
    client.get(url)
    with CaptureQueriesContext(connection) as first:
        client.get(url)
    for number in range(4):
        services.add_preparation(deal, title=f"Việc {number}", by=buyer)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(first)
