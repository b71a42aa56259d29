"""How often the marked syllables of Vietnamese are written, whatever an index holds of them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "syllables.tsv"


@cache
def syllable_counts() -> Mapping[str, int]:
    """Syllable → its count in the official codification of law, of those that stand there three times."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {syllable: int(count) for syllable, count in pairs}


@cache
def syllable_shares() -> Mapping[str, float]:
    """The same as shares of all that is written."""
    counts = syllable_counts()
    total = sum(counts.values())
    return {syllable: count / total for syllable, count in counts.items()}
