"""What officers do with a case: notes, plans, introductions, passing on, closing."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import User
from marketplace.cases import services
from marketplace.cases.models import Case, EntryKind, HandOver
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.notifications.rendering import subject_of
from tests.cases.conftest import case_of
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.matching import MatchFactory


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_a_note_is_kept_and_wakes_an_idle_case(case, need, officer, frozen_clock):
    Case.objects.update(touched_at=clock.now() - timedelta(days=15))
    assert list(Case.objects.idle()) == [case]
    assert again(case).idle_days == 15

    entry = services.add_note(
        case, by=officer, kind="call", text=" Đã gọi. ", spoke_with=need.contact
    )

    assert (entry.text, entry.by, entry.spoke_with) == ("Đã gọi.", officer, need.contact)
    assert not Case.objects.idle().exists()


@pytest.mark.parametrize("days", [13, 14])
def test_a_case_is_idle_after_the_days_of_the_terms(days, case, frozen_clock):
    Case.objects.update(touched_at=clock.now() - timedelta(days=days, seconds=1))
    assert Case.objects.idle().exists() is (days == 14)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "call", "text": "  "},
        {"kind": "opened", "text": "Lén"},
        {"kind": "call", "text": "x", "spoke_with": "stranger"},
    ],
)
def test_a_note_without_words_of_no_contact_or_with_a_stranger_is_refused(values, case, officer):
    if "spoke_with" in values:
        values = values | {"spoke_with": UserFactory()}
    with pytest.raises(DomainError):
        services.add_note(case, by=officer, **values)
    assert case.entries.count() == 1


def test_what_comes_next_is_planned_for_a_day_to_come(case, officer):
    on = clock.today() + timedelta(days=2)
    services.plan_next(case, by=officer, action="Gửi báo giá", on=on)
    assert (again(case).next_action, again(case).next_action_on) == ("Gửi báo giá", on)

    with pytest.raises(DomainError):
        services.plan_next(case, by=officer, action="", on=clock.today() - timedelta(days=1))
    assert again(case).next_action_on == on


def test_an_introduction_names_its_match_once(case, need, officer):
    match = MatchFactory(need=need, candidate=OfferFactory(published=True, title="Máy tách vỏ"))
    entry = services.note_introduction(case, by=officer, match=match)
    assert entry.facts["title"] == "Máy tách vỏ"

    with pytest.raises(InvalidTransition):
        services.note_introduction(case, by=officer, match=match)
    other = MatchFactory(need=NeedFactory(published=True))
    with pytest.raises(DomainError):
        services.note_introduction(case, by=officer, match=other)
    assert case.entries.filter(kind=EntryKind.INTRODUCTION).count() == 1


def test_hand_over_tells_both_and_undo_gives_back(officer, colleague_officer, lead, case):
    other = case_of(NeedFactory(published=True, title="Sấy mực"))
    Case.objects.filter(pk=case.pk).update(officer=officer)

    made = services.hand_over([case, other], to=colleague_officer, by=lead, note="Chị Hà nghỉ phép")

    assert {c.officer for c in Case.objects.all()} == {colleague_officer}
    told = {notice.recipient: notice for notice in Notice.objects.filter(kind="case.handed_over")}
    assert set(told) == {officer, colleague_officer}
    assert subject_of(told[colleague_officer]) == "Đỗ Minh Khoa giao cho bạn 2 hồ sơ"
    assert subject_of(told[officer]) == "1 hồ sơ của bạn được giao cho Trần Văn Nam"
    assert case.entries.get(kind=EntryKind.HANDED_OVER).text == "Chị Hà nghỉ phép"

    assert services.undo_hand_over(made, by=lead) == 2
    assert again(case).officer == officer
    assert again(other).officer is None
    with pytest.raises(InvalidTransition):
        services.undo_hand_over(made, by=lead)
    assert Notice.objects.filter(kind="case.taken_back").count() == 2


def test_undo_leaves_what_has_passed_on_since(officer, colleague_officer, lead, case):
    made = services.hand_over([case], to=officer, by=lead)
    services.hand_over([case], to=colleague_officer, by=officer)

    assert services.undo_hand_over(made, by=lead) == 0
    assert again(case).officer == colleague_officer


def test_hand_over_is_all_or_none(officer, provincial, lead, case):
    seen = case_of(NeedFactory(published=True, province_code="92"))

    with pytest.raises(DomainError, match="không được xem"):
        services.hand_over([seen, case], to=provincial, by=lead)
    assert not HandOver.objects.exists()
    assert not Case.objects.exclude(officer=None).exists()

    services.hand_over([seen], to=provincial, by=lead)
    with pytest.raises(DomainError, match="chưa phụ trách"):
        services.hand_over([again(seen)], to=provincial, by=lead)
    for who in (UserFactory(), UserFactory(is_staff=True)):
        with pytest.raises(DomainError):
            services.hand_over([case], to=who, by=lead)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(DomainError):
        services.hand_over([case], to=again(officer), by=lead)


def test_closing_asks_for_an_outcome_of_the_list_once(case, need, officer):
    with pytest.raises(DomainError):
        services.close_case(case, by=officer, outcome="nonsense")
    services.close_case(case, by=officer, outcome="contract", text="Ký ngày 2/12")
    with pytest.raises(InvalidTransition):
        services.close_case(case, by=officer, outcome="other")
    with pytest.raises(InvalidTransition):
        services.plan_next(case, by=officer, action="x", on=None)
    assert again(case).outcome == "contract"

    services.reopen_case(case, by=officer)
    assert (again(case).is_open, again(case).outcome) == (True, "")
    with pytest.raises(InvalidTransition):
        services.reopen_case(case, by=officer)


def test_a_case_whose_need_is_gone_gets_its_outcome_and_is_not_opened_again(case, need, officer):
    from marketplace.cases.keeping import keep_batch
    from marketplace.listings.services import withdraw

    withdraw(need, by=need.contact)
    keep_batch()
    with pytest.raises(InvalidTransition):
        services.reopen_case(case, by=officer)
    services.close_case(case, by=officer, outcome="withdrawn")

    assert not Case.objects.without_outcome().exists()
    assert again(case).closed_at is not None


def test_the_desk_is_ordered_by_what_has_to_be_done(officer):
    today = clock.today()
    cases = [case_of(NeedFactory(published=True, title=f"{n}")) for n in range(4)]
    facts = [(officer, today), (officer, today - timedelta(days=2)), (None, today), (officer, None)]
    for case, (who, on) in zip(cases, facts, strict=True):
        Case.objects.filter(pk=case.pk).update(officer=who, next_action_on=on)
    services.close_case(cases[0], by=officer, outcome="other")

    assert [int(c.title) for c in Case.objects.in_order_of_work()] == [2, 3, 1, 0]
    assert {int(c.title) for c in Case.objects.of(officer).due()} == {1, 3}
