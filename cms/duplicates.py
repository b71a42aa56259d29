"""Records that may be one: side by side with their differences, merged, kept apart, put off; and what
was merged, to be parted again."""

from typing import Any, ClassVar, Final

import django_filters
from django import forms
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from cms.duplicate_words import in_words, with_differences
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.templatetags.design import date_vi, money
from marketplace.research.models import Result, Task
from marketplace.sources.linking.deciding import ask_again, decide_later, keep_apart, merge_pair
from marketplace.sources.linking.merging import choose_survivor, undo_merge
from marketplace.sources.linking.subjects import SUBJECTS, is_empty, read_value
from marketplace.sources.models import LinkPair, Merge, Source
from marketplace.taxonomy.labels import labels

#: Long texts, in which the differing words are marked.
_TEXTS: Final = frozenset(
    {"title", "title_en", "abstract", "summary", "aims", "products", "agency"}
)
_FIRST: Final = ("source", "source_id", "title")


def _titles(left: str, right: str) -> dict[str, Any]:
    def title(column: str) -> Case:
        return Case(
            When(
                kind="result",
                then=Subquery(Result.objects.filter(pk=OuterRef(column)).values("title")[:1]),
            ),
            default=Subquery(Task.objects.filter(pk=OuterRef(column)).values("title")[:1]),
        )

    return {f"{name}_title": title(name) for name in (left, right)}


def _percent(pair: Any) -> str:
    return "" if pair.probability is None else f"{round(100 * pair.probability)} %"


# --- what is shown of two records -----------------------------------------------------------------


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


# --- pairs ----------------------------------------------------------------------------------------


class PairFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=LinkPair.State.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"),
        choices=LinkPair._meta.get_field("kind").choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = LinkPair
        fields = ("state", "kind")


class PairIndexView(generic.IndexView):
    list_display = (
        TitleColumn(
            "left_title",
            label=gettext_lazy("Bản ghi"),
            get_url=lambda pair: reverse("duplicates:edit", args=[pair.pk]),
        ),
        Column("right_title", label=gettext_lazy("Có thể trùng với")),
        Column(
            "probability",
            label=gettext_lazy("Xác suất"),
            accessor=_percent,
            sort_key="probability",
        ),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        DateColumn("found_at", label=gettext_lazy("Phát hiện lúc"), sort_key="found_at"),
    )

    def get_base_queryset(self) -> QuerySet:
        return LinkPair.objects.annotate(**_titles("left", "right"))


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@method_decorator(idempotent, name="post")
class PairView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/duplicate_pair.html"
    header_icon = "copy"
    any_permission_required: ClassVar[set[str]] = {"change"}
    model = LinkPair
    pk: Any = None

    @cached_property
    def pair(self) -> LinkPair:
        rows = LinkPair.objects.select_related("decided_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def records(self) -> tuple[Any, Any]:
        rows = SUBJECTS[self.pair.kind].rows().select_related("programme")
        found = rows.in_bulk([self.pair.left, self.pair.right])
        return found[self.pair.left], found[self.pair.right]

    def get_page_title(self) -> str:
        return _("Hai bản ghi này có là một?")

    def get_page_subtitle(self) -> str:
        return str(self.records[0].title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": f"{reverse('duplicates:index')}?state=waiting",
                "label": PairViewSet.menu_label,
            },
            {"url": "", "label": _("Xem một cặp")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left, right = self.records
        survivor, _duplicate = choose_survivor(SUBJECTS[self.pair.kind], left, right)
        merge = (
            Merge.objects.standing()
            .filter(kind=self.pair.kind, duplicate__in=(left.pk, right.pk))
            .first()
        )
        return super().get_context_data(**kwargs) | {
            "pair": self.pair,
            "percent": _percent(self.pair),
            "left": left,
            "right": right,
            "lines": lines_of(self.pair.kind, left, right),
            "reasons": reasons_of(self.pair.explanation),
            "suggested": survivor.pk,
            "is_open": self.pair.state in (LinkPair.State.WAITING, LinkPair.State.LATER),
            "merge": merge if self.pair.state == LinkPair.State.MERGED else None,
            "form": DecisionForm(),
            "waiting": LinkPair.objects.waiting().count(),
            "next_url": next_address(after=self.pair.pk),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        note = request.POST.get("note", "").strip()[:300]
        try:
            told = self._act(action, note)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.path)
        if told is None:
            messages.error(request, _("Hãy chọn bản ghi được giữ lại."))
            return redirect(request.path)
        messages.success(request, told)
        return redirect(next_address(after=self.pair.pk) or f"{reverse('duplicates:index')}?state=waiting")  # fmt: skip

    def _act(self, action: str, note: str) -> str | None:
        by = self.request.user
        if action == "apart":
            keep_apart(self.pair, by=by, note=note)
            return _("Hai bản ghi được giữ riêng.")
        if action == "later":
            decide_later(self.pair, by=by, note=note)
            return _("Cặp này được để sau.")
        if action == "again":
            ask_again(self.pair, by=by)
            return _("Cặp này lại chờ xem.")
        keep = self.request.POST.get("keep", "")
        if action != "merge" or keep not in (str(self.pair.left), str(self.pair.right)):
            return None
        versions = {
            pk: int(seen)
            for pk, name in ((self.pair.left, "left_version"), (self.pair.right, "right_version"))
            if (seen := self.request.POST.get(name, "")).isdecimal() and len(seen) < 18
        }
        merge_pair(self.pair, survivor=int(keep), by=by, versions=versions)
        return _("Đã gộp. Có thể tách lại bất cứ lúc nào ở “Bản ghi đã gộp”.")


def next_address(*, after: int) -> str:
    """The next pair that waits, the most likely first; empty where there is none."""
    pair = LinkPair.objects.waiting().exclude(pk=after).first()
    return reverse("duplicates:edit", args=[pair.pk]) if pair else ""


class PairViewSet(ModelViewSet):
    model = LinkPair
    name = "duplicates"
    url_prefix = "ban-ghi-trung"
    icon = "copy"
    menu_label = gettext_lazy("Bản ghi có thể trùng")
    menu_order = 136
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("-probability", "pk")
    filterset_class = PairFilters
    index_view_class = PairIndexView
    edit_view_class = PairView
    form_fields = ("note",)


# --- merges ---------------------------------------------------------------------------------------


class MergeFilters(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=[("yes", gettext_lazy("Đang gộp")), ("no", gettext_lazy("Đã tách lại"))],
        empty_label=gettext_lazy("Tất cả"),
        method="in_state",
        widget=forms.RadioSelect,
    )
    by = django_filters.ChoiceFilter(
        label=gettext_lazy("Ai gộp"),
        choices=[("stage", gettext_lazy("Tự động")), ("staff", gettext_lazy("Cán bộ"))],
        empty_label=gettext_lazy("Tất cả"),
        method="made_by",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Merge
        fields = ("standing", "by")

    def in_state(self, found: Any, name: str, value: str) -> Any:
        return found.filter(undone_at__isnull=value == "yes")

    def made_by(self, found: Any, name: str, value: str) -> Any:
        return found.filter(merged_by__isnull=value == "stage")


class MergeIndexView(generic.IndexView):
    list_display = (
        TitleColumn(
            "duplicate_title",
            label=gettext_lazy("Bản ghi đã gộp"),
            get_url=lambda merge: reverse("merges:edit", args=[merge.pk]),
        ),
        Column("survivor_title", label=gettext_lazy("Gộp vào")),
        Column("probability", label=gettext_lazy("Xác suất"), accessor=_percent),
        Column(
            "by",
            label=gettext_lazy("Ai gộp"),
            accessor=lambda merge: merge.merged_by or _("Tự động"),
        ),
        DateColumn("merged_at", label=gettext_lazy("Gộp lúc"), sort_key="merged_at"),
        DateColumn("undone_at", label=gettext_lazy("Tách lại lúc"), sort_key="undone_at"),
    )

    def get_base_queryset(self) -> QuerySet:
        return Merge.objects.select_related("merged_by").annotate(
            **_titles("duplicate", "survivor")
        )


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Vì sao tách"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Hai bản ghi được giữ riêng từ đó, trừ khi nội dung thay đổi."),
    )


@method_decorator(idempotent, name="post")
class MergeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/merge.html"
    header_icon = "copy"
    any_permission_required: ClassVar[set[str]] = {"view", "change"}
    model = Merge
    pk: Any = None

    @cached_property
    def merge(self) -> Merge:
        rows = Merge.objects.select_related("merged_by", "undone_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Hai bản ghi đã gộp")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": f"{reverse('merges:index')}?standing=yes", "label": MergeViewSet.menu_label},
            {"url": "", "label": _("Xem một lần gộp")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge = self.merge
        rows = SUBJECTS[merge.kind].rows().select_related("programme")
        found = rows.in_bulk([merge.survivor, merge.duplicate])
        kept, gone = found[merge.survivor], found[merge.duplicate]
        filled = [str(kept._meta.get_field(name).verbose_name) for name in sorted(merge.filled)]
        return super().get_context_data(**kwargs) | {
            "merge": merge,
            "percent": _percent(merge),
            "kept": kept,
            "gone": gone,
            "lines": lines_of(merge.kind, kept, gone),
            "reasons": reasons_of(merge.explanation),
            "filled": filled,
            "moved": sum(len(rows) for rows in merge.moved.values() if isinstance(rows, list)),
            "may_undo": merge.undone_at is None and has_right(self.request.user, "change", Merge),
            "form": kwargs.get("form") or UndoForm(),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_right(request.user, "change", Merge):
            messages.error(request, _("Bạn không có quyền tách bản ghi."))
            return redirect(request.path)
        form = UndoForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            undo_merge(self.merge, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã tách lại thành hai bản ghi như trước."))
        return redirect(request.path)


class MergeViewSet(ModelViewSet):
    model = Merge
    name = "merges"
    url_prefix = "da-gop"
    icon = "history"
    menu_label = gettext_lazy("Bản ghi đã gộp")
    menu_order = 137
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("-merged_at", "-pk")
    filterset_class = MergeFilters
    index_view_class = MergeIndexView
    edit_view_class = MergeView
    form_fields = ("undo_reason",)
