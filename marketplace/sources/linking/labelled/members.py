"""Members of a labelled set, and the seeds of its halves."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Half = Literal["development", "held-out"]
#: The records of one half never appear in the other, nor do its seeds.
SEEDS: Final[dict[Half, tuple[int, ...]]] = {
    "development": (11, 12, 13, 14),
    "held-out": (901, 902, 903, 904),
}
#: The same for the hard part (`relatives`).
HARD_SEEDS: Final[dict[Half, tuple[int, ...]]] = {
    "development": (21, 22, 23),
    "held-out": (951, 952, 953),
}


@dataclass(frozen=True, slots=True)
class Member:
    #: Records of one entity are one thing.
    entity: str
    #: "original", "copy", or the kind of sibling.
    kind: str
    source: str
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    half: Half
    seed: int
    members: tuple[Member, ...]
