"""Digital signatures of contracts: what the program says of files, and what is kept and shown of it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from marketplace.core.models import AuditEntry
from marketplace.core.uploads import check_document
from marketplace.deals.models import SignedCopy
from marketplace.deals.pades import report
from marketplace.deals.papers import contract_pdf
from marketplace.deals.services import contracts
from marketplace.deals.services.signatures import hand_out
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.deals.tasks import signatures
from marketplace.demo.papers import pdf_bytes
from tests.factories.deals import offered_terms
from tests.factories.signing import clockmaker, provider, revoked, signed, signer

PAPER = pdf_bytes("Hop dong chuyen giao cong nghe", "Dieu 1. Doi tuong")
SELLER = {"organization": "Viện Sấy Thử", "uid": "MST:1800123456"}
BUYER = {"organization": "Công ty Cơ khí Thử", "uid": "MST:0312345678-001"}


def known(content, *, papers=(PAPER,), roots=True, moment=None):
    trusted = load_certs_from_pemder_data(provider().pem) if roots else []
    return report(
        content,
        roots=list(trusted),
        papers=[(len(one), sha256(one)) for one in papers],
        moment=moment or datetime.now(UTC),
    )


def sha256(content):
    return contracts.hashlib.sha256(content).hexdigest()


def states(found):
    return [one["state"] for one in found["signatures"]]


def test_a_paper_signed_by_both_is_the_same_and_says_who():
    content = signed(PAPER, signer("Nguyễn Văn Giao", **SELLER), signer("Trần Thị Nhận", **BUYER))
    found = known(content)
    assert (found["paper"], states(found)) == ("same", ["good", "good"])
    first, second = found["signatures"]
    assert (first["name"], first["organization"]) == ("Nguyễn Văn Giao", "Viện Sấy Thử")
    assert (first["tax_code"], second["tax_code"]) == ("1800123456", "0312345678-001")
    assert first["issuer"] == "Nhà cung cấp chữ ký số Thử"
    assert datetime.fromisoformat(first["claimed_at"]) <= datetime.now(UTC)
    assert first["stamped_at"] == ""


def test_the_moment_of_a_trusted_service_is_kept_beside_the_one_that_the_signer_claims():
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    person = signer("Nguyễn Văn Giao", **SELLER)
    ours = signed(PAPER, person, stamped_by=clockmaker(), stamped_at=moment)
    found = known(ours)
    assert (found["paper"], states(found)) == ("same", ["good"])
    assert datetime.fromisoformat(found["signatures"][0]["stamped_at"]) == moment
    strangers = clockmaker("Đồng hồ lạ", by="Một nhà cung cấp khác")
    found = known(signed(PAPER, person, stamped_by=strangers, stamped_at=moment))
    assert (states(found), found["signatures"][0]["stamped_at"]) == (["good"], "")


def test_without_the_providers_root_nobody_is_vouched_for():
    content = signed(PAPER, signer("Nguyễn Văn Giao", **SELLER))
    assert states(known(content, roots=False)) == ["unknown"]
    other = signed(PAPER, signer("Ai Đó", by="Một nhà cung cấp khác"))
    assert states(known(other)) == ["unknown"]


def test_what_was_changed_after_signing_is_said():
    content = signed(PAPER, signer("Nguyễn Văn Giao", **SELLER))
    found = known(written_over(content))
    assert (found["paper"], states(found)) == ("altered", ["changed"])
    at = content.index(b"obj") + 20
    broken = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    assert states(known(broken)) == ["broken"]


def written_over(content):
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    write_on_it(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def write_on_it(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    more = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def test_a_paper_changed_before_signing_is_not_the_same():
    someone = signer("Nguyễn Văn Giao", **SELLER)
    found = known(signed(PAPER, someone, edit=write_on_it))
    assert (found["paper"], states(found)) == ("altered", ["good"])


def test_a_paper_that_is_only_carried_at_the_front_is_not_the_same():
    """Another file stands behind it, whose cross references never lead to the front."""
    other = pdf_bytes("Hop dong khac han")
    start = PdfFileReader(io.BytesIO(other)).xrefs.get_startxref_for_revision(0)
    moved = len(PAPER)
    head, table = other[:start], other[start:]
    lines = []
    for line in table.splitlines(keepends=True):
        parts = line.split()
        if len(parts) == 3 and parts[2] == b"n":
            line = b"%010d %s n \n" % (int(parts[0]) + moved, parts[1])
        elif line.strip() == b"%d" % start:
            line = b"%d\n" % (start + moved)
        lines.append(line)
    content = signed(PAPER + head + b"".join(lines), signer("Nguyễn Văn Giao", **SELLER))
    assert content.startswith(PAPER)
    assert known(content)["paper"] == "altered"


def test_another_file_is_said_to_be_another():
    other = signed(pdf_bytes("Hop dong tu soan"), signer("Nguyễn Văn Giao", **SELLER))
    found = known(other)
    assert (found["paper"], states(found)) == ("other", ["good"])
    assert known(PAPER) == {"paper": "same", "signatures": []}


def test_validity_is_that_of_the_moment_of_upload():
    short = signer("Người ký ngắn hạn", days=30)
    content = signed(PAPER, short)
    now = datetime.now(UTC)
    assert states(known(content, moment=now)) == ["good"]
    assert states(known(content, moment=now + timedelta(days=60))) == ["unfit"]


def test_a_revocation_that_the_file_carries_is_heard():
    someone = signer("Người bị thu hồi", **SELLER)
    out = io.BytesIO(signed(PAPER, someone))
    listed = crl.CertificateList.load(revoked(someone))
    DocumentSecurityStore.add_dss(out, None, crls=[listed])
    assert states(known(out.getvalue())) == ["revoked"]


def test_the_number_of_a_person_is_left_in_the_file():
    content = signed(PAPER, signer("Lê Văn Riêng", uid="CCCD:079085012345"))
    found = known(content)
    assert found["signatures"][0]["tax_code"] == ""
    assert "079085012345" not in str(found)


# --- what the exchange keeps ------------------------------------------------------------------------


@pytest.fixture
def contract(deal, firm, institute, buyer, inventor):
    firm.tax_code, institute.tax_code = "0312345678-001", "1800123456"
    firm.save(update_fields=["tax_code"])
    institute.save(update_fields=["tax_code"])
    sheet = offer_terms(deal, offered_terms(), side=firm, by=buyer)
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    made = contracts.draw_contract(deal, by=buyer)
    for side, person in ((firm, buyer), (institute, inventor)):
        contracts.confirm_contract(
            made, side=side, sha256=made.sha256, signed_as="owner", by=person
        )
    made.refresh_from_db()
    return made


@pytest.fixture
def trusted(settings, tmp_path):
    path = tmp_path / "roots.pem"
    path.write_bytes(provider().pem)
    settings.SIGNATURE_TRUST_ROOTS = str(path)
    return path


def uploaded(contract, content, side, by):
    file = SimpleUploadedFile("hop-dong-ky-so.pdf", content, "application/pdf")
    return contracts.add_signed_copy(contract, checked=check_document(file), side=side, by=by)


def both_signed(content):
    return signed(content, signer("Nguyễn Văn Giao", **SELLER), signer("Trần Thị Nhận", **BUYER))


@pytest.mark.django_db
def test_what_comes_back_signed_is_the_paper_that_was_handed_out(
    contract, trusted, firm, buyer, client
):
    client.force_login(buyer)
    given = client.get(reverse("deals:contract_pdf", args=[contract.deal.public_id])).content
    again = client.get(reverse("deals:contract_pdf", args=[contract.deal.public_id])).content
    assert given == again
    assert contract.papers.count() == 1
    copy = uploaded(contract, both_signed(given), firm, buyer)
    page = reverse("deals:contract", args=[contract.deal.public_id])
    assert "2 chữ ký số trong tệp, đang kiểm tra" in client.get(page).content.decode()

    assert signatures() == 1
    assert signatures() == 0
    copy.refresh_from_db()
    assert (copy.checked["paper"], states(copy.checked)) == ("same", ["good", "good"])
    shown = client.get(page).content.decode()
    assert "Đúng bản PDF của hợp đồng này" in shown
    assert "trùng mã số thuế của Viện Sấy Thử" in shown
    assert "trùng mã số thuế của Công ty Cơ khí Thử" in shown
    assert "Exactly the PDF of this contract" in client.get(f"/en{page}").content.decode()
    entry = AuditEntry.objects.get(action="contract.signatures_checked")
    assert entry.data["states"] == ["good", "good"]


@pytest.mark.django_db
def test_a_draft_that_was_printed_is_no_paper_of_the_contract(
    deal, firm, institute, buyer, inventor
):
    sheet = offer_terms(deal, offered_terms(), side=firm, by=buyer)
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    made = contracts.draw_contract(deal, by=buyer)
    hand_out(made, contract_pdf(made))
    assert not made.papers.exists()


@pytest.mark.django_db
def test_copies_are_checked_anew_when_a_root_is_added(contract, settings, tmp_path, firm, buyer):
    paper = contract_pdf(contract)
    hand_out(contract, paper)
    copy = uploaded(contract, both_signed(paper), firm, buyer)
    assert signatures() == 1
    copy.refresh_from_db()
    assert states(copy.checked) == ["unknown", "unknown"]
    path = tmp_path / "roots.pem"
    path.write_bytes(provider().pem)
    settings.SIGNATURE_TRUST_ROOTS = str(path)
    assert signatures() == 1
    copy.refresh_from_db()
    assert states(copy.checked) == ["good", "good"]


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_said_to_be_unread_and_tried_once(
    contract, trusted, firm, buyer, client
):
    content = both_signed(contract_pdf(contract))
    copy = uploaded(contract, content, firm, buyer)
    copy.file.storage.delete(copy.file.name)
    assert signatures() == 1
    assert signatures() == 0
    client.force_login(buyer)
    page = reverse("deals:contract", args=[contract.deal.public_id])
    assert "không đọc được chữ ký số" in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_copy_without_signatures_is_not_read(contract, firm, buyer):
    uploaded(contract, pdf_bytes("Ban giay da ky, quet lai"), firm, buyer)
    assert signatures() == 0
    assert SignedCopy.objects.get().checked_with == ""
