"""What a machine sees of files and forms: each fault by its name, hostile files bounded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.core.errors import UploadRejected
from marketplace.demo.papers import pdf_bytes
from marketplace.registration import checks, rules
from marketplace.registration.checks import ClassifiedFile, check_file, faults_of
from tests.factories.registration import REPORT_TEXT, complete_form, pdf_upload

pytestmark = pytest.mark.django_db


class File:
    def __init__(self, item, *faults):
        self.item, self.faults, self.display_name = item, faults, f"{item}.pdf"


NEEDED = [File("full-report"), File("summary-report"), File("minutes")]


def report_rule():
    return rules.file_rule("report")


def test_good_report_has_no_fault():
    report = check_file(pdf_upload("Báo cáo.pdf", REPORT_TEXT, REPORT_TEXT), report_rule())

    assert (report.pages, report.faults) == (2, ())
    assert report.checked.display_name == "Báo cáo.pdf"


@pytest.mark.parametrize(
    ("upload", "faults"),
    [
        (lambda: pdf_upload("a.pdf", "", "", ""), ("no-text",)),
        (lambda: pdf_upload("a.pdf", REPORT_TEXT, "", "", ""), ("no-text",)),
        (lambda: pdf_upload("a.pdf", "12", "13"), ("no-text",)),
        (lambda: pdf_upload("a.pdf", REPORT_TEXT, password="mat-khau"), ("encrypted",)),
        (lambda: SimpleUploadedFile("a.pdf", b"%PDF-1.7\nnothing at all\n%%EOF"), ("broken",)),
        (
            lambda: SimpleUploadedFile("a.pdf", pdf_bytes(REPORT_TEXT)[:400] + b"\n%%EOF"),
            ("broken",),
        ),
    ],
)
def test_fault_is_named_and_the_file_kept(upload, faults):
    assert check_file(upload(), report_rule()).faults == faults


def test_scan_without_text_is_enough_for_minutes():
    assert check_file(pdf_upload("a.pdf", ""), rules.file_rule("scan")).faults == ()


def test_report_in_a_font_of_old_is_named():
    text = "B¸o c¸o tæng hîp kÕt qu¶ nghiªn cøu s¶n xuÊt xoµi sÊy" * 3

    assert check_file(pdf_upload("a.pdf", text), report_rule()).faults == ("not-unicode",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"MZ\x90\x00" + b"x" * 100),
        ("a.exe", pdf_bytes(REPORT_TEXT)),
        ("a.docx", pdf_bytes(REPORT_TEXT)),
        ("a.pdf", b""),
        ("a.pdf", pdf_bytes(REPORT_TEXT) + b"/JavaScript\n%%EOF"),
    ],
)
def test_file_that_is_not_what_it_says_is_refused(name, data):
    with pytest.raises(UploadRejected):
        check_file(SimpleUploadedFile(name, data, "application/pdf"), report_rule())


def test_too_large_a_file_is_refused_before_it_is_read():
    upload = pdf_upload()
    upload.size = report_rule().most_bytes + 1

    with pytest.raises(UploadRejected, match="20 MB"):
        check_file(upload, report_rule())


def test_office_file_is_for_data_alone():
    import docx

    out = io.BytesIO()
    docx.Document().save(out)

    def upload():
        return SimpleUploadedFile("so-lieu.docx", out.getvalue())

    assert check_file(upload(), rules.file_rule("data")).faults == ()
    with pytest.raises(UploadRejected, match="PDF"):
        check_file(upload(), report_rule())


@pytest.mark.parametrize("line", ["TUYET MAT", "MAT"])
def test_secret_mark_on_the_first_page_is_refused(line):
    # The standard fonts of a PDF have no Vietnamese; the mark is compared as the rule gives it.
    with pytest.raises(ClassifiedFile):
        checks.refuse_marked(f"BO QUOC PHONG\n  {line}.\nBao cao", [line])


def test_mark_as_a_word_of_a_sentence_is_no_mark():
    checks.refuse_marked("Nghiên cứu mật ong\nĐộ MẬT của tài liệu", ["MẬT", "TỐI MẬT"])


def test_marks_that_are_shipped_are_found():
    for mark in report_rule().secrecy_marks:
        with pytest.raises(ClassifiedFile):
            checks.refuse_marked(f"(Độ)\n[{mark.lower()}]\n", report_rule().secrecy_marks)


def test_complete_dossier_has_no_fault():
    assert faults_of(complete_form(), NEEDED) == []


def test_each_missing_part_is_named_with_its_place():
    found = faults_of({}, [])

    assert {f.field for f in found if f.step == "nghiem-thu"} == {"accepted_on", "acceptance_body"}
    assert [f.item for f in found if f.step == "tep"] == [
        "full-report",
        "summary-report",
        "minutes",
    ]


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ({"has_process": True}, {"form-8"}),
        ({"ip_filed": True, "ip_filed_on": "2026-01-05"}, {"ip-application"}),
        ({"ip_filed": True}, {"ip-application", "form-5"}),
        ({"restricted": True}, {"form-5"}),
        ({"accepted_on": "2999-01-01"}, {"form-5"}),
        (
            {"restricted": True, "restricted_until": "2020-01-01", "restriction_basis": "HĐ"},
            {"form-5"},
        ),
    ],
)
def test_answers_ask_for_more(answer, items):
    assert {f.item for f in faults_of(complete_form(**answer), NEEDED)} == items


def test_fault_of_a_file_and_unread_text_hold_the_dossier_back():
    files = [File("full-report", "encrypted"), *NEEDED[1:]]

    found = faults_of(complete_form(), files, unread=["ket-qua"])

    assert [(f.item, f.step) for f in found] == [("form-5", "ket-qua"), ("full-report", "tep")]
    assert "mật khẩu" in found[1].message
