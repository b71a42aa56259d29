from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from cms.pages.base import SitePage, panels
from marketplace.core import clock


class LegalDocumentPage(SitePage):
    """A law, a decree, a decision: its number, who issued it, since when and until when it holds."""

    number = models.CharField(_("số, ký hiệu"), max_length=60)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    issued_on = models.DateField(_("ngày ban hành"))
    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hết hiệu lực sau ngày"), null=True, blank=True)
    file = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp"),
    )
    source_url = models.URLField(_("địa chỉ bản gốc"), max_length=500, blank=True)

    template = "cms/pages/legal.html"
    content_panels: ClassVar[list[Any]] = panels(
        "number",
        "issuer",
        "issued_on",
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        "file",
        "source_url",
    )

    class Meta:
        verbose_name = _("văn bản pháp luật")
        verbose_name_plural = _("văn bản pháp luật")

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("Ngày hết hiệu lực đứng trước ngày có hiệu lực.")})

    @property
    def standing(self) -> str:
        """ "not_yet", "in_force" or "over": as of today in Vietnam."""
        today = clock.today()
        if self.valid_to and self.valid_to < today:
            return "over"
        if self.valid_from and self.valid_from > today:
            return "not_yet"
        return "in_force"

    def own_words(self) -> list[str]:
        return [self.number, self.issuer]
