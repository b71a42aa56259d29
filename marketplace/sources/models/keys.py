from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.sources.models.sources import Source


class SourceKeyQuerySet(models.QuerySet["SourceKey"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None, source__is_active=True)


class SourceKey(models.Model):
    """By which the people of a source send its records. The key itself is shown once and not kept."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="keys")
    name = models.CharField(_("tên gọi"), max_length=120)
    #: The readable beginning, by which people tell keys apart and a request is looked up.
    prefix = models.CharField(_("bắt đầu bằng"), max_length=16, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("tạo lúc"))
    last_used_on = models.DateField(_("dùng lần cuối"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = SourceKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa gửi dữ liệu")
        verbose_name_plural = _("khóa gửi dữ liệu")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
