from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "marketplace.accounts"
    label = "accounts"
    verbose_name = _("Tài khoản và tổ chức")

    def ready(self) -> None:
        from marketplace.accounts.closing import register_membership_closing
        from marketplace.accounts.fronts import default_front, letterhead, on_main_site
        from marketplace.accounts.merging_parts import register_merging
        from marketplace.accounts.models import Organization
        from marketplace.accounts.notices import register_notices
        from marketplace.accounts.search import register_organizations
        from marketplace.accounts.verification_notices import register_verification_notices
        from marketplace.core.sitemaps import register_sitemap, rows_sitemap
        from marketplace.notifications.letterheads import register_default_letterhead

        register_membership_closing()
        register_merging()
        register_notices()
        register_verification_notices()
        register_organizations()
        register_default_letterhead(lambda: letterhead(default_front()))
        register_sitemap(
            "organization",
            rows_sitemap(
                lambda request: on_main_site(request, Organization.objects.public().order_by("pk"))
            ),
        )
