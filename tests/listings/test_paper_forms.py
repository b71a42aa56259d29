"""The paper forms of Techmart: out and back, damaged ones, and what no field takes."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from marketplace.core import clock
from marketplace.core.errors import DomainError, UploadRejected
from marketplace.listings import services
from marketplace.listings.models import LISTING_MODELS, Need, TechnologyOffer
from marketplace.listings.paper_forms import document, form_for, forms_on, read_form
from marketplace.listings.services.paper_forms import draft_from_form, faults_of, fill_from_form
from tests.factories.listings import FACTORIES, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db

FULL = {
    "A": {"trl": 7, "customers": "Cơ sở 50–300 kg/giờ", "transfer_forms": ["independent"]},
    "B": {"development_level": "TMH", "warranty": "24 tháng", "price_min": 80_000_000},
    "C": {"principle": "Bơm nhiệt hồi lưu", "ip_status": "none"},
    "D": {"scope": "Đo 120 hoạt chất", "deliverables": "Phiếu kết quả", "turnaround": "5 ngày"},
    "F": {"principle": "Ba công đoạn", "price_min": 1_200_000_000},
    "H": {"required_trl": 6, "budget_min": 500_000_000, "budget_max": 800_000_000},
}


def upload(name, data):
    return SimpleUploadedFile(name, data)


def codes_of(scheme):
    from marketplace.taxonomy.choices import choices

    return [code for code, _label in choices(scheme)]


def full(code, organization, owner):
    values = dict(FULL[code])
    if "transfer_forms" in values:
        values["transfer_forms"] = codes_of("transfer-forms")[:2]
    if "development_level" in values:
        values["development_level"] = codes_of("development-levels")[0]
    if "ip_status" in values:
        values["ip_status"] = codes_of("ip-statuses")[0]
    return FACTORIES[form_for(code).kind](organization=organization, contact=owner, **values)


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
@pytest.mark.parametrize("code", sorted(FULL))
def test_a_filled_form_comes_back_as_the_same_draft(code, suffix, organization, owner):
    form = form_for(code)
    before = full(code, organization, owner)
    data = document(form, suffix, draft=before, organization=organization)

    made = draft_from_form(
        read_form(upload(f"phieu.{suffix}", data)),
        organization=organization,
        contact=owner,
        by=owner,
    )

    draft = services.draft_of(made)
    fields = [line.field for line in form.lines if line.field]
    assert {name: getattr(draft, name) for name in fields} == {
        name: getattr(before, name) for name in fields
    }
    assert made.draft_inputs == {}
    assert draft.confidential == ""
    assert [row.is_confidential for row in draft.attachments.all()] == [True]


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
@pytest.mark.parametrize("code", sorted(FULL))
def test_every_line_of_a_form_fills_a_field_that_there_is(code, suffix):
    form = form_for(code)
    names = {name for step in _steps(form.kind) for name in step.names}
    assert {line.field for line in form.lines if line.field} <= names
    assert document(form, suffix)[:2] == b"PK"


def _steps(kind):
    from marketplace.listings.wizard import STEPS

    return STEPS[kind]


def test_there_is_one_edition_in_force_of_each_form_and_it_says_where_it_is_from():
    assert [form.code for form in forms_on()] == sorted(FULL)
    assert all(form.source and form.status for form in forms_on())
    assert {form.kind for form in forms_on()} <= set(LISTING_MODELS)


def written(code, answers, *, more=""):
    """A form as somebody typed it in Word."""
    made = Document(io.BytesIO(document(form_for(code), "docx")))
    for row in made.tables[0].rows[1:]:
        if (number := row.cells[0].text) in answers:
            row.cells[2].text = answers[number]
    if more:
        made.add_paragraph(more)
    out = io.BytesIO()
    made.save(out)
    return upload("phieu-h.docx", out.getvalue())


def test_what_cannot_be_read_is_said_and_what_no_field_takes_is_kept(organization, owner):
    answers = read_form(
        written(
            "H",
            {
                "3": "Bà Lan, 0912 000 111",
                "4": "Máy tách vỏ hạt điều",
                "9": "40107; Lĩnh vực không có thật",
                "12": "khoảng vài trăm",
                "15": "31/02/2027",
            },
            more="Gọi lại sau 14 giờ",
        )
    )

    need = draft_from_form(answers, organization=organization, contact=owner, by=owner)

    draft = services.draft_of(need)
    assert (draft.title, draft.field_codes) == ("Máy tách vỏ hạt điều", ["40107"])
    assert {fault.written for fault in faults_of(need)} == {"khoảng vài trăm", "31/02/2027"}
    assert all(fault.label and fault.expected for fault in faults_of(need))
    for kept in ("0912 000 111", "Lĩnh vực không có thật", "Gọi lại sau 14 giờ"):
        assert kept in draft.confidential


def test_lines_left_empty_change_nothing(organization, owner):
    need = NeedFactory(organization=organization, contact=owner, volume="300 kg/giờ")
    filled = fill_from_form(need, answers=read_form(written("H", {"4": "Tên mới"})), by=owner)
    draft = services.draft_of(filled)
    assert (draft.title, draft.volume, draft.problem) == ("Tên mới", "300 kg/giờ", need.problem)
    assert draft.deadline == need.deadline


def test_a_form_for_another_kind_fills_nothing(organization, owner):
    offer = OfferFactory(organization=organization, contact=owner)
    with pytest.raises(DomainError):
        fill_from_form(offer, answers=read_form(written("H", {"4": "x"})), by=owner)
    assert services.draft_of(offer).title == offer.title


def macros(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


def bomb():
    out = io.BytesIO(document(form_for("H"), "docx"))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/1.bin", "w", force_zip64=True) as part,
    ):
        for _piece in range(301):
            part.write(b"\0" * (1 << 20))
    return out.getvalue()


def other():
    out = io.BytesIO()
    made = Document()
    made.add_table(rows=2, cols=3)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("phieu.doc", lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600),
        ("phieu.docx", lambda: macros(document(form_for("H"), "docx"))),
        ("phieu.docx", bomb),
        ("phieu.docx", other),
        ("phieu.docx", lambda: document(form_for("H"), "docx")[:3000]),
        ("phieu.xlsx", lambda: document(form_for("H"), "docx")),
        ("phieu.docx", lambda: b""),
        ("phieu.pdf", lambda: b"%PDF-1.4\n%%EOF"),
    ],
)
def test_hostile_and_damaged_files_end_in_a_message(name, data):
    with pytest.raises(UploadRejected) as refused:
        read_form(upload(name, data()))
    assert str(refused.value.message)


def test_a_formula_is_read_as_text_and_never_written_as_one(organization, owner):
    need = NeedFactory(organization=organization, contact=owner, volume="=1+1")
    data = document(form_for("H"), "xlsx", draft=need, organization=organization)
    cells = [row[2].value for row in load_workbook(io.BytesIO(data)).active.iter_rows(min_row=3)]
    assert "'=1+1" in cells
    assert read_form(upload("phieu.xlsx", data)).written["10"] == "=1+1"


# --- the pages ----------------------------------------------------------------------------------


def test_owner_takes_a_form_and_brings_it_back(client, organization, owner):
    client.force_login(owner)
    assert client.get(reverse("listings:blank_form", args=["h", "docx"])).content[:2] == b"PK"
    assert client.get(reverse("listings:blank_form", args=["z", "docx"])).status_code == 404
    page = client.post(
        reverse("listings:paper_forms"), {"file": written("H", {"4": "Máy tách", "12": "nhiều"})}
    )
    need = Need.objects.get()
    assert page["Location"].endswith(f"/{need.public_id}/phieu/")
    assert "nhiều" in client.get(page["Location"]).content.decode()


def test_a_bad_file_is_said_on_the_page_and_makes_nothing(client, owner):
    client.force_login(owner)
    page = client.post(reverse("listings:paper_forms"), {"file": upload("a.docx", other())})
    assert page.status_code == 400
    assert "không phải phiếu" in page.content.decode()
    assert not Need.objects.exists()


@pytest.mark.parametrize("person", ["viewer", "stranger", "curator"])
def test_others_neither_take_a_filled_form_nor_fill_the_draft(
    person, request, client, organization, owner
):
    offer = OfferFactory(organization=organization, contact=owner)
    client.force_login(request.getfixturevalue(person))
    args = ["offer", offer.public_id]
    assert client.get(reverse("listings:filled_form", args=[*args, "a", "docx"])).status_code == 404
    posted = client.post(
        reverse("listings:fill", args=args), {"file": written("A", {"5": "Đã đổi"})}
    )
    assert posted.status_code == 404
    assert services.draft_of(TechnologyOffer.objects.get()).title == offer.title


def test_a_deadline_on_paper_is_a_day(organization, owner):
    day = clock.today() + timedelta(days=40)
    answers = read_form(written("H", {"4": "x", "15": f"{day:%d/%m/%Y}"}))
    need = draft_from_form(answers, organization=organization, contact=owner, by=owner)
    assert services.draft_of(need).deadline == day
