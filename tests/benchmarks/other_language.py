"""XQuAD across languages, as folders that `manage.py evaluate` reads.

    .venv/bin/python -m tests.benchmarks.other_language /tmp/xquad
    .venv/bin/python manage.py evaluate /tmp/xquad/vi-en --json --path match

Both languages of the set have the same ids, so Vietnamese questions (`vi-en`) are judged against the
English paragraphs, and English ones (`en-vi`) against the Vietnamese.
"""

import argparse
import shutil
from pathlib import Path

from tests.benchmarks.references import FOLDER

#: Folder → the languages of its questions and of its paragraphs.
DIRECTIONS = {"vi-en": ("vi", "en"), "en-vi": ("en", "vi")}


def write(target: Path, source: Path = FOLDER / "benchmarks") -> list[Path]:
    """The folders, one a direction."""
    return [
        _write(target / name, source / f"xquad-{asked}", source / f"xquad-{answered}")
        for name, (asked, answered) in DIRECTIONS.items()
    ]


def _write(folder: Path, questions: Path, paragraphs: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(questions / "queries.jsonl", folder)
    shutil.copy(questions / "qrels.tsv", folder)
    shutil.copy(paragraphs / "corpus.jsonl", folder)
    return folder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", type=Path, help="where the two folders are written")
    for folder in write(options.parse_args().folder):
        print(folder)


if __name__ == "__main__":
    main()
