"""What an application gives to the index: public text and facts of one object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from search.analysis import Language


@dataclass(frozen=True, slots=True)
class Document:
    """One findable object. Confidential text never enters a document.

    ``codes`` are registration, archive and IP numbers, which are found however they are typed.
    ``numbers`` are limited to ``NUMBERS``; ``deadline`` and ``published`` are days as
    ``date.toordinal()``, so that ranges and sorting need no other type. ``version`` is the row's
    ``content_version`` that was built; the index keeps it, so that it can be compared with the rows.
    """

    kind: str
    key: str
    title: str
    text: str
    language: Language = ""
    codes: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    @property
    def id(self) -> str:
        return document_id(self.kind, self.key)


NUMBERS = ("trl", "year", "deadline", "published", "price")


#: Characters that no database takes and no page shows; JSON columns can hold them all the same.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LARGEST: Final = 2**63 - 1


def checked(document: Document) -> Document:
    """The document in a form that every engine takes.

    Raises:
        ValueError: a number has an unknown name or is beyond 64 bits.
    """
    for name, number in document.numbers.items():
        if name not in NUMBERS or not -_LARGEST <= number <= _LARGEST:
            raise ValueError(f"no number of a document: {name}")
    return replace(
        document,
        title=fit(document.title),
        text=fit(document.text),
        codes=tuple(map(fit, document.codes)),
        facets={name: tuple(map(fit, found)) for name, found in document.facets.items()},
    )


def fit(text: str) -> str:
    """The text as it stands in an index: what is asked for is to be put in the same form."""
    return _UNFIT.sub(" ", text)


def document_id(kind: str, key: str) -> str:
    return f"{kind}:{key}"
