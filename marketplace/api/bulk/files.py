"""The three formats, each written chunk by chunk in bounded memory."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from marketplace.api.bulk.columns import Dataset
from marketplace.core.cells import harmless

Row = dict[str, Any]


class TableFile(Protocol):
    """A file that is being written; `close` completes it."""

    name: str
    suffix: str
    media_type: str

    def write(self, rows: list[Row]) -> None: ...

    def close(self) -> None: ...


def file_name(dataset: Dataset, kind: Any) -> str:
    return f"{dataset.name}.{kind.suffix}"


class JsonLines:
    suffix, media_type = "jsonl.gz", "application/x-ndjson"

    def __init__(self, folder: Path, dataset: Dataset) -> None:
        self.name = file_name(dataset, self)
        # No name and no time inside: the same records make the same file.
        self._raw = (folder / self.name).open("wb")
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)

    def write(self, rows: list[Row]) -> None:
        for row in rows:
            self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        self._file.close()
        self._raw.close()


class Csv:
    suffix, media_type = "csv.gz", "text/csv"

    def __init__(self, folder: Path, dataset: Dataset) -> None:
        self.name, self._columns = file_name(dataset, self), dataset.columns
        self._raw = (folder / self.name).open("wb")
        self._zipped = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)
        # The mark at the start lets spreadsheets read Vietnamese letters.
        self._text = io.TextIOWrapper(self._zipped, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow([column.name for column in self._columns])

    def write(self, rows: list[Row]) -> None:
        self._writer.writerows(
            [_cell(row[column.name]) for column in self._columns] for row in rows
        )

    def close(self) -> None:
        self._text.close()
        self._raw.close()


class Parquet:
    suffix, media_type = "parquet", "application/vnd.apache.parquet"

    def __init__(self, folder: Path, dataset: Dataset) -> None:
        self.name = file_name(dataset, self)
        import pyarrow  # noqa: PLC0415 - half a second, for a download that is made once a day
        from pyarrow import parquet  # noqa: PLC0415

        kinds = {
            "text": pyarrow.string(),
            "list": pyarrow.list_(pyarrow.string()),
            "number": pyarrow.int32(),
        }
        self._schema = pyarrow.schema(
            [(column.name, kinds[column.kind]) for column in dataset.columns]
        )
        self._table = pyarrow.Table
        self._writer = parquet.ParquetWriter(folder / self.name, self._schema, compression="zstd")

    def write(self, rows: list[Row]) -> None:
        self._writer.write_table(self._table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


FORMATS: Final[tuple[type[Any], ...]] = (JsonLines, Csv, Parquet)


def _cell(value: Any) -> str:
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return harmless(text)


def checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write_files(folder: Path, dataset: Dataset, chunks: Iterable[list[Row]]) -> int:
    """Writes every format into the folder; returns how many records."""
    files: list[TableFile] = [kind(folder, dataset) for kind in FORMATS]
    count = 0
    try:
        for rows in chunks:
            count += len(rows)
            for file in files:
                file.write(rows)
    finally:
        for file in files:
            file.close()
    return count
