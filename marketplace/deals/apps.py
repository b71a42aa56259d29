from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "marketplace.deals"
    label = "deals"
    verbose_name = _("Kết nối và giao dịch")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.deals.cases import register_cases
        from marketplace.deals.models import ExpressionOfInterest
        from marketplace.deals.notices import register_notices

        register_organization_rows(
            (ExpressionOfInterest, "asker"), (ExpressionOfInterest, "receiver")
        )
        register_cases()
        register_notices()
