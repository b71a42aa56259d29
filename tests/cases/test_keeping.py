"""Cases follow their needs: opened, assigned, brought up to date, ended, and opened again."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import Organization
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import AssignmentRule, Case, CaseEntry, EntryKind
from marketplace.cases.personal import forget_batch, leave_cases
from marketplace.cases.services import add_note, close_case
from marketplace.cases.tasks import keep
from marketplace.core import clock
from marketplace.core.leases import lease
from marketplace.listings.models import Need
from marketplace.listings.services import withdraw
from marketplace.notifications.models import Notice
from tests.cases.conftest import case_of
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory


def kinds_of(case):
    return list(case.entries.order_by("pk").values_list("kind", flat=True))


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_a_published_need_has_one_case_and_a_draft_has_none(need):
    NeedFactory()

    assert keep_batch() == 1
    assert keep_batch() == 0
    case = Case.objects.get()
    assert (case.kind, case.subject, case.title) == ("need", need.public_id, need.title)
    assert (case.organization, case.province_code) == (need.organization, "75")
    assert case.officer is None
    assert case.next_action_on == clock.today() + timedelta(days=3)
    assert kinds_of(case) == [EntryKind.OPENED]


def test_the_stage_runs_under_its_lease_alone(need):
    with lease("cases.keep"):
        assert keep() == 0
    assert keep() == 1


@pytest.mark.parametrize(
    ("rules", "who"),
    [
        ([("401", "", "a")], "a"),
        ([("402", "", "a"), ("", "", "b")], "b"),
        ([("", "75", "a"), ("401", "", "b")], "a"),
        ([("401", "92", "a")], None),
        ([("401", "75", "b"), ("", "", "a")], "b"),
    ],
)
def test_the_first_rule_whose_field_and_province_fit_gives_the_officer(
    rules, who, need, officer, colleague_officer
):
    people = {"a": officer, "b": colleague_officer}
    for position, (field, province, name) in enumerate(rules):
        AssignmentRule.objects.create(
            position=position, field_code=field, province_code=province, officer=people[name]
        )

    assert case_of(need).officer == people.get(who)
    told = Notice.objects.filter(kind="case.assigned")
    assert [notice.recipient for notice in told] == ([people[who]] if who else [])


def test_a_rule_gives_nobody_a_case_that_they_may_not_see(need, provincial, officer):
    for who in (provincial, officer):
        AssignmentRule.objects.create(position=1, officer=who)
    AssignmentRule.objects.create(position=0, officer=officer, is_active=False)

    assert case_of(need).officer == officer


def test_a_changed_need_changes_its_case(case, need):
    Need.objects.filter(pk=need.pk).update_content(title="Tách vỏ lụa", province_code="92")

    assert keep_batch() == 1
    assert (again(case).title, again(case).province_code) == ("Tách vỏ lụa", "92")
    assert keep_batch() == 0


def test_without_a_province_a_case_is_of_that_of_its_organisation(need):
    Organization.objects.filter(pk=need.organization_id).update(province_code="92")
    Need.objects.filter(pk=need.pk).update(province_code="")

    assert case_of(need).province_code == "92"


def test_a_withdrawn_need_ends_its_case_and_shown_again_opens_it(case, need, officer):
    Case.objects.update(officer=officer)
    withdraw(need, by=need.contact)

    assert keep_batch() == 1
    ended = again(case)
    assert (ended.is_open, ended.ended_with_subject, ended.outcome) == (False, True, "")
    assert list(Case.objects.without_outcome()) == [ended]

    Need.objects.filter(pk=need.pk).update(withdrawn_at=None, live=True)
    assert keep_batch() == 1
    reopened = again(case)
    assert reopened.is_open
    assert reopened.officer == officer
    assert kinds_of(case) == [EntryKind.OPENED, EntryKind.CLOSED, EntryKind.REOPENED]


def test_a_case_that_an_officer_closed_stays_closed(case, officer):
    close_case(case, by=officer, outcome="contract")

    assert keep_batch() == 0
    assert not again(case).is_open


def test_words_are_cleared_when_their_time_is_over(case, officer, frozen_clock):
    add_note(case, by=officer, kind="call", text="Gặp anh Bình, 0912 000 111")
    close_case(case, by=officer, outcome="no_budget", text="Anh Bình báo hết tiền")
    Case.objects.update(closed_at=clock.now() - timedelta(days=729))
    assert forget_batch() == 0

    frozen_clock.move(days=2)
    assert forget_batch() == 2
    assert forget_batch() == 0
    assert set(CaseEntry.objects.values_list("text", flat=True)) == {""}


def test_with_an_account_goes_what_was_said_with_the_person_and_nothing_else(case, need, officer):
    other = MembershipFactory(organization=need.organization).user
    add_note(case, by=officer, kind="call", text="Của chị Lan", spoke_with=need.contact)
    add_note(case, by=officer, kind="call", text="Của người khác", spoke_with=other)
    Case.objects.update(officer=officer)

    leave_cases(need.contact)
    assert set(CaseEntry.objects.exclude(text="").values_list("text", flat=True)) == {
        "Của người khác"
    }
    assert again(case).officer == officer
    leave_cases(officer)
    assert again(case).officer is None


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_each_need_has_one_case_with_one_beginning(officer, kill_stage):
    AssignmentRule.objects.create(officer=officer)
    needs = NeedFactory.create_batch(3, published=True)
    gone = NeedFactory(published=True)
    keep_batch()
    Case.objects.exclude(subject=gone.public_id).delete()
    Need.objects.filter(pk=gone.pk).update(live=False)
    Need.objects.filter(pk=needs[0].pk).update_content(title="Tên mới")

    killed = kill_stage("keep_batch()", "from marketplace.cases.keeping import keep_batch", most=60)
    while keep_batch():
        pass

    assert killed
    assert Case.objects.open().count() == 3
    for case in Case.objects.open():
        assert case.officer == officer
        assert kinds_of(case) == [EntryKind.OPENED, EntryKind.ASSIGNED]
        assert Notice.objects.filter(dedupe_key__contains=case.public_id).count() == 1
    ended = Case.objects.get(subject=gone.public_id)
    assert kinds_of(ended)[-1] == EntryKind.CLOSED
    assert kinds_of(ended).count(EntryKind.CLOSED) == 1


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_two_that_wake_at_once_open_one_case(need, other_process):
    code = (
        "from marketplace.cases.keeping import keep_batch\nprint('ready', flush=True)\nkeep_batch()"
    )
    for process in [other_process(code) for _n in range(2)]:
        process.finish(60)

    case = Case.objects.get()
    assert kinds_of(case) == [EntryKind.OPENED]
