from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MandatesConfig(AppConfig):
    name = "marketplace.mandates"
    label = "mandates"
    verbose_name = _("Ủy quyền môi giới")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_staying
        from marketplace.mandates.notices import register_notices

        register_notices()
        register_staying("mandates.Mandate.firm", "mandates.Mandate.broker")
