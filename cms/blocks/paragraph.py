from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class ParagraphBlock(RichTextBlock):
    def __init__(self, **options: object) -> None:
        super().__init__(features=FEATURES, **options)

    class Meta:
        label = _("Đoạn văn")
        icon = "pilcrow"
        template = "cms/blocks/paragraph.html"
