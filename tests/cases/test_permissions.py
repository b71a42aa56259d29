"""The case desk is for staff with the right, each in their provinces; who is refused changes nothing."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.cases.models import AssignmentRule, Case, HandOver
from marketplace.cases.services import add_note, hand_over
from tests.cases.conftest import case_of
from tests.cms.test_permissions import is_refused
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory

OUTSIDERS = ["owner", "colleague", "stranger", "nobody", "editor"]
ACTS = {
    "note": {"note-kind": "call", "note-text": "Lén ghi"},
    "plan": {"plan-action": "Lén hẹn"},
    "take": {},
    "close": {"close-outcome": "contract"},
}


@pytest.fixture
def owner(need):
    return need.contact


@pytest.fixture
def colleague(need):
    return MembershipFactory(organization=need.organization, role=Membership.Role.CONTRIBUTOR).user


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def editor(desk):
    from tests.cms.conftest import staff_member

    return staff_member("editors")


@pytest.fixture
def client_of(request):
    def browser(name):
        client = Client()
        if name != "nobody":
            client.force_login(request.getfixturevalue(name))
        return client

    return browser


def facts_of(case):
    row = Case.objects.get(pk=case.pk)
    return row.officer, row.state, row.next_action, row.outcome, row.entries.count()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_see_and_change_nothing(who, case, desk, client_of):
    client, before = client_of(who), facts_of(case)

    for name, args in (("index", []), ("edit", [case.pk])):
        assert is_refused(client.get(reverse(f"cases:{name}", args=args)))
    for act, values in ACTS.items():
        answer = client.post(reverse("cases:edit", args=[case.pk]), {"action": act} | values)
        assert is_refused(answer)
    assert is_refused(client.post(reverse("cases:hand_over"), {"case": case.public_id}))
    assert is_refused(client.post(reverse("assignment_rules:add"), {"officer": 1}))
    assert facts_of(case) == before
    assert not AssignmentRule.objects.exists()


def test_staff_of_another_province_find_no_case(case, officer, provincial, client_of):
    ours = case_of(NeedFactory(published=True, title="Sấy mực một nắng", province_code="92"))
    client, before = client_of("provincial"), facts_of(case)

    page = client.get(reverse("cases:index")).content.decode()
    assert ours.title in page
    assert case.title not in page
    export = client.get(reverse("cases:index"), {"export": "csv"})
    assert case.title not in b"".join(export.streaming_content).decode()
    address = reverse("cases:edit", args=[case.pk])
    assert client.get(address).status_code == 404
    for act, values in ACTS.items():
        assert client.post(address, {"action": act} | values).status_code == 404
    sent = {"case": [case.public_id, ours.public_id], "to": provincial.pk}
    client.post(reverse("cases:hand_over"), sent)

    assert facts_of(case) == before
    assert facts_of(ours)[0] == provincial


def test_what_officers_note_is_read_by_no_member_of_the_organisation(
    case, need, officer, owner, client_of
):
    add_note(case, by=officer, kind="visit", text="Ông chủ khó tính")
    client = client_of("owner")
    for address in (need.get_absolute_url(), need.owner_url):
        assert "khó tính" not in client.get(address).content.decode()


def test_officer_works_on_a_case(case, officer, colleague_officer, client_of):
    client, address = client_of("officer"), reverse("cases:edit", args=[case.pk])

    for act, values in ACTS.items():
        assert client.post(address, {"action": act} | values).status_code == 302

    assert facts_of(case)[:4] == (officer, "closed", "", "contract")
    page = client.get(address).content.decode()
    assert "Lén ghi" in page
    assert "Đã ký hợp đồng" in page


def test_a_form_that_cannot_be_read_is_shown_again_with_its_fault(case, officer, client_of):
    answer = client_of("officer").post(
        reverse("cases:edit", args=[case.pk]), {"action": "note", "note-kind": "call"}
    )
    assert "Hãy ghi nội dung đã trao đổi." in answer.content.decode()


def test_a_hand_over_is_taken_back_by_who_made_it_alone(
    case, officer, colleague_officer, lead, client_of
):
    made = hand_over([case], to=colleague_officer, by=lead)
    address = reverse("cases:undo", args=[made.pk])

    assert client_of("officer").post(address).status_code == 404
    assert Case.objects.get().officer == colleague_officer
    client_of("lead").post(address)
    assert Case.objects.get().officer is None
    assert HandOver.objects.get().undone_by == lead


@pytest.mark.parametrize("who", ["officer", "provincial"])
def test_rules_are_kept_by_leads_alone(who, officer, lead, client_of):
    sent = {"position": 1, "officer": officer.pk, "is_active": "on", "province_code": "92"}
    assert is_refused(client_of(who).post(reverse("assignment_rules:add"), sent))
    assert not AssignmentRule.objects.exists()

    client_of("lead").post(reverse("assignment_rules:add"), sent)
    assert AssignmentRule.objects.get().officer == officer


def test_table_holds_what_the_list_shows_and_runs_no_formula(officer, client_of):
    Case.objects.all().delete()
    case_of(NeedFactory(published=True, title="=1+1"))
    client = client_of("officer")

    answer = client.get(reverse("cases:index"), {"export": "xlsx", "heap": "nobody"})
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )

    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][1] == "Tên"
    assert [row[1] for row in rows[1:]] == ["'=1+1"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    count, officer, client_of, django_assert_num_queries
):
    for _n in range(count):
        case_of(NeedFactory(published=True))
    client = client_of("officer")
    address = reverse("cases:index")
    client.get(address)

    with django_assert_num_queries(18):
        client.get(address)
