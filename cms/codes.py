"""Values of files that no table translates: a person says what each stands for."""

from typing import Any, ClassVar

import django_filters
from django import forms
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
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.finding import WordsFilter
from cms.lists import ListView, ListViewSet
from cms.menu import SOURCES
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.models import Term, UnresolvedCode, Vocabulary
from marketplace.taxonomy.translating import decide_code, leave_code_empty, reopen_code


class CodeFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=UnresolvedCode.State.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    words = WordsFilter("value", label=gettext_lazy("Có chứa"))

    class Meta:
        model = UnresolvedCode
        fields = ("state", "words")


class CodeIndexView(ListView):
    list_display = (
        "value",
        Column("to", label=gettext_lazy("Sang bảng mã"), sort_key="to"),
        Column("outcome", label=gettext_lazy("Vì sao"), accessor="get_outcome_display"),
        Column(
            "candidates",
            label=gettext_lazy("Các mã có thể"),
            accessor=lambda row: ", ".join(row.candidates),
        ),
        Column("times_seen", label=gettext_lazy("Số lần gặp"), sort_key="times_seen"),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        Column("resolved_code", label=gettext_lazy("Mã đã chọn")),
        DateColumn("last_seen_at", label=gettext_lazy("Gặp gần nhất"), sort_key="last_seen_at"),
    )


class DecideForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Giá trị này là"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Vì sao biết"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Căn cứ để người sau hiểu: văn bản, hồ sơ đã xem."),
    )

    def __init__(self, *args: Any, row: UnresolvedCode, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = Term.objects.filter(vocabulary__code=row.to)
        if row.candidates:
            likely = [
                (t.code, f"{t.code} {t.label}") for t in terms.filter(code__in=row.candidates)
            ]
            others = [
                (t.code, f"{t.code} {t.label}") for t in terms.exclude(code__in=row.candidates)
            ]
            choices: list[Any] = [
                (_("Theo bảng chuyển đổi"), likely),
                (_("Mã khác trong bảng"), others),
            ]
        else:
            choices = [(t.code, f"{t.code} {t.path_label}") for t in terms.select_related("parent")]
        if len(row.candidates) != terms.count():
            self.fields["code"].widget = forms.Select()
        self.fields["code"].choices = [("", _("— Chọn mã —")), *choices]


@method_decorator(idempotent, name="post")
class CodeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/unresolved_code.html"
    header_icon = "help"
    any_permission_required: ClassVar[set[str]] = {"change"}
    model = UnresolvedCode
    pk: Any = None

    @cached_property
    def row(self) -> UnresolvedCode:
        rows = UnresolvedCode.objects.select_related("decided_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Xác định mã")

    def get_page_subtitle(self) -> str:
        return self.row.value

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("unresolved_codes:index"), "label": CodeViewSet.menu_label},
            {"url": "", "label": self.row.value},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or DecideForm(row=self.row)
        vocabularies = Vocabulary.objects.filter(code__in=(self.row.vocabulary, self.row.to))
        names = {one.code: one.label for one in vocabularies}
        chosen = Term.objects.filter(vocabulary__code=self.row.to, code=self.row.resolved_code)
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "form": form,
            "to_label": names.get(self.row.to, self.row.to),
            "chosen": chosen.first(),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        form = DecideForm(request.POST, row=self.row)
        try:
            if action == "reopen":
                reopen_code(self.row, by=request.user)
                messages.success(request, _("“%(value)s” lại chờ xác định.") % {"value": self.row})
                return redirect(request.path)
            if action == "leave":
                note = request.POST.get("note", "")[:300]
                leave_code_empty(self.row, by=request.user, note=note)
                messages.success(request, _("“%(value)s” được để trống.") % {"value": self.row})
            elif not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            else:
                decide_code(self.row, by=request.user, **form.cleaned_data)
                messages.success(
                    request,
                    _("Từ nay “%(value)s” được đọc là %(code)s.")
                    % {"value": self.row, "code": self.row.resolved_code},
                )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.path)
        return redirect(f"{reverse('unresolved_codes:index')}?state=waiting")


class CodeViewSet(ListViewSet):
    model = UnresolvedCode
    name = "unresolved_codes"
    url_prefix = "ma-cho-xac-dinh"
    icon = "help"
    menu_label = gettext_lazy("Mã chờ xác định")
    about = gettext_lazy(
        "Giá trị nguồn gửi mà sàn không chắc ứng với mã nào. Mở một giá trị để chọn mã; mọi "
        "bản ghi có giá trị ấy được ghi mã theo."
    )
    nothing = gettext_lazy("Không có giá trị nào chờ: các mã nguồn gửi đều đã rõ.")
    menu_hook = SOURCES
    menu_order = 70
    list_per_page = 50
    ordering = ("-times_seen", "value")
    filterset_class = CodeFilters
    index_view_class = CodeIndexView
    edit_view_class = CodeView
    form_fields = ("value",)
