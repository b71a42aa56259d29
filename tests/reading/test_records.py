"""Two records of one thing, and two that only look it."""

import re
from dataclasses import replace

import pytest

from marketplace.reading.records import (
    Decision,
    Identifier,
    RecordFacts,
    blocking_keys,
    compare_records,
    contested,
    judge,
    prepare,
)
from marketplace.reading.records.comparing import Sums
from marketplace.reading.records.people import overlap, read_name, same_person
from marketplace.reading.records.scoring import (
    EITHER_WAY,
    MEASURES,
    SPEAK_AGAINST,
    WEIGHTS,
    features,
    probability_of,
)
from marketplace.reading.records.titles import match_titles, read_title

PLACES = {"hà giang": "ha giang", "ha giang": "ha giang", "lào cai": "lao cai", "lao cai": "lao cai",
          "cao bằng": "cao bang", "cao bang": "cao bang"}  # fmt: skip
ABSTRACT = (
    "Đề tài xây dựng quy trình sấy dẻo xoài không xông lưu huỳnh. Lát xoài dày 8 mm được chần hơi 90 giây, "
    "ngâm axit ascorbic trong 15 phút, sau đó sấy bơm nhiệt ở 45 °C trong 11 giờ. Sản phẩm có độ ẩm 16 %."
)
MANGO = RecordFacts(
    title="Nghiên cứu quy trình và thiết bị sấy dẻo xoài bằng bơm nhiệt không sử dụng lưu huỳnh",
    abstract=ABSTRACT,
    keywords=("xoài sấy dẻo", "bơm nhiệt"),
    organizations=("viện kỹ thuật bảo quản nông sản",),
    agency="Bộ Nông nghiệp và Môi trường",
    people=(("Đặng Quốc Khải", True), ("Lưu Thị Bích Hà", False)),
    year=2022,
    funding=3_850_000_000,
    source="a",
    source_id="1",
)


def verdict(left, right):
    return judge(compare_records(prepare(left, places=PLACES), prepare(right, places=PLACES)))


def copy_of(**changes):
    return replace(MANGO, source="b", source_id="9", **changes)


def codes(signs):
    return {sign.code for sign in signs}


# --- what is one record ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": MANGO.title.upper()},
        {"title": "Nghien cuu quy trinh va thiet bi say deo xoai bang bom nhiet khong su dung luu huynh"},
        {"title": MANGO.title.replace("lưu huỳnh", "lưu hùynh")},
        {"title": MANGO.title.replace("thiết bị", "thiêt bị")},
        {"people": (("Lưu Thị Bích Hà", False), ("Khải Đặng Quốc", False))},
        {"people": (("PGS.TS. Đ.Q. Khải", True),)},
        {"organizations": ("trung tâm bảo quản nông sản",)},
        {"year": None, "abstract": ABSTRACT[:140]},
    ],
    ids=["as it is", "capitals", "no marks", "old tone", "slip", "re-ordered", "initials", "renamed", "cut"],
)  # fmt: skip
def test_damaged_copy_is_merged(changes):
    found = verdict(MANGO, copy_of(**changes))

    assert found.decision is Decision.MERGE, found
    assert not found.vetoes
    assert not found.cautions


def test_verdict_is_the_same_from_both_sides():
    other = copy_of(title=MANGO.title[:60], year=2023, people=())

    left, right = verdict(MANGO, other), verdict(other, MANGO)

    assert left.probability == pytest.approx(right.probability)
    assert left.decision is right.decision


def test_translated_title_is_found_by_its_english_twin():
    known = replace(MANGO, title_en="Sulfur-free heat-pump drying of mango slices")
    abroad = copy_of(
        title="SULFUR-FREE HEAT-PUMP DRYING OF MANGO SLICES", language="en", abstract="", keywords=()
    )  # fmt: skip

    found = verdict(known, abroad)

    assert found.decision is Decision.MERGE
    title = next(sign for sign in found.signs if sign.code == "title")
    assert title.params["is_translation"]


# --- what only looks it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("{} (giai đoạn 1)", "{} (giai đoạn 2)"),
        ("{}, giai đoạn I", "{} - giai đoạn II"),
        ("{}. Phần 1", "{}. Phần II"),
        ("{} phase one", "{} Phase 2"),
        ("{} tập 1", "{} tập 2"),
        ("{} tại tỉnh Hà Giang", "{} tại tỉnh Lào Cai"),
        ("{} giai đoạn 2016-2020", "{} giai đoạn 2021-2025"),
        ("{} GIAI ĐOẠN 2016–20", "{} năm 2022"),
    ],
)
def test_series_never_merge(left, right):
    found = verdict(
        replace(MANGO, title=left.format(MANGO.title)), copy_of(title=right.format(MANGO.title))
    )

    assert found.decision is Decision.APART
    assert found.vetoes


def test_phase_kept_apart_from_the_title_counts_as_well():
    found = verdict(replace(MANGO, phase="Phase I"), copy_of(phase="Phase II"))

    assert codes(found.vetoes) == {"series_differs"}
    assert verdict(replace(MANGO, phase="I"), copy_of(phase="Phase I")).decision is Decision.MERGE


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"title": f"{MANGO.title} (giai đoạn 2)"}, "series_one_sided"),
        ({"title": f"{MANGO.title} tại tỉnh Hà Giang"}, "place_one_sided"),
        ({"year": 2024, "abstract": ABSTRACT}, "year_differs"),
        ({"source": "a"}, "one_source"),
    ],
)
def test_what_may_be_a_series_is_left_to_a_person(changes, caution):
    found = verdict(MANGO, replace(copy_of(), **changes))

    assert found.decision is not Decision.MERGE
    assert caution in codes(found.cautions)


def test_same_title_and_name_of_two_bare_records_is_worth_a_question():
    bare = RecordFacts(title=MANGO.title, people=MANGO.people, source="a")
    other = replace(bare, source="b")

    assert verdict(bare, other).decision is Decision.REVIEW
    assert verdict(bare, replace(other, people=(("Trần Văn Ất", True),))).decision is Decision.APART
    # A later work of the same title is no bare record: its year, money or text differ.
    dated = replace(bare, year=2020, funding=100)
    assert verdict(dated, replace(other, year=2022)).decision is Decision.APART
    assert verdict(dated, replace(other, funding=900)).decision is Decision.APART
    short = replace(bare, title="Máy sấy xoài")
    assert verdict(short, replace(short, source="b")).decision is not Decision.MERGE
    nameless = replace(short, people=())
    assert verdict(nameless, replace(nameless, source="b")).decision is Decision.APART


def test_another_crop_in_the_same_words_is_not_merged():
    found = verdict(MANGO, copy_of(title=MANGO.title.replace("xoài", "thanh long"), abstract=""))

    assert found.decision is not Decision.MERGE


def with_crop(crop, abstract=ABSTRACT):
    title = f"Nghiên cứu quy trình bón phân chậm tan và tưới tiết kiệm trên cây {crop}"
    return {"title": title, "abstract": abstract}


def test_words_a_letter_apart_are_left_to_a_person_unless_the_texts_settle_it():
    rice = replace(MANGO, **with_crop("lúa"))

    found = verdict(rice, copy_of(**with_crop("dứa")))
    assert found.decision is Decision.REVIEW
    assert "words_exchanged" in codes(found.cautions)
    # The text says rice: the title was mistyped.
    text = ABSTRACT + " Mô hình trình diễn trên ruộng lúa của hợp tác xã."
    slip = verdict(replace(rice, abstract=text), copy_of(**with_crop("dứa", text)))
    assert slip.decision is Decision.MERGE
    # Each text speaks of its own crop.
    other = text.replace("lúa", "dứa")
    two = verdict(replace(rice, abstract=text), copy_of(**with_crop("dứa", other)))
    assert two.decision is not Decision.MERGE
    assert "title_confirmed" in codes(two.signs)


@pytest.mark.parametrize("broken", ["phmy", "xoaif"])
def test_what_is_no_word_is_a_slip(broken):
    right = "Chế phẩm vi sinh ủ vỏ xoài làm phân bón hữu cơ"
    word = "phẩm" if broken == "phmy" else "xoài"

    match = match_titles(read_title(right), read_title(right.replace(word, broken)))

    assert (match.same, match.doubtful) == (1, ())


def test_opening_and_cut_word_are_no_other_words():
    title = read_title("Máy sấy dẻo xoài bằng bơm nhiệt cho hợp tác xã")

    for opening in (
        "Đề tài: ",
        "BÁO CÁO TỔNG HỢP KẾT QUẢ ĐỀ TÀI: ",
        "Dự án SXTN - ",
        "KC.07.12/16-20: ",
    ):
        assert read_title(opening + title.text).words == title.words, opening
    assert read_title("Đề tài: xoài").words == ("de", "tai", "xoai")
    cut = match_titles(title, read_title("Máy sấy dẻo xoài bằng bơm nhiệt cho hợp t"))
    assert (cut.right_words, cut.is_beginning) == ((), True)


@pytest.mark.parametrize(
    ("left", "right", "sums"),
    [
        (3_850_000_000, 3_850_000_000, Sums.EXACT),
        (700_000_000, 700_000_000, Sums.ROUNDED),
        (740_000_000, 700_000_000, Sums.ROUNDED),
        (3_850_000_000, 3_900_000_000, Sums.ROUNDED),
        (3_850_000_000, 3_792_000_000, Sums.NEAR),
        (740_000_000, 1_036_000_000, Sums.OTHER),
    ],
)
def test_sums_are_told_rounded_from_other(left, right, sums):
    compared = [
        compare_records(prepare(replace(MANGO, funding=a)), prepare(copy_of(funding=b))).funding
        for a, b in ((left, right), (right, left))
    ]

    assert compared == [sums, sums]


def test_figures_of_the_abstracts_are_compared():
    other = re.sub(r"\d+", "77", ABSTRACT)

    same = compare_records(prepare(MANGO), prepare(copy_of()))
    changed = compare_records(prepare(MANGO), prepare(copy_of(abstract=other)))

    assert (same.figures, same.text) == (1, 1)
    assert changed.figures == 0
    assert judge(changed).probability < judge(same).probability


def test_year_after_is_no_sequel_when_the_money_is_the_same():
    after = copy_of(year=2023)

    assert verdict(MANGO, after).decision is Decision.MERGE
    assert "year_differs" in codes(verdict(MANGO, replace(after, year=2024)).cautions)
    # The text alone may be that of a second phase.
    assert "year_differs" in codes(verdict(MANGO, replace(after, funding=None)).cautions)
    assert verdict(MANGO, replace(after, funding=3_900_000_000)).decision is Decision.MERGE


def test_who_has_nearly_as_good_a_claim_contests():
    merge, apart = verdict(MANGO, copy_of()), verdict(MANGO, replace(MANGO, title="Máy cấy lúa"))
    weaker = replace(merge, probability=merge.probability * 0.5)

    def rivals(second, *, are_apart=True):
        return contested({(0, 1): merge, (1, 2): second}, are_apart=lambda a, b: are_apart)

    assert rivals(merge) == {(0, 1): 2, (1, 2): 0}
    assert rivals(merge, are_apart=False) == {}
    assert (0, 1) not in rivals(weaker)
    assert rivals(apart) == {}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Trồng lúa tại Cao Bằng", {"cao bang"}),
        ("Trong lua tai Cao Bang", {"cao bang"}),
        ("TRỒNG LÚA TẠI CAO BẰNG", {"cao bang"}),
        ("Nâng cao bằng phân bón NPK năng suất lúa", set()),
        ("Nâng cao bàng năng suất lúa", set()),
    ],
)
def test_place_is_read_with_its_marks_and_capitals(text, places):
    assert read_title(text, places=PLACES).places == places


# --- identifiers ----------------------------------------------------------------------------------


def test_number_of_a_register_outweighs_another_title():
    number = Identifier("national_archive", "2022-24-9118/KQNC")
    found = verdict(
        replace(MANGO, identifiers=(number,)),
        copy_of(
            identifiers=(Identifier("national_archive", "2022 - 24 - 09118 / kqnc"),),
            title=MANGO.title[:50],
            abstract="",
            year=2023,
        ),
    )

    assert found.probability > 0.9
    assert found.decision is Decision.MERGE


def test_numbers_that_contradict_veto():
    found = verdict(
        replace(MANGO, identifiers=(Identifier("result_code", "KQ041204"),)),
        copy_of(identifiers=(Identifier("result_code", "KQ041205"),)),
    )

    assert found.decision is Decision.APART
    assert found.vetoes[0].params["kind"] == "result_code"


def test_provinces_number_for_themselves():
    """20/KQNC-SKHCN of one province is neither that of another nor contradicted by it."""
    one = Identifier("local_archive", "20/KQNC-SKHCN", "Sở Khoa học và Công nghệ tỉnh Lâm Đồng")
    other = Identifier("local_archive", "20/KQNC-SKHCN", "Sở Khoa học và Công nghệ tỉnh Cà Mau")
    third = Identifier("local_archive", "21/KQNC-SKHCN", "Sở KHCN tỉnh Cà Mau")

    compared = compare_records(
        prepare(replace(MANGO, identifiers=(one,))), prepare(copy_of(identifiers=(other,)))
    )

    assert (compared.same_identifiers, compared.other_identifiers) == ((), ())
    veto = verdict(replace(MANGO, identifiers=(other,)), copy_of(identifiers=(replace(third, scope=other.scope),)))  # fmt: skip
    assert codes(veto.vetoes) == {"identifier_differs"}


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("Đặng Quốc Khải", "Khải Đặng Quốc", 1),
        ("PGS.TS. Đặng Quốc Khải", "Dang Quoc Khai", 1),
        ("Tiến sĩ Nguyễn Tiến Sĩ", "Nguyễn Tiến Sĩ", 1),
        ("Đ. Q. Khải", "Đặng Quốc Khải", 0.75),
        ("Khai DQ", "Đặng Quốc Khải", 0),
        ("Đ. Q. K.", "Đặng Quốc Khải", 0),
        ("Đặng Quốc Khảii", "Đặng Quốc Khải", 0.9),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng", 0.4),
        ("Nguyễn Văn Hùng", "Trần Văn Hùng", 0),
        ("", "Trần Văn Hùng", 0),
    ],
)
def test_names_of_people(left, right, score):
    assert same_person(read_name(left), read_name(right)) == score
    assert same_person(read_name(right), read_name(left)) == score


def test_one_name_answers_for_one_person_only():
    one, two = read_name("Lê Văn An"), read_name("Trần Thị Bé")

    assert overlap((one, one), (one, two)) == 0.5
    assert overlap((), (one,)) is None


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("Xử lý nước thải (giai đoạn 2)", {"phase": "2"}),
        ("Xử lý nước thải, GIAI ĐOẠN II", {"phase": "2"}),
        ("Xử lý nước thải giai đoạn một", {"phase": "1"}),
        ("Xử lý nước thải giai đoạn 2016-2020", {}),
        ("Atlas côn trùng, tập 3", {"volume": "3"}),
        ("Optical switch III", {"phase": "3"}),
        ("Cây lúa vi sinh", {}),
    ],
)
def test_place_in_a_series(text, series):
    assert dict(read_title(text).series) == series


def test_numbers_of_a_title_are_compared_as_numbers():
    left, right = read_title("Trại 1.200 con, men 0,5 %"), read_title("Trại 1200 con, men 0.5 %")

    assert left.numbers == right.numbers == {"1200", "0.5"}


def test_words_that_stand_against_one_another_are_told_from_words_besides():
    exchanged = match_titles(read_title("Bảo quản quả xoài"), read_title("Bảo quản quả nhãn"))
    besides = match_titles(read_title("Bảo quản quả xoài"), read_title("Bảo quản lạnh quả xoài"))

    assert (exchanged.exchanged, exchanged.besides) == (1.0, 0.0)
    assert (besides.exchanged, besides.besides) == (0.0, 1.0)
    assert besides.right_words == ("lanh",)


def test_lost_space_is_no_other_word():
    match = match_titles(read_title("Nghiên cứu lúa"), read_title("Nghiêncứu lúa"))

    assert match.same == 1


def test_other_marks_are_named():
    match = match_titles(read_title("Giống bưởi hồng"), read_title("Giống buổi hồng"))

    assert match.other_marks == (("bưởi", "buổi"),)
    assert match_titles(read_title("Giống bưởi hồng"), read_title("Giong buoi hong")).other_marks == ()  # fmt: skip


def test_keys_are_shared_by_damaged_copies_and_stay_the_same():
    original = blocking_keys(prepare(MANGO))

    for changes in (
        {"title": MANGO.title.upper()[:70]},
        {"title": "Mango drying", "year": 2022},
        {"title": "Khác hẳn", "people": (), "organizations": ()},
    ):
        assert original & blocking_keys(prepare(copy_of(**changes))), changes
    assert len(original) <= 20
    assert all(-(2**63) <= key < 2**63 for key in original)
    # Kept in rows: another machine and the next version must find the same.
    assert -4376196085817884414 in blocking_keys(prepare(RecordFacts(title="Sấy xoài")))


def test_empty_records_are_strangers():
    found = verdict(RecordFacts(title=""), RecordFacts(title=""))

    assert found.decision is Decision.APART
    assert blocking_keys(prepare(RecordFacts(title=""))) == frozenset()


def test_no_agreement_counts_against_and_no_difference_for():
    for name, weight in WEIGHTS.items():
        if name not in EITHER_WAY:
            assert weight <= 0 if name in SPEAK_AGAINST else weight >= 0, name


def test_every_measure_has_a_weight_and_the_explanation_is_plain_data():
    found = features(compare_records(prepare(MANGO), prepare(copy_of())))

    assert set(found) <= set(MEASURES) == set(WEIGHTS)
    assert 0 < probability_of(found) < 1
    data = verdict(MANGO, copy_of(title=f"{MANGO.title} giai đoạn 2")).as_data()
    assert {"title", "year", "lead"} <= {sign["code"] for sign in data["signs"]}
    assert [sign["code"] for sign in data["cautions"]] == ["series_one_sided"]
