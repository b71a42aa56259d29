"""Listings in the Wagtail admin: one snippet view set a kind, in one group of the menu."""

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, Panel, TabbedInterface
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from marketplace.listings.models import Equipment, ListingStatus, Need, TechnologyOffer


class StatusColumn(Column):
    def get_value(self, instance: Any) -> str:
        return str(ListingStatus(instance.status).label)


class ListingFilters(WagtailFilterSet):
    live = django_filters.BooleanFilter(label=_("Đang đăng"))
    title = django_filters.CharFilter(label=_("Tên có chứa"), lookup_expr="icontains")
    organization__name = django_filters.CharFilter(
        label=_("Tổ chức có chứa"), lookup_expr="icontains"
    )


COMMON: list[Panel] = [
    MultiFieldPanel(
        [FieldPanel("title"), FieldPanel("summary"), FieldPanel("language"), FieldPanel("keywords")],
        heading=_("Giới thiệu"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("field_codes"),
            FieldPanel("industry_codes"),
            FieldPanel("province_code"),
        ],
        heading=_("Phân loại"),
    ),
]
DISCLOSURE: list[Panel] = [
    FieldPanel("hide_owner"),
    FieldPanel("confidential"),
    FieldPanel("valid_until"),
]
TRANSFER: list[Panel] = [
    FieldPanel("advantage"),
    FieldPanel("principle"),
    FieldPanel("trl"),
    FieldPanel("development_level"),
    FieldPanel("origin"),
    FieldPanel("supply_ways"),
    FieldPanel("is_technology_transfer"),
    MultiFieldPanel(
        [
            FieldPanel("price_mode"),
            FieldPanel("price_min"),
            FieldPanel("price_max"),
            FieldPanel("price_note"),
            FieldPanel("warranty"),
        ],
        heading=_("Giá và bảo hành"),
    ),
]


def _tabs(content: list[Panel]) -> TabbedInterface:
    return TabbedInterface(
        [
            ObjectList([*COMMON, *content], heading=_("Nội dung")),
            ObjectList([InlinePanel("specifications")], heading=_("Chỉ tiêu")),
            ObjectList(DISCLOSURE, heading=_("Công khai và bảo mật")),
        ]
    )


class ListingViewSet(SnippetViewSet):
    list_display = [
        "__str__",
        Column("display_number", label=_("Số")),
        Column("organization", label=_("Tổ chức")),
        StatusColumn("status", label=_("Tình trạng")),
        DateColumn("submitted_at", label=_("Gửi duyệt"), sort_key="submitted_at"),
    ]
    list_per_page = 30
    filterset_class = ListingFilters
    #: Wagtail's own search would go on returning what was withdrawn; staff use the filters.
    search_fields: ClassVar[list[str]] = []
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_admin_menu = False

    def get_queryset(self, request: Any) -> Any:
        return self.model.objects.select_related("organization").order_by("-submitted_at", "-pk")


class NeedViewSet(ListingViewSet):
    model = Need
    icon = "help"
    menu_label = _("Nhu cầu")
    edit_handler = _tabs(
        [
            FieldPanel("need_kinds"),
            FieldPanel("problem"),
            FieldPanel("required"),
            FieldPanel("volume"),
            FieldPanel("site"),
            FieldPanel("partners_sought"),
            FieldPanel("partner_role"),
            FieldPanel("required_trl"),
            FieldPanel("budget_min"),
            FieldPanel("budget_max"),
            FieldPanel("deadline"),
        ]
    )


class OfferViewSet(ListingViewSet):
    model = TechnologyOffer
    icon = "pick"
    menu_label = _("Công nghệ")
    edit_handler = _tabs(
        [
            FieldPanel("problem"),
            *TRANSFER,
            FieldPanel("compared_with"),
            FieldPanel("improvement"),
            FieldPanel("customers"),
            FieldPanel("certificates"),
            FieldPanel("extra_costs"),
            MultiFieldPanel(
                [
                    FieldPanel("transfer_forms"),
                    FieldPanel("transfer_rights"),
                    FieldPanel("transfer_methods"),
                ],
                heading=_("Chuyển giao"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("ip_status"),
                    FieldPanel("right_basis"),
                    FieldPanel("right_decision"),
                    FieldPanel("co_owner_share"),
                    InlinePanel("ip_rights", heading=_("Văn bằng, đơn")),
                ],
                heading=_("Quyền"),
            ),
        ]
    )


class EquipmentViewSet(ListingViewSet):
    model = Equipment
    icon = "cogs"
    menu_label = _("Thiết bị")
    edit_handler = _tabs(
        [
            *TRANSFER,
            FieldPanel("model_name"),
            FieldPanel("manufacturer"),
            FieldPanel("year_made"),
            FieldPanel("condition"),
            FieldPanel("supply_modes"),
        ]
    )


class ListingGroup(SnippetViewSetGroup):
    items = (NeedViewSet, OfferViewSet, EquipmentViewSet)
    menu_label = _("Tin đăng")
    menu_icon = "list-ul"
    menu_order = 100
