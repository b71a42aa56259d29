from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock


class FigureBlock(StructBlock):
    label = CharBlock(label=_("Là số gì"), max_length=100)
    value = CharBlock(label=_("Số, kèm đơn vị"), max_length=60)
    note = CharBlock(label=_("Ghi chú"), max_length=150, required=False)


class FiguresBlock(ListBlock):
    """Numbers worth a glance, beside each other."""

    def __init__(self, **options: Any) -> None:
        super().__init__(FigureBlock(), **options)

    class Meta:
        label = _("Số liệu")
        icon = "table"
        template = "cms/blocks/figures.html"
