"""The matrix of rights: read for the test, and written from what was found (`python -m tests.access`)."""

import csv
import json
from functools import cache
from pathlib import Path

from tests.access.names import ROLE_NAMES

FILE = Path(__file__).with_name("matrix.csv")
Cell = tuple[str, str]  # an address by its name, a method
Cells = dict[Cell, dict[str, str]]


@cache
def decided() -> Cells:
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            (row.pop("address"), row.pop("method")): {
                role: row.get(role, "") for role in ROLE_NAMES
            }
            for row in csv.DictReader(lines)
        }


def write(cells: Cells) -> None:
    with FILE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["address", "method", *ROLE_NAMES])
        for cell in sorted(cells):
            writer.writerow([*cell, *(cells[cell].get(role, "") for role in ROLE_NAMES)])


def keep(folder: Path, role: str, answers: dict[Cell, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [[*cell, answer] for cell, answer in answers.items()]
    (folder / f"{role}.json").write_text(json.dumps(rows))


def kept(folder: Path) -> Cells:
    found: Cells = {}
    for role in ROLE_NAMES:
        for name, method, answer in json.loads((folder / f"{role}.json").read_text()):
            found.setdefault((name, method), {})[role] = answer
    return found
