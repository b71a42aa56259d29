"""Records that a source lists no more: what was taken off by itself, and what waits for a decision."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.harvesting.vanished import accept_vanished, keep_vanished
from marketplace.sources.models import Source, Vanishing
from marketplace.sources.registers import REGISTERS

PAGE: Final = 20
#: Records of one comparison that are named on the page.
_NAMED: Final = 20


@method_decorator(idempotent, name="post")
class VanishedView(DeskView):
    of = Source
    template_name = "cms/vanished.html"
    page_title = gettext_lazy("Bản ghi không còn ở nguồn")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_decided = self.request.GET.get("trang-thai") == "da-quyet"
        found = Vanishing.objects.select_related("source", "decided_by", "run")
        waiting = found.waiting().order_by("found_at", "pk")
        rows = found.exclude(state=Vanishing.State.WAITING) if is_decided else waiting
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "is_decided": is_decided,
            "may_decide": has_right(self.request.user, "change", Source),
            "waiting_count": waiting.count(),
            "page": page,
            "rows": [(one, _named(one)) for one in page.object_list],
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = request.POST.get("vanishing", "")
        found = get_object_or_404(Vanishing, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        reason = request.POST.get("reason", "")
        try:
            if request.POST.get("action") == "accept":
                accept_vanished(found, by=request.user, reason=reason)
                messages.success(
                    request,
                    _("Đang gỡ các bản ghi này. Có thể hoàn tác ở danh sách các lần nhập."),
                )
            else:
                keep_vanished(found, by=request.user, reason=reason)
                messages.success(request, _("Các bản ghi này được giữ lại."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("vanished")


def _named(vanishing: Vanishing) -> list[Any]:
    """The first of its records, as the registers hold them."""
    ids = vanishing.identifiers[:_NAMED]
    return [
        row
        for register in REGISTERS.values()
        for row in register.rows(vanishing.source.slug).filter(source_id__in=ids).order_by("pk")
    ]


def vanished_urls() -> list[URLPattern]:
    return [path("khong-con-o-nguon/", VanishedView.as_view(), name="vanished")]


def vanished_menu_item() -> DeskMenuItem:
    return menu_item(VanishedView, gettext_lazy("Không còn ở nguồn"), "vanished", order=85)
