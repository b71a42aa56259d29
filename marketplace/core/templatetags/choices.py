"""The options of selects, checkboxes, radio buttons and filters, written at once.

Django includes up to four templates for each option; a form that offers all fields and codes has a
thousand of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import template
from django.forms.renderers import get_default_renderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from marketplace.core.templatetags.design import icon, vi_number

register = template.Library()

#: A widget that brings a template for its options keeps it.
PLAIN = {f"django/forms/widgets/{name}_option.html" for name in ("select", "checkbox", "radio")}


@register.simple_tag
def attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of a widget's element; none for what is false."""
    return flatatt(attrs)


@register.simple_tag
def select_options(optgroups: list[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The options inside a `<select>`, in their groups (`ChoiceWidget.optgroups`)."""
    parts: list[str] = []
    for group, options, _index in optgroups:
        if group:
            parts.append(format_html('\n<optgroup label="{}">', group))
        parts.extend(_written(option, _select_option) for option in options)
        if group:
            parts.append("\n</optgroup>")
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped by format_html


@register.simple_tag
def check_options(optgroups: list[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Checkboxes or radio buttons with their labels, in their groups."""
    parts: list[str] = []
    for group, options, _index in optgroups:
        if group:
            parts.append(format_html("\n<div><label>{}</label>", group))
        parts.extend(
            format_html("\n<div>{}</div>", _written(option, _check_option)) for option in options
        )
        if group:
            parts.append("\n</div>")
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped by format_html


def _written(option: dict[str, Any], plainly: Callable[[dict[str, Any]], SafeString]) -> SafeString:
    if option["template_name"] in PLAIN:
        return plainly(option)
    rendered = get_default_renderer().render(option["template_name"], {"widget": option})
    return mark_safe(rendered)  # noqa: S308 - by a template, which escapes


def _select_option(option: dict[str, Any]) -> SafeString:
    return format_html(
        '\n<option value="{}"{}>{}</option>',
        option["value"],
        flatatt(option["attrs"]),
        option["label"],
    )


def _check_option(option: dict[str, Any]) -> SafeString:
    value = option["value"]
    box = format_html(
        '<input type="{}" name="{}"{}{}>',
        option["type"],
        option["name"],
        "" if value is None else format_html(' value="{}"', value),
        flatatt(option["attrs"]),
    )
    if not option["wrap_label"]:
        return box
    named = option["attrs"].get("id")
    return format_html(
        "<label{}>{} {}</label>",
        format_html(' for="{}"', named) if named else "",
        box,
        option["label"],
    )


@register.simple_tag
def facet_options(name: str, options: Sequence[Any]) -> SafeString:
    """The boxes of a filter group, each with the boxes below it: a page of search has a hundred and more.

    Args:
        options: mappings or objects with value, label, count, checked, children and is_open.
    """
    boxes = (_facet_box(name, option) for option in options)
    return mark_safe("".join(boxes))  # noqa: S308 - each part was escaped by format_html


def _facet_box(name: str, option: Any) -> SafeString:
    value, label, count, checked, children, is_open = _facts_of(option)
    return format_html(
        '<div class="facet-item"><label><input type="checkbox" name="{}" value="{}"{}>'
        "<span>{}</span>{}</label>{}</div>",
        name,
        value,
        _CHECKED if checked else "",
        label,
        "" if count is None else format_html('<span class="count">{}</span>', vi_number(count)),
        _facet_branch(name, option, children, is_open=is_open) if children else "",
    )


def _facet_branch(name: str, option: Any, children: Sequence[Any], *, is_open: bool) -> SafeString:
    value, label, *_rest = _facts_of(option)
    return format_html(
        '<details class="facet-branch" data-kept="{}:{}"{}><summary>{}'
        '<span class="visually-hidden">{}</span></summary>{}</details>',
        name,
        value,
        _OPEN if is_open else "",
        icon("caret"),
        gettext("Hẹp hơn: %(name)s") % {"name": label},
        facet_options(name, children),
    )


_FACTS: Final = ("value", "label", "count", "checked", "children", "is_open")
_CHECKED, _OPEN = mark_safe(" checked"), mark_safe(" open")


def _facts_of(option: Any) -> list[Any]:
    if isinstance(option, Mapping):
        return [option.get(fact) for fact in _FACTS]
    return [getattr(option, fact, None) for fact in _FACTS]
