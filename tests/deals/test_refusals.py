"""What a rule refuses after a form was filled in well: the form comes again with what was typed, and says why."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.models import Deal, FollowUp
from marketplace.deals.services import (
    accept_milestone,
    deliver_milestone,
    disputes,
    terminate_deal,
    withdraw_interest,
)
from marketplace.deals.services.follow_ups import answer_follow_up
from marketplace.deals.services.terms import offer_terms
from tests.deals.people import person_named
from tests.factories.accounts import MembershipFactory
from tests.factories.deals import offered_terms

pytestmark = pytest.mark.django_db
TYPED = "Điều đã gõ rất lâu"
MEETING = {"meeting-day": "2099-01-01", "meeting-time": "09:00", "meeting-minutes": "30"}
ROOM = {
    "write": {"message-text": TYPED},
    "meet": MEETING | {"meeting-title": TYPED},
    "terminate": {"end-reason": "price", "end-note": TYPED},
}


def refused(client, url, form, *, kept=TYPED):
    answer = client.post(url, form)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert kept in page
    return page


@pytest.mark.parametrize("act", ROOM)
def test_in_a_room_that_was_closed_meanwhile(act, deal, buyer, inventor, client):
    terminate_deal(deal, reason="price", note="", by=inventor)
    client.force_login(buyer)
    page = refused(client, reverse(f"deals:{act}", args=[deal.public_id]), ROOM[act])
    # Said on the form, where the reader looks, and not in a message of the page that comes after.
    assert page.index('role="alert"') < page.index(TYPED)
    assert not deal.messages.exists()
    assert not deal.meetings.exists()
    # What else could be filled in there is gone: the page is that of a closed room.
    assert "Ghi bước khác…" not in page


def test_the_kind_of_a_deal_that_is_agreed(deal, milestones, buyer, client):
    client.force_login(buyer)
    url = reverse("deals:change_kind", args=[deal.public_id])
    page = refused(client, url, {"kind-kind": "service"}, kept='value="service" selected')
    assert 'role="alert"' in page
    assert Deal.objects.get(pk=deal.pk).kind == deal.kind


def test_a_colleague_who_cannot_be_seated_any_more(deal, firm, buyer, inventor, client):
    colleague = MembershipFactory(organization=firm, role="viewer").user
    terminate_deal(deal, reason="price", note="", by=inventor)
    client.force_login(buyer)
    form = {"seat-person": colleague.pk, "seat-role": "legal"}
    refused(
        client,
        reverse("deals:seat", args=[deal.public_id]),
        form,
        kept=f'value="{colleague.pk}" selected',
    )
    assert not Deal.objects.visible_to(colleague).exists()


def test_a_milestone_that_was_accepted_meanwhile(deal, milestones, buyer, inventor, client):
    for one in milestones[:2]:
        deliver_milestone(one, by=inventor)
    accept_milestone(milestones[0], by=buyer)
    client.force_login(buyer)
    url = reverse("deals:milestone_return", args=[deal.public_id, 1])
    page = refused(client, url, {"return-1-note": TYPED})
    assert page.count(TYPED) == 1  # not in the form of the other milestone
    assert page.count('name="return-2-note"') == 1
    # A field that is empty is said at its place too.
    empty = client.post(reverse("deals:milestone_return", args=[deal.public_id, 2]), {})
    assert empty.status_code == 400
    assert "#id_return-2-note" in empty.content.decode()


def test_a_question_that_a_colleague_answered(deal, milestones, buyer, client):
    row = FollowUp.objects.create(
        deal=deal, months=6, due_on=clock.today(), asked_at=clock.now() - timedelta(days=1)
    )
    answer_follow_up(row, outcome="in_use", by=buyer)
    client.force_login(buyer)
    url = reverse("deals:follow_up", args=[deal.public_id, 6])
    page = refused(client, url, {"follow-6-outcome": "in_use", "follow-6-note": TYPED})
    assert "đã được trả lời" in page


def test_terms_that_answer_a_version_which_is_not_the_newest(
    deal, firm, institute, buyer, inventor, client
):
    offer_terms(deal, offered_terms(), side=institute, by=inventor)
    terms = offered_terms(quality=TYPED)
    client.force_login(buyer)
    form = {f"content_{code}": text for code, text in terms.contents.items()} | {
        "price_form": terms.price_form,
        "currency": terms.currency,
        "plan_1_title": "Tạm ứng",
        "plan_1_amount": "300 triệu",
        "tra-loi": "0",
    }
    page = refused(client, reverse("deals:offer_terms", args=[deal.public_id]), form)
    # The version that came between is on the page, and sending again answers it.
    assert 'name="tra-loi" value="1"' in page
    assert client.post(
        reverse("deals:offer_terms", args=[deal.public_id]), form | {"tra-loi": "1"}
    ).status_code == 302  # fmt: skip


def test_a_refusal_of_an_interest_that_was_taken_back(expression, buyer, inventor, client):
    withdraw_interest(expression, by=buyer)
    client.force_login(inventor)
    url = reverse("deals:decline", args=[expression.public_id])
    page = refused(client, url, {"reason": "capacity", "note": TYPED})
    assert "Đồng ý kết nối" not in page


@pytest.mark.parametrize("act", ["answer", "add", "mediate", "settle"])
def test_what_is_said_of_a_dispute_that_has_ended(
    act, deal, milestones, firm, institute, buyer, inventor, desk, client
):
    dispute = disputes.open_dispute(
        deal, side=firm, reason="quality", text="Máy dừng", wanted="Sửa", by=buyer
    )
    disputes.withdraw_dispute(dispute, side=firm, by=buyer)
    key, entries = dispute.key, dispute.entries.count()
    staff = act in ("mediate", "settle")
    form = {
        f"say-{key}-text": TYPED,
        f"mediate-{key}-text": TYPED,
        f"settle-{key}-note": TYPED,
        f"settle-{key}-outcome": "agreed",
    }
    client.force_login(
        person_named("officer", firm, institute, buyer, inventor) if staff else inventor
    )
    url = reverse(f"deals:{'add_to' if act == 'add' else act}_dispute", args=[deal.public_id, key])
    page = refused(client, url, form)
    assert page.count(TYPED) == 1
    assert 'role="alert"' in page
    assert dispute.entries.count() == entries
