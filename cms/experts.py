"""Profiles of experts that wait for a look: approved, or returned with what is to be mended."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from cms.desks import DeskView, menu_item
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.experts.models import Expert, ExpertField, ExpertState
from marketplace.experts.services import approve_profile, return_profile
from marketplace.taxonomy.labels import labels

_MOST = 50


@method_decorator(idempotent, name="post")
class ExpertsView(DeskView):
    of = Expert
    template_name = "cms/experts.html"
    page_title = gettext_lazy("Hồ sơ chuyên gia chờ duyệt")
    header_icon = "user"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Expert.objects.filter(state=ExpertState.SUBMITTED).exclude(
            pk__in=Expert.objects.without_consent().values("pk")
        )
        rows = waiting.select_related("user", "organization", "person").order_by(
            "submitted_at", "pk"
        )
        return super().get_context_data(**kwargs) | {
            "rows": [(row, _lines(row)) for row in rows[:_MOST]],
            "may_decide": self.may(self.request.user, self.acted_with),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        expert = get_object_or_404(
            Expert.objects.exclude(user=request.user).select_related("user"),
            public_id=request.POST.get("expert", "").replace("\0", ""),
        )
        try:
            if request.POST.get("viec") == "dang":
                approve_profile(expert, by=request.user)
                messages.success(request, _("Đã đăng hồ sơ."))
            else:
                return_profile(expert, note=request.POST.get("note", ""), by=request.user)
                messages.success(request, _("Đã trả lại hồ sơ để chỉnh sửa."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(request.path)


def _lines(expert: Expert) -> list[tuple[Any, Any]]:
    """What would be seen, and no more: staff judge that alone."""
    found = []
    for field in ExpertField:
        value = expert.public_value(field)
        if value:
            found.append(
                (field.label, "; ".join(labels("st-fields", value)))
                if field is ExpertField.FIELDS
                else (field.label, ", ".join(value) if isinstance(value, list) else value)
            )
    return found


def expert_urls() -> list[URLPattern]:
    return [path("chuyen-gia/", ExpertsView.as_view(), name="expert_profiles")]


def expert_menu_item() -> MenuItem:
    return menu_item(ExpertsView, _("Chuyên gia chờ duyệt"), "expert_profiles", order=40)
