"""What an application gives to the index: public text and facts of one object."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.analysis import Language


@dataclass(frozen=True, slots=True)
class Document:
    """One findable object. Confidential text never enters a document.

    ``codes`` are registration, archive and IP numbers, which are found however they are typed.
    ``numbers`` are limited to ``NUMBERS``; ``deadline`` and ``published`` are days as
    ``date.toordinal()``, so that ranges and sorting need no other type.
    """

    kind: str
    key: str
    title: str
    text: str
    language: Language = ""
    codes: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return document_id(self.kind, self.key)


NUMBERS = ("trl", "year", "deadline", "published", "price")


def document_id(kind: str, key: str) -> str:
    return f"{kind}:{key}"
