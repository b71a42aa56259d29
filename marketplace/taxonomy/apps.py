from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    name = "marketplace.taxonomy"
    label = "taxonomy"
    verbose_name = _("Danh mục")

    def ready(self) -> None:
        from marketplace.reading import vocabulary
        from marketplace.taxonomy import term_pairs, words
        from search.analysis import abbreviations, synonyms, translations

        abbreviations.set_provider(words.words_in_use, version=words.list_version)
        for book in (translations, synonyms, vocabulary):
            book.set_provider(
                term_pairs.entries_in_use,
                version=term_pairs.list_version,
                shipped=term_pairs.shipped_entries,
            )
