"""Records that may be one: compared, merged, kept apart, put off."""

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

from cms.duplicates.showing import lines_of, percent_of, reasons_of, titles_of
from cms.lists import ListView, ListViewSet
from cms.menu import SOURCES
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.linking.deciding import ask_again, decide_later, keep_apart, merge_pair
from marketplace.sources.linking.merging import choose_survivor
from marketplace.sources.linking.subjects import SUBJECTS
from marketplace.sources.models import LinkPair, Merge


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


class PairIndexView(ListView):
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
            accessor=percent_of,
            sort_key="probability",
        ),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        DateColumn("found_at", label=gettext_lazy("Phát hiện lúc"), sort_key="found_at"),
    )

    def get_base_queryset(self) -> QuerySet:
        return LinkPair.objects.annotate(**titles_of("left", "right"))


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
            "percent": percent_of(self.pair),
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


class PairViewSet(ListViewSet):
    model = LinkPair
    name = "duplicates"
    url_prefix = "ban-ghi-trung"
    icon = "copy"
    menu_label = gettext_lazy("Bản ghi có thể trùng")
    about = gettext_lazy(
        "Hai bản ghi giống nhau nhưng chưa đủ chắc để tự gộp. Mở một cặp, so từng dòng, rồi "
        "gộp hoặc giữ riêng; gộp nhầm vẫn tách lại được."
    )
    nothing = gettext_lazy("Không có cặp nào chờ xem. Sàn tự tìm sau mỗi lần dữ liệu đến.")
    menu_hook = SOURCES
    menu_order = 50
    list_per_page = 50
    ordering = ("-probability", "pk")
    filterset_class = PairFilters
    index_view_class = PairIndexView
    edit_view_class = PairView
    form_fields = ("note",)
