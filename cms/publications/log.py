"""The log of what was sent of publications: staff see how far each sending is, never the addresses."""

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import InspectView

from cms.lists import ListView, ListViewSet, OpeningColumn
from cms.publications.models import IssueSending
from marketplace.notifications.models import DeliveryState


def _of(*states: str) -> Count:
    return Count("letters", filter=Q(letters__delivery__state__in=states))


class SendingListView(ListView):
    list_display = (
        OpeningColumn("issue", label=_("Số"), accessor="issue.title"),
        Column("series", label=_("Ấn phẩm"), accessor="issue.series_title"),
        DateColumn("begun_at", label=_("Bắt đầu gửi"), sort_key="begun_at"),
        DateColumn("finished_at", label=_("Viết xong thư")),
        Column("sent", label=_("Đã gửi"), accessor="sent"),
        Column("waiting", label=_("Đang chờ"), accessor="waiting"),
        Column("failed", label=_("Không gửi được"), accessor="failed"),
        Column("cancelled", label=_("Không gửi nữa"), accessor="cancelled"),
    )

    def get_base_queryset(self) -> QuerySet:
        return IssueSending.objects.select_related("issue").annotate(
            sent=_of(DeliveryState.SENT),
            waiting=_of(DeliveryState.PENDING, DeliveryState.CLAIMED),
            failed=_of(DeliveryState.DEAD),
            cancelled=_of(DeliveryState.CANCELLED),
        )


class SendingInspectView(InspectView):
    def get_finished_at_display_value(self) -> Any:
        return self.object.finished_at or "—"


class SendingViewSet(ListViewSet):
    model = IssueSending
    name = "issue_sendings"
    url_prefix = "nhat-ky-gui-an-pham"
    icon = "mail"
    menu_label = _("Nhật ký gửi ấn phẩm")
    menu_hook = "register_reports_menu_item"
    menu_order = 60
    about = _("Mỗi số gửi đến mỗi người nhận đúng một lần. Thư không gửi được nằm ở hàng thư.")
    nothing = _("Chưa có số nào được gửi.")
    ordering = ("-begun_at", "-pk")
    list_per_page = 30
    form_fields: ClassVar[tuple[str, ...]] = ("begun_at",)
    inspect_view_enabled = True
    inspect_view_fields: ClassVar[list[Any]] = ["issue", "begun_at", "finished_at"]
    inspect_view_class = SendingInspectView
    index_view_class = SendingListView
