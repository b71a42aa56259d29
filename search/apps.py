from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Tìm kiếm")

    def ready(self) -> None:
        from marketplace.core.health import register_check

        register_check("search", "search.health.check")
        register_check("semantic", "search.health.semantic_check")
