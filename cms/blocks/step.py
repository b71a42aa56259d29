from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.paragraph import FEATURES


class StepBlock(StructBlock):
    """One step of a guide, with a picture of what is seen there."""

    title = CharBlock(label=_("Làm gì"), max_length=150)
    text = RichTextBlock(label=_("Cách làm"), features=FEATURES)
    image = ImageChooserBlock(label=_("Hình"), required=False)
    alternative = CharBlock(
        label=_("Lời thay hình"),
        max_length=250,
        required=False,
        help_text=_("Người không xem được hình sẽ đọc hoặc nghe câu này."),
    )

    class Meta:
        label = _("Bước")
        icon = "list-ol"
        template = "cms/blocks/step.html"
