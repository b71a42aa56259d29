"""The demo's records as they lie in the files, both halves together."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


def records(name: str) -> Iterator[dict[str, Any]]:
    """Records of `organizations`, `results`, `offers`, `equipment`, `services`, `needs`,
    `experts` or `mandates`."""
    for path in sorted(FOLDER.glob(f"*/{name}.jsonl")):
        with path.open(encoding="utf-8") as source:
            for line in source:
                if line.strip():
                    yield json.loads(line)


def province_code(record: dict[str, Any]) -> str:
    """The province as the vocabulary writes it: two digits."""
    code = record.get("province") or ""
    return code.zfill(2) if code else ""
