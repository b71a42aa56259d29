"""A catalogue is read row by row, becomes drafts when its owner says so, and is taken back as a whole."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from marketplace.core.errors import InvalidTransition, UploadRejected
from marketplace.listings.catalogues.sheets import MOST_ROWS, blank_sheet, columns_of, read_sheet
from marketplace.listings.models import CatalogueRun, TechnologyOffer
from marketplace.listings.services import draft_of, save_draft
from marketplace.listings.services.catalogues import make_drafts, read_catalogue, undo_catalogue
from tests.factories.listings import OfferFactory
from tests.listings.test_files import pdf, picture

pytestmark = pytest.mark.django_db


def label(name: str) -> str:
    return next(column.label for column in columns_of("offer") if column.name == name)


def sheet(*rows: dict[str, str], heads=()) -> SimpleUploadedFile:
    book = Workbook()
    names = list(dict.fromkeys([*(name for row in rows for name in row), *heads]))
    book.active.append(names)
    for row in rows:
        book.active.append([row.get(name, "") for name in names])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("danh-muc.xlsx", out.getvalue())


def named(**values: str) -> dict[str, str]:
    return {label(name): value for name, value in values.items()}


@pytest.fixture
def run(organization, owner):
    rows, _unknown = read_sheet(
        sheet(
            named(title="Sấy lạnh cá cơm", summary="Giữ 95 % màu.", files="quy-trinh.pdf; anh.jpg"),
            named(title="Ép viên trấu", trl="mười hai", price_min="nhiều lắm"),
            named(summary="Dòng không tên."),
            named(title="SẤY LẠNH  cá cơm"),
        ),
        "offer",
    )
    return read_catalogue("offer", rows, organization=organization, by=owner)


def offers(organization):
    return TechnologyOffer.objects.filter(organization=organization).order_by("pk")


@pytest.mark.parametrize("kind", ["need", "offer", "equipment", "service"])
def test_blank_sheet_names_every_column_and_comes_back_without_rows(kind):
    data = blank_sheet(kind)
    heads = [cell.value for cell in load_workbook(io.BytesIO(data)).active[1]]
    assert heads == [column.label for column in columns_of(kind)]
    assert len(set(heads)) == len(heads)

    with pytest.raises(UploadRejected, match="chưa có dòng nào"):
        read_sheet(SimpleUploadedFile("mau.xlsx", data), kind)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (lambda: sheet({"Cột lạ": "x"}), "Dòng đầu phải là tên các cột"),
        (
            lambda: sheet(*(named(title=f"Tin {n}") for n in range(MOST_ROWS + 1))),
            "Chia thành nhiều tệp",
        ),
        (pdf, "XLSX"),
    ],
)
def test_sheet_that_is_none_is_refused_with_what_to_do(upload, said):
    with pytest.raises(UploadRejected) as refused:
        read_sheet(upload(), "offer")
    assert said in str(refused.value.message)


def test_headings_that_no_field_has_are_named():
    rows, unknown = read_sheet(sheet(named(title="Sấy cá") | {"Ghi chú nội bộ": "x"}), "offer")
    assert (len(rows), unknown) == (1, ["Ghi chú nội bộ"])


def test_reading_says_of_each_row_what_is_wrong_and_makes_nothing(run, organization):
    good, faulty, nameless, again = run.rows

    assert (good["stops"], good["faults"]) == ("", [])
    assert good["files"] == ["quy-trinh.pdf", "anh.jpg"]
    assert {name for name, _words in faulty["faults"]} == {label("trl"), label("price_min")}
    assert faulty["stops"] == ""
    assert nameless["stops"] == "Chưa ghi tên."
    assert "hai lần" in again["stops"]
    assert not offers(organization).exists()


def test_title_that_the_organisation_has_is_left_out(organization, owner):
    OfferFactory(
        organization=organization, contact=owner, title="Ép viên trấu", draft_title="Ép viên trấu"
    )
    rows, _unknown = read_sheet(sheet(named(title="ép viên  trấu")), "offer")
    run = read_catalogue("offer", rows, organization=organization, by=owner)
    assert "đã có tin" in run.rows[0]["stops"]


def test_drafts_hold_what_was_read_and_keep_what_was_not(run, organization, owner, as_user):
    as_user(owner).post(
        reverse("listings:catalogue", args=[run.public_id]),
        {"nhap": "1", "files": [pdf("quy-trinh.pdf"), picture("ANH.jpg")]},
    )

    first, second = offers(organization)
    run.refresh_from_db()
    assert [row["key"] for row in run.rows] == [first.public_id, second.public_id, "", ""]
    draft = draft_of(first)
    assert (draft.title, draft.summary) == ("Sấy lạnh cá cơm", "Giữ 95 % màu.")
    assert [row.display_name for row in draft.attachments.all()] == ["quy-trinh.pdf"]
    assert draft.pictures.count() == 1
    assert "nhiều lắm" in str(second.draft_inputs)
    assert not first.live
    with pytest.raises(InvalidTransition):
        make_drafts(run, by=owner)


def test_file_that_was_not_given_is_named(run, owner):
    made = make_drafts(run, by=owner)
    assert [words for _label, words in made.rows[0]["faults"]] == [
        "Chưa có tệp quy-trinh.pdf", "Chưa có tệp anh.jpg",
    ]  # fmt: skip


def test_taken_back_but_for_what_somebody_has_changed(run, organization, owner):
    make_drafts(run, by=owner)
    first, second = offers(organization)
    save_draft(second, changes={"summary": "Sửa tay."}, by=owner)

    undone = undo_catalogue(run, by=owner)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    assert [row["undone"] for row in undone.rows][:2] == [
        "Đã rút", "Giữ lại: đã có người sửa hoặc gửi duyệt",
    ]  # fmt: skip
    with pytest.raises(InvalidTransition):
        undo_catalogue(run, by=owner)


def test_page_reads_shows_and_lists(organization, owner, as_user):
    client = as_user(owner)
    answer = client.post(
        reverse("listings:catalogues"),
        {"kind": "offer", "file": sheet(named(title="Sấy cá", trl="mười hai"), heads=["Cột lạ"])},
        follow=True,
    )
    page = answer.content.decode()
    assert "Sấy cá" in page
    assert "Cột lạ" in page
    assert "mười hai" in page
    assert (
        CatalogueRun.objects.get().public_id
        in client.get(reverse("listings:catalogues")).content.decode()
    )
    assert client.get(reverse("listings:catalogue_sheet", args=["offer"])).status_code == 200


@pytest.mark.parametrize(
    ("person", "status"), [("viewer", 404), ("stranger", 404), ("curator", 404)]
)
def test_others_neither_see_nor_make_nor_undo(person, status, run, organization, as_user, request):
    client = as_user(request.getfixturevalue(person))
    where = reverse("listings:catalogue", args=[run.public_id])
    answers = {client.get(where).status_code}
    answers |= {client.post(where, {act: "1"}).status_code for act in ("nhap", "hoan-tac")}

    assert answers == {status}
    run.refresh_from_db()
    assert run.made_at is None
    assert not offers(organization).exists()
