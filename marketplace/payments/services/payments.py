"""Payments: asked for, given up, paid, returned. Entry points authorize; nothing here calls a provider."""

from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.deals.models import Milestone
from marketplace.deals.services import milestone_reversed, request_milestone
from marketplace.deals.services.milestones import take_back_request
from marketplace.deals.states import MilestoneState
from marketplace.payments.editions import fees
from marketplace.payments.models import (
    REMOTE,
    PayeeAccount,
    Payment,
    Provider,
    Purpose,
    Refund,
)
from marketplace.payments.money import Money
from marketplace.payments.providers import for_account, is_on
from marketplace.payments.references import new_reference
from marketplace.payments.services import ledger
from marketplace.payments.services.receipts import Incoming, take_in
from marketplace.payments.states import (
    PAYMENT_TRANSITIONS,
    REFUND_TRANSITIONS,
    AccountState,
    PaymentState,
    RefundState,
)

ASK_STAGE: Final = "payments.ask"
REFUND_STAGE: Final = "payments.refund"


@transaction.atomic
def request_payment(
    payer: Organization,
    *,
    account: PayeeAccount,
    money: Money,
    subject: str,
    title: str,
    purpose: str = Purpose.MILESTONE,
    milestone: Milestone | None = None,
    provider: str = "",
    due_on: date | None = None,
    by: User | None,
) -> Payment:
    """One party owes the owner of `account` a sum: the row is there before any provider hears of it.

    Args:
        payer: who pays.
        account: the payee's own, verified.
        money: how much, in the account's currency.
        subject: what it is for (`milestone:k3f9…`); one open or paid payment for each.
        title: the same for people.
        provider: by what; as the account says where nothing is chosen.
        due_on, by: until when, and who asks.

    Raises:
        DomainError: the account takes no payment, or this was asked for already.
    """
    chosen = Provider(provider or for_account(account))
    _ensure_payable(payer, account, money, chosen)
    remote = chosen in REMOTE
    owner = account.owner
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                reference=new_reference(),
                payer=payer,
                payee=owner if isinstance(owner, Organization) else None,
                payee_exchange=owner if isinstance(owner, Exchange) else None,
                account=account,
                provider=chosen,
                purpose=purpose,
                subject=subject,
                milestone=milestone,
                title=title[:300],
                amount=money.amount,
                currency=money.currency,
                due_on=due_on,
                state=PaymentState.PREPARED if remote else PaymentState.WAITING,
                created_by=by,
                next_try_at=clock.now() if remote else None,
            )
    except IntegrityError as error:
        raise DomainError(_("Khoản này đã có yêu cầu thanh toán.")) from error
    ledger.post(payment, "agreed", amount=payment.amount, key=payment.public_id)
    audit.record("payment.requested", _subject(payment), by=by, of=subject, provider=str(chosen))
    if remote:
        kick(ASK_STAGE)
    return payment


@transaction.atomic
def request_milestone_payment(
    milestone: Milestone, *, account: PayeeAccount, due_on: date | None = None, by: User
) -> Payment:
    """The seller asks for the money of a milestone, into an account of its own.

    Raises DomainError where the account is another's, the contract is not in force, or it was asked for.
    """
    deal = milestone.deal
    if account.organization_id != deal.seller_id:
        raise DomainError(_("Tài khoản nhận tiền phải là của chính bên giao."))
    if milestone.state == MilestoneState.PLANNED:
        request_milestone(milestone, by=by)
    elif milestone.state != MilestoneState.REQUESTED:
        raise InvalidTransition(_("Mốc này không còn chờ thanh toán."))
    return request_payment(
        deal.buyer,
        account=account,
        money=Money(milestone.amount, milestone.currency),
        subject=f"milestone:{milestone.public_id}",
        title=f"{deal.title[:200]} · {milestone}",
        milestone=milestone,
        due_on=due_on or milestone.due_on,
        by=by,
    )


def request_fee(payer: Organization, *, code: str, account: PayeeAccount, by: User) -> Payment:
    """A service fee of the exchange, into the exchange's own account; what each costs is data."""
    fee = fees().get(code)
    if fee is None or account.exchange_id is None:
        raise DomainError(_("Chọn một khoản phí và tài khoản của sàn."))
    return request_payment(
        payer,
        account=account,
        money=Money(fee.amount, fee.currency),
        subject=f"fee:{code}:{payer.public_id}:{clock.today():%Y%m%d}",
        title=fee.words.vi,
        purpose=Purpose.FEE,
        by=by,
    )


@transaction.atomic
def cancel_payment(payment: Payment, *, by: User, reason: str = "") -> None:
    """Given up while nothing has come in; a tick closes it at the provider.

    Raises InvalidTransition where money came first.
    """
    transition(
        payment,
        PaymentState.CANCELLED,
        table=PAYMENT_TRANSITIONS,
        by=by,
        reason=reason,
        also={
            "ended_at": clock.now(),
            "tries": 0,
            "next_try_at": clock.now() if payment.provider in REMOTE else None,
        },
    )
    ledger.post(payment, "given_up", amount=payment.amount, key=payment.public_id)
    if payment.milestone is not None and payment.milestone.state == MilestoneState.REQUESTED:
        take_back_request(payment.milestone, by=by)
    if payment.provider in REMOTE:
        kick(ASK_STAGE)


@transaction.atomic
def confirm_receipt(payment: Payment, *, amount: int, on: date, key: str, by: User) -> None:
    """The payee's finance says that the money is in its account.

    Raises DomainError where the payment waits for no money of a bank, or the sum is not what is missing.
    """
    row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if row.provider in REMOTE:
        raise DomainError(_("Khoản trả bằng thẻ được cổng thanh toán xác nhận, không ghi tay."))
    if not row.is_open:
        raise InvalidTransition(_("Khoản này không còn chờ tiền."))
    if not 0 < amount <= row.amount - row.received:
        raise DomainError(_("Số tiền phải lớn hơn 0 và không quá số còn thiếu."))
    if on > clock.today():
        raise DomainError(_("Ngày nhận tiền không thể ở tương lai."))
    take_in(row, Incoming(key=f"recorded:{row.public_id}:{key}", amount=amount, on=on), by=by)
    payment.refresh_from_db()


@transaction.atomic
def ask_refund(
    payment: Payment, *, amount: int, reason: str, reference: str = "", by: User
) -> Refund:
    """The payee gives money back: by its own bank (`reference` names the transfer), or by the provider,
    which a tick asks.

    Raises DomainError where more would go back than came in.
    """
    row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if row.state not in (PaymentState.SETTLED, PaymentState.PARTIAL):
        raise InvalidTransition(_("Khoản này không có tiền để hoàn."))
    asked = sum(row.refunds.exclude(state=RefundState.FAILED).values_list("amount", flat=True))
    left = row.received - asked
    if not 0 < amount <= left or (row.state == PaymentState.PARTIAL and amount != left):
        raise DomainError(
            _(
                "Số tiền hoàn phải lớn hơn 0 và không quá số đã nhận; khoản nhận một phần thì hoàn hết."
            )
        )
    remote = row.provider in REMOTE
    if not remote and not reference.strip():
        raise DomainError(_("Ghi số giao dịch hoàn tiền của ngân hàng."))
    refund = Refund.objects.create(
        payment=row,
        amount=amount,
        reason=reason.strip()[:300],
        asked_by=by,
        reference=reference.strip()[:255],
        next_try_at=clock.now() if remote else None,
    )
    audit.record("refund.asked", f"refund:{refund.public_id}", by=by, of=row.public_id)
    if remote:
        kick(REFUND_STAGE)
    else:
        finish_refund(refund, reference=refund.reference, by=by)
    payment.refresh_from_db()
    return refund


@transaction.atomic
def finish_refund(refund: Refund, *, reference: str, by: User | str) -> None:
    """The money is back with the payer. Raises InvalidTransition where that was known."""
    row = Payment.objects.select_for_update(of=("self",)).get(pk=refund.payment_id)
    transition(
        refund,
        RefundState.DONE,
        table=REFUND_TRANSITIONS,
        by=by,
        also={"done_at": clock.now(), "reference": reference[:255], "next_try_at": None},
    )
    back = row.refunded + refund.amount
    ledger.post(row, "refunded", amount=refund.amount, key=refund.public_id)
    if back == row.received:
        transition(
            row, PaymentState.REFUNDED, table=PAYMENT_TRANSITIONS, by=by, also={"refunded": back}
        )
        if row.milestone is not None:
            milestone_reversed(row.milestone, reference=row.public_id, by=by)
    else:
        Payment.objects.filter(pk=row.pk).update(refunded=back)
    # What went back is not asked for again: that would be another payment.
    ledger.post(
        row, "given_up", amount=max(ledger.outstanding(row), 0), key=f"after:{refund.public_id}"
    )


@transaction.atomic
def fail_refund(refund: Refund, *, reason: str) -> None:
    transition(
        refund,
        RefundState.FAILED,
        table=REFUND_TRANSITIONS,
        by=REFUND_STAGE,
        reason=reason[:60],
        also={"next_try_at": None},
    )


def _ensure_payable(
    payer: Organization, account: PayeeAccount, money: Money, provider: Provider
) -> None:
    if account.state != AccountState.VERIFIED:
        raise DomainError(_("Tài khoản nhận tiền chưa được xác minh."))
    if account.organization_id == payer.pk:
        raise DomainError(_("Bên trả và bên nhận là một."))
    if money.amount <= 0 or money.currency != account.currency:
        raise DomainError(_("Số tiền phải lớn hơn 0 và cùng loại tiền với tài khoản nhận."))
    if not is_on(provider):
        raise DomainError(_("Sàn này chưa mở cách thanh toán đó."))
    if provider not in (for_account(account), Provider.RECORDED):
        raise DomainError(_("Tài khoản này không nhận tiền bằng cách đó."))


def _subject(payment: Payment) -> str:
    return f"payment:{payment.public_id}"
