from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "marketplace.payments"
    label = "payments"
    verbose_name = _("Thanh toán")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_organization_rows, register_staying
        from marketplace.payments.letterheads import register_payment_letterheads
        from marketplace.payments.merging import register_merging
        from marketplace.payments.models import Payment
        from marketplace.payments.notices import register_notices

        register_organization_rows((Payment, "payer"), (Payment, "payee"))
        register_merging()
        # Postings are never changed: a book stays whose it was, and is read with the survivor's.
        register_staying("payments.LedgerAccount.organization")
        register_notices()
        register_payment_letterheads()

    @staticmethod
    def install_ledger_guard(connection: Any) -> None:
        """For migrations, which may not import the app's code."""
        from marketplace.payments import ledger_guard

        ledger_guard.install(connection)

    @staticmethod
    def remove_ledger_guard(connection: Any) -> None:
        from marketplace.payments import ledger_guard

        ledger_guard.remove(connection)
