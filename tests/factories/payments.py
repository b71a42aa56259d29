"""Accounts and payments, made as the services make them."""

from typing import Any

from marketplace.payments.models import AccountKind, PayeeAccount, Payment
from marketplace.payments.money import Money
from marketplace.payments.services.accounts import add_account, verify_account
from marketplace.payments.services.payments import request_payment
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

NUMBER = "0011001932418"


def verified_account(owner: Any, *, number: str = NUMBER, kind: str = "bank", **values: Any):
    by = UserFactory()
    given = {"bank": "970415" if kind == AccountKind.BANK else "", "holder": owner.name, **values}
    account = add_account(owner, kind=kind, number=number, by=by, **given)
    verify_account(account, how="staff", by=by)
    return account


def payment_into(
    account: PayeeAccount, *, payer: Any = None, amount: int = 120_000_000, **values: Any
) -> Payment:
    count = Payment.objects.count()
    given = {"subject": f"milestone:{count}", "title": f"Đợt {count}", "by": None, **values}
    money = Money(amount, account.currency)
    return request_payment(payer or OrganizationFactory(), account=account, money=money, **given)


def money_person(organization: Any, role: str = "finance") -> Any:
    return MembershipFactory(organization=organization, role=role).user
