"""Cleaning of single records: what is understood, what is refused."""

import pytest

from marketplace.sources.imports.columns import column_key
from marketplace.sources.imports.records import clean_record
from marketplace.sources.imports.refusals import Refused

pytestmark = pytest.mark.django_db


def clean(**raw):
    return clean_record({"id": "1", "title": "Máy sấy"} | raw)


@pytest.mark.parametrize(
    "columns",
    [
        {"id": "7", "title": "Máy sấy", "abstract": "Tốt", "org": "Viện A", "year": 2020},
        {"_id": "7", "Title": "Máy sấy", "text": "Tốt", "organization": "Viện A", "YEAR": "2020"},
        {"Mã": "7", "Tên": "Máy sấy", "Tóm tắt": "Tốt", "Tổ chức chủ trì": "Viện A", "Năm": "2020"},
        {"ma_so": "7", "ten_de_tai": "Máy sấy", "tom_tat": "Tốt", "don_vi": "Viện A", "nam": "2020.0"},
        {"recordId": "7", "projectTitle": "Máy sấy", "summary": "Tốt", "leadOrganization": "Viện A",
         "awardYear": 2020},
    ],
)  # fmt: skip
def test_columns_are_recognised_under_their_usual_names(columns):
    record = clean_record(columns).record

    assert (record.source_id, record.title, record.abstract) == ("7", "Máy sấy", "Tốt")
    assert (record.organization, record.year) == ("Viện A", 2020)


@pytest.mark.parametrize(
    "name", ["Mức độ bảo mật", "muc_do_bao_mat", "mucDoBaoMat", "MỨC-ĐỘ BẢO MẬT"]
)
def test_column_key_has_one_form(name):
    assert column_key(name) == "muc do bao mat"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Mức độ bảo mật", "Mật"),
        ("độ mật", "Tối mật"),
        ("secrecy", "Tuyệt mật"),
        ("do_mat", "M"),
        ("security_level", "something nobody foresaw"),
        ("security", {"level": "secret"}),
        ("classified", True),
        ("nhiệm vụ", {"độ mật": "Mật"}),
        ("dossier", [{"secrecy": "mật"}]),
    ],
)
def test_classified_record_is_refused(column, value):
    with pytest.raises(Refused) as refused:
        clean(**{column: value})

    assert refused.value.is_classified
    assert refused.value.source_id == "1"
    assert "Máy sấy" not in refused.value.reason


def test_classified_by_a_stamp_in_the_title():
    with pytest.raises(Refused) as refused:
        clean(title="(MẬT) Nghiên cứu vật liệu")

    assert refused.value.is_classified


@pytest.mark.parametrize("value", ["Bình thường", "", None, "không mật", "normal", "0", False])
def test_normal_record_passes_whatever_normal_is_called(value):
    assert clean(**{"Mức độ bảo mật": value}).record.title == "Máy sấy"


def test_honey_is_no_secret():
    assert clean(abstract="Mật ong (mật hoa cà phê)", products="mật ong").record.abstract


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"title": ""}, "Thiếu tên"),
        ({"title": "x" * 10_000}, "10000"),
        ({"title": "Máy\x00sấy"}, "NUL"),
        ({"title": "Máy \ud800"}, "UTF-8"),
        ({"abstract": "a" * 100_001}, "abstract"),
        ({"id": "9" * 121}, "id"),
    ],
)
def test_record_is_refused_with_the_reason(raw, reason):
    with pytest.raises(Refused, match=reason):
        clean(**raw)


def test_record_without_id_gets_one_of_what_identifies_it():
    first = clean_record({"title": "Máy sấy", "org": "Công ty Cổ phần Tân Phú", "year": 2020})
    same = clean_record({"title": "MÁY  SẤY", "org": "CTCP Tân Phú", "year": "2020"})
    other = clean_record({"title": "Máy sấy", "org": "CTCP Tấn Phú", "year": 2020})

    assert first.record.source_id == same.record.source_id
    assert first.record.source_id != other.record.source_id


def test_values_nobody_can_read_are_left_out_and_said():
    cleaned = clean(year="hai không hai mươi", trl="12", url="javascript:alert(1)", fields=["999"])

    assert cleaned.record.year is None
    assert cleaned.record.trl is None
    assert cleaned.record.source_url == ""
    assert cleaned.record.field_codes == []
    assert len(cleaned.remarks) == 4


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        (3_850_000_000, 3_850_000_000),
        ("3.850.000.000", 3_850_000_000),
        ("1,2 tỷ đồng", 1_200_000_000),
        ("350 triệu", 350_000_000),
        ("không rõ", None),
        ("", None),
    ],
)
def test_funding_is_whole_dong(typed, dong):
    assert clean(funding=typed).record.funding == dong


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2020-01", "2020-01"), ("01/2020", "2020-01"), ("15/1/2020", "2020-01-15"), ("2020", "2020"),
     ("2020-01-15T00:00:00", "2020-01-15"), ("31/13/2020", "")],
)  # fmt: skip
def test_days_have_one_notation(typed, kept):
    assert clean(start=typed).record.started_on == kept


def test_year_comes_from_the_end_where_it_is_not_given():
    assert clean(start="2019-02", end="06/2021").record.year == 2021


def test_people_in_any_form():
    listed = clean(people=[{"name": "A", "role": "Chủ nhiệm"}, {"name": "B"}, "C"]).record.people
    typed = clean(**{"Chủ nhiệm": "A", "thành viên": "B; C; A"}).record.people

    assert listed == typed
    assert [person["role"] for person in listed] == ["lead", "member", "member"]


def test_field_codes_in_old_and_new_notation():
    record = clean(fields="4.1.7; 102. Khoa học máy tính và thông tin; 211").record

    assert record.field_codes == ["40107", "102", "211"]


def test_text_is_composed_and_lines_are_kept():
    record = clean(abstract="Sấy  xoa\u0300i\r\n\r\n\r\ngiữ màu\x0b").record

    assert record.abstract == "Sấy xoài\n\ngiữ màu"


def test_content_hash_knows_every_field():
    record = clean().record
    before = record.content_hash()

    record.trl = 5

    assert record.content_hash() != before
