import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marketplace.core import clock
from marketplace.taxonomy import labels
from marketplace.taxonomy.models import Crosswalk, Term, Vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_labels():
    labels.forget_labels()
    yield
    labels.forget_labels()


@pytest.fixture
def loaded():
    load()


def load(*args, **options) -> str:
    out = StringIO()
    call_command("load_vocabularies", *map(str, args), stdout=out, **options)
    return out.getvalue()


def own_list(tmp_path, *rows: str, header: str = "code\tlabel_vi\tlabel_en", **entry):
    (tmp_path / "mau.tsv").write_text("\n".join([header, *rows]), encoding="utf-8")
    manifest = tmp_path / "mau.json"
    entry = {"code": "mau", "label_vi": "Mẫu", "label_en": "Sample", "file": "mau.tsv"} | entry
    manifest.write_text(json.dumps([entry]), encoding="utf-8")
    return manifest


def test_load_twice_changes_nothing(loaded):
    before = list(Term.objects.order_by("pk").values())
    report = load()
    assert list(Term.objects.order_by("pk").values()) == before
    assert "st-fields-2008: thêm 0, sửa 0, hết hiệu lực 0, giữ nguyên 303" in report
    assert "industries-2025: chưa nạp" in report


def test_load_updates_labels_and_closes_what_is_gone(tmp_path):
    load(own_list(tmp_path, "a\tMột\tOne", "b\tHai\tTwo"))
    with clock.frozen_at(datetime(2026, 11, 23, 3, tzinfo=UTC)):
        report = load(own_list(tmp_path, "a\tMột nhé\tOne", "c\tBa\tThree"))
        assert load(own_list(tmp_path, "a\tMột nhé\tOne", "c\tBa\tThree")).endswith(
            "thêm 0, sửa 0, hết hiệu lực 0, giữ nguyên 3\n"
        )
        choices = Term.objects.in_vocabulary("mau").choices()
    assert report == "mau: thêm 1, sửa 1, hết hiệu lực 1, giữ nguyên 0\n"
    assert Term.objects.get(code="b").valid_to == date(2026, 11, 22)
    assert choices == [("a", "Một nhé"), ("c", "Ba")]


def test_term_that_returns_is_valid_again(tmp_path):
    load(own_list(tmp_path, "a\tMột\tOne", "b\tHai\tTwo"))
    load(own_list(tmp_path, "a\tMột\tOne"))
    load(own_list(tmp_path, "a\tMột\tOne", "b\tHai\tTwo"))
    assert Term.objects.get(code="b").valid_to is None


def test_bad_file_changes_nothing(tmp_path):
    load(own_list(tmp_path, "a\tMột\tOne"))
    with pytest.raises(CommandError, match=r"mau\.tsv:3: .*không có tên"):
        load(own_list(tmp_path, "a\tMột khác\tOne", "b"))
    assert Term.objects.get().label_vi == "Một"


@pytest.mark.parametrize(
    ("name", "message"), [("khong-co.tsv", "không đọc được"), ("la.tsv", "không biết bảng mã")]
)
def test_missing_or_unknown_file_is_said_plainly(tmp_path, name, message):
    (tmp_path / "la.tsv").write_text("code\tlabel_vi\n1\tMột", encoding="utf-8")
    load()
    with pytest.raises(CommandError, match=message):
        load(tmp_path / name)


def test_official_table_comes_from_a_file_and_an_upgrade_keeps_it(tmp_path, loaded):
    assert Vocabulary.objects.get(code="industries-2025").status == "not_loaded"
    file = tmp_path / "industries-2025.tsv"
    file.write_text("code\tparent\tlabel_vi\nA\t\tMột\n01\tA\tHai", encoding="utf-8")

    load(file, status="official", source="Công báo")
    load()

    vocabulary = Vocabulary.objects.get(code="industries-2025")
    assert (vocabulary.status, vocabulary.source) == ("official", "Công báo")
    assert Term.objects.in_vocabulary("industries", date(2026, 1, 1)).count() == 2
    assert Term.objects.in_vocabulary("industries", date(2025, 11, 14)).count() == 109


def test_part_of_a_table_does_not_take_over_until_it_is_whole(tmp_path, loaded):
    day = date(2026, 1, 1)
    assert Term.objects.in_vocabulary("st-fields", day).count() == 303
    assert Term.objects.in_vocabulary("st-fields-2025", day).count() == 52
    file = tmp_path / "st-fields-2025.tsv"
    file.write_text("code\tparent\tlabel_vi\n1\t\tMột\n1010101\t1\tBốn", encoding="utf-8")

    load(file, status="official", source="Công báo")

    assert Term.objects.in_vocabulary("st-fields", day).valid_on(clock.today()).count() == 2


def test_option_vocabulary_names_one_tsv_file(tmp_path, loaded):
    file = tmp_path / "phu-luc.tsv"
    file.write_text("code\tlabel_vi\nA\tMột", encoding="utf-8")
    load(file, vocabulary="industries-2025")
    assert Vocabulary.objects.get(code="industries-2025").status == "unverified"
    with pytest.raises(CommandError):
        load(vocabulary="industries-2025")


def test_edition_in_force_comes_first(tmp_path):
    load(own_list(tmp_path, "a\tCũ\tOld", code="mau-1", scheme="mau", valid_to="2025-12-14"))
    load(own_list(tmp_path, "a\tMới\tNew", code="mau-2", scheme="mau", valid_from="2025-12-15"))
    labels_on = {
        day: Term.objects.in_vocabulary("mau", day).get().label
        for day in (date(2025, 12, 14), date(2025, 12, 15))
    }
    assert list(labels_on.values()) == ["Cũ", "Mới"]
    assert Term.objects.in_vocabulary("mau-1", date(2026, 1, 1)).get().label == "Cũ"


def test_tree_costs_one_query_and_keeps_the_order(loaded):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        roots = Term.objects.in_vocabulary("st-fields").tree()
        names = [[child.code for child in root.branches][:2] for root in roots]
    assert len(queries) == 1
    assert [root.code for root in roots] == ["1", "2", "3", "4", "5", "6"]
    assert names[0] == ["101", "102"]


def test_under_takes_everything_below(loaded):
    fields = Term.objects.in_vocabulary("st-fields")
    assert {"1", "102", "10203"} <= set(fields.under("1").values_list("code", flat=True))
    assert not fields.under("1").filter(code__startswith="2").exists()
    assert set(
        Term.objects.in_vocabulary("industries").under("B").values_list("code", flat=True)
    ) == {"B", "05", "06", "07", "08", "09"}


def test_roots_have_no_parent(loaded):
    assert Term.objects.in_vocabulary("ipc").roots().count() == 8


def test_code_is_found_in_any_notation(loaded):
    assert Term.objects.by_code("st-fields", "1.2").code == "102"
    assert Term.objects.by_code("st-fields", "1.98") is None
    assert Term.objects.by_code("st-fields", "gì đó") is None
    assert Term.objects.nearest("industries", "C1010").code == "10"
    assert Term.objects.nearest("ipc", "A01B 1/02").code == "A01B"
    assert Term.objects.nearest("st-fields", "1020399").code == "10203"
    assert Term.objects.nearest("st-fields", "?") is None


def test_choices_leave_out_what_may_not_be_chosen(loaded):
    codes = dict(Term.objects.in_vocabulary("st-fields").choices())
    assert "40107" in codes
    assert "40503" not in codes


def test_label_follows_the_language_and_falls_back(loaded):
    term = Term.objects.in_vocabulary("ipc").get(code="A")
    only_english = Term.objects.in_vocabulary("ipc").get(code="A01B")
    with translation.override("en"):
        assert (term.label, term.label_language) == ("Human necessities", "en")
    with translation.override("vi"):
        assert (str(term), term.label_language) == ("Nhu cầu của con người", "vi")
        assert (only_english.label, only_english.label_language) == (only_english.label_en, "en")


def test_path_label_names_the_levels_above(loaded):
    term = Term.objects.in_vocabulary("st-fields").get(code="10201")
    assert term.path_label == (
        "Khoa học tự nhiên › Khoa học máy tính và thông tin › Khoa học máy tính"
    )


def test_labels_of_codes_cost_no_query_a_card(loaded):
    assert labels.label("provinces", "79") == "TP Hồ Chí Minh"
    with CaptureQueriesContext(connection) as queries:
        assert labels.labels("provinces", ["01", "79", "xx"], "en") == [
            "Hanoi", "Ho Chi Minh City", "xx",
        ]  # fmt: skip
    assert len(queries) == 0


def test_labels_are_found_in_any_notation(loaded):
    assert labels.label("industries", "C10") == "Sản xuất, chế biến thực phẩm"
    assert labels.label("provinces", "1") == "Hà Nội"


def test_labels_know_old_codes_and_prefer_the_edition_in_use(tmp_path):
    load(
        own_list(tmp_path, "a\tCũ\t", "b\tBỏ\t", code="mau-1", scheme="mau", valid_to="2025-12-14")
    )
    load(own_list(tmp_path, "a\tMới\t", code="mau-2", scheme="mau", valid_from="2025-12-15"))
    assert labels.labels("mau", ["a", "b"]) == ["Mới", "Bỏ"]


def test_labels_come_from_the_files_before_anything_is_loaded():
    assert labels.label("transfer-rights", "ownership") == "Chuyển nhượng quyền sở hữu"
    assert labels.label("khong-co", "x") == "x"


def test_filters_show_names():
    from django.template import Context, Template

    text = Template(
        '{% load taxonomy %}{{ one|term:"provinces" }}; {{ many|terms:"task-levels"|join:", " }};'
        '{{ none|term:"provinces" }}{{ none|terms:"provinces"|join:"" }}'
    ).render(Context({"one": "01", "many": ["national", "province"], "none": None}))
    assert text == "Hà Nội; Cấp quốc gia, Cấp tỉnh;"


def test_database_refuses_doubles_and_empty_labels(tmp_path):
    load(own_list(tmp_path, "a\tMột\tOne"))
    vocabulary = Vocabulary.objects.get()
    for values in ({"code": "a", "label_vi": "x"}, {"code": "b"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.create(vocabulary=vocabulary, **values)
    term = Term.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Crosswalk.objects.create(from_term=term, to_term=term, relation="exact")


def test_crosswalk_leads_from_an_old_edition_into_a_new_one(tmp_path):
    load(own_list(tmp_path, "a\tCũ\t", code="mau-1", scheme="mau"))
    load(own_list(tmp_path, "b\tMới\t", code="mau-2", scheme="mau"))
    old, new = Term.objects.get(code="a"), Term.objects.get(code="b")
    pair = Crosswalk.objects.create(from_term=old, to_term=new, relation="broader", source="thử")
    assert old.leads_to.into("mau-2").get() == pair
    assert not old.leads_to.into("mau-1").exists()
    assert str(pair) == "Cũ → Mới"
