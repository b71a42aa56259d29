from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "marketplace.api"
    label = "api"
    verbose_name = _("Dữ liệu mở")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_staying

        register_staying("api.OrganizationKey.organization")
