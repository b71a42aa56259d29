"""Money of the demo's deals: an advance that a bank's statement bore out, a milestone that waits with its code, a
deposit paid by the card that is none, and the rest of it still to be paid.

All of it goes the way that people go, through the services. Each step looks for what is there already: killed
in between, it goes on; run again, it does nothing.
"""

from datetime import timedelta
from typing import Any, Final

from marketplace.accounts.models import Organization, Role
from marketplace.core import clock
from marketplace.deals.models import Deal, Milestone
from marketplace.demo.dealings import FIRM, INSTITUTE, SECOND, person_of
from marketplace.payments.models import AccountKind, PayeeAccount, Payment
from marketplace.payments.providers import demo_card
from marketplace.payments.services.accounts import add_account, verify_account
from marketplace.payments.services.payments import request_milestone_payment
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.remote import ask_about, open_at_provider
from marketplace.payments.services.statements import import_statement
from marketplace.payments.states import AccountState, PaymentState

#: Not a number of anybody: banks give out none that begins so.
_NUMBER: Final = "0000111122223"
_BANK: Final = "970415"
_WAITS: Final = timedelta(days=15)


def seed_payments(organizations: dict[str, Organization]) -> int:
    """How many payments there are then."""
    firm, second, institute = (organizations[key] for key in (FIRM, SECOND, INSTITUTE))
    finance, owner = person_of(institute, Role.FINANCE), person_of(institute, Role.OWNER)
    transferred, by_card = _contracted(second, institute), _contracted(firm, institute)
    if finance is not None and owner is not None and transferred and by_card:
        bank = _account(institute, AccountKind.BANK, _NUMBER, bank=_BANK, by=finance, owner=owner)
        card = _account(institute, AccountKind.DEMO, "demo0001", by=finance, owner=owner)
        _by_statement(transferred[0], bank, by=finance)
        _asked(transferred[1], bank, by=finance)
        _by_card(by_card[0], card, by=finance)
        _opened(_asked(by_card[1], card, by=finance))
    return Payment.objects.count()


def _contracted(buyer: Organization, seller: Organization) -> list[Milestone]:
    """The first two milestones of the contract between two."""
    deals = Deal.objects.filter(buyer=buyer, seller=seller, milestones__number=2)
    deal = deals.order_by("pk").first()  # not one that an evaluator has opened since
    return list(deal.milestones.order_by("number")[:2]) if deal else []


def _account(
    institute: Organization, kind: AccountKind, number: str, *, bank: str = "", by: Any, owner: Any
) -> PayeeAccount:
    account = PayeeAccount.objects.of(institute).in_use().filter(kind=kind).first()
    if account is None:
        account = add_account(
            institute, kind=kind, bank=bank, number=number, holder=institute.name, by=by
        )
    if account.state == AccountState.NEW:
        verify_account(account, how="owner", by=owner)
    return account


def _asked(milestone: Milestone, account: PayeeAccount, *, by: Any) -> Payment:
    found = milestone.payments.order_by("pk").with_sides().first()
    due_on = clock.today() + _WAITS
    return found or request_milestone_payment(milestone, account=account, due_on=due_on, by=by)


def _by_statement(milestone: Milestone, account: PayeeAccount, *, by: Any) -> None:
    """As the institute's finance imports what its bank gives out: a line for this, and one of another matter."""
    payment = _asked(milestone, account, by=by)
    if not account.statements.exists():
        day = clock.today()
        lines = (
            "Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung giao dịch",
            f'{day:%d/%m/%Y},FT0001,"{payment.amount}",{payment.reference} tam ung hop dong',
            f'{day:%d/%m/%Y},FT0002,"1250000",Hoan ung cong tac phi',
        )
        data = "\n".join(lines).encode("utf-8-sig")
        import_statement(account, data=data, file_name=f"sao-ke-{day:%d-%m-%Y}.csv", by=by)
    while reconcile_batch():
        pass


def _opened(payment: Payment) -> Payment:
    if payment.state == PaymentState.PREPARED:
        open_at_provider(payment)
    return payment


def _by_card(milestone: Milestone, account: PayeeAccount, *, by: Any) -> None:
    payment = _opened(_asked(milestone, account, by=by))
    if payment.is_open:
        demo_card.pay(payment.provider_reference)
        ask_about(payment)
