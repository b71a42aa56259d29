"""Old ways of writing a field of research, brought to the notation of the exchange.

DSpace repositories keep the whole path of a classification in one string, its levels divided by `::`
(`BẢNG PHÂN LOẠI …::1. Khoa học tự nhiên::1.2. Khoa học máy tính`); older files write `1.2` for `102`.
"""

import re
from typing import Final

from marketplace.taxonomy.codes import parse_code

_CODE_FIRST: Final = re.compile(
    r"\s*([1-6](?:\.\d{1,2}){0,3}|[1-6](?:\d\d){1,3})\s*[.:)\s–-]*\s*(.*)", re.DOTALL
)
VOCABULARY: Final = "st-fields"


def is_path(text: str) -> bool:
    return "::" in text


def field_code(text: str) -> str | None:
    """The code that a field's name, notation or `::` path stands for; of a path the deepest."""
    if not is_path(text):
        return parse_code(VOCABULARY, text) or _leading_code(text)
    for part in reversed(text.split("::")):
        if part.strip() and (code := parse_code(VOCABULARY, part) or _leading_code(part)):
            return code
    return None


def _leading_code(text: str) -> str | None:
    """`1.2.Khoa học máy tính`, which the printed notation does not allow and people write."""
    found = _CODE_FIRST.match(text)
    if found is None or not found[2][:1].isalpha():
        return None
    return parse_code(VOCABULARY, found[1])


def path_name(text: str) -> str:
    """The name at the end of a path, without its code: good as a keyword."""
    last = next((part for part in reversed(text.split("::")) if part.strip()), "")
    found = _CODE_FIRST.match(last)
    return (found[2] if found and found[2] else last).strip(" .")
