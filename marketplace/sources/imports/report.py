"""What came of the records of one file: counts, the first refusals, and a file with every line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from marketplace.core import clock

SHOWN: Final = 20
REFUSED, REMARK = "refused", "remark"


@dataclass(slots=True)
class Report:
    """Lines `line <tab> refused|remark <tab> reason`; the file is made with the first of them."""

    folder: Path
    name: str
    refused: int = 0
    remarks: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)
    path: Path | None = None
    _out: IO[str] | None = None

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.first) < SHOWN:
            self.first.append((line, reason))
        self._write(line, REFUSED, reason)

    def remark(self, line: int, text: str) -> None:
        self.remarks += 1
        self._write(line, REMARK, text)

    def _write(self, line: int, kind: str, reason: str) -> None:
        if self._out is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            stamp = clock.now().astimezone(clock.VIETNAM)
            stem = self.folder / f"{self.name}-{stamp:%Y%m%d-%H%M%S}"
            for number in range(100):
                self.path = stem.with_name(f"{stem.name}{f'-{number}' if number else ''}.tsv")
                try:
                    self._out = self.path.open("x", encoding="utf-8", newline="")
                    break
                except FileExistsError:
                    continue
            else:
                raise FileExistsError(stem)
            self._out.write("line\tkind\treason\n")
        self._out.write(f"{line}\t{kind}\t{' '.join(reason.split())}\n")

    def flush(self) -> None:
        if self._out is not None:
            self._out.flush()

    def close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None
