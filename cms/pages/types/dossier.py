from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.pages.base import InFields, panels
from cms.pages.chosen import ChosenRecord, resolve
from cms.pages.joined import joined
from cms.pages.types.article import ArticlePage
from cms.sites.showing import pages_on
from marketplace.accounts.fronts import front_of

_NEWS = 5


class DossierPage(InFields):
    """All that the exchange has on one subject: needs, technologies, results, figures and news."""

    template = "cms/pages/dossier.html"
    content_panels: ClassVar[list[Any]] = [
        *panels("field_codes"),
        InlinePanel("chosen", heading=_("Chọn riêng"), label=_("tin hoặc kết quả")),
    ]

    class Meta:
        verbose_name = _("hồ sơ chuyên đề")
        verbose_name_plural = _("hồ sơ chuyên đề")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = pages_on(ArticlePage.objects.live().public(), request).filter(locale=self.locale)
        return super().get_context(request, *args, **kwargs) | {
            "of_fields": joined(self.field_codes, front_of(request)),
            "chosen": resolve(self.chosen.all(), front_of(request)),
            "news": news.about_fields(*self.field_codes).order_by("-shown_on", "-pk")[:_NEWS],
        }


class DossierRecord(ChosenRecord, Orderable):
    dossier = ParentalKey(DossierPage, on_delete=models.CASCADE, related_name="chosen")

    panels: ClassVar[list[Any]] = [FieldPanel("address"), FieldPanel("note")]

    class Meta(Orderable.Meta):
        verbose_name = _("mục của hồ sơ chuyên đề")
