"""The disclosure ledger: agreed by both, opened part by part, read and written down, taken back."""

import io
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.core.uploads import check_document
from marketplace.deals.models import Agreement, AgreementAcceptance, Reading, Release
from marketplace.deals.nda import digest, edition_on
from marketplace.deals.services import accept_interest, disclosure, terminate_deal
from marketplace.listings.models import OfferAttachment
from tests.deals.people import PEOPLE, person_named
from tests.factories.accounts import (
    MembershipFactory,
    asked_again,
    factor_given,
    proved,
    second_factor,
)
from tests.factories.deals import opened_deal, sent_expression
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.registration import pdf_upload

pytestmark = pytest.mark.django_db

SECRET = "Nhiệt độ sấy 62 độ, ẩm 11 phần trăm"


@pytest.fixture
def offer(institute, inventor):
    row = OfferFactory(
        organization=institute, contact=inventor, confidential=SECRET, ip_status="granted",
        published=True,
    )  # fmt: skip
    paper = check_document(pdf_upload("ban-ve.pdf", "Ban ve buong say"))
    row.attachments.add(
        OfferAttachment(
            file=paper.content, display_name=paper.display_name, size=paper.size,
            content_type=paper.content_type, is_confidential=True,
        )
    )  # fmt: skip
    row.attachments.commit()
    return type(row).objects.get(pk=row.pk)


def agree(deal, *sides_and_people):
    for side, person in sides_and_people:
        disclosure.accept_agreement(
            deal, side=side, sha256=disclosure.agreement_of(deal).sha256, signed_as="lead",
            by_second_factor=False, by=person,
        )  # fmt: skip


@pytest.fixture
def agreed(deal, firm, institute, buyer, inventor):
    agree(deal, (firm, buyer), (institute, inventor))
    return deal


def test_the_agreement_names_both_and_is_kept_as_it_was_accepted(deal, firm, institute, buyer):
    drawn = disclosure.agreement_of(deal)
    assert edition_on(clock.today()).status == "under_review"
    assert firm.name in drawn.text
    assert institute.name in drawn.text
    assert drawn.sha256 == digest(drawn.text)
    with pytest.raises(disclosure.StaleText, match="thay đổi"):
        disclosure.accept_agreement(
            deal, side=firm, sha256="khác", signed_as="lead", by_second_factor=True, by=buyer
        )
    assert not Agreement.objects.exists()
    agree(deal, (firm, buyer))
    firm.name = "Tên mới"
    firm.save()
    deal.refresh_from_db()
    assert disclosure.agreement_of(deal).text == drawn.text
    kept = AgreementAcceptance.objects.get()
    assert (kept.sha256, kept.signed_as, kept.accepted_by) == (drawn.sha256, "lead", buyer)
    with pytest.raises(InvalidTransition, match="đã chấp thuận"):
        agree(deal, (firm, buyer))


def test_nothing_is_opened_before_both_have_agreed(deal, firm, buyer, inventor):
    agree(deal, (firm, buyer))
    with pytest.raises(DomainError, match="Hai bên cần chấp thuận"):
        disclosure.release_text(deal, by=inventor)
    key = disclosure.restricted_documents(deal)[0].key
    with pytest.raises(DomainError, match="Hai bên cần chấp thuận"):
        disclosure.release_document(deal, key=key, by=inventor)
    assert not Release.objects.exists()


def test_a_part_is_opened_in_its_version_read_and_taken_back(agreed, offer, buyer, inventor):
    release = disclosure.release_text(agreed, by=inventor)
    type(offer).objects.filter(pk=offer.pk).update(confidential="Đã sửa")
    assert Release.objects.readable_by(buyer).get() == release
    assert not Release.objects.readable_by(inventor).exists()
    assert disclosure.read_release(release, act="read", by=buyer).text == SECRET
    with pytest.raises(InvalidTransition, match="đang mở"):
        disclosure.release_text(agreed, by=inventor)
    disclosure.revoke_release(release, by=inventor)
    assert not Release.objects.readable_by(buyer).exists()
    with pytest.raises(InvalidTransition, match="không còn mở"):
        disclosure.read_release(release, act="read", by=buyer)
    with pytest.raises(InvalidTransition, match="đã được thu hồi"):
        disclosure.revoke_release(release, by=inventor)
    again = disclosure.release_text(agreed, by=inventor)
    assert again.text == "Đã sửa"
    assert Reading.objects.count() == 1
    logged = AuditEntry.objects.filter(action__startswith="disclosure.").order_by("pk")
    acts = [row.action.partition(".")[2] for row in logged]
    assert acts == ["released", "read", "revoked", "released"]
    assert SECRET not in str(list(logged.values_list("data", flat=True)))


def test_the_ledger_is_only_added_to(agreed, buyer, inventor):
    release = disclosure.release_text(agreed, by=inventor)
    disclosure.read_release(release, act="read", by=buyer)
    reading = Reading.objects.get()
    for act in (reading.save, reading.delete, Reading.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        Reading.objects.update(act="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(state="revoked")


def test_an_invention_nobody_filed_is_opened_knowingly(firm, institute, buyer, inventor):
    row = OfferFactory(
        organization=institute, contact=inventor, confidential=SECRET, ip_status="none",
        published=True,
    )  # fmt: skip
    deal = opened_deal(row, by=buyer, asker=firm, accepted_by=inventor)
    agree(deal, (firm, buyer), (institute, inventor))
    with pytest.raises(DomainError, match="mất tính mới"):
        disclosure.release_text(deal, by=inventor)
    assert disclosure.release_text(deal, accepts_risk=True, by=inventor).was_warned


def test_a_hidden_owner_that_accepts_is_the_first_line(firm, buyer, institute, inventor):
    need = NeedFactory(organization=firm, contact=buyer, hide_owner=True, published=True)
    made = sent_expression(need, by=inventor, asker=institute)
    deal = accept_interest(made, by=buyer)
    release = deal.releases.get()
    assert (release.kind, release.organization) == ("identity", institute)
    with pytest.raises(DomainError, match="không thu hồi được"):
        disclosure.revoke_release(release, by=buyer)


def test_a_deal_that_was_broken_off_closes_what_was_open(agreed, buyer, inventor):
    release = disclosure.release_text(agreed, by=inventor)
    terminate_deal(agreed, reason="price", by=buyer)
    assert not Release.objects.readable_by(buyer).exists()
    with pytest.raises(InvalidTransition):
        disclosure.read_release(release, act="read", by=buyer)


def test_from_its_page_read_and_downloaded_with_a_stamp(agreed, buyer, inventor, client):
    base = [agreed.public_id]
    client.force_login(inventor)
    page = client.get(reverse("deals:disclosure", args=base)).content.decode()
    assert "ban-ve.pdf" in page
    key = disclosure.restricted_documents(agreed)[0].key
    for part in ("", key):
        assert client.post(reverse("deals:release", args=base), {"phan": part}).status_code == 302
    client.force_login(buyer)
    text, document = agreed.releases.order_by("pk")
    assert SECRET in client.get(reverse("deals:read", args=[*base, text.key])).content.decode()
    answer = client.get(reverse("deals:download", args=[*base, document.key]))
    printed = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert document.key in printed
    assert answer["Cache-Control"] == "private, no-store"
    assert [row.act for row in Reading.objects.all()] == ["read", "download"]
    # The other side reads what is open to it, not who read what.
    page = client.get(reverse("deals:disclosure", args=base)).content.decode()
    assert "Ai đã đọc" not in page
    assert client.get(reverse("deals:ledger", args=base)).status_code == 404
    client.force_login(inventor)
    sheet = client.get(reverse("deals:ledger", args=base)).content.decode()
    assert sheet.count("download") == 1
    assert text.sha256 in sheet
    assert SECRET not in sheet


def test_who_may_agree_open_read_and_take_back(
    agreed, firm, institute, buyer, inventor, desk, client
):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    release = disclosure.release_text(agreed, by=inventor)
    key = disclosure.restricted_documents(agreed)[0].key
    one = [agreed.public_id, release.key]
    doors = {
        "release": ("post", [agreed.public_id], {"phan": key}, "inventor", 302),
        "revoke": ("post", one, {}, "inventor", 302),
        "read": ("get", one, {}, "buyer", 200),
    }
    for who, person in cast.items():
        client.force_login(person)
        for name, (method, arguments, form, may, status) in doors.items():
            with transaction.atomic():
                before = (Release.objects.filter(state="open").count(), Reading.objects.count())
                answer = getattr(client, method)(reverse(f"deals:{name}", args=arguments), form)
                after = (Release.objects.filter(state="open").count(), Reading.objects.count())
                assert answer.status_code == (status if who == may else 404), (who, name)
                assert (before != after) == (who == may), (who, name)
                transaction.set_rollback(True)


def test_an_owner_discloses_and_agrees_with_a_second_factor(
    deal, firm, institute, buyer, inventor, client
):
    """Asked of nobody else, and of nobody who may not; the form goes on after it."""
    owner = proved(MembershipFactory(organization=institute, role="owner").user)
    stranger = MembershipFactory(role="owner").user
    accept, open_up = (
        reverse(f"deals:{name}", args=[deal.public_id]) for name in ("accept_agreement", "release")
    )
    sha256 = {"sha256": disclosure.agreement_of(deal).sha256}
    client.force_login(stranger)
    assert client.post(accept, sha256).status_code == 404
    client.force_login(owner)
    assert client.post(accept, sha256)["Location"] == reverse("mfa_index")
    agree(deal, (firm, buyer), (institute, inventor))
    assert client.post(open_up, {"phan": ""})["Location"] == reverse("mfa_index")
    assert not Release.objects.exists()

    second_factor(owner)
    factor_given(client, owner)
    asked_again(client)
    client.post(open_up, {"phan": ""})
    assert Release.objects.get().released_by == owner


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["read", "revoke"])
def test_taken_back_at_the_same_moment(agreed, buyer, inventor, other):
    release = disclosure.release_text(agreed, by=inventor)
    starts = threading.Barrier(2)
    failed: list[BaseException] = []

    def act(name):
        starts.wait(10)
        try:
            if name == "read":
                disclosure.read_release(release, act="read", by=buyer)
            else:
                disclosure.revoke_release(Release.objects.get(pk=release.pk), by=inventor)
        except InvalidTransition as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(name,)) for name in ("revoke", other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    release.refresh_from_db()
    assert not release.is_open
    reads = Reading.objects.count()
    # Read before it was taken back, or refused; taken back once.
    assert len(failed) == (1 if other == "revoke" else 1 - reads)
    assert AuditEntry.objects.filter(action="disclosure.revoked").count() == 1
