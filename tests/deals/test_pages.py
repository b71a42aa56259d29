"""The pages of expressions of interest, in both languages, and what other pages show of them."""

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.idempotency import FIELD
from marketplace.deals import services
from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.notices.expressions import tell_late, tell_reminder
from marketplace.matching.models import MatchRun
from marketplace.notifications.models import Notice
from marketplace.notifications.rendering import subject_of
from tests.factories.accounts import MembershipFactory
from tests.factories.deals import sent_expression
from tests.factories.listings import NeedFactory
from tests.factories.matching import MatchFactory

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_it_is_sent_from_the_page_once(offer, firm, buyer, client):
    client.force_login(buyer)
    url = reverse("deals:express", args=["offer", offer.public_id])
    assert url in text(client.get(offer.get_absolute_url()))
    wrong = client.post(url, {"wants": "quote", "why": "", "wanted_by": "01/01/2020"})
    assert wrong.status_code == 400
    assert "Hãy nói vì sao bạn quan tâm." in text(wrong)
    form = {"wants": "quote", "why": "Cần 300 kg/giờ", FIELD: "khoa-1"}
    answers = [client.post(url, form) for _time in range(2)]
    made = ExpressionOfInterest.objects.get()
    assert [one["Location"] for one in answers] == [made.get_absolute_url()] * 2
    # The listing's page leads to it now, and a second one is refused in words.
    assert made.get_absolute_url() in text(client.get(offer.get_absolute_url()))
    twice = client.post(url, form | {FIELD: "khoa-2"})
    assert "đang chờ trả lời" in text(twice)


def test_a_match_is_kept_with_it_where_it_is_theirs(firm, buyer, offer, client):
    need = NeedFactory(organization=firm, contact=buyer, published=True)
    match = MatchFactory(need=need, candidate=offer)
    MatchRun.objects.create(
        need=need, content_version=1, ran_at=clock.now(), duration_ms=1, shown=1, abstained=False
    )
    foreign = MatchFactory()
    client.force_login(buyer)
    url = reverse("deals:express", args=["offer", offer.public_id])
    assert f"{url}?goi-y={match.public_id}" in text(client.get(need.get_absolute_url()))
    client.post(f"{url}?goi-y={match.public_id}", {"wants": "quote", "why": "Cần"})
    made = ExpressionOfInterest.objects.get()
    assert made.match == match
    services.withdraw_interest(made, by=buyer)
    client.post(f"{url}?goi-y={foreign.public_id}", {"wants": "quote", "why": "Cần"})
    assert ExpressionOfInterest.objects.waiting().get().match is None


def test_lists_of_both_sides_and_the_dashboard(expression, buyer, inventor, client):
    client.force_login(inventor)
    assert expression.title in text(client.get(reverse("deals:expressions")))
    assert expression.get_absolute_url() in text(client.get(reverse("dashboard:home")))
    client.force_login(buyer)
    assert "Chưa có đề nghị nào" in text(client.get(reverse("deals:expressions")))
    sent = client.get(reverse("deals:expressions"), {"loai": "da-gui"})
    assert expression.title in text(sent)


def test_lists_ask_as_often_for_one_as_for_three(
    expression, inventor, institute, client, django_assert_max_num_queries
):
    client.force_login(inventor)
    client.get(reverse("deals:expressions"))
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("deals:expressions"))
    for _number in range(2):
        other = MembershipFactory()
        need = NeedFactory(organization=institute, contact=inventor, published=True)
        sent_expression(need, by=other.user, asker=other.organization)
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("deals:expressions"))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("end", ["waiting", "declined", "accepted"])
def test_the_page_says_where_it_stands(expression, buyer, inventor, client, language, end):
    if end == "declined":
        services.decline_interest(expression, reason="busy", note="Sang năm", by=inventor)
    elif end == "accepted":
        services.accept_interest(expression, by=inventor)
    with translation.override(language):
        url = expression.get_absolute_url()
    for person in (buyer, inventor):
        client.force_login(person)
        page = client.get(url)
        assert page.status_code == 200
        assert ("Sang năm" in text(page)) == (end == "declined")


def test_a_refusal_without_a_reason_is_shown_again(expression, inventor, client):
    client.force_login(inventor)
    url = reverse("deals:decline", args=[expression.public_id])
    wrong = client.post(url, {"reason": "other"})
    assert wrong.status_code == 400
    assert "Hãy nói ngắn gọn lý do." in text(wrong)
    late = [client.post(url, {"reason": "busy"}, follow=True) for _time in range(2)]
    assert "Không làm được nữa: đề nghị này đã từ chối." in text(late[1])


def test_a_hidden_owner_is_not_on_the_askers_pages(firm, buyer, institute, inventor, client):
    need = NeedFactory(organization=firm, contact=buyer, hide_owner=True, published=True)
    client.force_login(inventor)
    form = client.get(reverse("deals:express", args=["need", need.public_id]))
    made = sent_expression(need, by=inventor, asker=institute)
    pages = [
        form,
        client.get(made.get_absolute_url()),
        client.get(reverse("deals:expressions"), {"loai": "da-gui"}),
    ]
    assert all(firm.name not in text(page) for page in pages)
    services.accept_interest(made, by=buyer)
    assert firm.name in text(client.get(made.get_absolute_url()))


def test_staff_mediate_on_the_page_and_their_case_opens(expression, officer, client):
    client.force_login(officer)
    url = reverse("deals:curate", args=[expression.public_id])
    assert client.post(url, {"viec": "hoa-giai"}).status_code == 400
    answer = client.post(url, {"staff-note": "Đã gọi anh Bình", "viec": "hoa-giai"}, follow=True)
    assert "Đã gọi anh Bình" in text(answer)
    keep_batch()
    case = client.get(reverse("cases:edit", args=[Case.objects.get(kind="interest").pk]))
    assert expression.get_absolute_url() in text(case)


def test_mails_are_written_for_every_event(expression, inventor, officer):
    services.mediate_interest(expression, note="Gọi lại", by=officer)
    tell_reminder(expression)
    tell_late(expression)
    services.decline_interest(expression, reason="busy", by=inventor)
    for notice in Notice.objects.filter(kind__startswith="interest."):
        for language in ("vi", "en"):
            with translation.override(language):
                assert expression.title in subject_of(notice)
