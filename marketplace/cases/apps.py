from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "marketplace.cases"
    label = "cases"
    verbose_name = _("Hồ sơ theo dõi")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_derived
        from marketplace.cases.call_requests import register_call_requests
        from marketplace.cases.needs import register_needs
        from marketplace.cases.notices import register_notices
        from marketplace.cases.personal import register_personal_data
        from marketplace.cases.staff_posts import register_staff_posts

        # The stage finds the needs that a merge of organisations moved.
        register_derived("cases.Case.organization")
        register_needs()
        register_staff_posts()
        register_call_requests()
        register_notices()
        register_personal_data()
