"""Is what is offered of the size that is asked for? Where it seems far smaller, that is to be asked.

No verdict: what runs at 5 litres may run at 5 m³, but whoever reads "đạt" should know that nobody tried.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from marketplace.matching.scoring.candidate import Figure, ReadCandidate
from marketplace.matching.scoring.data import Reason, SpecificationFit
from marketplace.matching.scoring.need import ReadNeed
from marketplace.matching.scoring.specifications import shown
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Quantity
from marketplace.reading.rates import period_of

#: Kilograms of what a litre weighs, near enough where only the power of ten counts.
_MASS: Final = {"kg": 1.0, "m^3": 1000.0}
_RATES: Final = {"kg·s^-1": 1.0, "m^3·s^-1": 1000.0}
_BATCHES: Final = {"kg·mẻ^-1": 1.0, "m^3·mẻ^-1": 1000.0, "kg·ca^-1": 1.0}
_DAY: Final = 86_400.0
_SHIFT: Final = 1 / 3  # of a day: what an hour's capacity makes at least
_BATCHES_A_DAY: Final = 8  # at most
#: So many times smaller, what is offered is of another size.
_FAR: Final = 20.0
#: From this on a need is an industrial one: kilograms a day.
_INDUSTRIAL: Final = 2_000.0
#: Names under which a mass or a volume is the size of what was built or tried.
_SIZE: Final = re.compile(
    r"(?<![a-z])(?:quy mo|nang suat|cong suat|me|dung tich|the tich|binh|noi|bon|thung|be|he|thiet bi|may|buong|"
    r"scale|capacity|batch|vessel|reactor|tank|unit|rig|volume|system)(?![a-z])"
)
_EACH: Final = re.compile(
    r"\s*(?:/|(?:cho |of |for |per )?(?:mỗi|một|each|every|per)\s)", re.IGNORECASE
)
_LABORATORY: Final = re.compile(
    r"(?<!\w)(?:quy mô (?:phòng thí nghiệm|thí nghiệm|phòng lab|lab|bình)|quy mo (?:phong thi nghiem|thi nghiem|lab)|"
    r"(?:laboratory|lab|bench)[- ]scale|at (?:laboratory|lab|bench) scale|trong phòng thí nghiệm|in the laboratory)(?!\w)",
    re.IGNORECASE,
)
_LARGER: Final = re.compile(
    r"(?<!\w)(?:quy mô (?:công nghiệp|sản xuất|pilot|bán công nghiệp)|pilot|nhà máy|xưởng|dây chuyền|industrial|"
    r"factory|production line|plant scale)(?!\w)",
    re.IGNORECASE,
)


def scale_reason(
    need: ReadNeed, rows: Sequence[SpecificationFit], candidate: ReadCandidate
) -> Reason | None:
    """An open question about the scale, or None where none arises or a compared figure answers it."""
    required = _largest(need.sizes, least=_INDUSTRIAL)
    if required is None or _is_answered(need.figures, rows):
        return None
    wanted, figure = required
    offered = _offered(candidate, figure)
    if offered is not None:
        size, found = offered
        if size * _FAR > wanted:
            return None
        evidence = (
            found.sentence.evidence([(found.quantity.start, found.quantity.end)])
            if found.sentence is not None
            else None
        )
        params = {"required": shown(figure), "offered": shown(found.quantity)}
        return Reason("scale_smaller", params, evidence)
    return _laboratory(candidate, figure)


def _is_answered(figures: Sequence[Quantity], rows: Sequence[SpecificationFit]) -> bool:
    """Was a capacity compared? It says itself whether it is enough."""
    return any(
        row.fit != "unknown" and figure.dimension in _RATES
        for figure, row in zip(figures, rows, strict=False)
    )


def _laboratory(candidate: ReadCandidate, required: Quantity) -> Reason | None:
    text = candidate.candidate.text
    if _LABORATORY.search(text) is None or _LARGER.search(text) is not None:
        return None
    for sentence in candidate.sentences:
        if (said := _LABORATORY.search(sentence.text)) is not None:
            evidence = sentence.evidence([said.span()])
            return Reason("scale_laboratory", {"required": shown(required)}, evidence)
    return None


def _offered(candidate: ReadCandidate, required: Quantity) -> tuple[float, Figure] | None:
    """The largest size that the candidate tells of itself.

    A vessel of litres may stand beside tonnes an hour; a rate of mass beside one of volume is of something
    else: the solids of a water.
    """
    best: tuple[float, Figure] | None = None
    for figure in candidate.figures:
        quantity = figure.quantity
        size = size_of(quantity)
        if size is None or quantity.current:
            continue
        if {quantity.dimension, required.dimension} == _RATES.keys():
            continue
        if quantity.dimension in _MASS and _is_of_each(figure):
            continue
        named = figure.sentence is None or _SIZE.search(fold_in_place(figure.sentence.text))
        if quantity.dimension in _MASS and not named:
            continue
        if best is None or size > best[0]:
            best = size, figure
    return best


def _is_of_each(figure: Figure) -> bool:
    """A dose of each is the size of nothing: "5 kg/gốc", "2 kg cho mỗi cây"."""
    if figure.sentence is None:
        return False
    return _EACH.match(figure.sentence.text, figure.quantity.end) is not None


def _largest(figures: Iterable[Quantity], *, least: float) -> tuple[float, Quantity] | None:
    sized = [(size, one) for one in figures if (size := size_of(one)) is not None]
    found = max(sized, key=lambda one: one[0], default=None)
    return found if found is not None and found[0] >= least else None


def size_of(quantity: Quantity) -> float | None:
    """Kilograms a day, as far as its dimension tells; a single mass or volume counts as a batch."""
    value = quantity.high if quantity.high is not None else quantity.low
    if value is None or value <= 0:
        return None
    if (weight := _RATES.get(quantity.dimension)) is not None:
        return value * weight * _DAY * (_SHIFT if period_of(quantity) == "hour" else 1.0)
    for table in (_BATCHES, _MASS):
        if (weight := table.get(quantity.dimension)) is not None:
            return value * weight * _BATCHES_A_DAY
    return None
