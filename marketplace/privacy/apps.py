from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "marketplace.privacy"
    label = "privacy"
    verbose_name = _("Dữ liệu cá nhân")

    def ready(self) -> None:
        from marketplace.privacy.notices import register_notices

        register_notices()
