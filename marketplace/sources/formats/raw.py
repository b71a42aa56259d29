"""What every reader gives: records as they were written, deletions, and places that are no record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marketplace.core.text import fold
from marketplace.sources.imports.incoming import Deleted, InputProblem, Unreadable

__all__ = ["Deleted", "InputProblem", "RawRecord", "Read", "Unreadable", "is_secrecy"]

#: A record longer than this is no record of a research result.
RECORD_LIMIT: Final = 4 * 1024 * 1024
#: A value longer than this is reported, not kept.
VALUE_LIMIT: Final = 1024 * 1024

#: Kinds of record. Only `result`, `publication`, `patent` and `product` describe a result of research.
RESULT, TASK, PERSON, ORGANIZATION = "result", "task", "person", "organization"
PUBLICATION, PATENT, PRODUCT = "publication", "patent", "product"
EQUIPMENT, EVENT, FUNDING, SERVICE = "equipment", "event", "funding", "service"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: column or field name → value (text, number, list, mapping), as its file says."""

    #: Line of the file, or the number of the record where the format has no lines.
    line: int
    data: dict[str, Any]
    #: The bytes it came as, where the format has bytes of its own for a record; else its values.
    raw: bytes = b""
    kind: str = RESULT
    #: What a reader noticed and a person should know; never the text of a value.
    remarks: tuple[str, ...] = ()
    #: Values that came in an old encoding: name → the text before it was repaired.
    originals: Mapping[str, str] = field(default_factory=dict)
    #: Names of values that lost letters and that nobody can repair by rule.
    damaged: tuple[str, ...] = ()


Read = RawRecord | Deleted | Unreadable

_SECRET_WORDS: Final = frozenset(
    {"mat", "toi mat", "tuyet mat", "do mat", "secret", "top secret", "confidential"}
)
_EDGES: Final = re.compile(r"^\W+|\W+$")


def is_secrecy(text: str) -> bool:
    """Is this value, in whatever field, the stamp of a secrecy level?"""
    return _EDGES.sub("", fold(text[:40])) in _SECRET_WORDS
