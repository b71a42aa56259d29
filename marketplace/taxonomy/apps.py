from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    name = "marketplace.taxonomy"
    label = "taxonomy"
    verbose_name = _("Danh mục")

    def ready(self) -> None:
        from marketplace.taxonomy.words import list_version, words_in_use
        from search.analysis.abbreviations import set_provider

        set_provider(words_in_use, version=list_version)
