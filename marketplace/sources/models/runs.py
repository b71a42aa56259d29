from typing import Final, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.sources.models.sources import Source, SourceKind


class Run(models.Model):
    """One reading of a source: a file brought in, a harvest, a push, and what came of it."""

    kind = models.CharField(_("cách nhập"), max_length=10, choices=SourceKind, default="file")
    file_name = models.CharField(_("tệp"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        to_field="slug",
        db_column="source",
        related_name="runs",
        verbose_name=_("nguồn"),
    )
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    #: Empty where it was interrupted: bringing the records in again goes on from there.
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    records_done = models.PositiveBigIntegerField(_("bản ghi đã đọc"), default=0)
    created = models.PositiveBigIntegerField(_("thêm mới"), default=0)
    updated = models.PositiveBigIntegerField(_("cập nhật"), default=0)
    unchanged = models.PositiveBigIntegerField(_("không đổi"), default=0)
    deleted = models.PositiveBigIntegerField(_("đã gỡ theo nguồn"), default=0)
    refused = models.PositiveBigIntegerField(_("bị từ chối"), default=0)
    conflicts = models.PositiveBigIntegerField(_("khác với giá trị đã sửa"), default=0)
    problem = models.CharField(_("lỗi khi đọc"), max_length=300, blank=True)
    report_path = models.CharField(_("báo cáo"), max_length=300, blank=True)
    #: Versions that could not be undone, or not wholly: `RawRecord.undo_outcome` says why.
    undo_left = models.PositiveBigIntegerField(
        _("không hoàn tác được"), default=0, db_default=0, editable=False
    )
    #: Set when the undoing is asked for; it is done when `undone_at` is.
    undo_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("người hoàn tác"),
    )

    class Meta:
        # The table of the first release, whose rows are kept.
        db_table = "research_importrun"
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or self.source_id


#: The rule of values that lost letters on their way, or are in an unknown encoding.
DAMAGED_TEXT: Final = "text.damaged"


class FaultQuerySet(models.QuerySet["Fault"]):
    def damaged(self) -> Self:
        """Values that lost letters; those of runs that were undone are gone with their rows."""
        return self.filter(rule=DAMAGED_TEXT, run__undone_at=None)


class Fault(models.Model):
    """What was refused of a run, or left out: one line of the report that its source can act on."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="faults")
    line = models.PositiveBigIntegerField(_("dòng"))
    is_refusal = models.BooleanField(_("bị từ chối"))
    #: As the source calls it; empty where the record as a whole is meant.
    column = models.CharField(_("cột"), max_length=200, blank=True)
    #: A code of `sources.rules`.
    rule = models.CharField(_("quy tắc"), max_length=40)
    reason = models.CharField(_("lý do"), max_length=500)
    #: The beginning of the value; never of a record with secrecy.
    value = models.CharField(_("giá trị"), max_length=120, blank=True)
    #: The record and our field that are meant; empty where no record came of it, and in rows of before.
    source_id = models.CharField(
        _("mã trong nguồn"), max_length=120, blank=True, db_default="", editable=False
    )
    field = models.CharField(_("trường"), max_length=40, blank=True, db_default="", editable=False)

    objects = FaultQuerySet.as_manager()

    class Meta:
        verbose_name = _("lỗi của bản ghi")
        verbose_name_plural = _("lỗi của bản ghi")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["source_id", "field"],
                condition=models.Q(rule=DAMAGED_TEXT),
                name="fault_damaged_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
