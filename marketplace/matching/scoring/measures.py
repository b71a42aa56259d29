"""What a figure measures: names that mean the same, and which side of a target is welcome."""

import re

from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Quantity

# Names for the same measure, folded; which side of a plain target is welcome.
_FAMILIES: tuple[tuple[str, str, str], ...] = (
    (
        "capacity",
        r"nang suat|cong suat|luu luong|san luong|quy mo|suc chua|tai trong|capacity|throughput"
        r"|output|flow ?rate|payload|productivity",
        "higher",
    ),
    (
        "efficiency",
        r"hieu suat|hieu qua|efficiency|yield|ty le thu hoi|thu hoi(?! von)|recovery",
        "higher",
    ),
    ("removal", r"khu|loai bo|xu ly duoc|removal|reduction", "higher"),
    ("accuracy", r"do chinh xac|accuracy|precision", "higher"),
    ("error", r"sai so|do lech|error|deviation|tolerance", "lower"),
    ("purity", r"do tinh khiet|do sach|purity", "higher"),
    ("moisture", r"do am|moisture|humidity", ""),
    ("temperature", r"nhiet do|temperature", ""),
    ("pressure", r"ap suat|ap luc|pressure", ""),
    (
        "strength",
        r"do ben(?= (?:keo|nen|uon|va dap|xe|moi han))|cuong do|suc chiu|strength",
        "higher",
    ),
    (
        "life",
        r"tuoi tho|do ben(?! (?:keo|nen|uon|va dap|xe|moi han))|lifetime|service life|cycles",
        "higher",
    ),
    ("cost", r"(?<![a-z])gia(?![a-z])|chi phi|von|cost|price", "lower"),
    ("duration", r"thoi gian|time|duration", "lower"),
    ("loss", r"hao hut|ton that|ty le vo|that thoat|loss", "lower"),
    ("use", r"tieu hao|tieu thu|tieu ton|dien nang|consumption", "lower"),
    ("area", r"dien tich|area", ""),
    ("people", r"cong nhan|nhan cong|nguoi|lao dong|workers?|operators?|people", "lower"),
)
_COMPILED = tuple(
    (name, re.compile(rf"(?<![a-z])(?:{pattern})(?:e?s)?(?![a-z])"), better)
    for name, pattern, better in _FAMILIES
)
# A dimension that by itself says what is measured.
BY_DIMENSION = {
    "°C": "temperature",
    "Pa": "pressure",
    "kg·s^-1": "capacity",
    "m^3·s^-1": "capacity",
    "người": "people",
    "Pt-Co": "colour",
    "NTU": "turbidity",
    "dB": "noise",
    "pH": "acidity",
}
_LOWER_DIMENSIONS = frozenset({"VND", "USD", "EUR"})


def families_of(quantity: Quantity) -> frozenset[str]:
    found = families_of_name(fold_in_place(quantity.name))
    if not found and quantity.dimension in BY_DIMENSION:
        found = frozenset({BY_DIMENSION[quantity.dimension]})
    return found


def families_of_name(folded: str) -> frozenset[str]:
    """What a folded name says that is measured."""
    return frozenset(family for family, pattern, _ in _COMPILED if pattern.search(folded))


def without_measures(folded: str) -> str:
    """The folded name with blanks in place of those words."""
    for _, pattern, _ in _COMPILED:
        folded = pattern.sub(blank, folded)
    return folded


def blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def better_side(quantity: Quantity) -> str:
    if quantity.dimension in _LOWER_DIMENSIONS:
        return "lower"
    name = fold_in_place(quantity.name)
    for _, pattern, better in _COMPILED:
        if pattern.search(name):
            return better
    return "higher" if BY_DIMENSION.get(quantity.dimension) == "capacity" else ""


def measures_known(quantity: Quantity) -> bool:
    return bool(families_of(quantity))
