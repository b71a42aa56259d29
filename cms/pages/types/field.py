from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.pages.base import SitePage, panels
from cms.pages.joined import joined
from cms.pages.types.article import ArticlePage
from cms.sites.showing import pages_on
from marketplace.accounts.fronts import front_of


class FieldPage(SitePage):
    """What staff write of one field, above what the register shows of it at an address of its own."""

    field_code = models.CharField(_("lĩnh vực khoa học và công nghệ"), max_length=10)

    template = "cms/pages/field.html"
    content_panels: ClassVar[list[Any]] = panels("field_code")

    class Meta:
        verbose_name = _("trang lĩnh vực")
        verbose_name_plural = _("trang lĩnh vực")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = pages_on(ArticlePage.objects.live().public(), request).filter(locale=self.locale)
        return super().get_context(request, *args, **kwargs) | {
            "register_url": reverse("research:field", args=[self.field_code]),
            "of_fields": joined([self.field_code], front_of(request)),
            "news": news.about_fields(self.field_code).order_by("-shown_on", "-pk")[:5],
        }
