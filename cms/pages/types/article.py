from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from cms.pages.base import InFields, SitePage, panels
from marketplace.core import clock

_RELATED = 4


class ArticlePage(InFields, SitePage):
    """News. Its day is that of the news, whenever it was typed in."""

    shown_on = models.DateField(_("ngày đăng"), default=clock.today, db_index=True)
    source = models.CharField(
        _("nguồn"),
        max_length=150,
        blank=True,
        help_text=_(
            "Lấy tin từ đâu, thí dụ: Báo Khoa học và Phát triển. Để trống nếu là tin của sàn."
        ),
    )
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hình"),
    )
    picture_text = models.CharField(
        _("lời thay hình"),
        max_length=250,
        blank=True,
        help_text=_("Người không xem được hình sẽ đọc hoặc nghe câu này."),
    )

    template = "cms/pages/article.html"
    content_panels: ClassVar[list[Any]] = panels(
        "shown_on",
        MultiFieldPanel(
            [FieldPanel("source"), FieldPanel("source_url")], heading=_("Dòng ghi nguồn")
        ),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_text")], heading=_("Hình")),
        "field_codes",
    )

    class Meta:
        verbose_name = _("tin")
        verbose_name_plural = _("tin")

    def own_words(self) -> list[str]:
        return [self.source]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"related": self.related()}

    def related(self) -> list["ArticlePage"]:
        """Others of its fields, then the newest of its section."""
        others = (
            ArticlePage.objects.live().filter(locale=self.locale).exclude(pk=self.pk)
        ).order_by("-shown_on", "-pk")
        found = list(others.about_fields(*self.field_codes)[:_RELATED]) if self.field_codes else []
        missing = _RELATED - len(found)
        if missing:
            known = [page.pk for page in found]
            found += others.sibling_of(self).exclude(pk__in=known)[:missing]
        return found
