"""The contract record: drawn from accepted terms, confirmed by both, signed and registered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal
from marketplace.deals.models.terms import TermSheet
from marketplace.deals.registering import RegistrationDuty, TransferFacts, duty_of
from marketplace.deals.states import ContractState


class Direction(models.TextChoices):
    DOMESTIC = "domestic", _("Trong nước")
    IN = "in", _("Từ nước ngoài vào Việt Nam")
    OUT = "out", _("Từ Việt Nam ra nước ngoài")


class ContractRecord(models.Model):
    """The text of a contract as both sides confirm it. It is kept, whatever its terms become later."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="contracts")
    sheet = models.ForeignKey(TermSheet, models.PROTECT, related_name="contracts")
    #: Edition of the template, as in `data/contract.toml`.
    edition = models.CharField(max_length=20)
    #: Lines of the contract: [heading, text].
    sections = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ContractState, default=ContractState.DRAFT)
    drawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    # What registration and the statistics of technology transfer ask for.
    direction = models.CharField(
        _("chiều chuyển giao"), max_length=10, choices=Direction, default=Direction.DOMESTIC
    )
    is_transfer = models.BooleanField(_("có chuyển giao công nghệ"), default=True)
    uses_state_funds = models.BooleanField(_("có dùng vốn nhà nước"), default=False)
    has_certificate = models.BooleanField(_("kết quả đã có giấy chứng nhận đăng ký"), default=False)
    is_licensed = models.BooleanField(_("công nghệ hạn chế đã được cấp phép"), default=False)
    transfer_form = models.CharField(_("hình thức chuyển giao"), max_length=40, blank=True)
    transfer_methods = models.JSONField(_("phương thức chuyển giao"), default=list, blank=True)
    country = models.CharField(_("nước đối tác"), max_length=60, blank=True)
    registration_number = models.CharField(_("số đăng ký"), max_length=60, blank=True)
    registered_on = models.DateField(_("ngày đăng ký"), null=True, blank=True)
    #: The last day to register by, and when the clock reminds of it next.
    register_by = models.DateField(null=True, blank=True)
    remind_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("hồ sơ hợp đồng")
        verbose_name_plural = _("hồ sơ hợp đồng")
        ordering: ClassVar = ["-drawn_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal"], condition=~Q(state="discarded"), name="contract_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at=None)),
                name="contract_confirmed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(registration_number="", registered_on=None)
                | (~Q(registration_number="") & Q(registered_on__isnull=False)),
                name="contract_registered_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["remind_on"],
                condition=Q(remind_on__isnull=False),
                name="contract_reminders",
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal} · {self.sha256[:12]}"

    @property
    def duty(self) -> RegistrationDuty:
        """Whether it is to be registered: from the day of confirmation, or as of today before it."""
        facts = TransferFacts(
            direction=self.direction,
            is_transfer=self.is_transfer,
            uses_state_funds=self.uses_state_funds,
            has_certificate=self.has_certificate,
            is_licensed=self.is_licensed,
        )
        moment = self.confirmed_at or clock.now()
        return duty_of(facts, signed_on=moment.astimezone(clock.VIETNAM).date())


class ContractPaper(models.Model):
    """A PDF of a contract in force as it was handed out; what comes back signed begins with its bytes."""

    contract = models.ForeignKey(ContractRecord, models.PROTECT, related_name="papers")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bản in của hợp đồng")
        verbose_name_plural = _("bản in của hợp đồng")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "sha256"], name="contract_paper_once"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class ContractConfirmation(models.Model):
    """One side confirms the text, by its hash and with a second factor."""

    contract = models.ForeignKey(ContractRecord, models.PROTECT, related_name="confirmations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signed_as = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("xác nhận hợp đồng")
        verbose_name_plural = _("xác nhận hợp đồng")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "organization"], name="contract_confirmed_once_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.sha256[:12]}"


class SignedCopy(models.Model):
    """The signed contract as a file: scanned paper, or a PDF that carries digital signatures."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    contract = models.ForeignKey(ContractRecord, models.PROTECT, related_name="copies")
    file = models.FileField(storage=private_storage, upload_to=stored_name)
    display_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    #: Signatures that the file says it holds.
    signatures = models.PositiveSmallIntegerField(default=0)
    #: What they say (`deals.pades`); by what and when that was found out, empty until then.
    checked = models.JSONField(default=dict, blank=True)
    checked_with = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bản hợp đồng đã ký")
        verbose_name_plural = _("bản hợp đồng đã ký")
        ordering: ClassVar = ["uploaded_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "sha256"], name="signed_copy_once"),
        ]

    def __str__(self) -> str:
        return self.display_name
