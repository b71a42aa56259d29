from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock


class TableBlock(TypedTableBlock):
    """A table of texts with a heading above each column."""

    def __init__(self, **options: object) -> None:
        super().__init__([("text", CharBlock(label=_("Chữ"), required=False))], **options)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Each cell with the heading above it: on a phone they stand side by side."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        headings = [column["heading"] for column in value.columns]
        return context | {
            "headings": headings,
            "rows": [list(zip(headings, row, strict=True)) for row in value.rows],
        }

    class Meta:
        label = _("Bảng")
        icon = "table"
        template = "cms/blocks/table.html"
