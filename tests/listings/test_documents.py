"""Documents that carry a mark of secrecy are refused and not kept; those that speak of it are shown."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook

from marketplace.core.errors import UploadRejected
from marketplace.core.storage import private_storage
from marketplace.demo.papers import pdf_bytes
from marketplace.listings import services
from marketplace.listings.examining.documents import (
    ClassifiedDocument,
    check_listing_document,
    documents_on_secrecy,
)
from tests.factories.listings import NeedFactory
from tests.listings.test_files import draft, step_url


@pytest.fixture
def need(organization, owner):
    return NeedFactory(organization=organization, contact=owner)


def docx(*lines, header="", cell=""):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if cell:
        document.add_table(1, 1).cell(0, 0).text = cell
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile("quy-trinh.docx", out.getvalue())


def xlsx(*cells):
    book = Workbook()
    book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("bang.xlsx", out.getvalue())


def pdf(*pages):
    return SimpleUploadedFile("bao-cao.pdf", pdf_bytes(*pages))


@pytest.mark.parametrize(
    "upload",
    [
        docx("Bản đồ kho", "TUYỆT MẬT"),
        docx("Bản đồ kho", header="(TỐI MẬT)"),
        docx("Bản đồ kho", cell="MẬT"),
        xlsx("Bản đồ kho", "MẬT"),
    ],
    ids=["paragraph", "header", "cell", "sheet"],
)
def test_marked_document_is_refused(upload):
    with pytest.raises(ClassifiedDocument) as refused:
        check_listing_document(upload)
    assert "Bản đồ" not in str(refused.value.message)


@pytest.mark.parametrize(
    "upload",
    [
        docx("Mật", "Mật ong hoa nhãn, tỏi mật"),
        xlsx("Sản phẩm", "Mật", "Rỉ mật"),
        pdf("Quy trinh say xoai", "Trang hai"),
        docx("Tài liệu này không phải tài liệu mật."),
    ],
    ids=["honey", "goods", "pdf", "speaks of it"],
)
def test_other_document_is_taken_as_it_is(upload):
    data = upload.read()
    upload.seek(0)
    assert check_listing_document(upload).content.read() == data


def test_document_whose_words_cannot_be_read_is_taken():
    data = b"%PDF-1.7\n" + b"x" * 200 + b"\n%%EOF\n"
    assert check_listing_document(SimpleUploadedFile("anh.pdf", data)).size == len(data)


def test_document_that_is_no_document_is_refused_as_ever():
    with pytest.raises(UploadRejected):
        check_listing_document(SimpleUploadedFile("a.pdf", b"<html>"))


def test_nothing_of_a_marked_document_is_kept(need, owner, as_user, caplog):
    def kept() -> int:
        return sum(len(files) for _folder, files in _walk(private_storage()))

    before = kept()
    answer = as_user(owner).post(
        step_url(need),
        {"tai-len": "1", "documents": [docx("Tọa độ kho", "MẬT"), docx("Bản thường")]},
        follow=True,
    )

    assert kept() == before + 1
    assert [row.display_name for row in draft(need).attachments.all()] == ["quy-trinh.docx"]
    assert "dấu chỉ độ mật" in answer.content.decode()
    assert "Tọa độ" not in caplog.text + answer.content.decode()


def _walk(storage, folder=""):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    yield folder, files
    for one in folders:
        yield from _walk(storage, f"{folder}/{one}".strip("/"))


def test_document_that_speaks_of_secrecy_is_named_to_reviewers(need, owner):
    for upload in (docx("Đây là tài liệu mật của đơn vị."), docx("Bản thường")):
        checked = check_listing_document(upload)
        checked.content.seek(0)
        services.add_files(need, documents=[checked], by=owner)
    rows = list(draft(need).attachments.all())

    assert documents_on_secrecy(draft(need)) == [rows[0].display_name]
    # Read once: the file may lie far away.
    rows[0].file.storage.delete(rows[0].file.name)
    assert documents_on_secrecy(draft(need)) == [rows[0].display_name]
