import io
import logging

import pymarc
import pytest

from marketplace.sources.formats.iso2709 import read_iso2709
from marketplace.sources.formats.json_records import read_json
from marketplace.sources.formats.marcxml import read_marcxml
from marketplace.sources.formats.opening import read_file
from marketplace.sources.formats.raw import InputProblem, RawRecord, Unreadable
from tests.sources.formats.old_encodings import as_tcvn3


def field(tag, *subfields, ind="  "):
    pairs = zip(subfields[::2], subfields[1::2], strict=True)
    return pymarc.Field(
        tag=tag,
        indicators=pymarc.Indicators(*ind),
        subfields=[pymarc.Subfield(code, value) for code, value in pairs],
    )


def thesis(number="VN-1"):
    record = pymarc.Record(force_utf8=True)
    record.add_field(
        pymarc.Field(tag="001", data=number),
        pymarc.Field(tag="008", data="200115s2019    vm            000 0 vie d"),
        field("084", "a", "4.1", "2", "KHCN"),
        field("100", "a", "Nguyễn Văn An,", "e", "tác giả"),
        field("110", "a", "Viện Nghiên cứu A.", "b", "Phòng B"),
        field(
            "245", "a", "Nghiên cứu sấy xoài :", "b", "quy mô nhỏ /", "c", "Nguyễn Văn An", ind="10"
        ),
        field("246", "a", "Mango drying", ind="31"),
        field("264", "b", "Nhà xuất bản C,", "c", "2020", ind=" 1"),
        field("502", "a", "Luận án tiến sĩ"),
        field("520", "a", "Tóm tắt một."),
        field("520", "a", "Tóm tắt hai."),
        field("650", "a", "Xoài", "x", "Sấy", ind=" 7"),
        field("653", "a", "bơm nhiệt"),
        field("700", "a", "Lê Thị Bình"),
        field("856", "u", "https://x.example/1", ind="40"),
    )
    return record


EXPECTED = {
    "source_id": "VN-1",
    "language": "vie",
    "classifications": ["4.1"],
    "fields": ["401"],
    "people": [{"name": "Nguyễn Văn An"}, {"name": "Lê Thị Bình"}],
    "organization": "Viện Nghiên cứu A. Phòng B",
    "title": "Nghiên cứu sấy xoài : quy mô nhỏ",
    "title_en": "Mango drying",
    "publisher": "Nhà xuất bản C",
    "year": "2020",
    "thesis_note": "Luận án tiến sĩ",
    "abstract": "Tóm tắt một.\n\nTóm tắt hai.",
    "keywords": ["Xoài – Sấy", "bơm nhiệt"],
    "source_url": "https://x.example/1",
}


def iso(*chunks):
    return list(read_iso2709(io.BytesIO(b"".join(chunks))))


def test_the_three_containers_say_the_same():
    record = thesis()
    (from_iso,) = iso(record.as_marc())
    (from_xml,) = read_marcxml(io.BytesIO(pymarc.record_to_xml(record, namespace=True)))
    (from_json,) = read_json(io.BytesIO(f"[{record.as_json()}]".encode()))
    assert from_iso.data == from_xml.data == from_json.data == EXPECTED
    assert from_iso.kind == from_xml.kind == from_json.kind == "result"
    assert from_iso.raw == record.as_marc()


def test_a_broken_record_costs_itself_alone():
    good, other = thesis("1").as_marc(), thesis("2").as_marc()
    no_directory = bytearray(good)
    no_directory[30:36] = b"ABCDEF"
    bad_leader = b"XXXXX" + good[5:]
    bad_base = good[:12] + b"99999" + good[17:]
    too_long = b"99999" + good[5:]
    reads = iso(
        good, bytes(no_directory), bad_leader, bad_base, too_long, b"\r\n", other, other[:200]
    )
    assert [type(one) for one in reads] == [
        RawRecord, Unreadable, Unreadable, Unreadable, Unreadable, RawRecord, Unreadable,
    ]  # fmt: skip
    assert [one.line for one in reads] == [1, 2, 3, 4, 5, 6, 7]
    assert [one.reason for one in reads if isinstance(one, Unreadable)] == [
        "Thư mục (directory) của bản ghi MARC hỏng.",
        "Thư mục (directory) của bản ghi MARC hỏng.",
        "Đầu biểu (leader) của bản ghi MARC hỏng.",
        "Bản ghi MARC ngắn hơn độ dài ghi ở đầu biểu.",
        "Bản ghi MARC bị cắt cụt hoặc quá dài.",
    ]


def test_truncated_at_every_place_a_file_gives_a_record_or_a_report():
    data = thesis().as_marc()
    for length in range(24, len(data), 7):
        reads = iso(data[:length])
        assert [type(one) for one in reads] == [Unreadable]


def test_a_stream_without_terminator_is_bounded():
    reads = iso(b"00100nam" + b"x" * 5_000_000)
    assert reads == [Unreadable(1, "Bản ghi MARC bị cắt cụt hoặc quá dài.")]
    reads = iso(b"00100nam" + b"x" * 500_000 + b"\x1d" + thesis().as_marc())
    assert [type(one) for one in reads] == [Unreadable, RawRecord]
    with pytest.raises(InputProblem, match="không có bản ghi MARC"):
        iso(b" \n")


def test_marc8_and_utf8_that_calls_itself_marc8():
    record = pymarc.Record(force_utf8=True)
    record.add_field(field("245", "a", "Nghiên cứu"))
    utf8 = bytearray(record.as_marc())
    utf8[9:10] = b" "
    (read,) = iso(bytes(utf8))
    assert read.data["title"] == "Nghiên cứu"
    assert read.remarks == ("đầu biểu không ghi UTF-8 nhưng nội dung là UTF-8",)
    # "solitude à" in MARC-8: the grave stands before its letter.
    body = b"  \x1faDe la solitude \xe1a la communaut\xe2e\x1e"
    directory = b"245%04d00000" % len(body)
    base = 24 + len(directory) + 1
    leader = b"%05dnam  22%05d a 4500" % (base + len(body) + 1, base)
    (read,) = iso(leader + directory + b"\x1e" + body + b"\x1d")
    assert read.data["title"] == "De la solitude à la communauté"


def test_bytes_of_a_vietnamese_font_in_a_record_that_says_marc8(tmp_path):
    text = as_tcvn3("Nghiên cứu chế tạo máy sấy nông sản bằng bơm nhiệt").encode("latin-1")
    body = b"10\x1fa" + text + b"\x1e"
    directory = b"245%04d00000" % len(body)
    base = 24 + len(directory) + 1
    leader = b"%05dnam  22%05d a 4500" % (base + len(body) + 1, base)
    path = tmp_path / "old.mrc"
    path.write_bytes(leader + directory + b"\x1e" + body + b"\x1d")
    (read,) = read_file(path)
    assert read.data["title"] == "Nghiên cứu chế tạo máy sấy nông sản bằng bơm nhiệt"
    assert read.originals["title"] == text.decode("latin-1")
    assert any("tcvn3" in one for one in read.remarks)


def test_unimarc_is_known_by_its_fields():
    record = pymarc.Record(force_utf8=True)
    record.add_field(
        pymarc.Field(tag="001", data="U1"),
        field("100", "a", "20090101d2008    ||||0frec50      ba"),
        field("101", "a", "fre"),
        field("200", "a", "\x88Le \x89séchage", "e", "du riz", "f", "J. Dupont", ind="1 "),
        field("330", "a", "Résumé"),
        field("606", "a", "Riz", "x", "Séchage"),
        field("700", "a", "Dupont", "b", ", Jean"),
        field("710", "a", "Institut A"),
    )
    (read,) = iso(record.as_marc())
    assert read.data == {
        "source_id": "U1",
        "year": "2008",
        "language": "fre",
        "title": "Le séchage du riz",
        "abstract": "Résumé",
        "keywords": ["Riz – Séchage"],
        "people": [{"name": "Dupont, Jean"}],
        "organization": "Institut A",
    }


def test_a_record_without_title_is_refused_plainly():
    record = pymarc.Record()
    record.add_field(field("650", "a", "Xoài"))
    assert iso(record.as_marc()) == [Unreadable(1, "Bản ghi MARC không có nhan đề (245 hoặc 200).")]


def test_security_fields_become_a_level():
    for secret in (
        field("355", "a", "Mật"),
        field("506", "f", "Tối mật"),
        field("506", "a", "Mật."),
    ):
        record = thesis()
        record.add_field(secret)
        (read,) = iso(record.as_marc())
        assert read.data["security_level"]
    record = thesis()
    record.add_field(field("506", "a", "Truy cập tự do."))
    (read,) = iso(record.as_marc())
    assert "security_level" not in read.data


def test_nothing_of_a_record_reaches_a_log(caplog, capsys):
    data = thesis().as_marc()
    without_indicators = data.replace(b"10\x1faNghi", b"\x1faXXNghi")
    assert without_indicators != data
    with caplog.at_level(logging.DEBUG):
        iso(without_indicators)
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")


def test_marcxml_with_bad_tags_keeps_the_rest():
    (read,) = read_marcxml(
        io.BytesIO(
            b'<record><leader>x</leader><datafield tag="42"><subfield code="a">y</subfield></datafield>'
            b'<datafield tag="245"><subfield code="a">T</subfield></datafield></record>'
        )
    )
    assert read.data == {"title": "T"}
    assert read.remarks == ("1 trường MARC có nhãn sai, đã bỏ",)
