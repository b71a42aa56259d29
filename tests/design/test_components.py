"""Components render with their needed parameters alone, in a template that forgives nothing."""

from datetime import date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation


@pytest.fixture(autouse=True)
def _vietnamese():
    with translation.override("vi"):
        yield


def show(component: str, /, **context: object) -> str:
    return render_to_string(f"components/{component}.html", context)


MINIMAL: dict[str, dict[str, object]] = {
    "button": {"label": "Lưu"},
    "tag": {"label": "Mới"},
    "kind_tag": {"kind": "need"},
    "status": {"label": "Đã đăng"},
    "verified": {},
    "facts": {"items": [("Ngân sách", "1 tỷ đồng"), ("Trống", "")]},
    "listing_card": {"kind": "need", "title": "Sấy xoài", "url": "/x/"},
    "hit": {"kind": "result", "title": "Sấy xoài", "url": "/x/"},
    "elements": {"items": [{"text": "Xoài", "state": "met"}]},
    "evidence": {"parts": "Một câu."},
    "spec_table": {"rows": [{"name": "Năng suất", "required": "≥ 5", "verdict": "unknown"}]},
    "match_card": {"kind": "result", "title": "Sấy xoài", "url": "/x/"},
    "steps": {"steps": [{"label": "Vấn đề", "state": "current"}]},
    "timeline": {"items": [{"title": "Gửi duyệt"}]},
    "file_list": {"files": [{"name": "a.pdf", "size": 10}]},
    "checks": {"items": ["Chỉ tiêu có số"]},
    "saved": {},
    "toast": {"text": "Đã lưu"},
    "search_box": {"action": "/tim/"},
    "facet": {"name": "loai", "legend": "Loại", "options": [{"value": "a", "label": "A"}]},
    "chips": {"chips": [{"label": "TRL 6", "url": "?"}]},
    "empty": {"title": "Chưa có gì"},
    "notice": {},
    "breadcrumb": {"items": [("Nhu cầu", "/x/")]},
    "tabs": {"items": [{"label": "Gợi ý", "url": "?"}], "label": "Phần"},
    "side_nav": {"items": [{"label": "Email", "url": "?"}], "label": "Tài khoản"},
    "figures": {"items": [{"label": "Nhu cầu", "value": 1200}]},
    "progress": {"label": "Đã nạp", "value": 1200, "total": 58430},
    "skeleton": {},
}


@pytest.mark.parametrize("name", sorted(MINIMAL))
def test_component_renders_with_what_it_needs(name):
    assert show(name, **MINIMAL[name]).strip()


def test_facts_leave_out_what_is_empty():
    assert "Trống" not in show("facts", **MINIMAL["facts"])


def test_machine_numbers_are_not_grouped():
    html = show("progress", **MINIMAL["progress"])

    assert 'max="58430"' in html
    assert "58.430" in html


def test_match_card_says_what_is_not_stated():
    rows = [
        {"name": "Năng suất", "required": "≥ 5", "offered": "6", "verdict": "met"},
        {"name": "Công nhân", "required": "≤ 4", "offered": "", "verdict": "unknown"},
    ]

    html = show("match_card", **MINIMAL["match_card"], specs=rows)

    assert "Đạt" in html
    assert "chưa nêu" in html
    assert "Cần hỏi thêm" in html


def test_timeline_shows_day_or_moment():
    html = show(
        "timeline",
        items=[
            {"title": "Hạn", "when": date(2027, 1, 15)},
            {"title": "Duyệt", "when": datetime(2026, 11, 23, 9, 5)},  # noqa: DTZ001
        ],
    )

    assert ">15/01/2027<" in html
    assert ">09:05, 23/11/2026<" in html


def test_pagination_keeps_the_query_and_marks_the_page():
    page = Paginator(range(240), 20).page(5)

    html = show("pagination", page=page, query=QueryDict("q=xoai&page=2"))

    assert 'href="?q=xoai&amp;page=6"' in html
    assert html.count('aria-current="page"') == 1
    assert "…" in html


def test_pagination_of_one_page_is_nothing():
    assert show("pagination", page=Paginator([1], 20).page(1), query=QueryDict()).strip() == ""


class Example(forms.Form):
    title = forms.CharField(label="Tên", help_text="Một câu.")
    note = forms.CharField(label="Ghi chú", required=False)
    asked = forms.CharField(label="Chỉ tiêu", required=False)
    kinds = forms.MultipleChoiceField(
        label="Loại",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="Đồng ý", help_text="Bắt buộc.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked"].asked = True


def test_field_has_label_hint_error_then_control():
    html = Example(data={})["title"].as_field_group()

    places = [html.index(part) for part in ("<label", "Một câu.", "errorlist", "<input")]
    assert places == sorted(places)
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_fields_say_so_unless_asked_for():
    form = Example()

    assert "không bắt buộc" in form["note"].as_field_group()
    assert "không bắt buộc" not in form["asked"].as_field_group()
    assert "không bắt buộc" not in form["title"].as_field_group()


def test_choices_are_a_fieldset_with_a_legend():
    html = Example()["kinds"].as_field_group()

    assert "<fieldset" in html
    assert "<legend>Loại" in html


def test_tick_box_comes_before_its_label():
    html = Example()["agree"].as_field_group()

    assert html.index("<input") < html.index("<label")


def test_error_summary_links_to_the_fields():
    html = show("error_summary", form=Example(data={}))

    assert 'href="#id_title"' in html
    assert "Có 4 chỗ cần sửa" not in html
    assert "Có 3 chỗ cần sửa" in html


def test_error_summary_of_a_good_form_is_nothing():
    form = Example(data={"title": "a", "kinds": ["a"], "agree": "on"})

    assert show("error_summary", form=form).strip() == ""


def test_error_summary_reads_formsets_and_lists():
    rows = forms.formset_factory(Example, extra=0, min_num=1)
    formset = rows(data={"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}, prefix="form")

    html = show("error_summary", form=[Example(data={}), formset])

    assert 'href="#id_form-0-title"' in html
    assert "Có 6 chỗ cần sửa" in html


def test_formset_offers_an_empty_row_to_copy():
    rows = forms.formset_factory(Example, extra=1)(prefix="chi-tieu")

    html = show("formset", formset=rows, legend="Chỉ tiêu")

    assert "chi-tieu-__prefix__-title" in html
    assert 'name="them-dong" value="chi-tieu"' in html
