"""A dispute is opened, answered in time or not, mediated and settled; each by those whose it is, and once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.disputing import answer_by, mediated_by, reminded_on
from marketplace.deals.models import DealFileVersion, Dispute, DisputeEntry
from marketplace.deals.services import complete_deal, terminate_deal
from marketplace.deals.services import disputes as services
from marketplace.deals.states import DISPUTE_TRANSITIONS, ENDED_DISPUTES, DisputeState
from marketplace.deals.tasks import disputes as dispute_clock
from marketplace.notifications.models import Notice
from tests.deals.people import PEOPLE, person_named
from tests.factories.registration import pdf_upload
from tests.threads import together

pytestmark = pytest.mark.django_db

SAID = {"reason": "quality", "text": "Đạt 180 kg mỗi giờ.", "wanted": "Chỉnh lại trong 30 ngày."}


@pytest.fixture
def dispute(deal, milestones, firm, buyer, officer):
    return services.open_dispute(deal, side=firm, milestone=milestones[1], by=buyer, **SAID)


def told(event):
    rows = Notice.objects.filter(dedupe_key__startswith="dispute:", context__event=event)
    return {row.recipient for row in rows.select_related("recipient")}


def kinds(dispute):
    return list(dispute.entries.values_list("kind", flat=True))


def test_every_state_but_the_last_ones_leads_on():
    assert set(DISPUTE_TRANSITIONS) | set(ENDED_DISPUTES) == set(DisputeState)
    assert not set(DISPUTE_TRANSITIONS) & set(ENDED_DISPUTES)


def test_opened_answered_mediated_and_settled(
    dispute, deal, firm, institute, buyer, inventor, officer
):
    assert (dispute.state, dispute.due_on) == ("open", answer_by(clock.today()))
    assert told("dispute_opened") == {inventor, officer}
    services.answer_dispute(dispute, side=institute, text="Do điện áp thấp.", by=inventor)
    assert (dispute.state, dispute.due_on) == ("answered", mediated_by(clock.today()))
    assert dispute.step_on is None
    assert told("dispute_answered") == {buyer, officer}
    services.add_to_dispute(dispute, side=firm, text="Điện áp 220 V.", by=buyer)
    assert told("dispute_added") == {inventor}
    due_on = dispute.due_on
    services.mediate_dispute(dispute, text="Hai bên gặp ngày 12.", by=officer)
    services.mediate_dispute(dispute, text="Đã đo lại.", by=officer)
    assert (dispute.state, dispute.due_on) == ("mediated", due_on)
    services.settle_dispute(dispute, outcome="agreed", note="Lắp ổn áp.", by=officer)
    assert (dispute.state, dispute.outcome) == ("settled", "agreed")
    assert told("dispute_settled") == {buyer, inventor}
    assert kinds(dispute) == ["opened", "answered", "added", "mediated", "mediated", "settled"]
    with pytest.raises(InvalidTransition, match="đã giải quyết"):
        services.add_to_dispute(dispute, side=firm, text="Còn nữa", by=buyer)
    with pytest.raises(InvalidTransition):
        services.withdraw_dispute(dispute, side=firm, by=buyer)


def test_each_side_does_what_is_its_own(dispute, deal, firm, institute, buyer, inventor, officer):
    with pytest.raises(DomainError, match="Bên kia trả lời"):
        services.answer_dispute(dispute, side=firm, text="Tôi", by=buyer)
    with pytest.raises(DomainError, match="Chỉ bên nêu"):
        services.withdraw_dispute(dispute, side=institute, by=inventor)
    with pytest.raises(InvalidTransition, match="một khiếu nại chưa giải quyết"):
        services.open_dispute(deal, side=firm, by=buyer, **SAID)
    services.open_dispute(deal, side=institute, by=inventor, **SAID | {"reason": "late_payment"})
    services.withdraw_dispute(dispute, side=firm, by=buyer)
    with pytest.raises(InvalidTransition, match="đã rút lại"):
        services.answer_dispute(dispute, side=institute, text="Muộn", by=inventor)
    assert services.open_dispute(deal, side=firm, by=buyer, **SAID).milestone is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reason": "moon"}, "lý do"),
        ({"text": " "}, "đã xảy ra"),
        ({"wanted": ""}, "đã xảy ra"),
    ],
)
def test_what_says_nothing_is_no_dispute(deal, firm, buyer, wrong, why):
    with pytest.raises(DomainError, match=why):
        services.open_dispute(deal, side=firm, by=buyer, **SAID | wrong)
    assert not Dispute.objects.exists()


def test_an_outcome_says_on_what_ground(dispute, officer):
    with pytest.raises(DomainError, match="căn cứ"):
        services.settle_dispute(dispute, outcome="agreed", note=" ", by=officer)
    with pytest.raises(DomainError, match="kết quả"):
        services.settle_dispute(dispute, outcome="moon", note="Vì vậy", by=officer)
    dispute.refresh_from_db()
    assert dispute.state == "open"


def test_the_clock_reminds_then_calls_staff_and_a_late_answer_is_one(
    frozen_clock, dispute, institute, buyer, inventor, officer
):
    assert dispute_clock() == 0
    frozen_clock.move(days=(reminded_on(clock.today()) - clock.today()).days)
    assert dispute_clock() == 1
    assert dispute_clock() == 0
    assert told("dispute_due") == {inventor}
    assert Dispute.objects.get().step_on > dispute.due_on
    frozen_clock.move(days=(Dispute.objects.get().step_on - clock.today()).days)
    assert dispute_clock() == 1
    assert dispute_clock() == 0
    dispute.refresh_from_db()
    assert (dispute.state, kinds(dispute)) == ("overdue", ["opened", "overdue"])
    assert dispute.due_on == mediated_by(clock.today())
    assert told("dispute_overdue") == {buyer, inventor, officer}
    services.answer_dispute(dispute, side=institute, text="Xin lỗi vì chậm.", by=inventor)
    assert dispute.state == "answered"


def test_a_disputed_deal_is_not_settled_and_its_case_stays_open(
    dispute, deal, firm, institute, buyer, inventor, officer
):
    deal.milestones.update(
        state="paid", paid_at=clock.now(), work="accepted", accepted_at=clock.now()
    )
    with pytest.raises(DomainError, match="khiếu nại chưa giải quyết"):
        complete_deal(deal, by=buyer)
    keep_batch()
    terminate_deal(deal, reason="breach", by=buyer)
    keep_batch()
    case = Case.objects.get(kind="deal")
    assert case.state == "open"
    services.withdraw_dispute(dispute, side=firm, by=buyer)
    keep_batch()
    case.refresh_from_db()
    assert case.state == "closed"
    # What has ended may be disputed: the case comes back.
    services.open_dispute(deal, side=institute, by=inventor, **SAID)
    keep_batch()
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_settled_at_the_same_moment_ends_in_one_of_them(
    dispute, firm, buyer, officer
):
    refused = together(
        lambda: services.withdraw_dispute(Dispute.objects.get(), side=firm, by=buyer),
        lambda: services.settle_dispute(
            Dispute.objects.get(), outcome="agreed", note="Đã rõ", by=officer
        ),
    )
    assert [type(one) for one in refused] == [InvalidTransition]
    dispute.refresh_from_db()
    assert not dispute.is_open
    assert len(kinds(dispute)) == 2


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_staff_are_called_once(dispute, buyer, inventor, officer, kill_stage):
    today = clock.today()
    Dispute.objects.update(due_on=today - timedelta(days=1), step_on=today)
    killed = kill_stage(
        "clock_batch()",
        "from marketplace.deals.services.disputes import clock_batch",
        count=3,
        most=14,
        at=clock.now().isoformat(),
    )
    while dispute_clock():
        pass
    assert killed >= 2
    dispute.refresh_from_db()
    assert (dispute.state, kinds(dispute)) == ("overdue", ["opened", "overdue"])
    assert told("dispute_overdue") == {buyer, inventor, officer}


# --- pages ------------------------------------------------------------------------------------------

MAY = {
    "open_dispute": {"inventor"},  # the buyer has one open already
    "answer_dispute": {"inventor"},
    "add_to_dispute": {"buyer", "inventor"},
    "withdraw_dispute": {"buyer"},
    # Both sides' provinces have a say in a deal.
    "mediate_dispute": {"officer", "provincial", "elsewhere"},
    "settle_dispute": {"officer", "provincial", "elsewhere"},
}


def everything():
    return list(Dispute.objects.order_by("pk").values()), DisputeEntry.objects.count()


@pytest.mark.parametrize("act", MAY)
def test_who_may_do_what(act, dispute, firm, institute, buyer, inventor, desk, client):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    key = dispute.key
    form = {
        "open_dispute": {f"open-{name}": value for name, value in SAID.items()},
        "answer_dispute": {f"say-{key}-text": "Không đúng"},
        "add_to_dispute": {f"say-{key}-text": "Thêm"},
        "mediate_dispute": {f"mediate-{key}-text": "Đã gọi hai bên"},
        "settle_dispute": {f"settle-{key}-outcome": "agreed", f"settle-{key}-note": "Hai bên ký"},
    }.get(act, {})
    args = [dispute.deal.public_id, *([] if act == "open_dispute" else [key])]
    before = everything()
    for who, person in cast.items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=args), form)
            # A side that has no such act just now is told so; an act without a form leads on with it.
            sides = who in ("buyer", "inventor") and "mediate" not in act and "settle" not in act
            refused = (302 if act == "withdraw_dispute" else 400) if sides else 404
            assert answer.status_code == (302 if who in MAY[act] else refused), who
            assert (everything() != before) == (who in MAY[act]), who
            transaction.set_rollback(True)


def test_the_page_shows_a_side_what_is_its_own(
    deal, milestones, firm, institute, buyer, inventor, officer, client, settings
):
    url = reverse("deals:disputes", args=[deal.public_id])
    client.force_login(buyer)
    assert "Nêu khiếu nại…" in client.get(url).content.decode()
    refused = client.post(reverse("deals:open_dispute", args=[deal.public_id]), {})
    assert (refused.status_code, Dispute.objects.count()) == (400, 0)
    form = {f"open-{name}": value for name, value in SAID.items()} | {"open-milestone": "2"}
    client.post(
        reverse("deals:open_dispute", args=[deal.public_id]), form | {"open-file": pdf_upload()}
    )
    dispute = Dispute.objects.get()
    file = DealFileVersion.objects.get()
    assert (dispute.milestone, dispute.entries.get().file) == (milestones[1], file)
    own = client.get(url).content.decode()
    assert "Rút khiếu nại" in own
    assert "Nêu khiếu nại…" not in own
    assert reverse("deals:file", args=[deal.public_id, file.key]) in own
    room = client.get(deal.get_absolute_url()).content.decode()
    assert room.count("Đang có khiếu nại") == 1

    client.force_login(inventor)
    answer = reverse("deals:answer_dispute", args=[deal.public_id, dispute.key])
    theirs = client.get(url).content.decode()
    assert answer in theirs
    assert "Rút khiếu nại" not in theirs
    assert client.post(answer, {}).status_code == 400
    client.post(answer, {f"say-{dispute.key}-text": "Do điện áp."})

    client.force_login(officer)
    desk = client.get(url).content.decode()
    assert "Ghi kết quả" in desk
    assert "Do điện áp." in desk
    settle = reverse("deals:settle_dispute", args=[deal.public_id, dispute.key])
    said = {f"settle-{dispute.key}-outcome": "agreed"}
    assert client.post(settle, said).status_code == 400
    client.post(settle, said | {f"settle-{dispute.key}-note": "Lắp ổn áp."})
    client.force_login(buyer)
    ended = client.get(url).content.decode()
    assert "Hai bên thống nhất được" in ended
    assert "Nêu khiếu nại…" in ended
    assert "Đang có khiếu nại" not in client.get(deal.get_absolute_url()).content.decode()


def test_what_is_refused_leaves_no_file_in_the_room(dispute, deal, buyer, inventor, client):
    def stored():
        folder = Path(DealFileVersion._meta.get_field("file").storage.location)
        return {path for path in folder.rglob("*") if path.is_file()}

    services.withdraw_dispute(dispute, side=dispute.organization, by=buyer)
    client.force_login(inventor)
    before = stored()
    for act in ("answer_dispute", "add_to_dispute"):
        client.post(
            reverse(f"deals:{act}", args=[deal.public_id, dispute.key]),
            {f"say-{dispute.key}-text": "Muộn mất rồi.", f"say-{dispute.key}-file": pdf_upload()},
        )
    assert not DealFileVersion.objects.exists()
    assert stored() == before


def test_a_page_of_one_and_of_three_asks_as_much(
    deal, milestones, firm, institute, buyer, inventor, client
):
    client.force_login(buyer)
    url = reverse("deals:disputes", args=[deal.public_id])

    def opened(side, by):
        return services.open_dispute(deal, side=side, by=by, **SAID)

    services.withdraw_dispute(opened(firm, buyer), side=firm, by=buyer)
    client.get(url)
    with CaptureQueriesContext(connection) as first:
        client.get(url)
    for _time in range(2):
        services.withdraw_dispute(opened(institute, inventor), side=institute, by=inventor)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(first)
