"""What a case came to: codes and names of the vocabulary "case-outcomes", of the edition in force."""

from typing import Final

from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.labels import label

VOCABULARY: Final = "case-outcomes"


def outcomes() -> list[tuple[str, str]]:
    return choices(VOCABULARY)


def outcome_label(code: str) -> str:
    return label(VOCABULARY, code) if code else ""
