"""Forms of a dossier on paper: official layout, facts of the dossier, for those alone who see it."""

import io

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from marketplace.registration.form_papers import form_document, form_pdf, sheet_of
from tests.factories.registration import DossierFactory
from tests.registration.test_permissions import CAST, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def dossier(organization, owner):
    return DossierFactory(organization=organization, created_by=owner)


def text_of(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


def test_form_5_is_printed_with_what_the_dossier_says(dossier, organization):
    text = text_of(form_pdf(dossier, "form-5"))
    for words in (
        "Mẫu 5", organization.name.upper(), "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "PHIẾU ĐĂNG KÝ KẾT QUẢ",
        "1. Tên nhiệm vụ: Nghiên cứu sấy dẻo xoài bằng bơm nhiệt", "Lê Văn Nghiệm",
        "THỦ TRƯỞNG TỔ CHỨC CHỦ TRÌ", "chờ đối chiếu",
    ):  # fmt: skip
        assert words in text
    sheet = sheet_of(dossier, "form-5")
    said = {line.label: line.text for line in sheet.lines}
    assert (said["Mức độ bảo mật"], said["Tổ chức chủ trì"]) == ("Bình thường", organization.name)
    assert [line.number for line in sheet.lines] == list(range(1, len(sheet.lines) + 1))
    assert next(line for line in sheet.lines if line.label == "Tên tiếng Anh").text.startswith("…")


def test_the_same_form_for_word_can_be_mended(dossier, organization):
    document = Document(io.BytesIO(form_document(dossier, "form-5")))
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    assert "1. Tên nhiệm vụ: Nghiên cứu sấy dẻo xoài bằng bơm nhiệt" in text
    assert any("ThS. Lê Văn Nghiệm" in cell for cell in cells)
    assert any("THỦ TRƯỞNG TỔ CHỨC CHỦ TRÌ" in cell for cell in cells)


def test_form_8_is_printed_where_it_is_asked_for(organization, owner):
    without = DossierFactory(
        organization=organization, created_by=owner, form={"has_process": False}
    )
    with pytest.raises(KeyError):
        sheet_of(without, "form-8")
    without.form["has_process"] = True
    assert sheet_of(without, "form-8").title == "PHIẾU MÔ TẢ CÔNG NGHỆ"


def test_who_prints_a_form(organization, owner, request, client):
    everybody = {name: request.getfixturevalue(name) for name in CAST}
    dossier = DossierFactory(organization=organization, created_by=owner, state="submitted")
    for name, allowed in (
        ("form_paper", {"owner", "colleague", "viewer"}),
        ("desk_form_paper", {"officer", "reader", "agency_officer"}),
    ):
        url = reverse(f"registration:{name}", args=[dossier.public_id, "form-5", "docx"])
        for person in CAST:
            status = signed_in(client, everybody[person]).get(url).status_code
            assert status == (200 if person in allowed else 404), (name, person)
    wrong = reverse("registration:form_paper", args=[dossier.public_id, "form-9", "pdf"])
    assert signed_in(client, everybody["owner"]).get(wrong).status_code == 404
