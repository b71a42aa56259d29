"""Codes as people and old systems write them, brought to the one notation the exchange stores.

Statutory notation changed over time (`1.2` and `102` are the same field), spreadsheets drop leading
zeros, bulletins print the name after the code. This module knows notation only: whether a code
exists is the vocabulary's business.
"""

import re
from collections.abc import Callable

from marketplace.core.text import fold, nfc
from marketplace.taxonomy.shipped import load_shipped, shipped_vocabularies

# A code at the start of a line, with the name behind it: "40107. Bảo quản và chế biến nông sản".
_NAME_AFTER = re.compile(r"(?:\s*[.:;–—-]\s*|\s+)(?=[^\W\d_]{2}|\().*$", re.DOTALL)
_FIELD_DOTTED = re.compile(r"([1-6])\.(\d{1,2})(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?")
_FIELD_PLAIN = re.compile(r"[1-6](?:\d\d){0,3}")
_INDUSTRY = re.compile(r"([A-V])?[\s.-]?(\d{1,2}(?:\.?\d){0,3})")
_IPC = re.compile(r"([A-H])(?:(\d{2})(?:([A-Z])(?:\s*(\d{1,4})\s*/\s*(\d{2,6}))?)?)?")
_IPC_FIXED = re.compile(r"([A-H]\d{2}[A-Z])(\d{4})(\d{6})")
_IPC_VERSION = re.compile(r"\s*[(\[]\d{4}\.\d{2}[)\]]$")
_READINESS = re.compile(r"(?:TRL)?[\s:-]*([1-9])(?:\s*/\s*9)?")


def _bare(raw: str) -> str:
    return _NAME_AFTER.sub("", raw).strip(" .\t")


def _field(raw: str) -> str | None:
    bare = _bare(raw)
    if dotted := _FIELD_DOTTED.fullmatch(bare):
        top, *rest = (part for part in dotted.groups() if part is not None)
        return top + "".join(part.zfill(2) for part in rest)
    return bare if _FIELD_PLAIN.fullmatch(bare) else None


def _industry(raw: str) -> str | None:
    bare = _bare(raw).upper()
    if len(bare) == 1 and "A" <= bare <= "V":
        return bare
    match = _INDUSTRY.fullmatch(bare)
    if not match:
        return None
    digits = match[2].replace(".", "")
    return digits.zfill(2)


def _ipc(raw: str) -> str | None:
    bare = _IPC_VERSION.sub("", raw.strip().upper())
    if fixed := _IPC_FIXED.fullmatch(bare):
        group = fixed[3].rstrip("0").ljust(2, "0")
        return f"{fixed[1]} {int(fixed[2])}/{group}"
    match = _IPC.fullmatch(bare)
    if not match:
        return None
    section, digits, letter, group, subgroup = match.groups()
    symbol = section + (digits or "") + (letter or "")
    return f"{symbol} {int(group)}/{subgroup}" if group else symbol


def _province(raw: str) -> str | None:
    bare = _bare(raw)
    return bare.zfill(2) if bare.isdecimal() and len(bare) <= 2 else None


def _objective(raw: str) -> str | None:
    bare = _bare(raw)
    return str(int(bare)) if bare.isdecimal() and 1 <= int(bare) <= 14 else None


def _readiness(raw: str) -> str | None:
    match = _READINESS.fullmatch(_bare(raw).upper())
    return match[1] if match else None


_NOTATIONS: dict[str, Callable[[str], str | None]] = {
    "st-fields": _field,
    "industries": _industry,
    "ipc": _ipc,
    "provinces": _province,
    "objectives": _objective,
    "readiness-levels": _readiness,
}


def scheme_of(name: str) -> str:
    """The scheme of a vocabulary's code: `st-fields-2008` is an edition of `st-fields`."""
    for vocabulary in shipped_vocabularies():
        if vocabulary.code == name:
            return vocabulary.scheme
    return name


def parse_code(vocabulary: str, raw: str) -> str | None:
    """The code in the exchange's notation, or None where the text is no code of that vocabulary.

    `parse_code("st-fields", "1.2")` is `"102"`, as is `"102. Khoa học máy tính"`. In the short
    lists the official letters (`SXTN`) and the labels are understood as well.
    """
    raw = nfc(raw).strip()
    if not raw:
        return None
    scheme = scheme_of(vocabulary)
    if notation := _NOTATIONS.get(scheme):
        return notation(raw)
    wanted = fold(raw)
    slug = re.sub(r"[\s-]+", "_", wanted)
    for term in load_shipped(scheme):
        signs = {term.code, fold(term.notation)} - {""}
        if slug in signs or wanted in signs | {fold(term.label_vi), fold(term.label_en)}:
            return term.code
    return None
