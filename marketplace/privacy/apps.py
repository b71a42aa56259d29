from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "marketplace.privacy"
    label = "privacy"
    verbose_name = _("Dữ liệu cá nhân")

    def ready(self) -> None:
        from marketplace.accounts.profile_gaps import register_profile_gaps
        from marketplace.core.personal_data import register_opening
        from marketplace.privacy.gaps import nobody_named
        from marketplace.privacy.notices import register_notices
        from marketplace.privacy.services import agree_on_opening

        register_opening("privacy.consents", agree_on_opening)
        register_notices()
        register_profile_gaps(nobody_named)
