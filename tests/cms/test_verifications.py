"""The desk of submissions: who opens it, reads papers and decides."""

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership, Verification
from marketplace.accounts.services import ask_with_proof
from marketplace.core.models import AuditEntry
from marketplace.core.uploads import check_document
from tests.accounts.papers import CHECKS, FACTS, pdf_file, submitted
from tests.factories.accounts import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(desk, organization, poster):
    type(organization).objects.filter(pk=organization.pk).update(status="claimed")
    organization.refresh_from_db()
    OrganizationFactory(name="CTCP Cơ khí Tấn Phú")
    return submitted(organization, poster)


@pytest.mark.parametrize("who", ["officer", "poster", "colleague", "stranger", "lead"])
@pytest.mark.parametrize("act", ["accept", "return", "refuse"])
def test_who_verifies_decides(submission, as_user, who, act, request):
    client = as_user(request.getfixturevalue(who))
    page = reverse("verifications:edit", args=[submission.pk])
    paper = reverse("verifications:evidence", args=[submission.evidence.get().public_id])
    shown = client.get(page).content.decode()
    assert (FACTS["representative"] in shown) == (who == "lead")
    read = client.get(paper)
    assert (read.status_code == 200) == (who == "lead")
    assert AuditEntry.objects.filter(action="evidence.read").exists() == (who == "lead")

    client.post(
        page,
        {"decision": act, "accept-checks": CHECKS, f"{act}-reasons": ["unreadable"]},
    )

    row = Verification.objects.get(pk=submission.pk)
    ends = {"accept": "accepted", "return": "returned", "refuse": "refused"}
    assert row.state == (ends[act] if who == "lead" else "submitted")
    if who == "lead" and act != "accept":
        assert "quét lại" in row.text


def test_desk_names_likely_duplicates_and_missing_checks(submission, lead, as_user):
    client = as_user(lead)
    page = reverse("verifications:edit", args=[submission.pk])
    assert "CTCP Cơ khí Tấn Phú" in client.get(page).content.decode()
    listed = client.get(reverse("verifications:index")).content.decode()
    assert f'href="{page}"' in listed
    assert "Công ty Hạt điều" in listed

    answer = client.post(page, {"decision": "accept", "accept-checks": ["name"]})

    assert "Chưa kiểm tra" in answer.content.decode()
    assert Verification.objects.get(pk=submission.pk).state == "submitted"
    answer = client.post(page, {"decision": "return", "return-reasons": ["other"]})
    assert "Lý do này cần lời giải thích" in answer.content.decode()


@pytest.mark.parametrize("who", ["officer", "poster", "lead"])
@pytest.mark.parametrize("act", ["accept", "decline"])
def test_who_verifies_hands_profiles_over(desk, as_user, who, act, request):
    paper = check_document(pdf_file())
    claim = ask_with_proof(
        OrganizationFactory(unclaimed=True),
        user=UserFactory(full_name="Ngô Thị Nhận"), note="", kind="authorization", paper=paper,
    )  # fmt: skip
    client = as_user(request.getfixturevalue(who))
    page = reverse("claims:edit", args=[claim.pk])
    assert ("Ngô Thị Nhận" in client.get(page).content.decode()) == (who == "lead")
    if who == "lead":
        assert f'href="{page}"' in client.get(reverse("claims:index")).content.decode()
    read = client.get(reverse("verifications:evidence", args=[claim.evidence.get().public_id]))
    assert (read.status_code == 200) == (who == "lead")

    client.post(page, {"decision": act, "decline-reasons": ["unreadable"]})

    claim.refresh_from_db()
    ends = {"accept": "accepted", "decline": "declined"}
    assert claim.state == (ends[act] if who == "lead" else "open")
    owns = Membership.objects.filter(user=claim.user, role="owner").exists()
    assert owns == (who == "lead" and act == "accept")
