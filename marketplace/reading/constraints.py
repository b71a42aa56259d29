"""What bounds a need beside its elements: budget, volume, standard, deadline, site.

Patterns over quantities and cue words, Vietnamese with and without diacritics and English. Names of
places are handed in, since they are versioned data.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Operator, Quantity


class ConstraintKind(StrEnum):
    BUDGET = "budget"
    VOLUME = "volume"
    STANDARD = "standard"
    DEADLINE = "deadline"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Constraint:
    kind: ConstraintKind
    text: str  # as written
    start: int
    end: int
    quantity: Quantity | None = None


_MONEY = ("VND", "USD", "EUR")
_PAID = re.compile(
    r"(?<![a-z])(?:ngan sach|kinh phi|von|dau tu|tien bo ra|tong chi|chi phi|gia thanh|gia(?! tri| the| lua)|bo ra|"
    r"co the chi|san sang chi|budget|invest\w*|price|cost\w*|spend|afford|fund\w*|up to)(?![a-z])"
)
# Money that is lost, earned or spent now is no budget.
_NOT_PAID = re.compile(
    r"(?<![a-z])(?:thiet hai|mat|lo|phat|loi nhuan|lai|doanh thu|tiet kiem duoc|tien dien|tien nuoc|phi kho|"
    r"ban duoc|gia ban|thu nhap|dang ton|hien ton|nhap khau gia|lost?|loss\w*|revenue|earn\w*|fine[ds]?)(?![a-z])"
)
_SMALL = {"VND": 2e7, "USD": 1000.0, "EUR": 1000.0}
_PER_TIME = re.compile(r"s\^-1")
_BATCH = re.compile(r"mẻ\^-1|ca\^-1")
_CONSUMED = re.compile(
    r"(?<![a-z])(?:tieu thu|tieu hao|tieu ton|dien nang|bay hoi|toc do|van toc|consum\w*|speed|velocity)(?![a-z])"
)
_SCALE = re.compile(
    r"(?<![a-z])(?:cong suat|nang suat|quy mo|san luong|luu luong|khoi luong|moi me|mot me|trai|dan|xuong|nha may|"
    r"capacity|throughput|output|volume|batch|herd|flock|scale|plant)(?![a-z])"
)
#: Counted per time: "2.000 túi mỗi ngày", "45.000 trứng/tuần".
_COUNTED = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[., ]\d{3})+|\d+(?:[.,]\d+)?|ba tram|hai tram|nam tram|mot nghin|mot ngan)\s+(?!phan|%)"
    r"[a-z]{2,12}(?: [a-z]{1,10}){0,2}?\s*(?:/|\s(?:moi|mot|a|an|per|every|each)\s)\s*"
    r"(?:gio|ngay|tuan|thang|nam|quy|vu|dot|ca|me|hour|day|week|month|year|season|batch|shift)(?![a-z])"
    r"|(?<![a-z])(?:moi|mot|ngay|every|each|per)\s?(?:gio|ngay|tuan|thang|nam|me|day|week|month|hour)?\s"
    r"(?:co|chung|khoang|duoc|about)\s(?P<after>(?:\d{1,3}(?:[., ]\d{3})+|\d+|(?:mot|hai|ba|bon|nam|sau|bay|tam|chin)"
    r" (?:tram|nghin|ngan|chuc))\s[a-z]{2,10})"
)
_HEADS = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[., ]\d{3})+|\d+)\s+(?:con|cong nhan|ho(?! so)|giuong|cay|dau heo|benh nhan|hoc sinh|"
    r"ha|hecta|workers|beds|heads?|hectares?|households?)(?![a-z])(?: (?:heo|lon|ga|bo|vit|tom|ca))?(?:\s+per day|"
    r" a day)?"
)
_CODE = re.compile(
    r"(?<!\w)(?:(?:QCVN|TCVN|TCCS|QCDP|ISO|IEC|ASTM|ASME|EN|DIN|JIS|UL|BS|ANSI|IEEE|API|GB/T|OIML|IATF|FSSC|BRC|SAE|"
    r"NFPA|MIL-STD|EMC|ROHS|REACH|OCPP|FDA|USP|GLP|AOAC)"
    r"(?:[ -]?(?:[A-Z]{0,4}[ -]?)?\d[\w:./-]*(?:-[A-Z]+)?)?"
    r"|HACCP|GMP(?:[ -]?WHO)?|GSP|VIETGAP|GLOBAL ?GAP|HALAL|KOSHER|OCOP|CE|ENPLUS(?: A1)?|FSC|IP ?\d\d|E0|E1|CARB P2"
    r"|OEKO-TEX|ORGANIC EU|USDA ORGANIC)(?!\w)(?<![.,:])"
)
_NAMES_NO_STANDARD = frozenset({"EN", "UL", "BS", "API", "SAE", "GLP"})
_STANDARD_WORDS = re.compile(
    r"(?<![a-z])(?:cot [ab](?![a-z])(?: (?:cua )?qcvn(?: [\d:\w/-]+)?)?"
    r"|(?:dat |theo |dung )?(?:tieu chuan|quy chuan|chuan)\s+(?!bi(?![a-z])|doan|xac|do(?![a-z]))"
    r"(?:[a-z0-9:/-]+)(?: (?!cho|de|va|voi|tai|o|trong|la|moi|cua)[a-z0-9:/-]+){0,3}"
    r"|theo thong tu(?: [a-z0-9/-]+){1,5}|thong tu (?:so )?\d+[\w/-]*)"
)
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = (
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|thang \d{1,2}(?:[/ -](?:nam )?\d{4})?(?: toi| nay| sau)?|"
    r"quy (?:iv|iii|ii|i|[1-4])(?:[/ -](?:nam )?\d{4})?|(?:dau|giua|cuoi|het|trong) nam(?: \d{4}| nay| sau| toi)?|"
    r"nam \d{4}|tet(?: nguyen dan)?|(?:dau|cuoi|truoc|het)? ?(?:mua|vu) (?:mua|he|dong xuan|he thu|thu hoach|toi|sau|"
    r"nay|thang \d{1,2}(?: toi)?|toi)(?: \d{4})?"
)
_DATE_EN = (
    rf"(?:the )?(?:end|beginning|middle|start) of (?:the )?(?:year|month|season|\d{{4}}|next year)|(?:{_MONTH})(?: \d{{1,2}},?)?"
    r"(?: \d{4})?|q[1-4](?: \d{4})?|\d{4}-\d{2}-\d{2}|next (?:year|season|month)|christmas"
)
_NUMBERS = (
    r"\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|eighteen"
)
_SPAN = rf"(?:{_NUMBERS}) (?:thang|tuan|ngay|months?|weeks?|days?)"
_BY = re.compile(
    rf"(?<![a-z])(?:(?:truoc|cham nhat(?: la)?|muon nhat|han(?: cuoi)?(?: la)?|tu|vao|trong|den)\s+)?(?P<date>{_DATE})"
    r"(?![a-z0-9])"
)
_BY_EN = re.compile(
    rf"(?<![a-z])(?:by|before|no later than|until|due|in|start(?:s|ing)?(?: in| by)?)\s+(?P<date>{_DATE_EN})(?![a-z0-9])"
)
_WITHIN = re.compile(rf"(?<![a-z])(?:trong(?: vong)?|within|sau|in)\s+(?P<date>{_SPAN})(?![a-z])")
_TO_BE_DONE = re.compile(
    r"(?<![a-z])(?:xong|hoan thanh|lap dat|lap|ban giao|giao|trien khai|khac phuc|van hanh|hoat dong|dua vao|chay thu|"
    r"kip|han|phai co|cham nhat|truoc|deadline|deliver\w*|install\w*|in service|operational|finish\w*|complet\w*|"
    r"ready|start\w*|running|needed|deploy\w*|by|before|no later)(?![a-z])"
)
_ROOM = re.compile(
    r"(?<![a-z])(?:dien tich|mat bang|dat|xuong|nha xuong|khu dat|cho dat|phong|area|site|floor|workshop|space|plot)"
    r"[a-z ]{0,20}$"
)
_PLACES = re.compile(
    r"(?<![a-z])(?:khu cong nghiep|kcn|cum cong nghiep|vung cao|vung nui|vung sau|hai dao|mien trung|mien"
    r" nui|tay nguyen|tay bac|dong bang song cuu long|dbscl|dong bang song hong|ngoai troi|duoi tan rung|"
    r"mekong delta|central highlands|offshore|outdoors|industrial park)(?![a-z])"
)
_PLACED = re.compile(r"(?<![a-z])(?:o|tai|dat tai|thuoc|tinh|in|at|near|from|on|huyen|xa|ven)\s+$")
_MOST = 6


def read_constraints(
    text: str, quantities: Sequence[Quantity], places: Collection[str] = ()
) -> list[Constraint]:
    """Constraints in the order they stand, each once.

    Args:
        text: the need.
        quantities: its quantities, as `read_quantities` gives them.
        places: folded names of places ("kien giang").
    """
    folded = fold_in_place(text)
    found = [
        *_budgets(text, folded, quantities),
        *_volumes(text, folded, quantities),
        *_standards(text, folded),
        *_deadlines(text, folded),
        *_sites(text, folded, quantities, places),
    ]
    unique: dict[tuple[ConstraintKind, str], Constraint] = {}
    for constraint in sorted(found, key=lambda one: (one.start, -one.end)):
        inside = any(
            other.kind is constraint.kind and other.start <= constraint.start < other.end
            for other in unique.values()
        )
        if not inside:
            unique.setdefault((constraint.kind, fold_in_place(constraint.text)), constraint)
    counts: dict[ConstraintKind, int] = {}
    kept = []
    for constraint in unique.values():
        counts[constraint.kind] = counts.get(constraint.kind, 0) + 1
        if counts[constraint.kind] <= _MOST:
            kept.append(constraint)
    return kept


def _clause_before(folded: str, start: int, reach: int = 60) -> str:
    return re.split(r"[.,;:!?()\n](?:\s|$)", folded[max(0, start - reach) : start])[-1]


def _of(kind: ConstraintKind, quantity: Quantity) -> Constraint:
    return Constraint(kind, quantity.text.strip(), quantity.start, quantity.end, quantity)


def _budgets(text: str, folded: str, quantities: Sequence[Quantity]) -> Iterator[Constraint]:
    for quantity in quantities:
        currency = next((money for money in _MONEY if money in quantity.dimension), None)
        if currency is None or quantity.current:
            continue
        before = _clause_before(folded, quantity.start)
        if _NOT_PAID.search(before):
            continue
        whole = quantity.dimension == currency
        bounded = quantity.operator in {Operator.AT_MOST, Operator.ABOUT, Operator.RANGE}
        amount = quantity.high if quantity.high is not None else quantity.low or 0.0
        if _PAID.search(before) or bounded or (whole and amount >= _SMALL[currency]):
            yield _of(ConstraintKind.BUDGET, quantity)


def _volumes(text: str, folded: str, quantities: Sequence[Quantity]) -> Iterator[Constraint]:
    for quantity in quantities:
        dimension = quantity.dimension
        if any(money in dimension for money in _MONEY) or dimension.startswith(("Wh", "W", "m·s")):
            continue
        before = _clause_before(folded, quantity.start)
        if _CONSUMED.search(before):
            continue
        rate = _PER_TIME.search(dimension) and "turn" not in dimension
        batch = _BATCH.search(dimension)
        matter = dimension.startswith(("kg", "m^3")) and "^-" not in dimension
        per_after = re.match(
            r"\s+[a-z]+(?: [a-z]+){0,2}\s(?:moi|mot|mỗi|per|a|every)\s", folded[quantity.end :]
        )
        per_before = re.search(
            r"(?<![a-z])(?:moi|mot|per|every|each)\s(?:me|gio|ngay|thang|nam|tuan|ca|batch|day|hour|month)"
            r"(?:\s(?:co|chung|khoang|tam|duoc|duoi))*\s$",
            folded[max(0, quantity.start - 30) : quantity.start],
        )
        if (
            rate
            or batch
            or (matter and (per_after or per_before or _SCALE.search(before)))
            or (dimension == "m^2" and quantity.unit == "ha")
        ):
            yield _of(ConstraintKind.VOLUME, quantity)
    for pattern in (_COUNTED, _HEADS):
        for match in pattern.finditer(folded):
            start, end = match.span("after") if match.groupdict().get("after") else match.span()
            if not any(
                q.start < end and start < q.end and _PER_TIME.search(q.dimension)
                for q in quantities
            ):
                yield Constraint(ConstraintKind.VOLUME, text[start:end], start, end)


def _standards(text: str, folded: str) -> Iterator[Constraint]:
    capitals = text.upper()
    if len(capitals) != len(text):
        capitals = text
    for match in _CODE.finditer(capitals):
        written = text[match.start() : match.end()].rstrip(".,;:")
        alone = match.group().strip() in _NAMES_NO_STANDARD
        # Typed small, "en", "ce" and "iso" are too often other words.
        if alone or (written[:2].islower() and not any(c.isdigit() for c in written)):
            continue
        yield Constraint(
            ConstraintKind.STANDARD, written, match.start(), match.start() + len(written)
        )
    for match in _STANDARD_WORDS.finditer(folded):
        yield Constraint(
            ConstraintKind.STANDARD, text[match.start() : match.end()], match.start(), match.end()
        )


def _deadlines(text: str, folded: str) -> Iterator[Constraint]:
    for pattern in (_BY, _BY_EN):
        for match in pattern.finditer(folded):
            around = folded[max(0, match.start() - 60) : match.end()]
            if not _marks_agree(text[match.start() : match.end()]):
                continue
            if not _TO_BE_DONE.search(around) and match.start() == match.start("date"):
                continue
            if _is_past(folded, match):
                continue
            yield Constraint(
                ConstraintKind.DEADLINE,
                text[match.start() : match.end()],
                match.start(),
                match.end(),
            )
    for match in _WITHIN.finditer(folded):
        if not _marks_agree(text[match.start() : match.end()]):
            continue
        if _TO_BE_DONE.search(_clause_before(folded, match.start())) or _TO_BE_DONE.match(
            folded, match.end() + 1
        ):
            yield Constraint(
                ConstraintKind.DEADLINE,
                text[match.start() : match.end()],
                match.start(),
                match.end(),
            )


_DATE_WORDS = frozenset(
    """tháng quý năm tết mùa vụ mưa đông xuân hè thu hoạch tới sau nay trước trong vòng hết đầu cuối giữa đến từ
    vào hạn chậm nhất muộn một hai ba bốn sáu bảy tám chín mười tuần ngày là nguyên đán khô""".split()  # noqa: SIM905
)


def _marks_agree(written: str) -> bool:
    """In a text with diacritics "trồng nấm" is not "trong năm", nor "mua" a season."""
    return all(
        word.isascii() or word in _DATE_WORDS for word in re.findall(r"[^\W\d_]+", written.lower())
    )


def _is_past(folded: str, match: re.Match[str]) -> bool:
    """ "tháng trước", "từ năm 2019": told of the past."""
    before = folded[max(0, match.start() - 12) : match.start("date")]
    return bool(
        re.search(r"(?:tu|hoi|ke tu|since)\s+$", before) and not re.search(r"tu thang", before)
    )


def _sites(
    text: str, folded: str, quantities: Sequence[Quantity], places: Collection[str]
) -> Iterator[Constraint]:
    for quantity in quantities:
        room = quantity.dimension == "m^2" and quantity.unit != "ha"
        if room and (quantity.name or _ROOM.search(_clause_before(folded, quantity.start))):
            yield _of(ConstraintKind.SITE, quantity)
    for match in _PLACES.finditer(folded):
        yield Constraint(
            ConstraintKind.SITE, text[match.start() : match.end()], match.start(), match.end()
        )
    words = list(re.finditer(r"[a-z]+", folded))
    longest = max((name.count(" ") for name in places), default=-1) + 1
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            start, end = words[position].start(), words[position + length - 1].end()
            if folded[start:end] in places and _is_place(text, folded, start, end):
                yield Constraint(ConstraintKind.SITE, text[start:end], start, end)
                position += length - 1
                break
        position += 1


def _is_place(text: str, folded: str, start: int, end: int) -> bool:
    """With capitals, or behind a word that says where; "an giang" is seldom anything else."""
    written = text[start:end]
    capitals = all(word[:1].isupper() for word in written.split())
    return capitals or bool(_PLACED.search(folded, max(0, start - 12), start))
