from django.utils.translation import gettext_lazy as _

from cms.pages.base import SitePage


class FaqPage(SitePage):
    """Questions and answers; each is a block of its own, between headings."""

    template = "cms/pages/faq.html"

    class Meta:
        verbose_name = _("hỏi đáp")
        verbose_name_plural = _("hỏi đáp")

    @property
    def questions(self) -> list[dict[str, str]]:
        """For machines: schema.org's FAQPage."""
        return [
            {"question": block.value["question"], "answer": str(block.value["answer"])}
            for block in self.body
            if block.block_type == "question"
        ]
