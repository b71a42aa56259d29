"""Reasons for a return, as data: leads word them, the review page offers them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from marketplace.listings.models import ReturnReason


class ReasonIndexView(generic.IndexView):
    list_display = (
        "label_vi",
        Column("code", label=_("Mã")),
        Column("label_en", label=_("Tên tiếng Anh")),
        BooleanColumn("is_active", label=_("Đang dùng")),
    )


class ReasonViewSet(ModelViewSet):
    model = ReturnReason
    name = "return_reasons"
    url_prefix = "ly-do-tra-lai"
    icon = "clipboard-list"
    menu_label = _("Lý do trả lại")
    add_to_settings_menu = True
    menu_order = 50
    copy_view_enabled = False
    add_to_reference_index = False
    ordering = ("position", "code")
    index_view_class = ReasonIndexView
    edit_handler = ObjectList(
        [
            FieldPanel("code", help_text=_("Ghi trong các quyết định đã ra; không đổi về sau.")),
            MultiFieldPanel(
                [FieldPanel("label_vi"), FieldPanel("text_vi")], heading=_("Tiếng Việt")
            ),
            MultiFieldPanel(
                [FieldPanel("label_en"), FieldPanel("text_en")], heading=_("Tiếng Anh")
            ),
            FieldPanel("position"),
            FieldPanel("is_active"),
        ]
    )
