import codecs
import io

import pytest

from marketplace.core.cells import harmless
from marketplace.sources.formats.formulas import looks_like_formula
from marketplace.sources.formats.opening import read_file
from marketplace.sources.formats.raw import InputProblem, RawRecord, Unreadable
from marketplace.sources.formats.tables import read_csv
from tests.sources.formats.old_encodings import as_tcvn3, as_vni

HEADING = "Mã số{0}Tên đề tài{0}Năm\n"
ROWS = 'KC.01{0}"Sấy xoài{0} mít"{0}2019\nKC.02{0}Gốm sứ{0}2020\n'


def read(data, **kwargs):
    return list(read_csv(io.BytesIO(data), **kwargs))


def known(names):
    return sum(name.lower() in {"mã số", "tên đề tài", "năm"} for name in names)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_delimiter_and_encoding_are_found(delimiter, encoding):
    data = (HEADING + ROWS).format(delimiter).encode(encoding)
    if encoding == "utf-16-be":
        data = codecs.BOM_UTF16_BE + data
    reads = read(data)
    assert [one.data for one in reads] == [
        {"Mã số": "KC.01", "Tên đề tài": f"Sấy xoài{delimiter} mít", "Năm": "2019"},
        {"Mã số": "KC.02", "Tên đề tài": "Gốm sứ", "Năm": "2020"},
    ]
    assert [one.line for one in reads] == [2, 3]


def test_commas_in_titles_do_not_hide_the_semicolons():
    data = "id;title;year\n1;Một, hai, ba, bốn;2019\n2;Năm, sáu, bảy;2020\n".encode()
    assert [one.data["title"] for one in read(data)] == ["Một, hai, ba, bốn", "Năm, sáu, bảy"]


def test_what_excel_writes_first_is_not_a_row():
    assert read("sep=;\nid;title\n1;Một\n".encode())[0].data == {"id": "1", "title": "Một"}


def test_banners_above_the_heading_and_headings_below_it_are_no_records():
    data = (
        "BỘ CÔNG THƯƠNG,,\nDanh mục đề tài,,\n,,\n"
        "Mã số,Tên đề tài,Năm\nKC.01,Sấy xoài,2019\nMã số,Tên đề tài,Năm\nKC.02,Gốm,2020\n"
    ).encode()
    for asked in (known, None):
        assert [one.data["Tên đề tài"] for one in read(data, known=asked)] == ["Sấy xoài", "Gốm"]


def test_lines_in_another_encoding_lose_no_byte(tmp_path):
    good = "id,title\n1,Nghiên cứu\n".encode()
    old = as_tcvn3("2,Nghiên cứu chế tạo máy sấy nông sản\n").encode("latin-1")
    other = as_vni("3,Nghiên cứu chế tạo máy sấy nông sản\n").encode("latin-1")
    path = tmp_path / "mixed.csv"
    path.write_bytes(good + old + other)
    one, two, three = read_file(path)
    assert one.data["title"] == "Nghiên cứu"
    assert one.remarks == ()
    assert two.data["title"] == three.data["title"] == "Nghiên cứu chế tạo máy sấy nông sản"
    assert "dòng không phải mã UTF-8, đã đọc theo bảng mã cũ" in two.remarks
    assert two.originals["title"] == as_tcvn3("Nghiên cứu chế tạo máy sấy nông sản")


def test_rows_that_do_not_fit_are_told_by_line():
    reads = read(b'id,title\n1,a\n2,b,c\n3,d\n4,"open\n')
    assert [(type(one), one.line) for one in reads] == [
        (RawRecord, 2), (Unreadable, 3), (RawRecord, 4), (RawRecord, 5),
    ]  # fmt: skip


def test_a_monstrous_cell_or_line_is_told_and_the_rest_is_read():
    reads = read(b"id,title\n1," + b"x" * 3_000_000 + b"\n2,b\n")
    assert [type(one) for one in reads] == [Unreadable, RawRecord]
    reads = read(b"id,title\n1," + b"x" * 30_000_000 + b"\n2,b\n")
    assert reads[-1].data == {"id": "2", "title": "b"}
    assert all(isinstance(one, Unreadable) for one in reads[:-1])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04....", "ZIP"),
        (b"%PDF-1.7 ....", "PDF"),
        (b"\xd0\xcf\x11\xe0....", "XLS"),
        (b"abc\x00def,x\n1,2\n", "NUL"),
        (b",,\n,,\n", "tiêu đề"),
    ],
)
def test_other_files_are_named(data, said):
    with pytest.raises(InputProblem, match=said):
        read(data)


def test_two_rows_of_heading_become_one():
    data = (
        "STT,Tên đề tài,Tổ chức chủ trì,,Kinh phí,\n"
        ",,Tên,Địa chỉ,NSNN,Khác\n"
        "1,Sấy xoài,Viện A,Hà Nội,100,\n"
    ).encode()
    (record,) = read(data)
    assert record.data == {
        "STT": "1",
        "Tên đề tài": "Sấy xoài",
        "Tổ chức chủ trì – Tên": "Viện A",
        "Tổ chức chủ trì – Địa chỉ": "Hà Nội",
        "Kinh phí – NSNN": "100",
    }


def test_a_column_that_comes_twice_hides_nothing():
    (record,) = read(b"id,title,title\n1,a,b\n")
    assert record.data == {"id": "1", "title": "a", "title (2)": "b"}


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", " =1"]
)
def test_formulas_are_known_and_made_harmless(text):
    assert looks_like_formula(text)
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-5", "+84 24 3936 8888", "-1.200,5", "+5%", "- ghi chú"[:0], "a=b", ""]
)
def test_numbers_are_no_formulas(text):
    assert not looks_like_formula(text)


def test_a_formula_in_a_cell_is_kept_as_text_and_told():
    (record,) = read(b'id,title\n1,"=cmd|calc"\n')
    assert record.data["title"] == "=cmd|calc"
    assert record.remarks == ("title: ô là công thức, đã giữ làm chữ",)
