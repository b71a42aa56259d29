"""The judged set beside the demo data, in the BEIR layout, so that `evaluate` runs on it.

`python -m marketplace.demo.judged` writes it from the records and their judgements; a test holds the
files to that.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marketplace.demo.records import FOLDER, records

JUDGED = FOLDER / "judged"


def lines() -> dict[str, list[str]]:
    return {
        "corpus.jsonl": [_dumps(_document(record)) for record in records("results")],
        "queries.jsonl": [_dumps(_query(record)) for record in records("needs")],
        "qrels.tsv": [_HEAD, *_judgements()],
        "short/queries.jsonl": [_dumps(form) for form in _shorter()],
        "short/qrels.tsv": [_HEAD, *_judgements_of_shorter()],
    }


_HEAD = "query-id\tcorpus-id\tscore"
#: In fewer words a need is said by one of these alone.
_FORMS = ("title", "summary")


def _shorter() -> Iterator[dict[str, str]]:
    for record in records("needs"):
        for form in _FORMS:
            yield {"_id": f"{record['id']}/{form}", "text": record[form]}


def _judgements_of_shorter() -> Iterator[str]:
    """Those of the whole need: of less said, no more is useful."""
    for row in _judgements():
        need, _, rest = row.partition("\t")
        yield from (f"{need}/{form}\t{rest}" for form in _FORMS)


def write(folder: Path = JUDGED) -> None:
    for name, content in lines().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(f"{line}\n" for line in content), encoding="utf-8")


def _document(record: dict[str, Any]) -> dict[str, str]:
    text = " ".join([record["abstract"], *(record.get("keywords") or [])])
    return {"_id": record["id"], "title": record["title"], "text": text}


def _query(record: dict[str, Any]) -> dict[str, str]:
    parts = [record["title"], record["summary"], record.get("problem"), record.get("required")]
    return {"_id": record["id"], "text": " ".join(part for part in parts if part)}


def _judgements() -> Iterator[str]:
    for path in sorted(FOLDER.glob("*/judgements.tsv")):
        yield from (row for row in path.read_text(encoding="utf-8").splitlines()[1:] if row)


def _dumps(record: dict[str, str]) -> str:
    return json.dumps(record, ensure_ascii=False)


if __name__ == "__main__":
    write()
