"""Files brought in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One file brought in: what came of it, and where the report of refused records lies."""

    file_name = models.CharField(_("tệp"), max_length=200)
    source = models.CharField(_("nguồn"), max_length=60)
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    #: Empty where it was interrupted: bringing the file in again goes on from there.
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    records_done = models.PositiveBigIntegerField(_("bản ghi đã đọc"), default=0)
    created = models.PositiveBigIntegerField(_("thêm mới"), default=0)
    updated = models.PositiveBigIntegerField(_("cập nhật"), default=0)
    unchanged = models.PositiveBigIntegerField(_("không đổi"), default=0)
    refused = models.PositiveBigIntegerField(_("bị từ chối"), default=0)
    problem = models.CharField(_("lỗi của tệp"), max_length=300, blank=True)
    report_path = models.CharField(_("báo cáo"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
