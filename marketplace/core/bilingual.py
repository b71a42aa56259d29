"""Words of shipped data, in the two languages of the exchange."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Words:
    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi

    def said_in(self, language: str) -> str:
        return self.en if language.startswith("en") else self.vi
