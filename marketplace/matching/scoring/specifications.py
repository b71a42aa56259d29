"""Required figures against offered ones."""

import re

from marketplace.matching.scoring.candidate import Figure, ReadCandidate
from marketplace.matching.scoring.data import Evidence, Fit, Specification, SpecificationFit
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Operator, Quantity, comparable, compare

# Names for the same measure, folded; which side of a plain target is welcome.
_FAMILIES: tuple[tuple[str, str, str], ...] = (
    (
        "capacity",
        r"nang suat|cong suat|luu luong|san luong|quy mo|suc chua|tai trong|capacity|throughput"
        r"|output|flow ?rate|payload|productivity",
        "higher",
    ),
    ("efficiency", r"hieu suat|hieu qua|efficiency|yield|ty le thu hoi|recovery", "higher"),
    ("removal", r"khu|loai bo|xu ly duoc|removal|reduction", "higher"),
    ("accuracy", r"do chinh xac|accuracy|precision", "higher"),
    ("error", r"sai so|do lech|error|deviation|tolerance", "lower"),
    ("purity", r"do tinh khiet|do sach|purity", "higher"),
    ("moisture", r"do am|moisture|humidity", ""),
    ("temperature", r"nhiet do|temperature", ""),
    ("pressure", r"ap suat|pressure", ""),
    ("life", r"tuoi tho|do ben|lifetime|service life|cycles", "higher"),
    ("cost", r"(?<![a-z])gia(?![a-z])|chi phi|von|cost|price", "lower"),
    ("duration", r"thoi gian|time|duration", "lower"),
    ("loss", r"hao hut|ton that|ty le vo|that thoat|loss", "lower"),
    ("use", r"tieu hao|tieu thu|tieu ton|dien nang|consumption", "lower"),
    ("area", r"dien tich|area", ""),
    ("people", r"cong nhan|nhan cong|nguoi|lao dong|workers?|operators?|people", "lower"),
)
_COMPILED = tuple((name, re.compile(pattern), better) for name, pattern, better in _FAMILIES)
# A dimension that by itself says what is measured.
_BY_DIMENSION = {
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
_SYMBOLS = {
    Operator.AT_LEAST: "≥ ",
    Operator.AT_MOST: "≤ ",
    Operator.ABOUT: "≈ ",
    Operator.EQUAL: "",
    Operator.RANGE: "",
}
_ENOUGH = 0.5
_WORD = re.compile(r"[^\W\d_]+")


def compare_all(
    required: tuple[Quantity, ...], texts: tuple[Specification, ...], candidate: ReadCandidate
) -> tuple[SpecificationFit, ...]:
    rows = tuple(_row(figure, required, candidate) for figure in required)
    return rows + tuple(SpecificationFit(row.name, row.text, "", "unknown") for row in texts[:6])


def shown(quantity: Quantity) -> str:
    return f"{_SYMBOLS[quantity.operator]}{quantity.value}"


def _row(
    required: Quantity, everything: tuple[Quantity, ...], candidate: ReadCandidate
) -> SpecificationFit:
    name = _display(required)
    best: tuple[float, int, Figure, Fit] | None = None
    alone = _alone(required, everything, candidate)
    for figure in candidate.figures:
        if figure.quantity.current or not comparable(required, figure.quantity):
            continue
        likeness = _likeness(required, figure.quantity, alone=alone)
        if likeness < _ENOUGH:
            continue
        fit = compare(required, figure.quantity, better=_better(required))
        rank = (likeness, _ORDER[fit])
        if best is None or rank > best[:2]:
            best = (*rank, figure, fit)
    if best is None:
        return SpecificationFit(name, shown(required), "", "unknown")
    figure, fit = best[2], best[3]
    return SpecificationFit(name, shown(required), shown(figure.quantity), fit, _evidence(figure))


_ORDER: dict[Fit, int] = {"met": 3, "partly": 2, "unmet": 1, "unknown": 0}


def _evidence(figure: Figure) -> Evidence:
    quantity = figure.quantity
    if figure.sentence is None:
        return Evidence(f"{_display(quantity)}: {shown(quantity)}", (), "specification")
    return figure.sentence.evidence([(quantity.start, quantity.end)])


def _alone(required: Quantity, everything: tuple[Quantity, ...], candidate: ReadCandidate) -> bool:
    """The only figure of its dimension on both sides needs no name to be compared."""
    wanted = sum(comparable(required, other) for other in everything)
    offered = sum(comparable(required, figure.quantity) for figure in candidate.figures)
    return wanted == 1 and offered == 1


def _likeness(required: Quantity, offered: Quantity, *, alone: bool) -> float:
    families = _families(required), _families(offered)
    if families[0] & families[1]:
        family = 0.7
    elif required.dimension in _BY_DIMENSION and alone:
        family = 0.6
    else:
        family = 0.0
    left, right = _words(required.name), _words(offered.name)
    shared = len(left & right) / min(len(left), len(right)) if left and right else 0.0
    # A shared word of two or three is chance ("độ màu", "độ ẩm"), most words are not.
    named = shared if shared >= 0.6 else 0.0
    return max(family + 0.3 * shared, named)


def _families(quantity: Quantity) -> frozenset[str]:
    name = fold_in_place(quantity.name)
    found = {family for family, pattern, _ in _COMPILED if pattern.search(name)}
    if not found and quantity.dimension in _BY_DIMENSION:
        found = {_BY_DIMENSION[quantity.dimension]}
    return frozenset(found)


def _better(quantity: Quantity) -> str:
    if quantity.dimension in _LOWER_DIMENSIONS:
        return "lower"
    name = fold_in_place(quantity.name)
    for _, pattern, better in _COMPILED:
        if pattern.search(name):
            return better
    return "higher" if _BY_DIMENSION.get(quantity.dimension) == "capacity" else ""


def _words(name: str) -> frozenset[str]:
    return frozenset(fold_in_place(word) for word in _WORD.findall(name))


def _display(quantity: Quantity) -> str:
    name = quantity.name.strip()
    return f"{name[:1].upper()}{name[1:]}" if name else quantity.unit
