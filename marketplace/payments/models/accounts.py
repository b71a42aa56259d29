"""Where money goes: accounts of organisations, and of the exchange for its own fees alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Exchange, Membership, Organization, User
from marketplace.core import clock
from marketplace.core.sealing import Unreadable, seal, unseal
from marketplace.core.text import new_public_id
from marketplace.payments.editions import banks
from marketplace.payments.states import OPEN_STATES, AccountState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

#: Who moves an organisation's money.
MONEY_ROLES: Final = (Membership.Role.OWNER, Membership.Role.MANAGER, Membership.Role.FINANCE)
VIEW, CHANGE = "payments.view_payment", "payments.change_payment"
_PURPOSE: Final = "payee account numbers"


def money_of(user: User | AnonymousUser) -> Any:
    """Organisations whose money the person moves, as a subquery."""
    if not user.is_authenticated:
        return Organization.objects.none().values("pk")
    return Membership.objects.filter(user=user, role__in=MONEY_ROLES).values("organization")


def is_staff_for_money(user: User | AnonymousUser, right: str = CHANGE) -> bool:
    """The exchange's own finance: its fees, and the desk of what does not fit."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm(right))


class AccountKind(models.TextChoices):
    BANK = "bank", _("Tài khoản ngân hàng")
    STRIPE = "stripe", _("Tài khoản Stripe của bên nhận")
    DEMO = "demo", _("Tài khoản thẻ giả (chỉ để thử)")


class PayeeAccountQuerySet(models.QuerySet):
    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Of one's own organisations' money, and the exchange's for its finance."""
        own = Q(organization__in=money_of(user))
        if is_staff_for_money(user):
            own |= Q(exchange__isnull=False)
        return self.filter(own)

    def checkable_by(self, user: User | AnonymousUser) -> Self:
        """By staff any; by an owner those of the own organisation (with a second factor, at the view)."""
        if is_staff_for_money(user):
            return self.all()
        if not user.is_authenticated:
            return self.none()
        owned = Membership.objects.filter(user=user, role=Membership.Role.OWNER)
        return self.filter(organization__in=owned.values("organization"))

    def in_use(self) -> Self:
        return self.exclude(state=AccountState.RETIRED)

    def awaiting_money(self) -> Self:
        """Those in use, and retired ones into which something is still to be paid."""
        waiting = PayeeAccount.objects.filter(payments__state__in=OPEN_STATES).values("pk")
        return self.filter(~Q(state=AccountState.RETIRED) | Q(pk__in=waiting))

    def verified(self) -> Self:
        return self.filter(state=AccountState.VERIFIED)

    def of(self, payee: Organization | Exchange) -> Self:
        side = "exchange" if isinstance(payee, Exchange) else "organization"
        return self.filter(**{side: payee})


class PayeeAccount(models.Model):
    """The payee's own account. The number lies sealed; its last four signs are shown."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="payee_accounts"
    )
    exchange = models.ForeignKey(
        Exchange, models.PROTECT, null=True, blank=True, related_name="payee_accounts"
    )
    kind = models.CharField(max_length=8, choices=AccountKind, default=AccountKind.BANK)
    #: BIN of the bank; empty for the other kinds.
    bank = models.CharField(_("ngân hàng"), max_length=6, blank=True)
    holder = models.CharField(_("chủ tài khoản"), max_length=200)
    sealed_number = models.BinaryField(editable=False)
    #: A keyed hash: the same account is not entered twice.
    number_code = models.CharField(max_length=64, editable=False)
    tail = models.CharField(max_length=4, editable=False)
    currency = models.CharField(max_length=3, default="VND")
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.NEW)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người thêm")
    )
    added_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xác minh"),
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    #: "staff" or "owner".
    verified_how = models.CharField(max_length=8, blank=True)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài khoản nhận tiền")
        verbose_name_plural = _("tài khoản nhận tiền")
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, exchange__isnull=True)
                | Q(organization__isnull=True, exchange__isnull=False),
                name="payee_account_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified")
                | (Q(verified_at__isnull=False) & ~Q(verified_how="")),
                name="payee_account_verified_says_how",
            ),
            models.UniqueConstraint(
                fields=["organization", "bank", "number_code"],
                condition=~Q(state="retired"),
                name="payee_account_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} …{self.tail}"

    def get_absolute_url(self) -> str:
        return reverse("payments:accounts")

    @property
    def bank_name(self) -> str:
        return banks().get(self.bank, "") if self.bank else str(AccountKind(self.kind).label)

    @property
    def owner(self) -> Organization | Exchange:
        owner = self.organization or self.exchange
        assert owner is not None
        return owner

    @property
    def number(self) -> str:
        """Raises FileNotFoundError where it was sealed with a key that is no longer here."""
        try:
            return unseal(bytes(self.sealed_number), purpose=_PURPOSE).decode()
        except Unreadable as error:
            raise FileNotFoundError(self.public_id) from error

    def keep_number(self, number: str) -> None:
        self.sealed_number = seal(number.encode(), purpose=_PURPOSE)
        self.number_code = number_code(number)
        self.tail = number[-4:]


def number_code(number: str) -> str:
    return salted_hmac("payments.account", number, algorithm="sha256").hexdigest()
