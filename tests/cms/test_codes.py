"""Values that no table translates: staff decide, others do not, and the decision answers from then on."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.taxonomy.models import UnresolvedCode
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import read_terms, shipped_edition
from marketplace.taxonomy.translating import forget_translations, translate_code
from tests.cms.test_search_index import is_refused


@pytest.fixture
def row(desk):
    data = shipped_edition("provinces-2025")
    load_vocabulary(data, terms=read_terms(data.path), shipped=True)
    forget_translations()
    now = clock.now()
    return UnresolvedCode.objects.create(
        vocabulary="provinces",
        to="provinces-2025",
        key="hai hung",
        value="Hải Hưng",
        outcome="ambiguous",
        candidates=["31", "33"],
        times_seen=12,
        first_seen_at=now,
        last_seen_at=now,
    )


def facts(row):
    return UnresolvedCode.objects.values_list("state", "resolved_code", "decided_by").get(pk=row.pk)


ACTS = {"decide": {"code": "33"}, "leave": {}, "reopen": {}}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "nobody"])
def test_codes_are_decided_by_staff_alone(act, who, row, as_user, request):
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    before = facts(row)

    answer = client.post(
        reverse("unresolved_codes:edit", args=[row.pk]), {"action": act} | ACTS[act]
    )

    assert is_refused(answer)
    assert facts(row) == before


def test_officer_decides_and_takes_it_back(
    row, officer, as_user, django_capture_on_commit_callbacks
):
    client = as_user(officer)
    address = reverse("unresolved_codes:edit", args=[row.pk])
    assert "Hải Hưng" in client.get(reverse("unresolved_codes:index") + "?state=waiting").content.decode()  # fmt: skip
    page = client.get(address).content.decode()
    assert page.index("31 Hải Phòng") < page.index("01 Hà Nội")  # what the table says comes first

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"action": "decide", "code": "33", "note": "Quyết định 12"})

    assert facts(row) == ("resolved", "33", officer.pk)
    assert translate_code("provinces", "Hải Hưng", to="provinces-2025").code == "33"
    assert "Quyết định 12" in client.get(address).content.decode()

    client.post(address, {"action": "reopen"})
    assert facts(row) == ("waiting", "", None)
    client.post(address, {"action": "leave"})
    assert facts(row)[0] == "left"


@pytest.mark.parametrize("code", ["", "99", "J"])
def test_code_that_is_not_in_the_table_is_refused(code, row, officer, as_user):
    answer = as_user(officer).post(
        reverse("unresolved_codes:edit", args=[row.pk]), {"action": "decide", "code": code}
    )

    assert answer.status_code == 200
    assert facts(row) == ("waiting", "", None)


def test_nobody_adds_or_deletes_what_waits(row, administrator, as_user):
    client = as_user(administrator)
    client.post(reverse("unresolved_codes:delete", args=[row.pk]))
    client.post(reverse("unresolved_codes:add"), {"value": "x"})

    assert UnresolvedCode.objects.count() == 1
