from marketplace.payments.models.accounts import (
    CHANGE,
    MONEY_ROLES,
    VIEW,
    AccountKind,
    PayeeAccount,
    is_staff_for_money,
    money_of,
)
from marketplace.payments.models.inbox import DemoCharge, Reconciliation, WebhookEvent
from marketplace.payments.models.ledger import ExchangeRate, LedgerAccount, LedgerKind, Posting
from marketplace.payments.models.payments import (
    REMOTE,
    Payment,
    Provider,
    Purpose,
    Receipt,
    Refund,
    TaxInvoice,
)
from marketplace.payments.models.statements import DeskItem, Statement, StatementLine

__all__ = [
    "CHANGE",
    "MONEY_ROLES",
    "REMOTE",
    "VIEW",
    "AccountKind",
    "DemoCharge",
    "DeskItem",
    "ExchangeRate",
    "LedgerAccount",
    "LedgerKind",
    "PayeeAccount",
    "Payment",
    "Posting",
    "Provider",
    "Purpose",
    "Receipt",
    "Reconciliation",
    "Refund",
    "Statement",
    "StatementLine",
    "TaxInvoice",
    "WebhookEvent",
    "is_staff_for_money",
    "money_of",
]
