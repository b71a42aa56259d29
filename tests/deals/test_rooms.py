"""The room of a deal: people, steps, messages, files with versions, meetings; their pages and rights."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.accounts.handover import count_charges
from marketplace.accounts.models import Membership
from marketplace.accounts.services import remove_member
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.core.uploads import check_document
from marketplace.deals.calendars import calendar_of
from marketplace.deals.models import Deal, DealFileVersion, DealMember, DealMessage, MemberRole
from marketplace.deals.models.deals import CHANGE
from marketplace.deals.presentation import checklist, facts_of
from marketplace.deals.services import people, rooms, terminate_deal
from marketplace.deals.services.people import leave_deals
from marketplace.notifications.models import Notice
from tests.deals.people import PEOPLE, person_named
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.registration import pdf_upload

pytestmark = pytest.mark.django_db


def paper(name="bao-gia.pdf", text="A"):
    return check_document(pdf_upload(name, text))


def test_a_side_seats_its_own_people(deal, firm, institute, buyer, inventor):
    colleague = MembershipFactory(organization=firm, role="finance").user
    with pytest.raises(DomainError, match="không thuộc"):
        people.seat_person(
            deal, person=inventor, organization=firm, role=MemberRole.LEGAL, by=buyer
        )
    people.seat_person(deal, person=colleague, organization=firm, role=MemberRole.FINANCE, by=buyer)
    assert Deal.objects.visible_to(colleague).exists()
    seat = people.seat_person(
        deal, person=colleague, organization=firm, role=MemberRole.SIGNATORY, by=buyer
    )
    assert seat.role == "signatory"
    people.unseat_person(seat, by=buyer)
    assert not Deal.objects.visible_to(colleague).exists()
    with pytest.raises(InvalidTransition, match="đã rời"):
        people.unseat_person(seat, by=buyer)
    with pytest.raises(DomainError, match="phụ trách khác"):
        people.unseat_person(DealMember.objects.get(user=buyer), by=buyer)


def test_a_closed_account_gives_up_its_seats(deal, buyer):
    leave_deals(buyer)
    assert not deal.members.filter(user=buyer, left_at=None).exists()


def test_who_leaves_the_organization_passes_their_seats_on(deal, firm, institute, buyer, inventor):
    owner = MembershipFactory(organization=firm, role="owner")
    heir = MembershipFactory(organization=firm, role="viewer")
    assert count_charges(firm, buyer) == 1
    remove_member(Membership.objects.get(user=buyer), by=owner.user, successor=heir)

    assert not deal.members.filter(user=buyer, left_at=None).exists()
    assert deal.members.get(user=heir.user).role == MemberRole.LEAD
    assert Notice.objects.filter(recipient=heir.user, context__event="seated").exists()
    assert AuditEntry.objects.get(action="membership.removed").data["passed_on"] == 1
    assert deal.members.get(organization=institute).user == inventor


def test_a_right_to_sign_is_not_left_to_whom_the_leaver_likes(deal, firm, buyer):
    MembershipFactory(organization=firm, role="owner")
    heir = MembershipFactory(organization=firm, role="contributor")
    signer = MembershipFactory(organization=firm, role="contributor")
    people.seat_person(
        deal, person=signer.user, organization=firm, role=MemberRole.SIGNATORY, by=buyer
    )
    remove_member(signer, by=signer.user, successor=heir)
    assert deal.members.get(user=heir.user).role == MemberRole.NEGOTIATOR
    assert deal.members.get(user=buyer).role == MemberRole.LEAD


def test_who_sits_in_it_already_leads_on(deal, firm, buyer):
    owner = MembershipFactory(organization=firm, role="owner")
    heir = MembershipFactory(organization=firm, role="contributor")
    people.seat_person(
        deal, person=heir.user, organization=firm, role=MemberRole.TECHNICAL, by=buyer
    )
    remove_member(Membership.objects.get(user=buyer), by=owner.user, successor=heir)
    assert deal.members.get(user=heir.user).role == MemberRole.LEAD


def test_nobody_is_seated_on_both_sides_by_a_colleague_who_leaves(deal, firm, buyer, inventor):
    owner = MembershipFactory(organization=firm, role="owner")
    both = MembershipFactory(organization=firm, user=inventor, role="contributor")
    remove_member(Membership.objects.get(user=buyer), by=owner.user, successor=both)
    assert deal.members.get(user=inventor).organization != firm
    assert not deal.members.filter(organization=firm, left_at=None).exists()
    assert Notice.objects.filter(recipient=owner.user, context__event="opened").exists()


def test_what_has_ended_is_nobodys_charge(deal, firm, buyer):
    terminate_deal(deal, reason="price", note="", by=buyer)
    assert count_charges(firm, buyer) == 0


@pytest.mark.parametrize(
    ("facts", "following"),
    [
        ({"opened"}, "nda"),
        ({"opened", "offered"}, "negotiation"),
        ({"opened", "agreed"}, "legal"),
        ({"opened", "offered", "agreed", "contracted"}, "advance"),
        (
            {"opened", "offered", "agreed", "contracted", "first_paid", "delivered", "accepted"},
            "settlement",
        ),
        # Nothing is open after it: what was passed over may still be said.
        ({"opened", "offered", "completed"}, "nda"),
    ],
)
def test_nobody_is_sent_back_before_what_has_come_true(deal, facts, following):
    assert [item.code for item in checklist(deal, [], facts) if item.is_next] == [following]


def test_steps_follow_the_kind_and_the_facts(deal, buyer):
    rooms.change_kind(deal, kind="equipment_hire", by=buyer)
    rooms.tick_step(deal, code="requirements", by=buyer)
    rooms.tick_step(deal, code="nda", left_out=True, by=buyer)
    facts = facts_of(deal, [], has_nda=False, has_offer=False)
    items = {item.code: item for item in checklist(deal, deal.steps.all(), facts)}
    assert "pilot" not in items
    assert items["request"].is_done
    assert items["requirements"].is_done
    assert items["nda"].is_left_out
    assert [code for code, item in items.items() if item.is_next] == ["proposal"]
    with pytest.raises(DomainError, match="tự đánh dấu"):
        rooms.tick_step(deal, code="signing", by=buyer)
    with pytest.raises(DomainError, match="không có bước"):
        rooms.tick_step(deal, code="pilot", by=buyer)
    rooms.untick_step(deal, code="requirements", by=buyer)
    assert set(deal.steps.values_list("code", flat=True)) == {"nda"}


def test_a_file_has_versions_and_the_same_content_is_one(deal, firm, buyer, inventor, institute):
    first = rooms.add_file(deal, checked=paper(), side=firm, by=buyer)
    again = rooms.add_file(deal, checked=paper(), side=firm, by=buyer, of=first.of)
    second = rooms.add_file(deal, checked=paper(text="B"), side=institute, by=inventor, of=first.of)
    assert again == first
    assert (second.number, second.of.versions.count()) == (2, 2)


def test_nothing_more_is_done_in_a_room_that_is_closed(deal, firm, buyer, inventor):
    meeting = rooms.plan_meeting(
        deal, title="Xem máy", starts_at=clock.now() + timedelta(days=1), minutes=60, by=buyer
    )
    terminate_deal(deal, reason="price", by=inventor)
    for late in (
        lambda: rooms.write_message(deal, text="Alô", side=firm, by=buyer),
        lambda: rooms.add_file(deal, checked=paper(), side=firm, by=buyer),
        lambda: rooms.cancel_meeting(meeting, by=buyer),
        lambda: rooms.tick_step(deal, code="legal", by=buyer),
        lambda: rooms.change_kind(deal, kind="service", by=buyer),
    ):
        with pytest.raises(InvalidTransition, match="đã dừng"):
            late()
    assert not DealMessage.objects.exists()
    assert not DealFileVersion.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"minutes": 0}, "12 giờ"), ({"title": " "}, "nội dung"), ({"starts_at": timezone.now()}, "sau bây giờ")],
)  # fmt: skip
def test_a_meeting_that_cannot_be_kept_is_not_planned(deal, buyer, wrong, said):
    given = {"title": "x", "starts_at": clock.now() + timedelta(hours=1), "minutes": 30} | wrong
    with pytest.raises(DomainError, match=said):
        rooms.plan_meeting(deal, by=buyer, **given)


def test_a_meeting_goes_into_a_calendar(deal, buyer):
    starts = clock.now() + timedelta(days=2)
    meeting = rooms.plan_meeting(
        deal, title="Xem máy sấy; thử mẫu, " + "rất dài " * 9, starts_at=starts, minutes=90,
        place="Cần Thơ", by=buyer,
    )  # fmt: skip
    lines = calendar_of(meeting).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    whole = calendar_of(meeting).replace(b"\r\n ", b"").decode()
    assert r"SUMMARY:Xem máy sấy\; thử mẫu\, rất dài" in whole
    assert f"DTSTART:{starts:%Y%m%dT%H%M%SZ}" in whole
    assert "STATUS:CONFIRMED" in whole
    rooms.cancel_meeting(meeting, by=buyer)
    assert b"STATUS:CANCELLED" in calendar_of(meeting)


# --- pages ------------------------------------------------------------------------------------------


def test_the_room_is_worked_in_from_its_page(deal, buyer, client):
    client.force_login(buyer)
    url = deal.get_absolute_url()

    def post(name, data, *more):
        return client.post(reverse(f"deals:{name}", args=[deal.public_id, *more]), data)

    assert post("write", {"message-text": ""}).status_code == 400
    assert post("write", {"message-text": "Chào anh"}).status_code == 302
    upload = BytesIO(paper().content.read())
    upload.name = "bao-gia.pdf"
    assert post("upload", {"file-file": upload}).status_code == 302
    tomorrow = clock.today() + timedelta(days=1)
    when = {"meeting-day": tomorrow, "meeting-time": "09:30", "meeting-minutes": "45"}
    assert post("meet", when | {"meeting-title": "Xem máy"}).status_code == 302
    assert post("step", {"code": "legal", "viec": "xong"}).status_code == 302
    page = client.get(url).content.decode()
    for shown in ("Chào anh", "bao-gia.pdf", "Xem máy", "Bước tiếp theo"):
        assert shown in page
    version = DealFileVersion.objects.get()
    answer = client.get(reverse("deals:file", args=[deal.public_id, version.key]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    meeting = deal.meetings.get()
    ics = client.get(reverse("deals:calendar", args=[deal.public_id, meeting.key]))
    assert ics["Content-Type"].startswith("text/calendar")
    english = client.get("/en" + url).content.decode()
    assert "Next step" in english


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("gap", 'name="meeting-title"'), ("nguoi", 'name="seat-person"'), ("loai", 'name="kind-kind"'),
        ("dung", 'name="end-reason"'), ("buoc", 'value="bo"'),
    ],
)  # fmt: skip
def test_a_folded_part_is_made_when_it_is_opened(part, field, deal, buyer, client):
    client.force_login(buyer)
    url = deal.get_absolute_url()
    folded, opened = (client.get(where).content.decode() for where in (url, f"{url}?mo={part}"))
    assert f'href="{url}?mo={part}#mo-{part}"' in folded
    assert opened.count(field) > folded.count(field)
    assert f'<details class="more" id="mo-{part}" open>' in opened
    # Who may not do it is shown nothing more by an address.
    client.force_login(CuratorFactory())
    assert field not in client.get(f"{url}?mo={part}").content.decode()


def test_versions_of_a_file_are_opened(deal, firm, buyer, client):
    file = rooms.add_file(deal, checked=paper("mot.pdf"), side=firm, by=buyer).of
    rooms.add_file(deal, checked=paper("hai.pdf", "B"), side=firm, of=file, by=buyer)
    client.force_login(buyer)
    url = deal.get_absolute_url()
    assert "Bản 1: mot.pdf" not in client.get(url).content.decode()
    opened = client.get(f"{url}?mo={file.key}").content.decode().split(f'id="mo-{file.key}"')[1]
    assert opened.index("Bản 2: hai.pdf") < opened.index("Bản 1: mot.pdf")
    assert f'name="of" value="{file.key}"' in opened


def test_its_page_asks_the_database_as_often_however_much_is_in_it(
    frozen_clock, deal, firm, buyer, milestones, client, django_assert_max_num_queries
):
    def fill(number):
        rooms.write_message(deal, text=f"Lời {number}", side=firm, by=buyer)
        rooms.add_file(deal, checked=paper(f"{number}.pdf"), side=firm, by=buyer)
        rooms.plan_meeting(
            deal, title="x", starts_at=clock.now() + timedelta(days=1), minutes=9, by=buyer
        )
        colleague = MembershipFactory(organization=firm).user
        people.seat_person(
            deal, person=colleague, organization=firm, role=MemberRole.LEGAL, by=buyer
        )

    fill(0)
    client.force_login(buyer)
    client.get(deal.get_absolute_url())
    with django_assert_max_num_queries(100) as few:
        client.get(deal.get_absolute_url())
    for number in range(1, 4):
        fill(number)
    with django_assert_max_num_queries(100) as many:
        client.get(deal.get_absolute_url())
    assert len(many) <= len(few) <= 30, [one["sql"][:200] for one in many.captured_queries]


#: What each act needs, and who may do it.
ACTS = {
    "write": ({"message-text": "Chào"}, {"buyer", "inventor", "officer", "provincial", "elsewhere"}),
    "meet": (
        {"meeting-title": "x", "meeting-day": "2099-01-01", "meeting-time": "09:00", "meeting-minutes": "30"},
        {"buyer", "inventor"},
    ),
    "step": ({"code": "legal", "viec": "xong"}, {"buyer", "inventor"}),
    "change_kind": ({"kind-kind": "service"}, {"buyer", "inventor"}),
    "terminate": ({"end-reason": "price"}, {"buyer", "inventor"}),
}  # fmt: skip


@pytest.fixture
def cast(firm, institute, buyer, inventor, desk):
    return {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}


def state_of(deal):
    return (
        Deal.objects.values().get(pk=deal.pk),
        deal.messages.count(),
        deal.meetings.count(),
        deal.steps.count(),
        deal.members.filter(left_at=None).count(),
    )


@pytest.mark.parametrize("act", ACTS)
def test_who_may_act_in_a_room(act, deal, cast, client):
    before = state_of(deal)
    form, may = ACTS[act]
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=[deal.public_id]), form)
            assert answer.status_code == (302 if who in may else 404), who
            assert (state_of(deal) != before) == (who in may), who
            transaction.set_rollback(True)


MILESTONE_ACTS = {"deliver": "inventor", "accept": "buyer", "return": "buyer"}


@pytest.mark.parametrize("act", MILESTONE_ACTS)
def test_who_may_act_on_a_milestone(act, deal, milestones, inventor, cast, client):
    from marketplace.deals.services import deliver_milestone

    if act in ("accept", "return"):
        deliver_milestone(milestones[0], by=inventor)
    before = deal.milestones.values().get(number=1)
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            url = reverse(f"deals:milestone_{act}", args=[deal.public_id, 1])
            answer = client.post(url, {"return-1-note": "Thiếu bản vẽ"})
            may = who == MILESTONE_ACTS[act]
            assert answer.status_code == (302 if may else 404), who
            assert (deal.milestones.values().get(number=1) != before) == may, who
            transaction.set_rollback(True)


def test_people_are_seated_by_who_leads(deal, firm, buyer, inventor, cast, client):
    newcomer = MembershipFactory(organization=firm, role="viewer").user
    url = reverse("deals:seat", args=[deal.public_id])
    form = {"seat-person": newcomer.pk, "seat-role": "technical"}
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(url, form)
            # The other side leads too, but its people are others.
            expected = {"buyer": 302, "inventor": 400}.get(who, 404)
            assert answer.status_code == expected, who
            assert Deal.objects.visible_to(newcomer).exists() == (who == "buyer")
            transaction.set_rollback(True)
    seat = DealMember.objects.get(user=buyer)
    client.force_login(inventor)
    gone = client.post(reverse("deals:unseat", args=[deal.public_id, seat.key]))
    assert gone.status_code == 404


def test_staff_have_a_right_of_their_own(deal, officer, buyer):
    assert Deal.objects.curated_by(officer, CHANGE).exists()
    assert not Deal.objects.curated_by(buyer, CHANGE).exists()
