"""What came of what was read, as it is counted on the way."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class ImportSummary:
    """What came of one run so far."""

    source: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    refused: int = 0
    remarks: int = 0
    #: Values that differ from what staff corrected, since the correction.
    conflicts: int = 0
    #: Why it could not be read to its end; empty where it could.
    problem: str = ""
    report_path: Path | None = None
    first_refusals: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """Identifiers met in the files of one command: within it the first record of an id is the one,
    so that bringing the same files in again changes nothing."""

    files: int = 0
    places: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def first_place(self, source: str, source_id: str, line: int) -> tuple[int, int]:
        return self.places.setdefault((source, hash(source_id)), (self.files, line))

    def forget(self, source: str, source_id: str) -> None:
        """Its source took it back: what comes under the id after that is not a repetition."""
        self.places.pop((source, hash(source_id)), None)
