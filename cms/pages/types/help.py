from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.pages.base import SitePage, panels
from cms.sites.showing import pages_on


class HelpPage(SitePage):
    """How somebody of one role does one thing, step by step, with pictures."""

    class Role(models.TextChoices):
        ENTERPRISE = "enterprise", _("Doanh nghiệp")
        INSTITUTE = "institute", _("Viện, trường")
        BROKER = "broker", _("Tổ chức trung gian")
        EXPERT = "expert", _("Chuyên gia")
        REGISTRAR = "registrar", _("Đơn vị đăng ký kết quả")
        STAFF = "staff", _("Cán bộ sàn")

    role = models.CharField(_("dành cho"), max_length=12, choices=Role)
    minutes = models.PositiveSmallIntegerField(
        _("mất khoảng bao nhiêu phút"), null=True, blank=True
    )

    template = "cms/pages/help.html"
    content_panels: ClassVar[list[Any]] = panels("role", "minutes")

    class Meta:
        verbose_name = _("hướng dẫn")
        verbose_name_plural = _("hướng dẫn")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        others = pages_on(HelpPage.objects.live().public(), request)
        others = others.filter(locale=self.locale, role=self.role)
        return super().get_context(request, *args, **kwargs) | {
            "others": others.exclude(pk=self.pk).order_by("path")
        }
