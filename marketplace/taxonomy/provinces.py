"""The provinces of today, and which of the former ones each took in."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from marketplace.core.text import fold
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.crosswalks import read_pairs
from marketplace.taxonomy.shipped import DATA, load_shipped

_FORMER: Final = "provinces-63"
_PAIRS: Final = DATA / "crosswalks" / "provinces-63-to-2025.tsv"


@lru_cache(maxsize=1)
def _successors() -> Mapping[str, str]:
    return {pair.from_code: pair.to_code for pair in read_pairs(_PAIRS)}


@lru_cache(maxsize=1)
def former_names() -> Mapping[str, tuple[str, ...]]:
    """Code of today → names of the former provinces that are in it, its own left out."""
    own = {term.code: fold(term.label_vi) for term in load_shipped("provinces-2025")}
    found: dict[str, tuple[str, ...]] = {}
    for term in load_shipped(_FORMER):
        code = _successors().get(term.code, "")
        if code and fold(term.label_vi) != own.get(code):
            found[code] = (*found.get(code, ()), term.label_vi)
    return found


def current_province(code: str) -> str:
    """The code of today for one of today or of the 63 of before; "" for what leads nowhere."""
    written = code.zfill(2) if code.isdecimal() else code
    return _successors().get(written, "") if written else ""


def province_choices() -> list[tuple[str, str]]:
    """Today's provinces, each with the former ones in brackets: people look for the name they know."""
    former = former_names()
    return [
        (code, f"{name} ({', '.join(former[code])})" if code in former else name)
        for code, name in choices("provinces")
    ]
