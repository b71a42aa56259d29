"""Claiming an unclaimed organisation: with a paper or an address at its domain, decided by staff, by one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from marketplace.accounts import services
from marketplace.accounts.models import ClaimRequest, Evidence, Membership, Organization, User
from marketplace.accounts.services.claim_requests import NoProof
from marketplace.core.errors import DomainError
from marketplace.core.uploads import check_document
from marketplace.notifications.models import Notice
from tests.accounts.papers import pdf_file
from tests.factories.accounts import OrganizationFactory, OutreachFactory, UserFactory, proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(unclaimed=True, website="https://www.vien-co-dien.vn/gioi-thieu")


@pytest.fixture
def verifier():
    return UserFactory(is_staff=True, is_superuser=True)


def asked(organization, user=None):
    return services.ask_with_proof(
        organization,
        user=user or UserFactory(),
        note="",
        kind="authorization",
        paper=check_document(pdf_file()),
    )


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("a@vien-co-dien.vn", True),
        ("a@phong.vien-co-dien.vn", True),
        ("a@xvien-co-dien.vn", False),
        ("a@vien-co-dien.vn.example.vn", False),
        ("a@gmail.com", False),
    ],
)
def test_address_at_the_domain_is_proof_once_it_is_confirmed(organization, address, holds):
    user = UserFactory(email=address)
    with pytest.raises(NoProof):
        services.ask_with_proof(organization, user=user, note="")

    proved(user)

    if holds:
        claim = services.ask_with_proof(organization, user=user, note="")
        assert claim.proved_domain == "vien-co-dien.vn"
    else:
        with pytest.raises(NoProof):
            services.ask_with_proof(organization, user=user, note="")
    assert not Membership.objects.exists()


def test_accepted_claim_makes_an_owner_and_ends_the_others(organization, verifier):
    first, second = asked(organization), asked(organization)
    OutreachFactory(organization=organization)

    services.accept_claim(first, by=verifier)

    organization.refresh_from_db()
    assert organization.status == "claimed"
    assert Membership.objects.get().user == first.user
    second.refresh_from_db()
    assert second.state == "declined"
    assert "xin tham gia" in second.text
    told = Notice.objects.filter(kind="organization.claim_decided")
    assert {notice.recipient_id for notice in told} == {first.user_id, second.user_id}
    with pytest.raises(DomainError):
        services.accept_claim(second, by=verifier)
    assert Membership.objects.count() == 1


def test_letter_that_is_used_first_ends_the_claims(organization, verifier):
    claim = asked(organization)
    _row, token = services.create_invitation(
        OutreachFactory(organization=organization), by=verifier
    )

    services.claim_organization(token, user=UserFactory())

    claim.refresh_from_db()
    assert claim.state == "declined"


def test_claim_is_asked_once_and_declined_with_a_reason(organization, verifier):
    claim = asked(organization)
    with pytest.raises(DomainError, match="đã gửi"):
        asked(organization, claim.user)
    with pytest.raises(DomainError):
        services.decline_claim(claim, by=verifier, reasons=["duplicate"], text="x")
    with pytest.raises(DomainError, match="chính bạn"):
        services.accept_claim(asked(organization, verifier), by=verifier)

    services.decline_claim(claim, by=verifier, reasons=["unreadable"], text="Hãy quét lại.")

    assert asked(organization, claim.user).state == "open"
    organization.refresh_from_db()
    assert not organization.is_claimed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_claims_accepted_at_the_same_moment_end_with_one_owner(verifier):
    organization = OrganizationFactory(unclaimed=True)
    claims = [asked(organization).pk for _each in range(2)]

    def accept(pk):
        try:
            services.accept_claim(
                ClaimRequest.objects.get(pk=pk), by=User.objects.get(pk=verifier.pk)
            )
        except DomainError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        accepted = sum(pool.map(accept, claims))

    assert accepted == 1
    assert Membership.objects.count() == 1
    states = sorted(ClaimRequest.objects.values_list("state", flat=True))
    assert states == ["accepted", "declined"]
    winner = ClaimRequest.objects.get(state="accepted").user_id
    assert Membership.objects.get().user_id == winner


# --- the page ------------------------------------------------------------------------------------


def test_page_takes_proof_or_asks_for_a_letter(client, organization):
    user = UserFactory()
    page = reverse("accounts:request_claim", args=[organization.public_id])
    assert client.get(page).status_code == 302
    client.force_login(user)

    nothing = client.post(page, {"viec": "chung-minh"}).content.decode()
    assert "Hãy gửi giấy giới thiệu" in nothing
    broken = {"viec": "chung-minh", "kind": "authorization",
              "file": SimpleUploadedFile("a.pdf", b"x")}  # fmt: skip
    assert "Chỉ nhận tệp" in client.post(page, broken).content.decode()
    client.post(page, broken | {"file": pdf_file()})

    claim = ClaimRequest.objects.get()
    assert (claim.user, claim.evidence.get().kind) == (user, "authorization")
    assert "đang được kiểm tra" in client.get(page).content.decode()
    paper = reverse("accounts:evidence_file", args=[claim.evidence.get().public_id])
    assert client.get(paper).status_code == 200
    client.force_login(UserFactory())
    assert client.get(paper).status_code == 404
    client.post(page, {"viec": "rut"})
    claim.refresh_from_db()
    assert claim.state == "open"  # another's is not withdrawn
    client.force_login(user)
    client.post(page, {"viec": "rut"})
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    assert not Organization.objects.get(pk=organization.pk).is_claimed
    assert Evidence.objects.held().count() == 1
