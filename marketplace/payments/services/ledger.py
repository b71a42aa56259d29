"""Postings: what was agreed, received, given up and returned, in the books of both sides."""

from datetime import date
from typing import Final

from django.db.models import Sum

from marketplace.accounts.models import Exchange, Organization
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.payments.models import (
    ExchangeRate,
    LedgerAccount,
    LedgerKind,
    Payment,
    Posting,
)
from marketplace.payments.money import Money, converted

_K = LedgerKind
Legs = tuple[tuple[LedgerKind, LedgerKind], tuple[LedgerKind, LedgerKind]]
#: For each fact what it debits and credits: in the payer's book, and in the payee's.
FACTS: Final[dict[str, Legs]] = {
    "agreed": ((_K.COST, _K.OWED_BY_US), (_K.OWED_TO_US, _K.INCOME)),
    "received": ((_K.OWED_BY_US, _K.PAID), (_K.BANK, _K.OWED_TO_US)),
    "given_up": ((_K.OWED_BY_US, _K.COST), (_K.INCOME, _K.OWED_TO_US)),
    "refunded": ((_K.PAID, _K.OWED_BY_US), (_K.OWED_TO_US, _K.BANK)),
}


class NoRate(DomainError):
    """There is no rate of that day: nothing is converted by another day's."""


def post(payment: Payment, what: str, *, amount: int, key: str, on: date | None = None) -> None:
    """Writes a fact into both books, once: `key` names it. Runs in the transaction of the fact itself."""
    if not amount:
        return
    day = on or clock.today()
    rows = []
    for side, (debit, credit) in zip(("payer", "payee"), FACTS[what], strict=True):
        owner = _book(payment, side)
        rows.append(
            Posting(
                key=f"{what}:{key}:{side}",
                debit=_account(owner, debit, payment.currency),
                credit=_account(owner, credit, payment.currency),
                amount=amount,
                currency=payment.currency,
                payment=payment,
                what=what,
                posted_on=day,
            )
        )
    Posting.objects.bulk_create(rows, ignore_conflicts=True)


def balance(account: LedgerAccount) -> Money:
    """Debits less credits."""
    debit = account.debits.aggregate(sum=Sum("amount"))["sum"] or 0
    credit = account.credits.aggregate(sum=Sum("amount"))["sum"] or 0
    return Money(debit - credit, account.currency)


def balances(owner: Organization | Exchange) -> dict[tuple[str, str], int]:
    """By kind and currency; what is nought is there too."""
    side = "exchange" if isinstance(owner, Exchange) else "organization"
    accounts = LedgerAccount.objects.filter(**{side: owner}).order_by("pk")
    return {(one.kind, one.currency): balance(one).amount for one in accounts}


def kept_by(owner: Organization | Exchange) -> list[int]:
    """Whose books the owner reads: its own, then those of organisations that were merged into it."""
    if isinstance(owner, Exchange):
        return [owner.pk]
    merged = Organization.objects.filter(merged_into=owner).order_by("pk")
    return [owner.pk, *merged.values_list("pk", flat=True)]


def outstanding(payment: Payment) -> int:
    """What the books say is still owed for a payment."""
    sums = dict(
        payment.postings.filter(key__endswith=":payee")
        .values_list("what")
        .annotate(sum=Sum("amount"))
        .order_by("what")
    )
    owed = sums.get("agreed", 0) + sums.get("refunded", 0)
    return owed - sums.get("received", 0) - sums.get("given_up", 0)


def convert(money: Money, to: str, *, on: date) -> Money:
    """At the rate of that very day. Raises NoRate where nobody has entered one."""
    if money.currency == to:
        return money
    rate = ExchangeRate.objects.filter(base=money.currency, quote=to, on=on).first()
    if rate is None:
        raise NoRate(f"{money.currency}/{to} {on:%d/%m/%Y}")
    return converted(money, to, rate.rate)


def _book(payment: Payment, side: str) -> Organization | Exchange:
    """The book the payment was agreed in: a merge of organisations since then does not tear it apart."""
    agreed = payment.postings.filter(key=f"agreed:{payment.public_id}:{side}")
    first = agreed.select_related("debit__organization", "debit__exchange").first()
    if first is not None:
        owner = first.debit.organization or first.debit.exchange
        assert owner is not None
        return owner
    return payment.payer if side == "payer" else payment.to_owner


def _account(owner: Organization | Exchange, kind: LedgerKind, currency: str) -> LedgerAccount:
    account, _made = LedgerAccount.objects.get_or_create(
        organization=owner if isinstance(owner, Organization) else None,
        exchange=owner if isinstance(owner, Exchange) else None,
        kind=kind,
        currency=currency,
    )
    return account
