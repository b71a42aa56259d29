from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _public(model: type[Any]) -> Callable[[HttpRequest], Any]:
    from marketplace.accounts.fronts import on_main_site

    return lambda request: on_main_site(request, model.objects.public().order_by("pk"))


class ResearchConfig(AppConfig):
    name = "marketplace.research"
    label = "research"
    verbose_name = _("Kết quả nghiên cứu")

    def ready(self) -> None:
        from marketplace.accounts.dependents import register_dependents
        from marketplace.accounts.merging import register_derived, register_organization_rows
        from marketplace.core.sitemaps import register_sitemap, rows_sitemap
        from marketplace.research.full_texts.notices import register_notices
        from marketplace.research.models import (
            Application,
            FullTextRequest,
            Person,
            Programme,
            Result,
            Task,
        )
        from marketplace.research.search import register_registers
        from marketplace.research.supply import register_research_supply

        register_dependents(Result.objects.of_organizations)
        register_dependents(Task.objects.of_organizations)
        register_organization_rows(
            Result, Task, Application, Person, FullTextRequest,
            (FullTextRequest, "holder"), (Programme, "agency"),
        )  # fmt: skip
        register_derived("research.Entry.organization", "research.Entry.agency")
        register_registers()
        for name, model in (("result", Result), ("task", Task)):
            register_sitemap(name, rows_sitemap(_public(model)))
        register_research_supply()
        register_notices()
