"""Keys of other systems: for sending a source's records, and for reading what a source shares."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.access_keys import AccessKey
from marketplace.sources.models.sources import Sharing, Source


class DailyUsedKey(AccessKey):
    last_used_on = models.DateField(_("dùng lần cuối"), null=True, blank=True, editable=False)

    class Meta(AccessKey.Meta):
        abstract = True


class SourceKeyQuerySet(models.QuerySet["SourceKey"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None, source__is_active=True)


class SourceKey(DailyUsedKey):
    """By which the people of a source send its records."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="keys")

    objects = SourceKeyQuerySet.as_manager()

    class Meta(DailyUsedKey.Meta):
        abstract = False
        verbose_name = _("khóa gửi dữ liệu")
        verbose_name_plural = _("khóa gửi dữ liệu")


class SharingAgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def in_force(self) -> Self:
        """Those that hold today, of sources that are shared with ministries at all."""
        today = clock.today()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=today),
            valid_from__lte=today,
            source__sharing=Sharing.MINISTRIES,
            source__is_sandbox=False,
        )


class SharingAgreement(models.Model):
    """A ministry may read a source that is not for everybody, from a day to a day."""

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="agreements", verbose_name=_("nguồn")
    )
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="sharing_agreements",
        verbose_name=_("bên được đọc"),
    )
    number = models.CharField(_("số thỏa thuận"), max_length=120)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("thỏa thuận chia sẻ")
        verbose_name_plural = _("thỏa thuận chia sẻ")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="sharing_agreement_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.organization}"


class ReaderKeyQuerySet(models.QuerySet["ReaderKey"]):
    def usable(self) -> Self:
        in_force = SharingAgreement.objects.in_force()
        return self.filter(revoked_at=None, agreement__in=in_force)


class ReaderKey(DailyUsedKey):
    """By which the other side of an agreement reads the source."""

    agreement = models.ForeignKey(SharingAgreement, models.PROTECT, related_name="keys")

    objects = ReaderKeyQuerySet.as_manager()

    class Meta(DailyUsedKey.Meta):
        abstract = False
        verbose_name = _("khóa đọc dữ liệu")
        verbose_name_plural = _("khóa đọc dữ liệu")
