"""Accounts of payees: entered by who moves the money, verified by another look, retired and never edited."""

import re
import unicodedata
from typing import Final, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import audit, clock
from marketplace.core.currencies import currency
from marketplace.core.errors import DomainError
from marketplace.core.text import fold
from marketplace.core.transitions import transition
from marketplace.payments.editions import banks
from marketplace.payments.models import AccountKind, PayeeAccount
from marketplace.payments.states import ACCOUNT_TRANSITIONS, AccountState

_NUMBER: Final = re.compile(r"[0-9A-Za-z]{4,19}")
_STRIPE: Final = re.compile(r"acct_[0-9A-Za-z]{8,40}")


@transaction.atomic
def add_account(
    owner: Organization | Exchange,
    *,
    kind: str = AccountKind.BANK,
    bank: str = "",
    number: str,
    holder: str,
    in_currency: str = "VND",
    by: User,
) -> PayeeAccount:
    """An account of the owner's own. Nobody pays into it before it was verified.

    Raises DomainError where the number cannot be one, or is there already.
    """
    plain = re.sub(r"[\s.-]", "", number) if kind == AccountKind.BANK else number.strip()
    form = _STRIPE if kind == AccountKind.STRIPE else _NUMBER
    if not form.fullmatch(plain):
        raise DomainError(_("Số tài khoản chỉ có chữ số và chữ cái không dấu, từ 4 đến 19 ký tự."))
    if (kind == AccountKind.BANK) != (bank in banks()):
        raise DomainError(_("Chọn ngân hàng trong danh sách."))
    currency(in_currency)
    account = PayeeAccount(
        organization=owner if isinstance(owner, Organization) else None,
        exchange=owner if isinstance(owner, Exchange) else None,
        kind=kind,
        bank=bank,
        holder=unicodedata.normalize("NFC", holder.strip())[:200],
        currency=in_currency,
        added_by=by,
    )
    account.keep_number(plain)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise DomainError(_("Tài khoản này đã được khai báo.")) from error
    audit.record("payee_account.added", _subject(account), by=by, kind=kind)
    return account


@transaction.atomic
def verify_account(account: PayeeAccount, *, how: Literal["staff", "owner"], by: User) -> None:
    """Staff looked at the bank's paper, or the owner says so with a second factor (the view asks for it).

    Whoever verifies by a mere look at the name compares it with the organisation's: another's account is
    no payee's own.
    """
    if how == "owner" and not holder_fits(account):
        raise DomainError(
            _(
                "Tên chủ tài khoản khác tên tổ chức. Nhờ cán bộ sàn xác minh bằng giấy của ngân hàng."
            )
        )
    transition(
        account,
        AccountState.VERIFIED,
        table=ACCOUNT_TRANSITIONS,
        by=by,
        reason=how,
        also={"verified_by": by, "verified_at": clock.now(), "verified_how": how},
    )


@transaction.atomic
def retire_account(account: PayeeAccount, *, by: User) -> None:
    """It takes no new payment; those that wait for money in it go on."""
    transition(account, AccountState.RETIRED, table=ACCOUNT_TRANSITIONS, by=by)


def holder_fits(account: PayeeAccount) -> bool:
    """Whether the account is held in the owner's name, as banks write it: without marks, in capitals."""
    names = {account.owner.name, getattr(account.owner, "short_name", "")}
    return _plain(account.holder) in {_plain(name) for name in names if name}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()


def _subject(account: PayeeAccount) -> str:
    return f"payeeaccount:{account.public_id}"
