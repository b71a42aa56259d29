from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock


class QuotationBlock(StructBlock):
    """Words of somebody, or a sentence that is set apart when nobody is named."""

    text = TextBlock(label=_("Lời"), rows=3, max_length=600)
    by = CharBlock(
        label=_("Của ai"),
        max_length=150,
        required=False,
        help_text=_("Để trống thì thành một lời nhắc."),
    )

    class Meta:
        label = _("Trích dẫn hoặc lời nhắc")
        icon = "openquote"
        template = "cms/blocks/quotation.html"
