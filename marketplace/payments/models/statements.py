"""Statements of a payee's account, their lines, and the desk of what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.payments.models.accounts import PayeeAccount, is_staff_for_money, money_of
from marketplace.payments.models.payments import Payment
from marketplace.payments.money import Money
from marketplace.payments.states import DeskKind, DeskState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class StatementQuerySet(models.QuerySet):
    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Of who moves the account's owner's money."""
        return self.filter(account__in=PayeeAccount.objects.editable_by(user))


class Statement(models.Model):
    """A file of a bank as its account's owner sent it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="statements")
    form = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines_count = models.PositiveIntegerField(default=0)
    #: Lines that were in an earlier statement already.
    known_count = models.PositiveIntegerField(default=0)
    matched_count = models.PositiveIntegerField(default=0)
    imported_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người nhập")
    )
    imported_at = models.DateTimeField(default=clock.now)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("sao kê")
        verbose_name_plural = _("sao kê")
        ordering: ClassVar = ["-imported_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sha256"], name="statement_once"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("payments:statement", args=[self.public_id])


class StatementLine(models.Model):
    """Money that came in, as the bank says. What other people wrote is kept only as long as it is needed."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="+")
    #: The bank's own name for it, or a hash of the line with its place among equal ones.
    bank_key = models.CharField(max_length=80)
    booked_on = models.DateField()
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    content = models.CharField(max_length=500, blank=True)
    #: "new", "matched", "desk" or "ignored".
    state = models.CharField(max_length=8, default="new")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="lines"
    )

    class Meta:
        verbose_name = _("dòng sao kê")
        verbose_name_plural = _("dòng sao kê")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "bank_key"], name="statement_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_line_came_in"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["statement", "state"], name="statement_line_state"),
        ]

    def __str__(self) -> str:
        return self.bank_key

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class DeskItemQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=DeskState.OPEN)

    def decidable_by(self, user: User | AnonymousUser) -> Self:
        """Of the payee's own people. What stands in a party's statement is none of the staff's business: they
        see to the exchange's own account, and to what a provider or the books do not bear out."""
        own = Q(account__organization__in=money_of(user))
        if is_staff_for_money(user):
            own |= Q(account__exchange__isnull=False) | Q(line=None)
        return self.filter(own)

    def with_all(self) -> Self:
        return self.select_related(
            "line", "payment", "payment__payer", "account", "account__organization"
        )


class DeskItem(models.Model):
    """Something a person has to look at: what was expected, what came, and what was decided."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: Once for each thing, however often it is found.
    key = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=10, choices=DeskKind)
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="desk_items")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="desk_items"
    )
    line = models.OneToOneField(
        StatementLine, models.CASCADE, null=True, blank=True, related_name="desk_item"
    )
    amount = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=6, choices=DeskState, default=DeskState.OPEN)
    found_at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DeskItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("việc đối soát")
        verbose_name_plural = _("việc đối soát")
        ordering: ClassVar = ["found_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (Q(state="closed", decided_at__isnull=False) & ~Q(decision="")),
                name="desk_item_closed_says_how",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "state", "found_at"], name="desk_item_queue"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
