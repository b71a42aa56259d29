"""Two records side by side: one line a field, and the reasons in words."""

from typing import Any, Final

from django.db.models import Case, OuterRef, Subquery, When
from django.utils.html import conditional_escape

from cms.duplicate_words import in_words, with_differences
from marketplace.core.templatetags.design import date_vi, money
from marketplace.research.models import Result, Task
from marketplace.sources.linking.subjects import SUBJECTS, is_empty, read_value
from marketplace.sources.models import Source
from marketplace.taxonomy.labels import labels

#: Long texts, in which the differing words are marked.
_TEXTS: Final = frozenset(
    {"title", "title_en", "abstract", "summary", "aims", "products", "agency"}
)
_FIRST: Final = ("source", "source_id", "title")


def titles_of(left: str, right: str) -> dict[str, Any]:
    def title(column: str) -> Case:
        return Case(
            When(
                kind="result",
                then=Subquery(Result.objects.filter(pk=OuterRef(column)).values("title")[:1]),
            ),
            default=Subquery(Task.objects.filter(pk=OuterRef(column)).values("title")[:1]),
        )

    return {f"{name}_title": title(name) for name in (left, right)}


def percent_of(pair: Any) -> str:
    return "" if pair.probability is None else f"{round(100 * pair.probability)} %"


def lines_of(kind: str, left: Any, right: Any) -> list[dict[str, Any]]:
    """One line a field that either has: its label, both values, and whether they differ."""
    names = [*_FIRST, *(name for name in SUBJECTS[kind].fillable if name != "title")]
    sources = dict(
        Source.objects.filter(slug__in=(left.source, right.source)).values_list("slug", "name")
    )
    lines = []
    for name in names:
        values = [
            sources.get(row.source, row.source) if name == "source" else _shown(row, name)
            for row in (left, right)
        ]
        if not any(values):
            continue
        differs = values[0] != values[1]
        shown = (
            with_differences(*values)
            if differs and name in _TEXTS and all(values)
            else (conditional_escape(values[0]), conditional_escape(values[1]))
        )
        label = str(left._meta.get_field(name).verbose_name)
        lines.append(
            {
                "label": label[:1].upper() + label[1:],
                "left": shown[0],
                "right": shown[1],
                "differs": differs and name not in ("source", "source_id"),
                "fills": bool(differs and all(values) is False and name in SUBJECTS[kind].fillable),
            }
        )
    return lines


def _shown(row: Any, name: str) -> str:
    value = read_value(row, name)
    if is_empty(name, value):
        return ""
    if name in ("organization", "programme"):
        return str(getattr(row, name))
    if name == "people":
        return "; ".join(person.get("name", "") for person in value)
    if name == "field_codes":
        return "; ".join(labels("st-fields", value))
    if name == "objective_codes":
        return "; ".join(labels("objectives", value))
    if name.startswith("funding"):
        return money(value)
    if isinstance(value, list):
        return "; ".join(one if isinstance(one, str) else _entry(one) for one in value)
    field = row._meta.get_field(name)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return date_vi(getattr(row, name)) if field.get_internal_type() == "DateField" else str(value)


def _entry(entry: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in entry.values() if value not in (None, "", [], {}))


def reasons_of(explanation: dict[str, Any]) -> dict[str, list[str]]:
    """The reasons in words: for, against, and why a person is asked."""
    signs = explanation.get("signs") or []
    return {
        "pro": [in_words(sign) for sign in signs if sign.get("agrees")],
        "contra": [in_words(sign) for sign in signs if sign.get("agrees") is False],
        "part": [in_words(sign) for sign in signs if sign.get("agrees") is None],
        "cautions": [
            in_words(sign)
            for name in ("vetoes", "cautions")
            for sign in explanation.get(name) or []
        ],
    }
