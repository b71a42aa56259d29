"""Files of research results that were brought in, with what came of them."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from marketplace.sources.models import Run


def _report_link(run: Run) -> str:
    if not run.report_path or not run.refused:
        return ""
    url = reverse("imports:report", args=[run.pk])
    return format_html('<a href="{}">{}</a>', url, _("Tải danh sách lỗi"))


class ImportIndexView(generic.IndexView):
    list_display = (
        "file_name",
        Column("source", label=gettext_lazy("Nguồn"), sort_key="source"),
        DateColumn("started_at", label=gettext_lazy("Bắt đầu"), sort_key="started_at"),
        DateColumn("finished_at", label=gettext_lazy("Xong"), sort_key="finished_at"),
        NumberColumn("records_done", label=gettext_lazy("Bản ghi")),
        NumberColumn("created", label=gettext_lazy("Mới")),
        NumberColumn("updated", label=gettext_lazy("Cập nhật")),
        NumberColumn("unchanged", label=gettext_lazy("Không đổi")),
        NumberColumn("refused", label=gettext_lazy("Bị từ chối")),
        Column("problem", label=gettext_lazy("Lỗi của tệp")),
        Column("report", label=gettext_lazy("Báo cáo"), accessor=_report_link),
    )


class ReportView(PermissionCheckedMixin, View):
    """The list of refused records, with line and reason."""

    model = Run
    permission_required = "view"

    def get(self, request: Any, pk: int) -> FileResponse:
        run = get_object_or_404(Run, pk=pk)
        report = Path(run.report_path)
        if not run.report_path or not report.is_file():
            raise Http404
        return FileResponse(report.open("rb"), as_attachment=True, filename=report.name)


class ImportViewSet(ModelViewSet):
    model = Run
    name = "imports"
    url_prefix = "nhap-du-lieu"
    icon = "download"
    menu_label = gettext_lazy("Nhập dữ liệu")
    menu_order = 140
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("-started_at", "-pk")
    form_fields = ("file_name",)
    index_view_class = ImportIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("bao-cao/<int:pk>/", ReportView.as_view(), name="report"),
        ]
