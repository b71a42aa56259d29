"""What was merged, by the stage or by staff, to be parted again whole."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.duplicate_words import undone_because
from cms.duplicates.showing import lines_of, percent_of, reasons_of, titles_of
from cms.lists import ListView, ListViewSet
from cms.menu import SOURCES
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.linking.merging import undo_merge
from marketplace.sources.linking.subjects import SUBJECTS
from marketplace.sources.models import Merge


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


class MergeIndexView(ListView):
    list_display = (
        TitleColumn(
            "duplicate_title",
            label=gettext_lazy("Bản ghi đã gộp"),
            get_url=lambda merge: reverse("merges:edit", args=[merge.pk]),
        ),
        Column("survivor_title", label=gettext_lazy("Gộp vào")),
        Column("probability", label=gettext_lazy("Xác suất"), accessor=percent_of),
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
            **titles_of("duplicate", "survivor")
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
            "percent": percent_of(merge),
            "kept": kept,
            "gone": gone,
            "lines": lines_of(merge.kind, kept, gone),
            "reasons": reasons_of(merge.explanation),
            "filled": filled,
            "undone_because": undone_because(merge.undo_reason),
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


class MergeViewSet(ListViewSet):
    model = Merge
    name = "merges"
    url_prefix = "da-gop"
    icon = "history"
    menu_label = gettext_lazy("Bản ghi đã gộp")
    about = gettext_lazy(
        "Những bản ghi sàn hoặc cán bộ đã gộp làm một. Mở một dòng để xem vì sao và tách lại "
        "khi gộp nhầm."
    )
    nothing = gettext_lazy("Chưa có bản ghi nào được gộp.")
    menu_hook = SOURCES
    menu_order = 60
    list_per_page = 50
    ordering = ("-merged_at", "-pk")
    filterset_class = MergeFilters
    index_view_class = MergeIndexView
    edit_view_class = MergeView
    form_fields = ("undo_reason",)
