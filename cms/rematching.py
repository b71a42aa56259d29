"""How far matching is: all needs again after a change of weights, and needs that nothing answers."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.matching.models import MatchRun, Rematching
from marketplace.matching.rematching import pause_rematching, progress, resume_rematching
from marketplace.matching.weighing import active_weights

PAGE: Final = 20


@method_decorator(idempotent, name="post")
class RematchingView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/rematching.html"
    page_title = gettext_lazy("Gợi ý: đối chiếu và nhu cầu chưa có lời giải")
    header_icon = "rotate"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        right = "change" if request.method == "POST" else "view"
        if not has_right(request.user, right, Rematching):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

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


class RematchingMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return has_right(request.user, "view", Rematching)


def rematching_menu_item() -> MenuItem:
    return RematchingMenuItem(
        gettext_lazy("Đối chiếu gợi ý"),
        reverse("rematching"),
        name="rematching",
        icon_name="rotate",
        order=820,
    )
