"""The search index as staff see it: how far it is, what went wrong, and what leads can have done."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages

from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.rights import may_keep_index, may_see_index
from marketplace.core import clock
from marketplace.core.idempotency import idempotent
from search.models import IndexRun
from search.report import report
from search.runs import ask_for

KINDS = tuple(IndexRun.Kind.values)


class IndexReportView(DeskView):
    template_name = "cms/search_index.html"
    page_title = gettext_lazy("Chỉ mục tìm kiếm")
    header_icon = "search"

    def may(self, user: Any, right: str) -> bool:
        return may_see_index(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = report()
        late = clock.now() - found.synced_at if found.synced_at and found.waiting else None
        return super().get_context_data(**kwargs) | {
            "report": found,
            "late_seconds": round(late.total_seconds()) if late else 0,
            "may_keep": may_keep_index(self.request.user),
            "asks": [
                {"kind": kind, "label": IndexRun.Kind(kind).label, "text": _TEXTS[kind]}
                for kind in KINDS
            ],
        }


_TEXTS = {
    "rebuild": gettext_lazy(
        "Dựng chỉ mục mới từ mọi hàng rồi thay vào. Trang tìm kiếm vẫn trả lời trong lúc đó; "
        "với một triệu bản ghi việc này mất khoảng một giờ."
    ),
    "check": gettext_lazy("So từng hàng với chỉ mục và nêu chỗ sai lệch. Không sửa gì."),
    "repair": gettext_lazy("So từng hàng với chỉ mục và lập lại chỉ mục cho những hàng sai lệch."),
}


@method_decorator(idempotent, name="post")
class AskView(View):
    """Writes the request down; a tick does the work."""

    http_method_names = ("post",)

    def post(self, request: Any, kind: str) -> HttpResponse:
        if not may_keep_index(request.user):
            raise PermissionDenied
        if kind not in KINDS:
            raise Http404
        if request.POST.get("confirmed") != "yes":
            messages.error(request, _("Hãy đánh dấu xác nhận trước khi gửi yêu cầu."))
        else:
            ask_for(kind, by=request.user)
            messages.success(request, _("Đã ghi yêu cầu; việc bắt đầu trong vài giây."))
        return redirect("search_index")


def index_urls() -> list[URLPattern]:
    return [
        path("chi-muc-tim-kiem/", IndexReportView.as_view(), name="search_index"),
        path("chi-muc-tim-kiem/<slug:kind>/", AskView.as_view(), name="ask_for_index_run"),
    ]


def index_menu_item() -> DeskMenuItem:
    return menu_item(IndexReportView, gettext_lazy("Chỉ mục tìm kiếm"), "search_index", order=100)
