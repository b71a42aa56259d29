"""Lists of the admin: what stands in them and what to do is said above, days are days, rows can be opened."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.paginator import Page
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from marketplace.core.templatetags.design import date_vi


class OpeningColumn(Column):
    """The first column of a list where it is no field of the model: its words lead to the row."""


class DayColumn(Column):
    """A day as a day. Wagtail's own says “12 years ago”, and “just now” of what is still to come."""

    def get_value(self, instance: Any) -> str:
        value: date | None = super().get_value(instance)
        return date_vi(value)


class YesColumn(Column):
    """Whether something holds, in words: a red cross would say that something is wrong."""

    def get_value(self, instance: Any) -> str:
        return _("Có") if super().get_value(instance) else _("Không")


class StateFilter(django_filters.ChoiceFilter):
    """How far a row has come: all that there is to choose stands there, and nothing chosen is all."""

    def __init__(self, choices: Any, **options: Any) -> None:
        said: dict[str, Any] = {
            "label": gettext_lazy("Tình trạng"),
            "empty_label": gettext_lazy("Tất cả"),
            "widget": forms.RadioSelect,
        }
        super().__init__(**(said | {"choices": choices} | options))


def is_done(waiting: str) -> Case:
    """To order by: what waits for staff stands before what they have decided."""
    return Case(
        When(state=waiting, then=Value(False)), default=Value(True), output_field=BooleanField()
    )


class KeysFirstPaginator(WagtailPaginator):
    """Pages of long tables. The rows before a page are passed over by their keys: whole rows, with those that
    they point to, would be read to be thrown away."""

    def page(self, number: int | str) -> Page:
        here = self.validate_number(number)
        begin = (here - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[begin : begin + self.per_page])
        return self._get_page(self.object_list.filter(pk__in=keys), here, self)


class OrderOfWork:
    """For lists whose base queryset stands in the order of work; a column's heading sorts otherwise."""

    request: HttpRequest

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.request.GET.get("ordering"):
            return queryset
        ordered: QuerySet = super().order_queryset(queryset)
        return ordered


class ListView(generic.IndexView):
    #: What the rows are and what staff do with them, and what it means that there is none.
    about: Any = ""
    nothing: Any = ""

    @cached_property
    def columns(self) -> list[Any]:
        found = list(super().columns)
        if isinstance(found[0], OpeningColumn):
            found[0] = self._opening(found[0])
        return found

    def _opening(self, column: OpeningColumn) -> TitleColumn:
        titled: Callable[..., TitleColumn] = self._get_title_column_class(TitleColumn)
        return titled(
            column.name,
            label=column.label,
            accessor=column.accessor,
            sort_key=column.sort_key,
            get_url=lambda row: self.get_edit_url(row) or self.get_inspect_url(row),
        )


class ListViewSet(ModelViewSet):
    """A view set of ours: named in its heading as in the menu, its list introduced."""

    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ListView
    index_template_name = "cms/list.html"
    index_results_template_name = "cms/list_results.html"
    about: Any = ""
    nothing: Any = ""

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        said = {"page_title": self.menu_label, "about": self.about, "nothing": self.nothing}
        found: dict[str, Any] = super().get_index_view_kwargs(**(said | kwargs))
        return found
