"""Reports of listings: by readers, and requests of authorities, each with its clock and its decision."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.listings.models.kinds import LISTING_MODELS
from marketplace.listings.models.listing import Listing


class ListingReportQuerySet(models.QuerySet["ListingReport"]):
    def open(self) -> Self:
        return self.filter(state=ListingReport.State.OPEN)

    def in_order_of_work(self) -> Self:
        return self.order_by("due_at", "pk")

    def late(self) -> Self:
        return self.open().filter(due_at__lt=clock.now())


class ListingReport(models.Model):
    """Says that a listing breaks a rule. Of a reader nothing is kept but what they wrote."""

    class Source(models.TextChoices):
        READER = "reader", _("Bạn đọc")
        AUTHORITY = "authority", _("Cơ quan nhà nước")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("phản ánh", "Chờ xử lý")
        UPHELD = "upheld", pgettext_lazy("phản ánh", "Đúng, đã gỡ tin")
        DISMISSED = "dismissed", pgettext_lazy("phản ánh", "Không có căn cứ")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    title = models.CharField(_("tên tin"), max_length=250)
    source = models.CharField(_("nguồn"), max_length=10, choices=Source)
    #: A code of `operating_rules.report_reasons`.
    reason = models.CharField(_("lý do"), max_length=20)
    text = models.TextField(_("nội dung"), blank=True)
    #: The authority and its paper; empty for readers.
    authority = models.CharField(_("cơ quan"), max_length=200, blank=True)
    document_number = models.CharField(_("số văn bản"), max_length=80, blank=True)
    received_at = models.DateTimeField(_("nhận lúc"))
    due_at = models.DateTimeField(_("hạn xử lý"))
    #: The edition of the operating rules by which the clock runs.
    rules_from = models.DateField()
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.OPEN)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(_("căn cứ quyết định"), blank=True)

    objects = ListingReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("phản ánh về tin đăng")
        verbose_name_plural = _("phản ánh về tin đăng")
        ordering: ClassVar = ["-received_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="report_in_order_of_work"),
            models.Index(fields=["kind", "key"], name="report_of_listing"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None)
                | models.Q(~models.Q(state="open"), decided_at__isnull=False),
                name="report_decided_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.reason}"

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_at < clock.now()

    def listing(self) -> Listing | None:
        return LISTING_MODELS[self.kind].objects.filter(public_id=self.key).first()
