"""Options are written at once, and as Django writes them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from lxml import html

from marketplace.core.templatetags.choices import facet_options

CHOICES = [("", "---"), (7, 'Cơ khí <b>&"'), ("Nhóm <1>", [("a'b", "Một"), (None, "Không")])]


class Noted(forms.CheckboxSelectMultiple):
    """Brings a template for its options, as some of Wagtail's do."""

    option_template_name = "django/forms/widgets/input_option.html"


def _elements(markup: str) -> list:
    return [
        (e.tag, dict(e.attrib), re.sub(r"\s+", " ", (e.text or "") + "|" + (e.tail or "")).strip())
        for e in html.fragment_fromstring(markup, create_parent="main").iter()
    ]


@pytest.mark.parametrize(
    "kind",
    [forms.Select, forms.SelectMultiple, forms.CheckboxSelectMultiple, forms.RadioSelect, Noted],
)
@pytest.mark.parametrize("chosen", [["7"], ["a'b", "7"], []])
def test_options_are_those_of_django(kind, chosen):
    if not kind.allow_multiple_selected:
        chosen = chosen[:1]
    widget = kind(choices=CHOICES, attrs={"class": "wide", "required": True, "data-x": "<"})
    ours, theirs = (
        widget.render("fields", chosen, attrs={"id": "id_fields"}, renderer=renderer)
        for renderer in (TemplatesSetting(), DjangoTemplates())
    )
    assert _elements(ours) == _elements(theirs)


def test_boxes_of_a_filter_are_escaped_and_hold_those_below():
    from types import SimpleNamespace

    below = SimpleNamespace(
        value="2.11", label="Thực phẩm", count=3, checked=True, children=[], is_open=False
    )
    option = SimpleNamespace(
        value='"><b>', label="<i>Sấy", count=1234, checked=False, children=[below], is_open=True
    )
    drawn = facet_options("linh-vuc", [option, {"value": "x", "label": "Khác"}])
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert '<span class="count">1.234</span>' in drawn
    assert '<details class="facet-branch" data-kept="linh-vuc:&quot;&gt;&lt;b&gt;" open>' in drawn
    assert '<input type="checkbox" name="linh-vuc" value="2.11" checked>' in drawn
    assert '<span class="visually-hidden">Hẹp hơn: &lt;i&gt;Sấy</span>' in drawn
    assert drawn.endswith('value="x"><span>Khác</span></label></div>')
