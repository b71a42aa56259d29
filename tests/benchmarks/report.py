"""The run as a page of the documentation (`docs/figures.md`) and as JSON."""

import os
import platform
import sqlite3
from importlib import metadata
from typing import Any

from tests.benchmarks import references
from tests.benchmarks.figures import Section
from tests.benchmarks.runs import Run

PAGE = references.ROOT / "docs" / "figures.md"
_PACKAGES = ("Django", "wagtail", "celery", "tantivy", "gunicorn")
_MARK = "<!-- part: "

_HEAD = """# Figures

Written by `make bench` (`.venv/bin/python -m tests.benchmarks --write`); each part says when it was measured last and how
busy the machine was. A ratio compares with the baseline named beside it: one of the same run, or, for the judged
collections, the BM25 column that comes with the reference data. `MISSED` is a target not reached.

"""


def machine() -> str:
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{cores} core{'s' if cores > 1 else ''}, {memory:.0f} GiB of memory, {platform.system()}"
    )


def versions() -> str:
    own = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    return ", ".join([*own, *(f"{name} {metadata.version(name)}" for name in _PACKAGES)])


def as_data(run: Run, sections: list[Section]) -> dict[str, Any]:
    return {
        "seed": run.seed,
        "machine": machine(),
        "versions": versions(),
        "reference_data": references.absence() or "complete",
        "parts": {section.name: section.data() for section in sections},
    }


def write(run: Run, sections: list[Section]) -> None:
    """Replaces the parts that were measured now and keeps what was measured before."""
    kept = _read()
    kept |= {section.name: section.markdown() for section in sections if not section.absent}
    body = "\n".join(f"{_MARK}{name} -->\n{text.strip()}\n" for name, text in kept.items())
    about = f"Machine: {machine()}. {versions()}. Seed of the last run: {run.seed}.\n\n"
    PAGE.write_text(f"{_HEAD}{about}{body}", encoding="utf-8")


def _read() -> dict[str, str]:
    """The page's parts by name, each between its mark and the next one."""
    if not PAGE.exists():
        return {}
    _, *parts = PAGE.read_text(encoding="utf-8").split(_MARK)
    return dict(part.split(" -->\n", 1) for part in parts)


def last_line() -> str:
    if missing := references.absence():
        return f"EXCHANGE_REFERENCE_DATA is absent: {missing} is not there"
    return f"reference data: {references.FOLDER}"
