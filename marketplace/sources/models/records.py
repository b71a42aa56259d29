import zlib
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.sources.models.runs import Run
from marketplace.sources.models.sources import Source

#: The format of a tombstone: the source says that the record is no more.
DELETED = "deleted"


class RecordType(models.TextChoices):
    RESULT = "result", _("Kết quả")
    TASK = "task", _("Nhiệm vụ")
    APPLICATION = "application", _("Ứng dụng kết quả")


#: The registers in which one thing may stand twice: a report on a use is told apart by what it names.
LINKED: Final = [(one.value, one.label) for one in (RecordType.RESULT, RecordType.TASK)]


class UndoOutcome(models.TextChoices):
    """What came of a version when its run was undone; empty where it was not."""

    UNDONE = "undone", _("đã hoàn tác")
    #: A later run has brought the record since: that version stands.
    LATER = "later", _("giữ nguyên: lần nhập sau đã thay bản ghi này")
    #: Fields that staff corrected since stay as they are.
    PARTLY = "partly", _("hoàn tác trừ các trường cán bộ đã sửa")
    #: Staff took the row down since: it stays down.
    WITHDRAWN = "withdrawn", _("giữ nguyên: cán bộ đã gỡ bản ghi này")


class RawRecordQuerySet(models.QuerySet["RawRecord"]):
    def of(
        self, source: str, identifier: str, *, record_type: str = RecordType.RESULT
    ) -> "RawRecordQuerySet":
        """The received versions of one record, the newest first."""
        return self.filter(
            source__slug=source, identifier=identifier, record_type=record_type
        ).order_by("-pk")


class RawRecord(models.Model):
    """One received version of a record, as it was received: where the values of the row are from.

    A version that says what the row says already is not kept again.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="raw_records", db_index=False)
    #: The record's `source_id`.
    identifier = models.CharField(_("mã trong nguồn"), max_length=120)
    run = models.ForeignKey(Run, models.PROTECT, related_name="raw_records")
    record_type = models.CharField(max_length=12, choices=RecordType, default=RecordType.RESULT)
    #: "jsonl", "csv", "oai_dc" …, or DELETED.
    format = models.CharField(_("định dạng"), max_length=20)
    compressed = models.BinaryField(editable=False)
    #: Of the bytes and of the way they are read: the same again needs no reading.
    raw_hash = models.CharField(max_length=32, editable=False)
    #: Of the record as read: which version of the row came of it.
    content_hash = models.CharField(max_length=32, editable=False)
    #: Values that could not be read are said at each run, so such a record is always read again.
    has_remarks = models.BooleanField(default=False, editable=False)
    #: Field → its value before; null where this version made the row. The keys are the fields whose
    #: value is from here, until a later version names them.
    before = models.JSONField(null=True, editable=False)
    undo_outcome = models.CharField(
        _("khi hoàn tác"),
        max_length=9,
        choices=UndoOutcome,
        blank=True,
        db_default="",
        editable=False,
    )
    received_at = models.DateTimeField(_("nhận lúc"))

    objects = RawRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản ghi gốc")
        verbose_name_plural = _("bản ghi gốc")
        indexes = [
            models.Index(fields=["source", "identifier"], name="raw_record_of"),
            models.Index(fields=["source", "raw_hash"], name="raw_record_known"),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def is_tombstone(self) -> bool:
        return self.format == DELETED

    @property
    def raw(self) -> bytes:
        return zlib.decompress(self.compressed) if self.compressed else b""
