"""Words that the search takes for each other: leads keep them, and try them before they count."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from cms.desks import DeskView, Trail
from cms.finding import WordsFilter
from marketplace.taxonomy.choices import table
from marketplace.taxonomy.labels import labels
from marketplace.taxonomy.models import Word
from marketplace.taxonomy.words import entry_of, save_word, words_in_use
from search.analysis.abbreviations import trying
from search.engines import SearchUnavailable
from search.queries import Query, Results
from search.registry import hydrate
from search.searching import find

#: Codes of the field tree down to this length: sections and groups, as people tell meanings apart.
_LONGEST_CODE = 3
_SHOWN = 10
_FIELDS = (
    "kind", "short", "long", "is_one_way", "field_codes", "context", "note", "source", "status",
)  # fmt: skip


def _field_choices() -> list[tuple[str, str]]:
    return [
        (code, f"{code} {entry.label}")
        for code, entry in table("st-fields").items()
        if len(code) <= _LONGEST_CODE
    ]


class WordForm(forms.ModelForm):
    field_codes = forms.MultipleChoiceField(
        label=gettext_lazy("Lĩnh vực của nghĩa này"),
        help_text=Word._meta.get_field("field_codes").help_text,
        choices=_field_choices,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    class Meta:
        model = Word
        fields = _FIELDS


class WordFilters(WagtailFilterSet):
    words = WordsFilter("short", "long", label=gettext_lazy("Có chứa"))
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"),
        choices=Word.Kind.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=Word.Status.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Word
        fields = ("words", "kind", "status")


def _try_link(word: Word) -> str:
    url = f"{reverse('words:try')}?word={word.pk}"
    return format_html('<a href="{}">{}</a>', url, _("Thử"))


class WordIndexView(generic.IndexView):
    list_display = (
        "short",
        Column("long", label=gettext_lazy("Nghĩa là"), sort_key="long"),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display", sort_key="kind"),
        Column(
            "fields",
            label=gettext_lazy("Lĩnh vực"),
            accessor=lambda word: ", ".join(labels("st-fields", word.field_codes)),
        ),
        BooleanColumn(
            "status",
            label=gettext_lazy("Đang dùng"),
            accessor=lambda word: word.status == Word.Status.ACTIVE,
        ),
        DateColumn("changed_at", label=gettext_lazy("Sửa lúc"), sort_key="changed_at"),
        Column("try", label="", accessor=_try_link),
    )


class _Saving:
    """Both forms save through the service, which writes the audit line and tells the processes."""

    logged_as = ""

    def save_instance(self) -> Word:
        word = save_word(self.form.instance, by=self.request.user)
        log(instance=word, action=self.logged_as, user=self.request.user, content_changed=True)
        return word

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class WordCreateView(_Saving, generic.CreateView):
    logged_as = "wagtail.create"


class WordEditView(_Saving, generic.EditView):
    logged_as = "wagtail.edit"


class TryView(DeskView):
    """What a query finds without a word, and with it as it is written here. Saves nothing."""

    of = Word
    seen_with = acted_with = "change"
    template_name = "cms/try_word.html"
    page_title = gettext_lazy("Thử từ tìm kiếm")
    header_icon = "search"

    def trail(self) -> Trail:
        return [(reverse("words:index"), WordViewSet.menu_label)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.request.GET
        pk = given.get("word", "")
        saved = Word.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None
        form = WordForm(given if "short" in given else None, instance=saved or Word())
        context = super().get_context_data(**kwargs) | {
            "form": form,
            "saved": saved,
            "asked": given.get("q", "") or (saved.short if saved else ""),
        }
        if "short" in given and not form.is_valid():
            return context
        word = form.instance
        if context["asked"] and word.short and word.long:
            context |= self._compared(context["asked"][:200], word, saved)
        return context

    def _compared(self, asked: str, word: Word, saved: Word | None) -> dict[str, Any]:
        others = [
            entry
            for entry in words_in_use()
            if saved is None or (entry.short, entry.long) != (saved.short, saved.long)
        ]
        with_it = [*others, entry_of(word)] if word.status == Word.Status.ACTIVE else others
        try:
            with trying(others):
                before = find(Query(asked, limit=_SHOWN))
            with trying(with_it):
                after = find(Query(asked, limit=_SHOWN))
        except SearchUnavailable:
            return {"is_restoring": True}
        known = {hit.id for hit in before.hits}
        return {
            "before": self._shown(before, set()),
            "after": self._shown(after, {hit.id for hit in after.hits} - known),
        }

    def _shown(self, results: Results, new: set[str]) -> dict[str, Any]:
        rows = [
            {"title": hit.title, "url": row.get_absolute_url(), "is_new": hit.id in new}
            for hit, row in hydrate(results.hits, self.request.user)
        ]
        return {"total": results.total, "rows": rows}


class WordViewSet(ModelViewSet):
    model = Word
    name = "words"
    url_prefix = "tu-tim-kiem"
    icon = "openquote"
    menu_label = gettext_lazy("Từ tìm kiếm")
    menu_order = 60
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("short", "long")
    list_per_page = 50
    filterset_class = WordFilters
    index_view_class = WordIndexView
    add_view_class = WordCreateView
    edit_view_class = WordEditView
    form_fields = _FIELDS

    def get_form_class(self, for_update: bool = False) -> type[WordForm]:
        return WordForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("thu/", TryView.as_view(), name="try")]
