from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.sources.models.records import RecordType
from marketplace.sources.models.runs import Run
from marketplace.sources.models.sources import Source


class UploadQuerySet(models.QuerySet["Upload"]):
    def waiting(self) -> Self:
        return self.filter(state=Upload.State.ASKED).order_by("asked_at", "pk")


class Upload(models.Model):
    """A file that staff are about to bring in: looked at first, read into the registers when asked."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", _("Đang xem trước")
        ASKED = "asked", _("Đang nhập")
        DONE = "done", _("Đã nhập")
        DROPPED = "dropped", _("Đã bỏ")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    file = models.FileField(storage=private_storage, upload_to=stored_name)
    display_name = models.CharField(_("tệp"), max_length=200)
    size = models.PositiveBigIntegerField(_("dung lượng"))
    records = models.PositiveBigIntegerField(_("bản ghi"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("nguồn"))
    #: Column → field, or "" where it is left out; what is not named follows the usual names.
    columns = models.JSONField(default=dict)
    #: What its rows are where they do not say so themselves.
    kind = models.CharField(
        _("bản ghi"), max_length=12, choices=RecordType, default=RecordType.RESULT
    )
    state = models.CharField(max_length=10, choices=State, default=State.LOOKED_AT)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp chờ nhập")
        verbose_name_plural = _("tệp chờ nhập")

    def __str__(self) -> str:
        return self.display_name
