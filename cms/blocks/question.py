from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from cms.blocks.paragraph import FEATURES


class QuestionBlock(StructBlock):
    """A question as readers would ask it, and its answer."""

    question = CharBlock(label=_("Câu hỏi"), max_length=250)
    answer = RichTextBlock(label=_("Trả lời"), features=FEATURES)

    class Meta:
        label = _("Câu hỏi và trả lời")
        icon = "help"
        template = "cms/blocks/question.html"
