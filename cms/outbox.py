"""Mails that could not be delivered, to be sent again; and those that have not left yet, to be withdrawn."""

from typing import Any, ClassVar

import django_filters
from django import forms
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
from wagtail.admin.filters import WagtailFilterSet
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
from marketplace.notifications.services import send_again, withdraw_delivery


class SendAgainColumn(Column):
    cell_template_name = "cms/send_again_cell.html"

    def get_cell_context_data(self, instance: Delivery, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        return context | {
            "csrf_token": get_token(request),
            "may_send_again": may_send_again(request.user),
            "is_waiting": instance.state == DeliveryState.PENDING,
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


class LetterFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=[
            (DeliveryState.DEAD, DeliveryState.DEAD.label),
            (DeliveryState.PENDING, DeliveryState.PENDING.label),
        ],
        empty_label=None,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Delivery
        fields: ClassVar = ["state"]


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
        is_waiting = self.request.GET.get("state") == DeliveryState.PENDING
        return (
            Delivery.objects.filter(
                state=DeliveryState.PENDING if is_waiting else DeliveryState.DEAD
            )
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


@method_decorator(idempotent, name="post")
class WithdrawView(View):
    """A notice that has not left is taken back."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not may_send_again(request.user):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=pk)
        try:
            withdraw_delivery(delivery, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã rút lại thư. Người nhận không được báo nữa."))
        return redirect(f"{reverse('dead_letters:index')}?state={DeliveryState.PENDING}")


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
    filterset_class = LetterFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("gui-lai/<int:pk>/", SendAgainView.as_view(), name="send_again"),
            path("rut-lai/<int:pk>/", WithdrawView.as_view(), name="withdraw"),
        ]
