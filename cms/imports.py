"""Files of research results that were brought in, with what came of them."""

from pathlib import Path
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.bring_file import ChooseFileView, LookAtFileView
from cms.desks import DeskView, Trail
from cms.lists import ListView, ListViewSet
from cms.menu import SOURCES
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.text import slugify
from marketplace.sources.models import Run, Source, UndoOutcome
from marketplace.sources.reports import csv_lines, xlsx_file
from marketplace.sources.services import ask_undo

#: Records named on the page of an undone run; the counts are of all.
_LEFT_SHOWN: Final = 100


def _report_link(run: Run) -> str:
    if not run.fault_count and not (run.report_path and run.refused):
        return ""
    url = reverse("imports:report", args=[run.pk])
    if not run.fault_count:
        return format_html('<a href="{}">{}</a>', url, _("Tải danh sách lỗi"))
    sheet = reverse("imports:report_xlsx", args=[run.pk])
    return format_html('<a href="{}">CSV</a> · <a href="{}">XLSX</a>', url, sheet)


def _undo_link(run: Run) -> str:
    if run.undone_at:
        text = _("đã hoàn tác")
        if not run.undo_left:
            return text
        return format_html(
            '<a href="{}">{} ({})</a>', reverse("imports:undo", args=[run.pk]), text, run.undo_left
        )
    if run.undo_asked_at:
        return _("đang hoàn tác")
    if not (run.created or run.updated or run.deleted):
        return ""
    return format_html('<a href="{}">{}</a>', reverse("imports:undo", args=[run.pk]), _("Hoàn tác"))


class ImportIndexView(ListView):
    list_display = (
        Column("name", label=gettext_lazy("Tệp"), accessor=str, sort_key="file_name"),
        Column("source", label=gettext_lazy("Nguồn"), accessor="source.name", sort_key="source"),
        Column("kind", label=gettext_lazy("Cách nhập"), accessor="get_kind_display"),
        DateColumn("started_at", label=gettext_lazy("Bắt đầu"), sort_key="started_at"),
        DateColumn("finished_at", label=gettext_lazy("Xong"), sort_key="finished_at"),
        NumberColumn("records_done", label=gettext_lazy("Bản ghi")),
        NumberColumn("created", label=gettext_lazy("Mới")),
        NumberColumn("updated", label=gettext_lazy("Cập nhật")),
        NumberColumn("unchanged", label=gettext_lazy("Không đổi")),
        NumberColumn("deleted", label=gettext_lazy("Gỡ")),
        NumberColumn("refused", label=gettext_lazy("Bị từ chối")),
        Column("problem", label=gettext_lazy("Lỗi khi đọc")),
        Column("report", label=gettext_lazy("Báo cáo"), accessor=_report_link),
        Column("undo", label=gettext_lazy("Hoàn tác"), accessor=_undo_link),
    )

    @cached_property
    def header_buttons(self) -> list[Any]:
        found = list(super().header_buttons)
        if has_right(self.request.user, "change", Source):
            url = reverse("imports:choose_file")
            found.append(HeaderButton(label=_("Nhập từ tệp"), url=url, icon_name="upload"))
        return found

    def get_base_queryset(self) -> QuerySet[Run]:
        runs: QuerySet[Run] = super().get_base_queryset()
        return runs.select_related("source").annotate(fault_count=Count("faults"))


class ReportView(PermissionCheckedMixin, View):
    """What was refused or left out, by line, column and rule."""

    model = Run
    permission_required = "view"
    is_sheet = False

    def get(self, request: Any, pk: int) -> HttpResponseBase:
        run = get_object_or_404(Run, pk=pk)
        name = f"{slugify(str(run))}-{run.pk}"
        if not run.faults.exists():
            return self._file_of_before(run)
        if self.is_sheet:
            return FileResponse(xlsx_file(run), as_attachment=True, filename=f"{name}.xlsx")
        answer = StreamingHttpResponse(csv_lines(run), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer

    def _file_of_before(self, run: Run) -> FileResponse:
        """Runs of the first release have their report as a file alone."""
        report = Path(run.report_path)
        if not run.report_path or not report.is_file():
            raise Http404
        return FileResponse(report.open("rb"), as_attachment=True, filename=report.name)


@method_decorator(idempotent, name="post")
class UndoView(DeskView):
    """Says what undoing would do, and has it done."""

    of = Source
    seen_with = acted_with = "change"
    template_name = "cms/undo_run.html"
    page_title = gettext_lazy("Hoàn tác lần nhập")
    header_icon = "undo"

    def prepare(self) -> None:
        self.run = get_object_or_404(Run.objects.select_related("source"), pk=self.kwargs["pk"])

    def trail(self) -> Trail:
        return [(reverse("imports:index"), ImportViewSet.menu_label)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = self.run.raw_records.exclude(undo_outcome__in=("", UndoOutcome.UNDONE))
        counted = left.order_by().values_list("undo_outcome").annotate(count=Count("pk"))
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "outcomes": [(UndoOutcome(code).label, count) for code, count in counted],
            "left": left.order_by("pk").defer("compressed", "before")[:_LEFT_SHOWN],
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("confirmed") != "yes":
            messages.error(request, _("Hãy đánh dấu xác nhận trước khi gửi yêu cầu."))
            return redirect(request.path)
        try:
            ask_undo(self.run, by=request.user)
            messages.success(request, _("Đã ghi yêu cầu; việc bắt đầu trong vài giây."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("imports:index")


class ImportViewSet(ListViewSet):
    model = Run
    name = "imports"
    url_prefix = "nhap-du-lieu"
    icon = "download"
    menu_label = gettext_lazy("Nhập dữ liệu")
    about = gettext_lazy(
        "Mỗi dòng là một lần đọc tệp hoặc nguồn. Tải báo cáo để gửi nguồn sửa các bản ghi bị "
        "từ chối; “Hoàn tác” đưa mọi bản ghi về như trước lần đó."
    )
    nothing = gettext_lazy(
        "Chưa nhập gì. Nhập từ tệp, hoặc mở “Các nguồn dữ liệu” để đặt lịch đọc."
    )
    menu_hook = SOURCES
    menu_order = 20
    ordering = ("-started_at", "-pk")
    form_fields = ("file_name",)
    index_view_class = ImportIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("tep/", ChooseFileView.as_view(), name="choose_file"),
            path("tep/<slug:public_id>/", LookAtFileView.as_view(), name="file"),
            path("bao-cao/<int:pk>/", ReportView.as_view(), name="report"),
            path("bao-cao/<int:pk>.xlsx", ReportView.as_view(is_sheet=True), name="report_xlsx"),
            path("hoan-tac/<int:pk>/", UndoView.as_view(), name="undo"),
        ]
