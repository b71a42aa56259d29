"""What a check says of a submission."""

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["clean", "unknown", "warning", "barred"]

#: Worst last.
LEVELS: Final[tuple[Level, ...]] = ("clean", "unknown", "warning", "barred")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was found: a sentence for staff, where it leads, and what stands behind it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. "unknown" is a check that could not be made: it is no clean one."""

    code: str
    level: Level
    title: str
    evidence: tuple[Evidence, ...] = ()
    #: By what edition of which list it was checked.
    basis: str = ""

    @property
    def is_clean(self) -> bool:
        return self.level == "clean"
