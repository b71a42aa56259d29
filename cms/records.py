"""Results, reports on their use and files of the registers in the admin: found, seen, corrected, taken out."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic

from cms.corrections import correct_url
from cms.finding import WordsFilter
from cms.forms import ReasonForm
from cms.lists import DayColumn, ListView, ListViewSet
from cms.menu import REGISTERS
from cms.record_acts import AttachmentForm, WithdrawView
from cms.saving import SavedByService
from marketplace.core.fields import CodeField, DateField
from marketplace.research.keeping import (
    APPLICATION_FIELDS,
    change_attachment,
)
from marketplace.research.models import (
    Access,
    Application,
    Attachment,
    AttachmentKind,
    PublicationState,
    Result,
)
from marketplace.sources.services import edit_application
from marketplace.sources.visibility import SET_BY_SOURCES
from marketplace.taxonomy.choices import choices

_STANDING = (("standing", gettext_lazy("Đang hiển thị")), ("withdrawn", gettext_lazy("Đã gỡ")))


class _StandingFilter(django_filters.ChoiceFilter):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Hiển thị"),
            choices=_STANDING,
            empty_label=gettext_lazy("Tất cả"),
            widget=forms.RadioSelect,
            field_name="withdrawn_at",
        )

    def filter(self, found: QuerySet, value: str) -> QuerySet:
        if not value:
            return found
        return found.filter(withdrawn_at__isnull=value == "standing")


def _standing(row: Any) -> str:
    return "" if row.withdrawn_at is None else _("Đã gỡ")


# --- results ------------------------------------------------------------------------------------


class ResultFilters(WagtailFilterSet):
    words = WordsFilter("title", "title_en", label=gettext_lazy("Tên có chứa"))
    number = django_filters.CharFilter(
        label=gettext_lazy("Số hồ sơ, mã, số giấy chứng nhận"), method="numbered"
    )
    source = django_filters.CharFilter(label=gettext_lazy("Mã nguồn"))
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    publication_state = django_filters.ChoiceFilter(
        label=gettext_lazy("Công bố"),
        choices=PublicationState.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    standing = _StandingFilter()

    class Meta:
        model = Result
        fields = ("words", "number", "source", "year", "publication_state", "standing")

    def numbered(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return found.filter(
            Q(archive_number=value)
            | Q(result_code=value)
            | Q(certificate_number=value)
            | Q(public_id=value)
            | Q(source_id=value)
        )


class ResultIndexView(ListView):
    list_display = (
        "title",
        Column("organization", label=gettext_lazy("Tổ chức chủ trì")),
        Column("certificate_number", label=gettext_lazy("Số giấy chứng nhận")),
        Column("year", label=gettext_lazy("Năm"), sort_key="year"),
        Column(
            "publication_state",
            label=gettext_lazy("Công bố"),
            accessor="get_publication_state_display",
        ),
        Column("standing", label=gettext_lazy("Hiển thị"), accessor=_standing),
        Column("source", label=gettext_lazy("Nguồn"), sort_key="source"),
    )

    def get_base_queryset(self) -> QuerySet:
        rows: QuerySet = super().get_base_queryset()
        return rows.select_related("organization").defer("abstract", "products", "application_note")

    def get_edit_url(self, instance: Result) -> str:
        return reverse("correct_result", args=[instance.public_id])


class _ListOnly(ListViewSet):
    """A list whose rows lead to pages of their own; rows are never added or deleted here."""

    list_per_page = 30
    menu_hook = REGISTERS

    def get_urlpatterns(self) -> list[URLPattern]:
        wanted = {"index", "index_results"}
        return [one for one in super().get_urlpatterns() if one.name in wanted]


class ResultViewSet(_ListOnly):
    model = Result
    name = "results"
    url_prefix = "ket-qua"
    icon = "doc-full"
    menu_label = gettext_lazy("Kết quả")
    about = gettext_lazy(
        "Mở một kết quả để xem từng giá trị đến từ đâu, sửa, thêm tài liệu hoặc gỡ khỏi trang "
        "công khai. Lọc theo tên, số hồ sơ hoặc nguồn ở nút bên phải."
    )
    menu_order = 1
    ordering = ("-pk",)
    form_fields = ("title",)
    filterset_class = ResultFilters
    index_view_class = ResultIndexView


# --- reports on the use of results --------------------------------------------------------------


class ApplicationFilters(WagtailFilterSet):
    words = WordsFilter(
        "organization_name", "result__title", "result_number", label=gettext_lazy("Có chứa")
    )
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("Kết quả"),
        choices=(("yes", gettext_lazy("Chờ kết quả")), ("no", gettext_lazy("Đã gắn kết quả"))),
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
        method="that_wait",
    )
    source = django_filters.CharFilter(label=gettext_lazy("Mã nguồn"))
    year_number = django_filters.NumberFilter(label=gettext_lazy("Năm thứ"))
    standing = _StandingFilter()

    class Meta:
        model = Application
        fields = ("words", "waiting", "source", "year_number", "standing")

    def that_wait(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return found.filter(result__isnull=value == "yes")


def _of_result(row: Application) -> str:
    if row.result is not None:
        return row.result.title
    return _("Chờ kết quả: %(number)s") % {"number": row.result_number}


class ApplicationIndexView(ListView):
    list_display = (
        "organization_name",
        Column("result", label=gettext_lazy("Kết quả"), accessor=_of_result),
        Column("year_number", label=gettext_lazy("Năm thứ"), sort_key="year_number"),
        Column("place", label=gettext_lazy("Địa chỉ")),
        DayColumn("reported_on", label=gettext_lazy("Báo cáo ngày"), sort_key="reported_on"),
        Column("standing", label=gettext_lazy("Hiển thị"), accessor=_standing),
    )

    def get_base_queryset(self) -> QuerySet:
        rows: QuerySet = super().get_base_queryset()
        return rows.select_related("result").only(
            "organization_name", "year_number", "place", "reported_on", "withdrawn_at",
            "result_number", "result__title",
        )  # fmt: skip


class ApplicationForm(WagtailAdminModelForm):
    province_code = CodeField(
        label=gettext_lazy("Tỉnh, thành phố"), choices=lambda: choices("provinces"), required=False
    )
    reported_on = DateField(label=gettext_lazy("Báo cáo ngày"))
    reason = forms.CharField(
        label=gettext_lazy("Vì sao sửa"),
        max_length=300,
        help_text=gettext_lazy("Căn cứ để người sau hiểu: văn bản, hồ sơ đã xem."),
    )

    class Meta:
        model = Application
        fields = APPLICATION_FIELDS
        widgets = {
            "economic_effect": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }


class ApplicationEditView(SavedByService, generic.EditView):
    def save_form(self, form: Any) -> Any:
        row = Application.objects.get(pk=self.object.pk)
        values = {name: form.cleaned_data[name] for name in APPLICATION_FIELDS}
        edit_application(
            row, values=values, reason=form.cleaned_data["reason"], by=self.request.user
        )
        messages.success(self.request, _("Đã sửa báo cáo."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = Application.objects.select_related("result").get(pk=self.object.pk)
        return super().get_context_data(**kwargs) | {
            "row": row,
            "record": row.result or row,
            "record_url": correct_url(row.result or row),
            "origins_url": correct_url(row),
            "set_by_source": row.withdrawal_reason in SET_BY_SOURCES,
            "withdraw_url": reverse("applications:withdraw", args=[row.pk]),
            "withdraw_form": ReasonForm(prefix="withdraw"),
        }


class ApplicationViewSet(ListViewSet):
    model = Application
    name = "applications"
    url_prefix = "ung-dung"
    icon = "history"
    menu_label = gettext_lazy("Ứng dụng kết quả")
    about = gettext_lazy(
        "Báo cáo hằng năm về việc dùng kết quả. Mở một báo cáo để sửa hoặc gỡ, kèm lý do."
    )
    nothing = gettext_lazy("Chưa có báo cáo ứng dụng nào.")
    menu_hook = REGISTERS
    menu_order = 2
    ordering = ("-reported_on", "-pk")
    list_per_page = 30
    filterset_class = ApplicationFilters
    index_view_class = ApplicationIndexView
    edit_view_class = ApplicationEditView
    edit_template_name = "cms/register_row_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[ApplicationForm]:
        return ApplicationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("go/<int:pk>/", WithdrawView.as_view(model=Application), name="withdraw"),
        ]


# --- files --------------------------------------------------------------------------------------


class AttachmentFilters(WagtailFilterSet):
    words = WordsFilter("title", label=gettext_lazy("Tên có chứa"))
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại tài liệu"), choices=AttachmentKind.choices
    )
    access = django_filters.ChoiceFilter(
        label=gettext_lazy("Mức tiếp cận"),
        choices=Access.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    standing = _StandingFilter()

    class Meta:
        model = Attachment
        fields = ("words", "kind", "access", "standing")


class AttachmentIndexView(ListView):
    list_display = (
        "title",
        Column("record", label=gettext_lazy("Của")),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display"),
        Column("access", label=gettext_lazy("Mức tiếp cận"), accessor="get_access_display"),
        DateColumn("added_at", label=gettext_lazy("Thêm lúc"), sort_key="added_at"),
        Column("standing", label=gettext_lazy("Hiển thị"), accessor=_standing),
    )

    def get_base_queryset(self) -> QuerySet:
        rows: QuerySet = super().get_base_queryset()
        return rows.select_related("result", "task")


class AttachmentEditView(SavedByService, generic.EditView):
    def save_form(self, form: Any) -> Any:
        row = get_object_or_404(Attachment, pk=self.object.pk)
        change_attachment(row, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Đã lưu tài liệu."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = Attachment.objects.select_related("result", "task").get(pk=self.object.pk)
        record = row.record
        is_result = row.result_id is not None
        return super().get_context_data(**kwargs) | {
            "row": row,
            "record": record,
            "record_url": reverse("correct_result", args=[record.public_id])
            if is_result
            else reverse("tasks:edit", args=[record.pk]),
            "file_url": row.get_absolute_url() if row.file else "",
            "withdraw_url": reverse("attachments:withdraw", args=[row.pk]),
            "withdraw_form": ReasonForm(prefix="withdraw"),
        }


class AttachmentViewSet(ListViewSet):
    model = Attachment
    name = "attachments"
    url_prefix = "tai-lieu-ho-so"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Tài liệu của hồ sơ")
    about = gettext_lazy(
        "Tệp đi kèm kết quả và nhiệm vụ. Mở một tệp để đổi mức tiếp cận hoặc gỡ; tải tệp mới "
        "lên ở trang của kết quả hay nhiệm vụ."
    )
    nothing = gettext_lazy("Chưa có tài liệu nào.")
    menu_hook = REGISTERS
    menu_order = 3
    ordering = ("-pk",)
    list_per_page = 30
    filterset_class = AttachmentFilters
    index_view_class = AttachmentIndexView
    edit_view_class = AttachmentEditView
    edit_template_name = "cms/register_row_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[AttachmentForm]:
        return AttachmentForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("go/<int:pk>/", WithdrawView.as_view(model=Attachment), name="withdraw"),
        ]
