"""The exchange itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Exchange(models.Model):
    """One exchange of the installation: listings, staff scope and numbering carry it."""

    class Shows(models.TextChoices):
        """Which listings its site shows."""

        ALL = "all", _("Tin của mọi sàn, tin của sàn này đứng trước")
        OWN = "own", _("Chỉ tin của sàn này")

    name = models.CharField(_("tên sàn"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    slug = models.SlugField(_("mã"), unique=True, default="san")
    operator = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    hotline = models.CharField(_("đường dây nóng"), max_length=40, blank=True)
    email = models.EmailField(_("email liên hệ"), blank=True)
    shows = models.CharField(_("trang web hiện"), max_length=3, choices=Shows, default=Shows.ALL)

    class Meta:
        verbose_name = _("sàn giao dịch")
        verbose_name_plural = _("sàn giao dịch")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        from marketplace.accounts.fronts import forget_fronts  # noqa: PLC0415 - it is made of exchanges

        forget_fronts()

    @property
    def local_name(self) -> str:
        """What it is called in the language of the page."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @classmethod
    def default(cls) -> Exchange:
        exchange = cls.objects.order_by("pk").first()
        if exchange is None:
            exchange, _made = cls.objects.get_or_create(
                slug="san",
                defaults={
                    "name": "Sàn giao dịch công nghệ và thiết bị",
                    "name_en": "Technology and Equipment Exchange",
                },
            )
        return exchange
