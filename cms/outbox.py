"""Mails that could not be delivered, and sending them again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.menu import ORGANIZATIONS
from cms.rights import may_send_again
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.notifications.kinds import get_kind
from marketplace.notifications.models import Delivery, DeliveryState
from marketplace.notifications.rendering import subject_of
from marketplace.notifications.services import send_again


class SendAgainColumn(Column):
    cell_template_name = "cms/send_again_cell.html"

    def get_cell_context_data(self, instance: Delivery, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        return context | {
            "csrf_token": get_token(request),
            "may_send_again": may_send_again(request.user),
        }


def _name(delivery: Delivery) -> str:
    return str(delivery.recipient or "")


def _subject(delivery: Delivery) -> str:
    if delivery.recipient is None:
        return str(get_kind(delivery.letter.kind).label)
    notices = list(delivery.notices.all())
    if not notices:
        return ""
    # The row has its recipient already: not one query a notice.
    notices[0].recipient = delivery.recipient
    subject = subject_of(notices[0])
    return f"{subject} (+{len(notices) - 1})" if len(notices) > 1 else subject


class DeadLetterIndexView(generic.IndexView):
    page_title = gettext_lazy("Thư không gửi được")
    list_display = (
        Column("recipient", label=gettext_lazy("Người nhận"), accessor=_name),
        Column("email", label=gettext_lazy("Địa chỉ"), accessor="addressee.email"),
        Column("subject", label=gettext_lazy("Nội dung"), accessor=_subject),
        Column("attempts", label=gettext_lazy("Số lần thử")),
        Column("last_error", label=gettext_lazy("Lỗi cuối")),
        DateColumn("created_at", label=gettext_lazy("Tạo lúc"), sort_key="created_at"),
        SendAgainColumn("pk", label=""),
    )

    def get_base_queryset(self) -> QuerySet:
        return (
            Delivery.objects.filter(state=DeliveryState.DEAD)
            .select_related("recipient", "letter")
            .prefetch_related("notices")
        )


@method_decorator(idempotent, name="post")
class SendAgainView(View):
    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not may_send_again(request.user):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=pk)
        try:
            send_again(delivery, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Thư đã vào lại hàng chờ gửi."))
        return redirect("dead_letters:index")


class DeadLetterViewSet(ModelViewSet):
    model = Delivery
    name = "dead_letters"
    url_prefix = "thu-khong-gui-duoc"
    icon = "warning"
    menu_label = gettext_lazy("Thư không gửi được")
    menu_hook = ORGANIZATIONS
    menu_order = 30
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("-created_at", "-pk")
    list_per_page = 30
    form_fields = ("last_error",)
    index_view_class = DeadLetterIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("gui-lai/<int:pk>/", SendAgainView.as_view(), name="send_again"),
        ]
