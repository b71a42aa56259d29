"""A payment from one party to the other's own account, what came of it, and what went back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.deals.models import Dispute, Milestone
from marketplace.payments.models.accounts import (
    VIEW,
    PayeeAccount,
    is_staff_for_money,
    money_of,
)
from marketplace.payments.money import Money
from marketplace.payments.states import OPEN_STATES, UNPAID_STATES, PaymentState, RefundState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Provider(models.TextChoices):
    TRANSFER = "transfer", _("Chuyển khoản (VietQR)")
    STRIPE = "stripe", _("Thẻ, qua Stripe")
    RECORDED = "recorded", _("Cán bộ ghi nhận")
    DEMO_CARD = "demo_card", _("Thẻ giả (chỉ để thử)")


#: Those that a machine of somebody else's runs, and that answer later.
REMOTE = (Provider.STRIPE, Provider.DEMO_CARD)


class Purpose(models.TextChoices):
    MILESTONE = "milestone", _("Đợt thanh toán của giao dịch")
    FEE = "fee", _("Phí dịch vụ của sàn")


class PaymentQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of who moves either side's money; of the exchange's finance its own fees, and what a provider or the
        books do not bear out."""
        seen = _paid_by(user) | _paid_to(user)
        if is_staff_for_money(user, VIEW):
            doubtful = Payment.objects.filter(desk_items__isnull=False, desk_items__line=None)
            seen |= Q(payee_exchange__isnull=False) | Q(pk__in=doubtful.values("pk"))
        return self.filter(seen)

    def payable_by(self, user: User | AnonymousUser) -> Self:
        """Of who moves the payer's money, or sits for it in the deal."""
        return self.filter(_paid_by(user))

    def receivable_by(self, user: User | AnonymousUser) -> Self:
        """Who says for the payee that the money is there: its own people; staff for the exchange's fees."""
        own = _paid_to(user)
        if is_staff_for_money(user):
            own |= Q(payee_exchange__isnull=False)
        return self.filter(own)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def with_sides(self) -> Self:
        return self.select_related("payer", "payee", "payee_exchange", "account")

    def with_disputes(self) -> Self:
        """Says of each whether its milestone, or the whole deal, is disputed."""
        about = Dispute.objects.open().about(OuterRef("milestone"))
        return self.annotate(is_disputed=Exists(about))


def _paid_by(user: User | AnonymousUser) -> Q:
    return Q(payer__in=money_of(user)) | Q(milestone__in=Milestone.objects.bought_by(user))


def _paid_to(user: User | AnonymousUser) -> Q:
    return Q(payee__in=money_of(user)) | Q(milestone__in=Milestone.objects.sold_by(user))


class Payment(models.Model):
    """Names who pays, who is paid, and into which account of theirs. Its public id is the key under which
    the provider is called, so that no repeat makes a second one."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: What the payer writes as content of the transfer.
    reference = models.CharField(max_length=16, unique=True, editable=False)
    payer = models.ForeignKey(Organization, models.PROTECT, related_name="payments_made")
    payee = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="payments_taken"
    )
    payee_exchange = models.ForeignKey(
        Exchange, models.PROTECT, null=True, blank=True, related_name="fees_taken"
    )
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=10, choices=Provider, default=Provider.TRANSFER)
    purpose = models.CharField(max_length=10, choices=Purpose)
    #: What it is for, as `milestone:k3f9…` or `fee:mediation:…`; one open payment for each.
    subject = models.CharField(max_length=80)
    title = models.CharField(_("nội dung"), max_length=300)
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    amount = models.PositiveBigIntegerField(_("số tiền"))
    currency = models.CharField(max_length=3, default="VND")
    received = models.PositiveBigIntegerField(default=0)
    refunded = models.PositiveBigIntegerField(default=0)
    due_on = models.DateField(_("hạn thanh toán"), null=True, blank=True)

    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.PREPARED)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: The provider's name for it, and for the money itself once there is some.
    provider_reference = models.CharField(max_length=255, blank=True, db_index=True)
    provider_charge = models.CharField(max_length=255, blank=True, db_index=True)
    checkout_url = models.TextField(blank=True)
    #: When the provider is to be called or asked again; none where there is nothing to ask.
    next_try_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: The state both sides were told of last; the tick that tells finds the rows where it lags.
    told = models.CharField(max_length=10, blank=True)

    #: Of rows that were fetched `with_disputes`.
    is_disputed = False

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("khoản thanh toán")
        verbose_name_plural = _("khoản thanh toán")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(payee__isnull=False, payee_exchange__isnull=True)
                | Q(payee__isnull=True, payee_exchange__isnull=False),
                name="payment_to_one",
            ),
            models.CheckConstraint(
                condition=Q(payee__isnull=True) | ~Q(payee=F("payer")),
                name="payment_between_two",
            ),
            models.CheckConstraint(
                condition=Q(milestone__isnull=True) | Q(purpose="milestone"),
                name="payment_of_milestone_says_so",
            ),
            #: The exchange receives its fees and nothing else.
            models.CheckConstraint(
                condition=Q(purpose="fee", payee_exchange__isnull=False)
                | Q(purpose="milestone", payee_exchange__isnull=True),
                name="payment_exchange_takes_fees_alone",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False, received__gte=F("amount"))
                | ~Q(state="settled"),
                name="payment_settled_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="partial", received__gt=0, received__lt=F("amount"))
                | ~Q(state="partial"),
                name="payment_partial_is_part",
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("received")), name="payment_refunds_what_came"
            ),
            models.CheckConstraint(
                condition=Q(state="refunded", refunded=F("received"), refunded__gt=0)
                | ~Q(state="refunded"),
                name="payment_refunded_is_back",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["cancelled", "failed"], ended_at__isnull=False, received=0)
                | ~Q(state__in=["cancelled", "failed"]),
                name="payment_ended_took_nothing",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=["prepared", "waiting", "partial", "settled"]),
                name="payment_once_for_each",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="payment_next_try",
            ),
            models.Index(fields=["account", "state"], name="payment_of_account"),
            models.Index(fields=["id"], condition=~Q(told=F("state")), name="payment_to_tell"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("payments:payment", args=[self.public_id])

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def received_money(self) -> Money:
        return Money(self.received, self.currency)

    @property
    def missing(self) -> Money:
        return Money(max(self.amount - self.received, 0), self.currency)

    @property
    def to_owner(self) -> Organization | Exchange:
        owner = self.payee or self.payee_exchange
        assert owner is not None
        return owner

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unpaid(self) -> bool:
        return self.state in UNPAID_STATES

    @property
    def is_settled(self) -> bool:
        return self.state == PaymentState.SETTLED

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < clock.today()


class Receipt(models.Model):
    """Money that came in for a payment: by a line of a statement, a provider's charge or a person's word."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="receipts")
    #: What it is the money of: `line:…`, `stripe:…`, `recorded:…`. Once each, whatever is repeated.
    key = models.CharField(max_length=300, unique=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    recorded_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ghi nhận"),
    )
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("khoản đã nhận")
        verbose_name_plural = _("khoản đã nhận")
        ordering: ClassVar = ["received_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Refund(models.Model):
    """Money that goes back. Its public id is the key under which the provider is called."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(_("lý do"), max_length=300)
    state = models.CharField(max_length=8, choices=RefundState, default=RefundState.ASKED)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người đề nghị")
    )
    asked_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    #: The bank's or the provider's name for it.
    reference = models.CharField(max_length=255, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("khoản hoàn tiền")
        verbose_name_plural = _("khoản hoàn tiền")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done"),
                name="refund_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.currency)


class TaxInvoice(models.Model):
    """The statutory e-invoice, issued elsewhere: its number, its code and its XML are kept here."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="invoices")
    series = models.CharField(_("ký hiệu"), max_length=20)
    number = models.CharField(_("số hóa đơn"), max_length=20)
    #: The tax authority's code, where the invoice has one.
    authority_code = models.CharField(_("mã của cơ quan thuế"), max_length=40, blank=True)
    issued_on = models.DateField(_("ngày lập"))
    file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người thêm")
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("hóa đơn điện tử")
        verbose_name_plural = _("hóa đơn điện tử")
        ordering: ClassVar = ["issued_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment", "series", "number"], name="tax_invoice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.number}"
