import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from marketplace.sources.formats.opening import read_file
from marketplace.sources.formats.raw import InputProblem, Unreadable
from marketplace.sources.formats.spreadsheet import read_xlsx, sheet_names

CELL = '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>'


def workbook(*rows, more=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if more:
        more(book)
    out = io.BytesIO()
    book.save(out)
    return out


def changed(stream, name, change):
    """The same archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return out


SHEET = "xl/worksheets/sheet1.xml"


def test_cells_become_values(tmp_path):
    book = workbook(
        ["id", "Tên đề tài", "Ngày bắt đầu", "Năm", "Kinh phí", "Có"],
        ["1", "Sấy xoài", datetime.fromisoformat("2019-02-03"), 2019.0, 1.5, True],
        [None] * 6,
        [2, "Gốm", date(2020, 1, 1), 2020, None, None],
    )
    path = tmp_path / "b.xlsx"
    path.write_bytes(book.getvalue())
    reads = list(read_file(path))
    assert [one.data for one in reads] == [
        {"id": "1", "Tên đề tài": "Sấy xoài", "Ngày bắt đầu": "2019-02-03", "Năm": 2019, "Kinh phí": 1.5, "Có": True},
        {"id": 2, "Tên đề tài": "Gốm", "Ngày bắt đầu": "2020-01-01", "Năm": 2020},
    ]  # fmt: skip
    assert [one.line for one in reads] == [2, 4]


def test_formulas_and_errors_are_told():
    def more(book):
        book.active["B2"] = "=1+1"
        book.active["C2"] = "#N/A"
        book.active["C2"].data_type = "e"

    (record,) = read_xlsx(workbook(["id", "title", "year"], ["1"], more=more))
    assert record.data == {"id": "1", "title": "=1+1"}
    assert record.remarks == ("ô C2 báo lỗi, đã bỏ", "title: ô là công thức, đã giữ làm chữ")


def test_merged_headings_under_a_banner():
    def more(book):
        book.active.merge_cells("A1:D1")
        book.active.merge_cells("C2:D2")
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B2:B3")

    book = workbook(
        ["DANH MỤC", None, None, None],
        ["STT", "Tên", "Chủ trì", None],
        [None, None, "Tên", "Địa chỉ"],
        [1, "Sấy", "Viện A", "Hà Nội"],
        more=more,
    )
    (record,) = read_xlsx(book, known=lambda names: sum(name in ("STT", "Tên") for name in names))
    assert record.data == {
        "STT": 1, "Tên": "Sấy", "Chủ trì – Tên": "Viện A", "Chủ trì – Địa chỉ": "Hà Nội",
    }  # fmt: skip


def test_the_sheet_that_is_shown_and_not_empty_is_read_unless_one_is_named():
    def more(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Trống")
        book.create_sheet("Đề tài").append(["id", "title"])
        book["Đề tài"].append([1, "a"])

    book = workbook(["id", "title"], [9, "ẩn"], more=more)
    assert sheet_names(book) == ["Trống", "Đề tài"]
    assert [one.data["id"] for one in read_xlsx(book)] == [1]
    assert [one.data["id"] for one in read_xlsx(book, sheet="Sheet")] == [9]
    with pytest.raises(InputProblem, match="không có trang tính này"):
        list(read_xlsx(book, sheet="X"))


def test_a_zip_bomb_is_weighed_not_opened():
    out = io.BytesIO(workbook(["id", "title"]).getvalue())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    with pytest.raises(InputProblem, match="quá nhiều dữ liệu"):
        list(read_xlsx(out))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_part_are_refused(encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'.encode(encoding)
    book = changed(workbook(["id", "title"]), SHEET, lambda data: bomb)
    with pytest.raises(InputProblem, match="DOCTYPE"):
        list(read_xlsx(book))


def test_a_sheet_that_lies_about_its_size_is_bounded():
    def far(data):
        row = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        return data.replace(b"</sheetData>", row).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    book = changed(workbook(["id", "title"], ["1", "a"]), SHEET, far)
    reads = list(read_xlsx(book))
    assert [one.data for one in reads] == [{"id": "1", "title": "a"}, {"id": 1}]
    beyond = changed(
        workbook(["id", "title"], ["1", "a"]),
        SHEET,
        lambda data: data.replace(
            b"</sheetData>", b'<row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(InputProblem, match="nhiều hơn 1048576 dòng"):
        list(read_xlsx(beyond))


def test_a_row_of_sixteen_thousand_columns_ends_the_reading():
    wide = b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>'
    book = changed(
        workbook(["id", "title"], ["1", "a"]),
        SHEET,
        lambda data: data.replace(b"</sheetData>", wide),
    )
    with pytest.raises(InputProblem, match="quá nhiều cột"):
        list(read_xlsx(book))


def test_cut_off_protected_and_old_files_are_named():
    data = workbook(["id", "title"], ["1", "a"]).getvalue()
    for stream in (data[: len(data) // 2], b"PK\x03\x04 nothing", b""):
        with pytest.raises(InputProblem, match="Không đọc được tệp XLSX"):
            list(read_xlsx(io.BytesIO(stream)))
    with pytest.raises(InputProblem, match="có mật khẩu"):
        list(read_xlsx(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)))
    broken = changed(workbook(["id", "title"], ["1", "a"]), SHEET, lambda one: one[: len(one) - 40])
    with pytest.raises(InputProblem, match="hỏng từ dòng"):
        list(read_xlsx(broken))


def test_a_row_wider_than_its_heading_is_told():
    reads = list(read_xlsx(workbook(["id", "title"], ["1", "a", "b"], ["2", "c"])))
    assert [type(one) is Unreadable for one in reads] == [True, False]
