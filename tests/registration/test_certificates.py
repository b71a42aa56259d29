"""Certificates: numbers without gaps or doubles, issued once, printed once, whatever dies on the way."""

import hashlib
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.notifications.models import Notice
from marketplace.registration import papers, services
from marketplace.registration.models import Certificate, CertifiedCopy, Dossier, NumberCounter
from marketplace.registration.services import issuing
from marketplace.registration.states import DossierState
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from tests.factories.registration import DossierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def accepted(organization, owner, ministry):
    return DossierFactory(organization=organization, created_by=owner, state="accepted")


def issue(dossier, officer):
    return services.issue_certificate(dossier, by=officer)


def text_of(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_certificate_brings_the_result_into_the_register(
    frozen_clock, accepted, officer, owner, ministry
):
    certificate = issue(accepted, officer)

    assert (certificate.year, certificate.sequence) == (2026, 1)
    assert certificate.number == f"1/2026/GCN-{ministry.body_code}"
    assert certificate.archive_number == "2026-24-001/KQNC"
    result = Result.objects.get()
    assert (result.certificate_number, result.archive_number) == (
        certificate.number,
        "2026-24-001/KQNC",
    )
    assert result in Result.objects.public()
    assert (result.task, result.issued_on) == (accepted.task, date(2026, 11, 11))
    assert result.registering_body == ministry.name
    assert result.keywords == ["sấy bơm nhiệt", "xoài"]
    assert [(p["name"], p["role"]) for p in result.people] == [
        ("Trần Thị Thử", "lead"),
        ("Lê Văn Nghiệm", "member"),
    ]
    # Index and matching find it by its version.
    assert result.indexed_version < result.content_version
    assert result.matched_version < result.content_version
    documents = result.attachments.values_list("kind", "access")
    assert set(documents) == {
        ("report", "on_request"), ("summary", "on_request"), ("minutes", "closed")
    }  # fmt: skip
    assert (
        Notice.objects.get(kind="registration.certificate").context["number"] == certificate.number
    )


def test_certificate_is_never_issued_again(accepted, officer):
    issue(accepted, officer)

    with pytest.raises(InvalidTransition):
        issue(accepted, officer)

    assert Certificate.objects.count() == Result.objects.count() == 1
    assert NumberCounter.objects.get().last == 1


def test_a_failed_issue_gives_its_number_back(accepted, officer, monkeypatch, organization, owner):
    monkeypatch.setattr(issuing, "attach_files", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issue(accepted, officer)
    monkeypatch.undo()

    accepted.refresh_from_db()
    assert accepted.state == DossierState.ACCEPTED
    assert not Result.objects.exists()
    assert issue(accepted, officer).sequence == 1


def test_each_body_and_year_counts_for_itself(
    frozen_clock, organization, owner, ministry, province, officer
):
    first = DossierFactory(organization=organization, created_by=owner, state="accepted")
    second = DossierFactory(
        organization=organization,
        created_by=owner,
        state="accepted",
        form={"level": "province", "agency": "UBND tỉnh Lâm Đồng"},
    )
    third = DossierFactory(organization=organization, created_by=owner, state="accepted")
    assert [issue(d, officer).sequence for d in (first, second)] == [1, 1]
    assert Certificate.objects.get(dossier=second).archive_number == f"1/KQNC-{province.body_code}"
    frozen_clock.move(days=60)

    certificate = issue(third, officer)

    assert (certificate.year, certificate.sequence) == (2027, 1)


def test_restricted_result_is_registered_and_shown_after_its_day(
    frozen_clock, organization, owner, ministry, officer
):
    from marketplace.research.registering import publish_due

    until = clock.today() + timedelta(days=30)
    dossier = DossierFactory(
        organization=organization,
        created_by=owner,
        state="accepted",
        form={
            "restricted": True,
            "restricted_until": until.isoformat(),
            "restriction_basis": "Chờ cấp bằng độc quyền",
        },
    )
    issue(dossier, officer)
    assert not Result.objects.public().exists()
    frozen_clock.move(days=30)
    publish_due()
    assert not Result.objects.public().exists()
    frozen_clock.move(days=1)

    publish_due()

    assert Result.objects.public().get().published_on == until + timedelta(days=1)


# --- on paper -----------------------------------------------------------------------------------


def test_certificate_is_printed_once_with_what_it_said_on_its_day(accepted, officer, ministry):
    certificate = issue(accepted, officer)
    ministry.organization.name = "Tên mới của đơn vị"
    ministry.organization.save()

    assert issuing.print_batch() == 1
    assert issuing.print_batch() == 0

    certificate.refresh_from_db()
    data = certificate.file.read()
    assert hashlib.sha256(data).hexdigest() == certificate.sha256
    said = text_of(data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        certificate.number,
        "Trần Thị Thử",
        "Nghiên cứu sấy dẻo xoài bằng bơm nhiệt",
    ):
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", said)
    assert "Tên mới" not in said
    assert len(PdfReader(io.BytesIO(data)).pages) == 1


def test_code_on_paper_leads_to_the_check(accepted, officer):
    certificate = issue(accepted, officer)

    context = papers.context_of(certificate)

    assert context["url"].endswith(f"/xac-minh/{certificate.code}/")
    assert "<svg" in context["qr_code"]


def test_two_that_print_at_once_keep_one_file(accepted, officer, monkeypatch):
    certificate = issue(accepted, officer)
    made = issuing.certificate_pdf

    def slower(row):
        monkeypatch.setattr(issuing, "certificate_pdf", made)
        issuing.print_batch()
        return b"%PDF-late"

    monkeypatch.setattr(issuing, "certificate_pdf", slower)
    issuing.print_batch()

    certificate.refresh_from_db()
    assert certificate.file.read().startswith(b"%PDF-1")
    kept = Path(certificate.file.storage.location).rglob("*.pdf")
    assert not [file for file in kept if file.read_bytes() == b"%PDF-late"]


# --- copies -------------------------------------------------------------------------------------


def test_copies_are_numbered_and_each_stands_in_the_history(accepted, officer, owner):
    certificate = issue(accepted, officer)
    with pytest.raises(DomainError):
        services.request_copy(certificate, by=owner, purpose=" ")
    copy = services.request_copy(certificate, by=owner, purpose="Thanh lý hợp đồng")
    assert services.request_copy(certificate, by=owner, purpose="Lần hai") == copy

    services.issue_copy(copy, by=officer)
    second = services.request_copy(certificate, by=owner, purpose="Xét chức danh")
    services.issue_copy(second, by=officer)
    with pytest.raises(InvalidTransition):
        services.issue_copy(copy, by=officer)
    third = services.request_copy(certificate, by=owner, purpose="Khác")
    services.decline_copy(third, by=officer, note="Trùng")

    assert list(CertifiedCopy.objects.values_list("sequence", "state")) == [
        (1, "issued"),
        (2, "issued"),
        (None, "declined"),
    ]
    said = text_of(papers.copy_pdf(CertifiedCopy.objects.get(sequence=2)))
    assert "SAO Y BẢN CHÍNH" in said
    assert re.search(r"Bản sao số\s+2", said)
    assert accepted.log.filter(action="copy_issued").count() == 2


def test_certificate_of_a_withdrawn_result_stays(accepted, officer):
    certificate = issue(accepted, officer)

    withdraw_result(certificate.result, by=officer, reason="thử")

    assert Certificate.objects.filter(pk=certificate.pk).exists()
    assert Dossier.objects.get(pk=accepted.pk).state == DossierState.REGISTERED
