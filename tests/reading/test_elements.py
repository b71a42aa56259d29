import pytest

from marketplace.reading.elements import (
    ElementKind,
    Entry,
    Gazetteer,
    read_elements,
    shipped_gazetteer,
)
from marketplace.reading.needs import elements_of_need
from marketplace.reading.negation import read_negations


def read(text: str, language: str = "vi") -> set[tuple[str, str]]:
    return {(element.kind.value, element.text) for element in read_elements(text, language)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tách vỏ cứng hạt điều", ("material", "hạt điều")),
        ("Cần máy sấy xoài lát mà vẫn giữ màu", ("product", "máy sấy xoài lát")),
        ("Cần máy sấy xoài lát mà vẫn giữ màu", ("efficacy", "giữ màu")),
        ("can say xoai bang bom nhiet", ("method", "bom nhiet")),
        ("Xử lý nước thải dệt nhuộm bằng ozone", ("method", "ozone")),
        ("vật liệu composite trong ngành đóng tàu", ("application", "đóng tàu")),
        ("khử trùng bằng phương pháp chiếu tia gamma", ("method", "chiếu tia gamma")),
    ],
)
def test_read_elements_vietnamese(text, expected):
    assert expected in read(text)


def test_read_elements_english_knows_plurals_and_cues():
    found = read("Portable sensors for arsenic in groundwater reducing false alarms", "en")
    assert ("product", "sensors") in found
    assert ("material", "arsenic") in found
    assert ("efficacy", "reducing false alarms") in found


def test_read_elements_keeps_marked_words_apart():
    assert ("material", "cá") not in read("cả máy đều hỏng")
    assert ("material", "nghệ") not in read("công nghệ mộc")
    assert ("method", "ai") not in read("ai có cách trị không")
    assert ("method", "AI") in read("dùng AI phát hiện lỗi")


def test_read_elements_offsets_give_the_text_back():
    text = "Thiết bị sấy lạnh ở 45 °C giữ màu xoài; hoá chất không dùng."
    elements = read_elements(text)
    assert elements
    assert all(text[element.start : element.end] == element.text for element in elements)


def test_gazetteer_prefers_the_longest_spelling():
    gazetteer = Gazetteer(
        [
            Entry(ElementKind.MATERIAL, ("nước",), ("water",)),
            Entry(ElementKind.MATERIAL, ("nước thải",), ("waste water",)),
        ]
    )
    assert [entry.vietnamese for entry, _, _ in gazetteer.find("xử lý nước thải")] == [
        ("nước thải",)
    ]


def test_shipped_gazetteer_has_both_languages_for_every_entry():
    entries = shipped_gazetteer().entries
    assert len(entries) > 300
    assert all(entry.vietnamese and entry.english for entry in entries)


def test_read_elements_names_each_thing_once():
    kinds = [
        e.kind.value for e in read_elements("drying herbs by heat pump", "en") if "pump" in e.text
    ]
    assert kinds == ["method"]
    assert ("efficacy", "saving drying") not in read("We want energy saving drying of herbs", "en")
    assert ("material", "equipment") not in read("heat-pump drying equipment for herbs", "en")


def test_read_elements_ends_a_phrase_before_a_comparison():
    assert ("efficacy", "drying below") not in read("a dryer for mango, drying below 50 °C", "en")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        # Typed with its marks, "trong" is no "trồng", nor "đồng bằng" a means.
        ("Thiết bị sản xuất trong nước, lắp trong quý III", ElementKind.MATERIAL, []),
        ("làng nghề ở đồng bằng sông Cửu Long", ElementKind.METHOD, []),
        # A name ends before what is said of it.
        ("vẫn giữ màu ít nhất sáu tháng", ElementKind.EFFICACY, ["giữ màu"]),
        ("siêu thị đặt 40.000 chai", ElementKind.APPLICATION, ["siêu thị"]),
        ("đừng bắt mua máy quá mắc", ElementKind.PRODUCT, []),
        # "Loại" as a noun rejects nothing.
        ("két loại C, kim loại nặng, một loại ván khuôn", ElementKind.EFFICACY, []),
        ("thuật toán loại nhiễu chuyển động", ElementKind.EFFICACY, ["loại nhiễu chuyển động"]),
        ("bún tươi để được hai ngày", ElementKind.MATERIAL, ["bún tươi"]),
        ("rải gì cho hết mùi", ElementKind.EFFICACY, ["hết mùi"]),
        ("hết hạn, hết tiền", ElementKind.EFFICACY, []),
        # What a verb works on ends where the next verb begins, unless it is raised by it.
        ("xử lý bề mặt kéo dài tuổi thọ khuôn", ElementKind.EFFICACY,
         ["xử lý bề mặt", "kéo dài tuổi thọ khuôn"]),
        ("tách chiết hirudin chống đông", ElementKind.MATERIAL, ["chiết hirudin", "hirudin"]),
        ("tăng khả năng giữ ẩm đất", ElementKind.EFFICACY, ["tăng khả năng giữ ẩm đất", "giữ ẩm đất"]),
        # A place ends where its trouble or a number begins; a steel mesh is no power grid.
        ("trại heo hôi quá", ElementKind.APPLICATION, ["trại heo"]),
        ("xưởng mộc bụi mù mịt", ElementKind.APPLICATION, ["xưởng mộc"]),
        ("sàn kho ít khe, thay lưới thép hàn", ElementKind.APPLICATION, []),
        ("xưởng mười lăm máy", ElementKind.APPLICATION, []),
        # Cut-resistant cloth is no cutting, liquefied gas no gasification, "tự" without its mark no "từ".
        ("vải chống cắt mức cao", ElementKind.MATERIAL, []),
        ("két chứa khí hóa lỏng", ElementKind.METHOD, []),
        ("dùng máy đo chân không", ElementKind.EFFICACY, ["đo chân không"]),
        ("bun be tu hoai", ElementKind.MATERIAL, []),
        # Nor does the name of a thing go on into its trouble, but for what foretells that.
        ("máy phay CNC kêu rồi kẹt", ElementKind.PRODUCT, ["máy phay CNC"]),
        ("phần mềm dự báo hỏng ổ lăn", ElementKind.PRODUCT,
         ["phần mềm dự báo hỏng ổ lăn", "phần mềm"]),
        ("nằm máy cả tuần chờ phụ tùng", ElementKind.PRODUCT, []),
        ("báo trước khi hỏng ít nhất một tuần", ElementKind.EFFICACY, ["báo trước khi hỏng"]),
        # What is there already is not what is looked for, unless more of it is wished.
        ("Xưởng có sáu máy phay CNC, cần máy đo rung", ElementKind.PRODUCT, ["máy đo rung"]),
        ("Có sáu máy phay CNC, cần mua thêm máy phay CNC", ElementKind.PRODUCT, ["máy phay CNC"]),
        ("dang xai may hut tui vai, can may lau", ElementKind.PRODUCT, ["may lau"]),
        # A condition is worked on by nobody, and any place tells nothing.
        ("bảo quản nhiệt độ thường", ElementKind.MATERIAL, []),
        ("Cơ sở, mỗi mẻ 200 kg", ElementKind.APPLICATION, []),
        # Mud or noodles: without its mark and alone it is neither.
        ("bun", ElementKind.MATERIAL, []),
    ],
)  # fmt: skip
def test_read_elements_takes_no_word_for_another(text, kind, expected):
    assert [e.text for e in read_elements(text, "vi") if e.kind is kind] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soft mango turns brown after two months", []),
        ("it keeps the colour for nine months", ["keeps the colour"]),
        ("keep on the road", []),
    ],
)
def test_read_elements_names_effects_in_english(text, expected):
    found = read_elements(text, "en")
    assert [e.text for e in found if e.kind is ElementKind.EFFICACY] == expected
    assert "brown" not in [e.text for e in found]


def test_read_elements_of_an_english_text_takes_no_english_word_for_a_vietnamese_one():
    """ "Than" is coal, but not in "less than"."""
    assert [e.text for e in read_elements("less than 25 kg of coal", "en")] == ["coal"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thợ phải đếm tay từng vòng", "tay"),
        ("Dung lam nong chuong, quat cu giu nguyen.", "nguyen"),
    ],
)
def test_how_a_thing_is_done_today_is_no_element(text, left):
    assert not [phrase for _kind, phrase in read(text) if left in phrase]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Muốn công nghệ mài bạc đạn chính xác cao", ("method", "mài bạc đạn")),
        ("Cần bộ kit thử nhanh bệnh trên cá tra", ("product", "bộ kit thử nhanh bệnh")),
        ("Máy quấn dây khỏi phải trông", ("product", "Máy quấn dây")),
        ("Máy sấy xoài lát giữ màu", ("product", "Máy sấy xoài lát")),
    ],
)
def test_a_phrase_ends_with_a_whole_word(text, expected):
    assert expected in read(text)


def test_a_phrase_that_is_cut_within_a_name_goes_on_to_its_end():
    known = Gazetteer([Entry(ElementKind.MATERIAL, ("vi bào tử trùng",), ("microsporidia",))])
    text = "Cần bộ kit thử nhanh bệnh vi bào tử trùng"
    found = {element.text for element in read_elements(text, "vi", known)}
    assert "bộ kit thử nhanh bệnh vi bào tử trùng" in found


def test_a_thing_with_two_names_is_named_once_by_the_fuller():
    known = Gazetteer([Entry(ElementKind.MATERIAL, ("vòng bi",), ("bearing", "rolling bearing"))])
    found = read_elements("A bearing fails. Which rolling bearings last?", "en", known)
    assert [element.text for element in found] == ["rolling bearings"]


def test_what_is_left_out_by_its_fuller_name_stays_wanted_where_it_is_named_first():
    text = "Giữ bún được hai ngày. Không dùng bún tươi của lò khác."
    excluded = [one for one in read_negations(text) if one.forbids]
    assert [one.phrase for one in excluded] == ["bún tươi"]
    named = [one.text for one in elements_of_need(text, "vi", exclusions=excluded) if one.spellings]
    assert named == ["bún"]
    # Where nothing is left out the fullest name is shown.
    assert "bún tươi" in {one.text for one in elements_of_need(text, "vi")}


def test_to_know_before_it_breaks_is_an_effect_that_is_asked_for():
    assert ("efficacy", "biết trước lúc nào sắp hư") in read(
        "Muốn biết trước lúc nào sắp hư để thay"
    )
    assert ("efficacy", "báo trước ngập") in read("Cần thứ gì báo trước ngập cho dân")
    assert not {kind for kind, _ in read("Báo giá trước, báo trước ba ngày")} & {"efficacy"}
    assert "máy giữa" not in {name for _, name in read("Khỏi dừng máy giữa chừng")}


def test_a_colloquial_need_is_read_by_what_it_names():
    found = read("Chợ tụi em hôi quá, có máy nào ủ rác rau củ thành phân lẹ lẹ không?")
    assert found >= {("material", "rác"), ("material", "rau củ"), ("product", "phân")}
    assert not {"Chợ tụi", "phân lẹ lẹ", "phân lẹ"} & {name for _, name in found}


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("irrigation water must have no E. coli in it", "en", "E. coli"),
        ("Tôm nhiễm V. parahaemolyticus chết hàng loạt", "vi", "V. parahaemolyticus"),
        ("nuoc tuoi nhiem E.coli", "vi", "E.coli"),
    ],
)
def test_a_living_thing_is_read_by_its_latin_name(text, language, name):
    assert ("material", name) in read(text, language)


@pytest.mark.parametrize(
    "text", ["Xoài nhiều vitamin C. rất ngon", "Lô B. chưa giao", "See plan B. it works"]
)
def test_a_sentence_that_ends_with_a_letter_names_no_living_thing(text):
    assert not [name for kind, name in read(text) if kind == "material" and "." in name]


def test_in_the_field_is_no_place_of_work():
    found = read("A kit that gives results in the field, without an incubator", "en")
    assert not [name for kind, name in found if kind == "application"]
    assert ("application", "wheat fields") in read("a sprayer for wheat fields", "en")


def test_a_process_that_does_something_is_no_effect():
    found = read("A drying process that keeps the colour of dried mango", "en")
    assert ("efficacy", "drying process") not in found
    assert ("efficacy", "reducing false alarms") in read("reducing false alarms", "en")
