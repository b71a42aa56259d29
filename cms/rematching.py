"""How far matching is: all needs again after a change of weights, and needs that nothing answers."""

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
from marketplace.matching.models import MatchRun, Rematching
from marketplace.matching.rematching import pause_rematching, progress, resume_rematching
from marketplace.matching.weighing import active_weights

PAGE: Final = 20


@method_decorator(idempotent, name="post")
class RematchingView(DeskView):
    of = Rematching
    template_name = "cms/rematching.html"
    page_title = gettext_lazy("Gợi ý: đối chiếu và nhu cầu chưa có lời giải")
    header_icon = "rotate"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unmet = MatchRun.objects.unmet().select_related("need__organization")
        return super().get_context_data(**kwargs) | {
            "weights_version": active_weights().version,
            "progress": progress(),
            "may_change": has_right(self.request.user, "change", Rematching),
            "page": Paginator(unmet, PAGE).get_page(self.request.GET.get("page")),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = request.POST.get("rematching", "")
        row = get_object_or_404(Rematching, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        try:
            if request.POST.get("action") == "pause":
                pause_rematching(row, by=request.user)
                messages.success(request, _("Đã tạm dừng. Nhu cầu mới vẫn được đối chiếu ngay."))
            else:
                resume_rematching(row, by=request.user)
                messages.success(request, _("Đang chạy tiếp từ chỗ đã dừng."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("rematching")


def rematching_urls() -> list[URLPattern]:
    return [path("doi-chieu-goi-y/", RematchingView.as_view(), name="rematching")]


def rematching_menu_item() -> DeskMenuItem:
    return menu_item(RematchingView, gettext_lazy("Đối chiếu gợi ý"), "rematching", order=820)
