"""What came of what was read, as it is counted on the way."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


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


#: Identifiers held in memory (some 60 MB); the rest lie in a temporary file.
IN_MEMORY: Final = 500_000
_LINES: Final = 1 << 40


class Seen:
    """Identifiers met in the files of one command: within it the first record of an id is the one,
    so that bringing the same files in again changes nothing.

    However many there are, memory is bounded: most of them lie in a database of SQLite's own that is
    on the disk and gone with the process.
    """

    def __init__(self) -> None:
        self.files = 0
        self._recent: dict[int, int] = {}
        self._disk: sqlite3.Connection | None = None

    def first_place(self, source: str, source_id: str, line: int) -> tuple[int, int]:
        """(file, line) where the id came first; that is here, where it came nowhere before."""
        key = hash((source, source_id))
        place = self._recent.get(key)
        if place is None:
            place = self._on_disk(key)
        if place is None:
            place = self.files * _LINES + line
            self._recent[key] = place
            if len(self._recent) >= IN_MEMORY:
                self._spill()
        return divmod(place, _LINES)

    def forget(self, source: str, source_id: str) -> None:
        """Its source took it back: what comes under the id after that is not a repetition."""
        key = hash((source, source_id))
        self._recent.pop(key, None)
        if self._disk is not None:
            self._disk.execute("DELETE FROM seen WHERE key = ?", [key])

    def _on_disk(self, key: int) -> int | None:
        if self._disk is None:
            return None
        row = self._disk.execute("SELECT place FROM seen WHERE key = ?", [key]).fetchone()
        return int(row[0]) if row else None

    def _spill(self) -> None:
        if self._disk is None:
            # An empty name is a private file that SQLite removes by itself.
            self._disk = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._disk.execute("PRAGMA synchronous = OFF")
            self._disk.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, place INTEGER)")
        self._disk.execute("BEGIN")
        self._disk.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", sorted(self._recent.items())
        )
        self._disk.execute("COMMIT")
        self._recent.clear()
