from marketplace.reading.elements import ElementKind
from marketplace.reading.needs import read_parts
from marketplace.reading.vocabulary import known_gazetteer, things, trying
from search.analysis.translations import BilingualEntry

BRAN = BilingualEntry(("cám gạo",), ("rice bran",), "401")
LINES = (
    BRAN,
    BilingualEntry(("đồng",), ("copper",), "205"),
    BilingualEntry(("crom",), ("chromium",), "104"),
    BilingualEntry(("xử lý bằng enzym",), ("enzymatic treatment",), "209"),
    BilingualEntry(("máy sấy phun",), ("spray dryer",), "204"),
    BilingualEntry(("hạt giống",), ("seed",), "401"),
    BilingualEntry(("cầu dây văng",), ("cable-stayed bridge",), "201"),
)


def test_things_are_what_the_field_and_the_last_word_say():
    assert [entry.vietnamese for entry in things(LINES)] == [("cám gạo",), ("crom",)]


def materials(text, language=""):
    return [part.text for part in read_parts(text, language) if part.kind == "material"]


def test_a_need_is_read_with_the_vocabulary_in_use_in_both_languages():
    with trying(LINES):
        assert "cám gạo" in materials(
            "Chúng tôi bỏ cám gạo mỗi ngày và mong có cách tận dụng.", "vi"
        )
        assert "cam gao" in materials(
            "Chung toi bo cam gao moi ngay va mong co cach tan dung.", "vi"
        )
        assert "rice bran" in materials("We discard rice bran and would like to use it.", "en")
    with trying([]):
        assert "cám gạo" not in materials("Chúng tôi bỏ cám gạo mỗi ngày.", "vi")


def test_what_is_named_by_hand_stands():
    with trying([BilingualEntry(("hạt điều",), ("cashew apple",), "401")]):
        (entry, *_), *_ = known_gazetteer().find("hạt điều")
        assert entry.english == ("cashew", "cashew nut")
        assert entry.kind is ElementKind.MATERIAL
