"""What came of the records of one run: counts, the first refusals, and a file with every line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from marketplace.core import clock

SHOWN: Final = 20
REFUSED, REMARK = "refused", "remark"
#: Of a value its beginning is enough to find it.
VALUE_LIMIT: Final = 100
_COLUMNS: Final = ("line", "kind", "reason", "rule", "column", "value")


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    is_refusal: bool
    reason: str
    rule: str
    column: str
    value: str
    #: The record and our field that are meant, where they are known; not in the file.
    source_id: str = ""
    field: str = ""


@dataclass(slots=True)
class Report:
    """Lines `line <tab> refused|remark <tab> reason …`; the file is made with the first of them."""

    folder: Path
    name: str
    refused: int = 0
    remarks: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)
    path: Path | None = None
    #: What nobody has taken yet.
    waiting: list[Line] = field(default_factory=list)
    _out: IO[str] | None = None

    def refuse(
        self, line: int, reason: str, *, rule: str, column: str = "", value: str = ""
    ) -> None:
        self.refused += 1
        if len(self.first) < SHOWN:
            self.first.append((line, reason))
        self._write(Line(line, True, reason, rule, _plain(column), shortened(value)))

    def remark(
        self,
        line: int,
        text: str,
        *,
        rule: str,
        column: str = "",
        value: str = "",
        source_id: str = "",
        field: str = "",
    ) -> None:
        self.remarks += 1
        self._write(
            Line(line, False, text, rule, _plain(column), shortened(value), source_id, field)
        )

    def take(self) -> list[Line]:
        """The lines since the last time."""
        taken, self.waiting = self.waiting, []
        return taken

    def _write(self, line: Line) -> None:
        self.waiting.append(line)
        if self._out is None:
            self._open()
        assert self._out is not None
        kind = REFUSED if line.is_refusal else REMARK
        cells = (str(line.line), kind, line.reason, line.rule, line.column, line.value)
        self._out.write("\t".join(_plain(cell) for cell in cells) + "\n")

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = clock.now().astimezone(clock.VIETNAM)
        stem = self.folder / f"{_file_name(self.name)}-{stamp:%Y%m%d-%H%M%S}"
        for number in range(100):
            self.path = stem.with_name(f"{stem.name}{f'-{number}' if number else ''}.tsv")
            try:
                self._out = self.path.open("x", encoding="utf-8", newline="")
                break
            except FileExistsError:
                continue
        else:
            raise FileExistsError(stem)
        self._out.write("\t".join(_COLUMNS) + "\n")

    def flush(self) -> None:
        if self._out is not None:
            self._out.flush()

    def close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None


def shortened(value: str) -> str:
    text = _plain(value[: VALUE_LIMIT * 4])
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"


def _plain(text: str) -> str:
    """On one line, and of characters that every database and file takes."""
    kept = text.encode("utf-8", "replace").decode().replace("\x00", " ")
    return " ".join(kept.split())


def _file_name(name: str) -> str:
    return name.replace("/", "-").replace("\\", "-").replace("\x00", "") or "x"
