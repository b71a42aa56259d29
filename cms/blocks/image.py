from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock


class ImageBlock(StructBlock):
    """A picture that says something; what only decorates has no place in a text."""

    image = ImageChooserBlock(label=_("Hình"))
    alternative = CharBlock(
        label=_("Lời thay hình"),
        max_length=250,
        help_text=_("Người không xem được hình sẽ đọc hoặc nghe câu này."),
    )
    caption = CharBlock(label=_("Chú thích"), max_length=250, required=False)

    class Meta:
        label = _("Hình có lời thay")
        icon = "image"
        template = "cms/blocks/image.html"
