"""Requests to join that an organisation did not answer in time: staff call there, then decide."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.menu import ORGANIZATIONS
from cms.rights import may_verify
from marketplace.accounts.models import JoinRequest, Role
from marketplace.accounts.services import answer_join_request
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


class DecideColumn(Column):
    cell_template_name = "cms/join_request_cell.html"

    def get_cell_context_data(self, instance: JoinRequest, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        return context | {
            "csrf_token": get_token(request),
            "may_decide": may_verify(request.user),
            "roles": Role.choices,
        }


class JoinRequestIndexView(generic.IndexView):
    page_title = gettext_lazy("Đề nghị tham gia chưa ai trả lời")
    list_display = (
        TitleColumn(
            "organization",
            label=gettext_lazy("Tổ chức"),
            get_url=lambda asked: reverse("organizations:edit", args=[asked.organization_id]),
        ),
        Column("user", label=gettext_lazy("Người xin")),
        Column("email", label=gettext_lazy("Email"), accessor="user.email"),
        Column("note", label=gettext_lazy("Lời nhắn")),
        DateColumn("asked_at", label=gettext_lazy("Gửi lúc"), sort_key="asked_at"),
        DecideColumn("pk", label=""),
    )

    def get_base_queryset(self) -> QuerySet:
        return JoinRequest.objects.with_staff().select_related("organization", "user")


@method_decorator(idempotent, name="post")
class DecideView(View):
    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not may_verify(request.user):
            raise PermissionDenied
        asked = get_object_or_404(JoinRequest, pk=pk)
        accept = request.POST.get("viec") == "nhan"
        role = request.POST.get("role", "")
        try:
            answer_join_request(
                asked,
                accept=accept,
                by=request.user,
                role=role if role in Role.values else Role.VIEWER,
                as_staff=True,
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request, _("Đã nhận người này vào tổ chức.") if accept else _("Đã từ chối đề nghị.")
            )
        return redirect("join_requests:index")


class JoinRequestViewSet(ModelViewSet):
    model = JoinRequest
    name = "join_requests"
    url_prefix = "de-nghi-tham-gia"
    icon = "user"
    menu_label = gettext_lazy("Đề nghị tham gia")
    menu_hook = ORGANIZATIONS
    menu_order = 25
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("asked_at", "pk")
    list_per_page = 30
    form_fields = ("note",)
    index_view_class = JoinRequestIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("quyet-dinh/<int:pk>/", DecideView.as_view(), name="decide"),
        ]
