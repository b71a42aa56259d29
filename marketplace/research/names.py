"""Names of people: when two spellings are one name.

Marks are kept: Hưng, Hùng and Hứng are three names. Case, titles before the name and the place of a
tone mark tell nobody apart.
"""

import re
from typing import Final

from search.analysis import normalize

_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TITLES: Final = re.compile(
    r"^(?:(?:gs|pgs|ts|tskh|ths|bs|bscki|bsckii|cn|ks|ksc|ncs|dr|prof|mr|mrs|ms|nghệ nhân|"
    r"ông|bà|cki|ckii)(?:[.,\s]+|$))+",
    re.IGNORECASE,
)


def bare_name(name: str) -> str:
    """The name without academic titles and forms of address before it: PGS.TS. Nguyễn Văn A."""
    text = " ".join(name.split()).strip(" .,;")
    without = _TITLES.sub("", text).strip(" .,;")
    return without or text


def person_key(name: str) -> str:
    """What spellings of one name have in common; empty where there is no name."""
    return " ".join(_WORD.findall(normalize(bare_name(name)).lower()))[:200]
