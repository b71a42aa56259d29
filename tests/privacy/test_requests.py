"""Requests about personal data: taken in with their terms, answered by leads, told to who asked."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.privacy.models import Consent, SubjectRequest
from marketplace.privacy.services import (
    answer_request,
    finish_request,
    give_consent,
    has_consent,
    receive_request,
    refuse_request,
    withdraw_consent,
)
from tests.cms.conftest import desk, lead, officer  # noqa: F401 - the desk's people
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def asked(person, **values):
    values = {"kind": "correct", "text": "Sai số điện thoại"} | values
    return receive_request(**values, user=person, by=person)


def test_terms_run_from_the_day_it_came(person, frozen_clock):
    request = asked(person)  # Wednesday 11 November 2026
    assert request.answer_due_on == date(2026, 11, 13)
    assert request.carry_out_due_on == date(2026, 11, 23)  # the tenth day is a Saturday
    assert not request.is_late
    frozen_clock.move(days=3)
    assert request.is_late
    assert list(SubjectRequest.objects.late()) == [request]
    answer_request(request, answer="Sửa trong tuần này.", by=UserFactory())
    assert not request.is_late


def test_answered_then_carried_out_and_each_told(person, frozen_clock):
    request, clerk = asked(person), UserFactory()
    with pytest.raises(DomainError):
        answer_request(request, answer="  ", by=clerk)
    answer_request(request, answer="Sẽ sửa.", by=clerk)
    finish_request(request, answer="Đã sửa.", by=clerk)
    assert (request.state, request.due_on, request.ended_at is None) == ("done", None, False)
    assert Notice.objects.filter(recipient=person, kind="privacy.request_answered").count() == 2
    with pytest.raises(InvalidTransition):
        refuse_request(request, answer="Không", by=clerk)


def test_one_person_has_so_many_open(person):
    for _each in range(5):
        asked(person)
    with pytest.raises(DomainError, match="đợi trả lời"):
        asked(person)


def test_page_sends_a_request_and_shows_its_answer(person, as_user):
    browser = as_user(person)
    assert browser.post(reverse("privacy:ask"), {"kind": "erase", "text": ""}).status_code == 400
    browser.post(reverse("privacy:ask"), {"kind": "erase", "text": "Xóa số cũ"})
    request = SubjectRequest.objects.get()
    assert request.user == person
    finish_request(request, answer="Đã xóa số cũ.", by=UserFactory())
    assert "Đã xóa số cũ." in browser.get(reverse("privacy:mine")).content.decode()


@pytest.mark.parametrize("who", ["person", "stranger", "officer", "nobody"])
def test_desk_is_for_leads_alone(who, person, request, as_user, desk):  # noqa: F811
    row = asked(person)
    browser = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    for address in (
        reverse("subject_requests:edit", args=[row.pk]),
        reverse("subject_requests:add"),
    ):
        answer = browser.post(
            address, {"action": "finish", "answer": "x", "kind": "erase", "text": "x"}
        )
        assert answer.status_code in (302, 403)
    row.refresh_from_db()
    assert (row.state, row.answer, SubjectRequest.objects.count()) == ("received", "", 1)


def test_lead_takes_in_what_came_by_post_and_answers(lead, as_user):  # noqa: F811
    browser = as_user(lead)
    browser.post(
        reverse("subject_requests:add"),
        {"name": "Bà Lan", "address": "12 Lê Lợi", "kind": "access", "text": "Sàn có gì về tôi?"},
    )
    row = SubjectRequest.objects.get()
    assert (row.who, row.user) == ("Bà Lan", None)
    page = browser.get(reverse("subject_requests:edit", args=[row.pk])).content.decode()
    assert "12 Lê Lợi" in page
    assert "Nghị định 356/2025" in page
    browser.post(
        reverse("subject_requests:edit", args=[row.pk]),
        {"action": "answer", "answer": "Gửi trước ngày 20."},
    )
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("answered", lead)
    page = browser.get(reverse("subject_requests:index")).content.decode()
    assert "Bà Lan" in page
    assert f'href="{reverse("subject_requests:edit", args=[row.pk])}"' in page


def test_consent_is_to_a_version_and_taken_back(person, as_user):
    assert not has_consent(person, "surveys")
    give_consent(person, "surveys")
    give_consent(person, "surveys")
    assert has_consent(person, "surveys")
    browser = as_user(person)
    browser.post(reverse("privacy:consent", args=["surveys"]), {"action": "withdraw"})
    assert not has_consent(person, "surveys")
    give_consent(person, "surveys")
    assert Consent.objects.filter(user=person, document="surveys").count() == 2


def test_required_document_is_not_taken_back_and_an_unknown_one_is_none(person, as_user):
    give_consent(person, "terms")
    with pytest.raises(LookupError):
        withdraw_consent(person, "terms")
    assert has_consent(person, "terms")
    for code in ("terms", "khong-co"):
        address = reverse("privacy:consent", args=[code])
        assert as_user(person).post(address, {"action": "withdraw"}).status_code == 404


def test_public_page_is_made_of_the_ledger(client):
    page = client.get(reverse("privacy:policy")).content.decode()
    assert "Sổ đăng ký nhiệm vụ và kết quả" in page
    assert "91/2025/QH15" in page
    assert "2 ngày làm việc" in page
    english = client.get("/en" + reverse("privacy:policy")).content.decode()
    assert "10 years" in english
