"""Names of organisations: when two spellings are one organisation, and what kind a name tells of.

Imported records spell one organisation in many ways ("Cty CP", "Công ty Cổ phần", "CTCP"). Diacritics
are kept in the key, since names differing in nothing else belong to different firms ("Tân Phú",
"Tấn Phú"), and whoever claims an organisation gets the records of its name.
"""

import re
from functools import lru_cache
from typing import Final

from marketplace.core.text import fold
from search.analysis import compose, normalize

NAME_LIMIT: Final = 300

_WORD: Final = re.compile(r"[^\W_]+")
# "Viện Chăn nuôi (NIAS)": the abbreviation says nothing that the name does not.
_ABBREVIATION: Final = re.compile(r"\s*\((?:[A-ZĐ][A-ZĐ0-9&.-]{1,14})\)")
_DOTTED: Final = re.compile(r"\b(?:[A-Za-zĐđ]\.){1,}[A-Za-zĐđ]*\.?")
_SPACE: Final = re.compile(r"\s+")

#: Words of company forms and institutions (folded) and the short form they are compared in.
_FORMS: Final[dict[str, str]] = {
    "cong ty": "cty",
    "ct": "cty",
    "ctcp": "cty cp",
    "ctyp": "cty cp",
    "tong cong ty": "tcty",
    "tct": "tcty",
    "co phan": "cp",
    "trach nhiem huu han": "tnhh",
    "mot thanh vien": "mtv",
    "1 thanh vien": "mtv",
    "1tv": "mtv",
    "hai thanh vien": "htv",
    "2 thanh vien": "htv",
    "tu nhan": "tn",
    "doanh nghiep tu nhan": "dntn",
    "doanh nghiep": "dn",
    "hop tac xa": "htx",
    "thuong mai dich vu": "tmdv",
    "thuong mai va dich vu": "tmdv",
    "tm dv": "tmdv",
    "san xuat": "sx",
    "thuong mai": "tm",
    "dich vu": "dv",
    "trung tam": "tt",
    "truong dai hoc": "dh",
    "dai hoc": "dh",
    "truong dh": "dh",
    "cao dang": "cd",
    "truong cao dang": "cd",
    "thanh pho": "tp",
    "tphcm": "tp hồ chí minh",
    "tp hcm": "tp hồ chí minh",
    "thanh pho hcm": "tp hồ chí minh",
    "khoa hoc va cong nghe": "khcn",
    "khoa hoc cong nghe": "khcn",
    "kh va cn": "khcn",
    "kh cn": "khcn",
    "uy ban nhan dan": "ubnd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "limited": "ltd",
    "limited liability company": "llc",
    "joint stock company": "jsc",
    "university": "univ",
    "laboratories": "labs",
    "laboratory": "lab",
    "and": "",
    "the": "",
}
# Words where the marks would otherwise tell the same form apart ("Thành phố Hồ Chí Minh").
_FORM_WORDS: Final = {tuple(form.split()): short.split() for form, short in _FORMS.items()}
_LONGEST: Final = max(map(len, _FORM_WORDS))
_NOTHING: Final = frozenset(
    {"", "na", "n a", "none", "null", "unknown", "khong", "khong co", "khong ro", "chua ro", "khac"}
)


def clean_name(name: str) -> str:
    """The name as it is shown: composed, without runs of space, no longer than the column."""
    return _SPACE.sub(" ", compose(name)).strip(" \t,;.-–—\"'“”")[:NAME_LIMIT].strip()


@lru_cache(maxsize=20_000)
def organization_key(name: str) -> str:
    """What two spellings of one organisation's name have in common; empty where there is no name."""
    text = _ABBREVIATION.sub("", normalize(clean_name(name)))
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text).replace("&", " và ")
    words = _WORD.findall(text.lower())
    folded = [fold(word) for word in words]
    if " ".join(folded) in _NOTHING:
        return ""
    return " ".join(_with_short_forms(words, folded))[:NAME_LIMIT]


def _with_short_forms(words: list[str], folded: list[str]) -> list[str]:
    """Forms in their short spelling; the words of the name itself keep their marks."""
    out: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            short = _FORM_WORDS.get(tuple(folded[at : at + length]))
            if short is not None:
                out += short
                at += length
                break
        else:
            out.append(words[at])
            at += 1
    return out or words


_AUTHORITY: Final = (
    "so",
    "bo",
    "cuc",
    "tong cuc",
    "chi cuc",
    "vu",
    "ubnd",
    "uy ban",
    "ban quan ly",
)
_INSTITUTE: Final = (
    "vien", "phan vien", "trung tam", "tram", "phong thi nghiem", "benh vien", "lien hiep",
    "vien han lam",
)  # fmt: skip
_UNIVERSITY: Final = ("truong", "dai hoc", "hoc vien", "cao dang", "khoa")
_ENTERPRISE: Final = (
    "cong ty", "cty", "ctcp", "tong cong ty", "tap doan", "doanh nghiep", "dntn", "hop tac xa", "htx",
    "nha may", "xi nghiep", "co so",
)  # fmt: skip
_ENGLISH: Final = (
    ("enterprise", r"\b(inc|incorporated|llc|ltd|limited|corp|corporation|gmbh|jsc)\b"),
    ("university", r"\b(university|college|universit\w+)\b"),
    ("institute", r"\b(institut\w*|research cent(er|re)|academy of sciences|hospital)\b"),
    ("authority", r"\b(ministry|department of)\b"),
)  # fmt: skip


def guess_kind(name: str) -> str:
    """The kind of organisation a name tells of; a guess that staff and the owner may correct."""
    folded = " ".join(_WORD.findall(fold(name)))
    starts = (
        ("enterprise", _ENTERPRISE),
        ("institute", _INSTITUTE),
        ("university", _UNIVERSITY),
        ("authority", _AUTHORITY),
    )
    for kind, words in starts:
        if any(folded == word or folded.startswith(f"{word} ") for word in words):
            return kind
    for kind, pattern in _ENGLISH:
        if re.search(pattern, folded):
            return kind
    return "enterprise"
