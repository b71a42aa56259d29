"""The certificate of registration: one a result, its number drawn once, its file made once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.registration.models.dossiers import Dossier
from marketplace.registration.models.focal_points import FocalPoint
from marketplace.registration.states import CopyState


class NumberCounter(models.Model):
    """The last number drawn in one series; its row is locked until the issue is committed."""

    focal_point = models.ForeignKey(FocalPoint, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["focal_point", "series", "year"], name="number_counter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class Certificate(models.Model):
    """Giấy chứng nhận đăng ký kết quả. What it prints is kept as it was on the day of issue."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="certificate")
    result = models.OneToOneField(
        "research.Result", models.PROTECT, related_name="certificate", verbose_name=_("kết quả")
    )
    focal_point = models.ForeignKey(FocalPoint, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField(_("năm"))
    sequence = models.PositiveIntegerField(_("số thứ tự"))
    number = models.CharField(_("số giấy chứng nhận"), max_length=60, unique=True)
    archive_number = models.CharField(_("số hồ sơ lưu"), max_length=60, blank=True)
    #: What the QR code leads to; nobody finds a certificate by trying.
    code = models.CharField(max_length=24, unique=True)
    issued_on = models.DateField(_("ngày cấp"))
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: Everything the paper says, so that a later change elsewhere never changes it.
    printed = models.JSONField(default=dict)
    #: Empty until the tick `registration.certificates` has made it; then it never changes.
    file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["focal_point", "year", "sequence"], name="certificate_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="certificate_sequence_from_1"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(file=""), name="certificate_to_print")
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("registration:verify", args=[self.code])


class CertifiedCopy(models.Model):
    """A certified copy: asked for by the organisation, numbered and logged by who issues it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="copies")
    state = models.CharField(max_length=10, choices=CopyState, default=CopyState.REQUESTED)
    purpose = models.CharField(_("dùng vào việc"), max_length=300)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("đề nghị lúc"))
    sequence = models.PositiveIntegerField(_("bản sao số"), null=True, blank=True)
    issued_at = models.DateTimeField(_("cấp lúc"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("bản sao giấy chứng nhận")
        verbose_name_plural = _("bản sao giấy chứng nhận")
        ordering: ClassVar = ["requested_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "sequence"], name="certified_copy_once"),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(sequence__isnull=False, issued_at__isnull=False),
                name="certified_copy_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}/{self.sequence or '—'}"
