from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock


class HeadingBlock(CharBlock):
    """A heading below the page's title; smaller ones belong into the paragraphs."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=150, **options)

    class Meta:
        label = _("Đề mục")
        icon = "title"
        template = "cms/blocks/heading.html"
