"""Double entry: each posting is one row that names the account it debits and the one it credits, so no
posting can be out of balance. Rows are only ever added (`ledger_guard`)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Exchange, Organization
from marketplace.core import clock
from marketplace.payments.models.payments import Payment
from marketplace.payments.money import Money


class LedgerKind(models.TextChoices):
    """The accounts of one party's book."""

    OWED_BY_US = "payable", _("Phải trả")
    COST = "cost", _("Chi phí theo thỏa thuận")
    PAID = "paid", _("Đã chi từ tài khoản của mình")
    OWED_TO_US = "receivable", _("Phải thu")
    INCOME = "income", _("Doanh thu theo thỏa thuận")
    BANK = "bank", _("Đã nhận vào tài khoản của mình")


class LedgerAccount(models.Model):
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="ledger_accounts"
    )
    exchange = models.ForeignKey(
        Exchange, models.PROTECT, null=True, blank=True, related_name="ledger_accounts"
    )
    kind = models.CharField(max_length=10, choices=LedgerKind)
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("tài khoản sổ cái")
        verbose_name_plural = _("tài khoản sổ cái")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, exchange__isnull=True)
                | Q(organization__isnull=True, exchange__isnull=False),
                name="ledger_account_of_one",
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "currency"],
                condition=Q(organization__isnull=False),
                name="ledger_account_once",
            ),
            models.UniqueConstraint(
                fields=["exchange", "kind", "currency"],
                condition=Q(exchange__isnull=False),
                name="ledger_account_of_exchange_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.currency}"


class PostingQuerySet(models.QuerySet):
    def update(self, **values: Any) -> int:
        raise TypeError("postings are only ever added")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("postings are only ever added")


class Posting(models.Model):
    #: The fact it writes down, as `receipt:k3f9…:payee`. Once each.
    key = models.CharField(max_length=120, unique=True)
    debit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="credits")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="postings")
    #: "agreed", "received", "given_up" or "refunded".
    what = models.CharField(max_length=10)
    posted_on = models.DateField()
    posted_at = models.DateTimeField(default=clock.now)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bút toán")
        verbose_name_plural = _("bút toán")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="posting_of_something"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="posting_between_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class ExchangeRate(models.Model):
    """What one currency was worth in another on a day, and who says so."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=8)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("tỷ giá")
        verbose_name_plural = _("tỷ giá")
        ordering: ClassVar = ["-on", "base", "quote"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on}"
