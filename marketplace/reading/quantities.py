"""Reads numbers with units, so that "từ 92 % trở lên" and "93,4 %" can be compared.

Vietnamese and English, with or without diacritics: decimal comma and thousands dot, ranges,
bounds in words or signs, money in triệu and tỷ, counted things such as workers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from marketplace.reading.folding import fold_in_place
from marketplace.reading.heads import is_light
from marketplace.reading.numbers import Numeral, find_numerals, multiplied, numeral_at
from marketplace.reading.units import (
    ACIDITY,
    DOLLAR,
    DONG,
    EURO,
    SPELLINGS,
    Unit,
    dimension_name,
    find_unit,
    product,
)


class Operator(StrEnum):
    EQUAL = "="
    ABOUT = "~"
    AT_LEAST = ">="
    AT_MOST = "<="
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` and `high` are in the base unit of the dimension; None means open on that side."""

    text: str
    value: str  # the number or range with its unit, without words such as "trở lên"
    start: int
    end: int
    name: str  # the words that say what is measured, as written, possibly empty
    operator: Operator
    low: float | None
    high: float | None
    unit: str
    dimension: str
    current: bool = False  # describes how things are now, not what is asked for
    asked: bool = False  # its clause says that it is wanted


_UNIT_AT = re.compile(
    "(?:"
    + "|".join(re.escape(key) for key in sorted(SPELLINGS, key=len, reverse=True))
    + r")(?![a-z0-9²³])"
)
_PER = re.compile(
    r"\s*/\s*|\s+(?:moi|tren mot|tren 1|tren|trong mot|trong 1|mot|per|an|a|in one|in a|cho mot|cho moi)"
    r"\s+(?:1\s+)?"
)
# "140 kg hạt/giờ", "5 tấn nguyên liệu mỗi ngày": what is weighed stands inside the unit.
_PER_OF = re.compile(
    r"\s+(?!(?:va|hoac|den|toi|tu|trong|and|or|to)(?![a-z]))[a-z]+(?: [a-z]+){0,2}?"
    r"(?:\s*/\s*|\s+(?:moi|mot|per)\s+)"
)
_GAP = re.compile(r"[ -]?")
_RANGE_AT = re.compile(
    r"\s*(-|~|±|\+/-|den|toi|to|and|va)\s*(?=\d)|\s+(den|toi|to|and|va)\s+(?=\d)"
)
_DATE_OR_CODE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d+/\d{4}(?:/[\w-]+)?|\d{4}-\d{2}-[\w/]+|\d+/(?:qd|nd|tt)-?\w*"
)

_AT_LEAST_BEFORE = (
    "khong duoc duoi|khong duoc thap hon|khong duoc it hon|khong duoc nho hon|khong duoc kem|khong duoi|khong thap hon|khong nho hon|khong it hon|khong kem|it nhat|toi thieu|nho nhat la|"
    "lon hon|cao hon|nhieu hon|vuot qua|vuot|tren|hon|len den|len toi|len tren|nang len|tang len|"
    "at least|no less than|not less than|no lower than|not lower than|not below|not under|no fewer than|"
    "minimum of|minimum|min|more than|"
    "greater than|higher than|over|above|exceeding|exceeds|>=|=>|≥|>"
)
_AT_MOST_BEFORE = (
    "xuong con|xuong duoi|xuong|khong duoc qua|khong duoc vuot qua|khong duoc vuot|khong duoc lon hon|"
    "khong duoc cao hon|khong duoc nhieu hon|khong duoc tren|khong duoc hon|chua qua|khong qua|khong vuot qua|khong vuot|khong lon hon|khong cao hon|khong nhieu hon|khong tren|"
    "khong hon|toi da|nhieu nhat|lon nhat la|nho hon|thap hon|it hon|duoi|chua den|chua toi|"
    "at most|no more than|not more than|not above|not over|no higher than|not higher than|not greater than|"
    "never above|never over|never exceeds|not exceeding|not to exceed|no greater than|maximum of|"
    "maximum|max|up to|less than|fewer than|lower than|smaller than|below|under|within|<=|=<|≤|<"
)
_ABOUT_BEFORE = (
    "khoang|chung|xap xi|gan|uoc|tam|about|approximately|approx\\.?|around|roughly|nearly|~|≈"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>(?<![a-z])(?:{_AT_LEAST_BEFORE}))|(?P<most>(?<![a-z])(?:{_AT_MOST_BEFORE}))"
    rf"|(?P<about>(?<![a-z])(?:{_ABOUT_BEFORE})))"
    r"(?:\s+(?:la|muc|mot muc|dat|tu|khoang))?\s*[:.]?\s*$"
)
_AFTER = re.compile(
    r"\s*(?:(?P<least>tro len|hoac hon|hoac cao hon|or more|or higher|or greater|or above|or better"
    r"|minimum)|(?P<most>tro xuong|tro lai|do lai|hoac thap hon|or less|or lower|or below|or fewer"
    r"|maximum|max))(?![a-z])"
)
# "công suất từ 400 kg" is a lower bound, "làm từ 400 kg trấu" is none.
_FROM = re.compile(r"(?<=[a-z])\s+(?:tu|from)\s+$")
_MADE = re.compile(r"(?:lam|san xuat|che bien|lay|thu|chiet|xuat|cach|made|derived|obtained)$")
_OPENING = re.compile(r"\s(tu|from)\s*$")
_PREFIX = re.compile(
    r"(?:(?<![a-z])(?P<acid>ph)|(?P<dollar>us\$|\$|(?<![a-z])usd)|(?P<euro>€|(?<![a-z])eur)"
    r"|(?<![a-z])(?P<dong>vnd))\s*(?:la|=|:|of|tu|from)?\s*$"
)
# "từ 12 % xuống 5 %": where it comes from is how things are now.
_CHANGES = re.compile(r"\s*(?:xuong|len|sang|down|up to)(?![a-z])[a-z ]{0,12}\d")
# Read in the text as typed: without its marks "đang" would also be "dạng".
_CURRENT = re.compile(
    r"(?<!\w)(?<!thực )(?<!phát )(?<!thể )(?<!xuất )(?<!thuc )(?<!phat )(?<!the )(?<!xuat )"
    r"(?:hiện|hien)(?! đại| dai| tượng| tuong| trường| truong| vật| vat)(?!\w)"
    r"|(?<!\w)(?:đang|dang|bây giờ|bay gio|currently|at present|presently|today|existing)(?!\w)"
)
_WANTED = re.compile(
    r"(?<!\w)(?:cần|can|muốn|muon|yêu cầu|yeu cau|phải|phai|xuống|xuong|lên|len|nâng|nang|"
    r"required?|must|shall|should|needs?|wants?|goal|target)(?!\w)"
)
_STATED = re.compile(r"(?<!\w)(?:đạt|dat|tìm|tim|đảm bảo|dam bao|ensure|ensuring|achieve)(?!\w)")
_CLAUSE_END = re.compile(r"[.;:!?()\[\]\n\"“”•](?:\s|$)|[;()\[\]\n\"“”•]|,\s")
_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
# Words that lead to a number without saying what is measured.
_FILLING = """
    đạt được là cần có ở khoảng đến phải từ với trong lên xuống còn chỉ sẽ này và hoặc thì mà bị
    của muốn hiện đang thành tới nếu khi tại theo bằng vào nhu cho rằng nay về mức giảm tăng
    mình em tôi chúng cũ mới yêu cầu đảm vượt không quá dưới trên hơn ít nhất tối đa thiểu of is
    are at be to than a an the with and or was were by in from for that which has have must
    should can will only as it its we our need needs required requires reach reaches reached
    achieve achieves achieved gave give gives between down but nhưng
"""
_FILLERS = frozenset(_FILLING.split())
# Of these, typed without marks, some are also words that name a measure ("nhiet do").
_BARE_FILLERS = frozenset(map(fold_in_place, _FILLERS)) - {"bao", "nhu", "do", "nang", "muc", "toi"}
_NAME_WORDS = 6
_FAR = 300  # characters


@dataclass(frozen=True, slots=True)
class _Measure:
    value: float
    unit: Unit | None
    multiplied: bool
    scale: float
    start: int
    end: int


def read_quantities(text: str, language: str = "") -> list[Quantity]:
    """Quantities in the order they stand. `language` ("vi", "en") settles "1.200" and "1,200"."""
    folded = fold_in_place(text)
    found: list[Quantity] = []
    position = 0
    blocked = [match.span() for match in _DATE_OR_CODE.finditer(folded)]
    vietnamese = (
        language == "vi"
        or (language == "" and not text.isascii())
        or (language == "" and _looks_vietnamese(folded))
    )
    for numeral in find_numerals(text, folded, vietnamese):
        if numeral.start < position or any(low <= numeral.start < high for low, high in blocked):
            continue
        quantity = _read_at(text, folded, numeral, vietnamese, found)
        if quantity is not None:
            found.append(quantity)
            position = quantity.end
    return found


def read_value(value: str, unit: str, operator: str = "=", name: str = "") -> Quantity | None:
    """A specification row: the same reading, from a value and a unit kept apart."""
    quantities = read_quantities(f"{value} {unit}".strip(), "vi")
    if not quantities:
        return None
    read = quantities[0]
    low = read.low if read.low is not None else read.high
    high = read.high if read.high is not None else read.low
    wanted = {
        ">=": Operator.AT_LEAST,
        ">": Operator.AT_LEAST,
        "<=": Operator.AT_MOST,
        "<": Operator.AT_MOST,
        "~": Operator.ABOUT,
    }.get(operator, read.operator)
    if wanted == Operator.AT_LEAST:
        high = None
    elif wanted == Operator.AT_MOST:
        low = None
    else:
        low, high = read.low, read.high
    return replace(read, name=name, operator=wanted, low=low, high=high)


def _looks_vietnamese(folded: str) -> bool:
    return bool(
        re.search(r"(?<![a-z])(?:khong|duoc|cua|nhung|trieu|dong|ngay|cong suat)(?![a-z])", folded)
    )


def _read_at(
    text: str, folded: str, numeral: Numeral, vietnamese: bool, before: list[Quantity]
) -> Quantity | None:
    if _part_of_a_code(folded, numeral.start):
        return None
    first = _measure(text, folded, numeral, vietnamese)
    start = first.start
    prefix = _PREFIX.search(folded, max(0, start - 12), start)
    acid = prefix is not None and prefix.group("acid") is not None
    second = _range_end(text, folded, first, vietnamese, acid)
    low, high, operator, end = first.value, first.value, Operator.EQUAL, first.end
    unit = first.unit
    if second is not None:
        closing, connector, ratio = second
        unit = closing.unit or first.unit
        if connector in {"±", "+/-"}:
            low, high = first.value - closing.value, first.value + closing.value
        else:
            scale = closing.scale if not first.multiplied and first.unit is None else 1.0
            low, high = first.value * scale * ratio, closing.value
        operator, end = Operator.RANGE, closing.end
        if low > high:
            return None
    elif numeral.high is not None:
        high = low * numeral.high / numeral.value
        operator = Operator.RANGE
    if prefix is not None and unit is None:
        unit = _PREFIXED[prefix.lastgroup or ""]
        start = start if acid else prefix.start()
    if unit is None:
        return None
    value = text[start:end].strip()
    name_end = prefix.start() if prefix is not None and not acid else start
    if operator is Operator.EQUAL:
        operator, name_end, end = _bound(folded, name_end, end)
    elif around := _BEFORE.search(folded, max(0, name_end - 40), name_end):
        name_end = around.start()
    low_base = low * unit.factor
    high_base = high * unit.factor
    name = _name(text, folded, name_end, end, before, unit)
    if name == unit.label:  # a counted thing is its own name, as it was written
        written = value.lstrip("0123456789.,–- ").lower()
        name = written if written and written != value.lower() else name
    clause = text[_clause_start(folded, start, before) : start].lower()
    current = _is_current(clause)
    if (
        operator is Operator.AT_LEAST
        and _CHANGES.match(folded, end)
        and _FROM.search(folded, max(0, start - 40), start)
    ):
        operator, current = Operator.EQUAL, True
    asked = _WANTED.search(clause) is not None or _STATED.search(clause) is not None
    return Quantity(
        text=text[start:end],
        value=value,
        start=start,
        end=end,
        name=name,
        operator=operator,
        low=None if operator is Operator.AT_MOST else low_base,
        high=None if operator is Operator.AT_LEAST else high_base,
        unit=unit.label,
        dimension=dimension_name(unit.dimension),
        current=current,
        asked=asked and not current,
    )


_PRICED_BY = re.compile(r"\s*(?:/|moi(?![a-z])|mot(?![a-z])|dong(?![a-z]))")
_PRICE_OF = re.compile(
    r"(?<![a-z])(?:gia|chi phi|tien|von|ngan sach|kinh phi|ton|price|cost)[a-z ]{0,24}$"
)
_PREFIXED = {"acid": ACIDITY, "dollar": DOLLAR, "euro": EURO, "dong": DONG}


def _part_of_a_code(folded: str, start: int) -> bool:
    """ "PCT-25" and "BV/120" name things; so do multiplied sizes such as "300 x 200"."""
    before = folded[max(0, start - 3) : start]
    if len(before) >= 2 and before[-1] in "-/_" and before[-2].isalpha():
        return True
    return (
        before.rstrip().endswith(("x", "×", "#"))
        and folded[max(0, start - 6) : start].rstrip(" x×#")[-1:].isdigit()
    )


def _measure(text: str, folded: str, numeral: Numeral, vietnamese: bool) -> _Measure:
    value, start, end = numeral.value, numeral.start, numeral.end
    sign_at = start - 1
    if (
        sign_at >= 0
        and folded[sign_at] == "-"
        and (sign_at == 0 or folded[sign_at - 1] in " (:=")
        and not _is_count(folded[max(0, sign_at - 8) : sign_at].rstrip()[-1:])
    ):
        value, start = -value, sign_at
    more = multiplied(folded, numeral, vietnamese)
    if more is None:
        unit, unit_end = _unit_at(text, folded, end)
        if (
            value > 0
            and unit is not None
            and unit.label == "°C"
            and (cold := _BELOW_ZERO.search(text, max(0, start - 8), start))
        ):
            value, start = -value, cold.start()
        return _Measure(value, unit, False, 1.0, start, unit_end or end)
    end = more.end
    unit, unit_end = _unit_at(text, folded, end)
    if unit is None and more.is_money and (more.scale >= 1e6 or _is_priced(folded, start, end)):
        unit, unit_end = _per(text, folded, DONG, end)
    return _Measure(more.value, unit, True, more.scale, start, unit_end or end)


#: Degrees are said to be below zero in words too. Without its mark "âm" may be "ẩm", of which nothing has degrees.
_BELOW_ZERO: Final = re.compile(r"(?<!\w)(?:minus|âm|am) $", re.IGNORECASE)


def _is_count(character: str) -> bool:
    """Behind a number or a percent sign "-" is a dash."""
    return character.isdigit() or character == "%"


def _is_priced(folded: str, start: int, end: int) -> bool:
    """ "12k/kg", "giá 800 ngàn": thousands alone are money only where it is said."""
    return bool(
        _PRICED_BY.match(folded, end) or _PRICE_OF.search(folded, max(0, start - 40), start)
    )


def _unit_at(text: str, folded: str, position: int) -> tuple[Unit | None, int]:
    single, end = _single_unit(text, folded, position)
    return (None, position) if single is None else _per(text, folded, single, end)


def _per(text: str, folded: str, single: Unit, end: int) -> tuple[Unit, int]:
    """The unit with what it is counted by: an hour, a kilogram, a head."""
    label, dimension, factor = single.label, single.dimension, single.factor
    while (per := _PER.match(folded, end) or _PER_OF.match(folded, end)) is not None:
        below, below_end = _single_unit(text, folded, per.end(), touching=True)
        if below is None:
            break
        label += f"/{below.label}"
        dimension = product(dimension, below.dimension, -1)
        factor /= below.factor
        end = below_end
    if label == single.label:
        return single, end
    return Unit(label, dimension, factor), end


def _single_unit(
    text: str, folded: str, position: int, *, touching: bool = False
) -> tuple[Unit | None, int]:
    start = position
    if not touching:
        gap = _GAP.match(folded, position)
        start = gap.end() if gap is not None else position
    match = _UNIT_AT.match(folded, start)
    while match is not None:
        unit = find_unit(match.group(), text[match.start() : match.end()])
        if unit is not None:
            return unit, match.end()
        shorter = match.end() - 1
        while shorter > start and not (
            folded[start:shorter] in SPELLINGS and not folded[shorter].isalnum()
        ):
            shorter -= 1
        match = _UNIT_AT.match(folded, start, shorter) if shorter > start else None
    return None, position


def _range_end(
    text: str, folded: str, first: _Measure, vietnamese: bool, acid: bool
) -> tuple[_Measure, str, float] | None:
    """The other end with the word between, and how much of its unit the first end's unit is."""
    connector = _RANGE_AT.match(folded, first.end)
    if connector is None:
        return None
    word = connector.group(1) or connector.group(2)
    unit_stands = acid or (first.unit is not None and word != "-")
    number = numeral_at(folded, connector.end(), vietnamese)
    if number is None:
        return None
    if word in {"and", "va"}:
        opening = folded[max(0, first.start - 12) : first.start].rstrip()
        if not opening.endswith(("between", "tu", "giua", "from")):
            return None
    closing = _measure(text, folded, number, vietnamese)
    closing = replace(closing, value=abs(closing.value))
    if closing.unit is None:
        # "5 tấn/giờ đến 50" takes the unit of its first part, "pH 6–8" that before it.
        return (closing, word, 1.0) if unit_stands else None
    if first.unit is None:
        return closing, word, 1.0
    if first.unit.dimension == closing.unit.dimension:
        return closing, word, first.unit.factor / closing.unit.factor
    # "từ 5 tấn đến 10 tấn mỗi ngày": both ends are a day's.
    counted, _ = _single_unit(text, folded, number.end)
    if counted is None or closing.multiplied or counted.dimension != first.unit.dimension:
        return None
    return closing, word, first.unit.factor / counted.factor


def _bound(folded: str, start: int, end: int) -> tuple[Operator, int, int]:
    after = _AFTER.match(folded, end)
    before = _BEFORE.search(folded, max(0, start - 40), start)
    name_end = before.start() if before is not None else start
    if after is not None:
        if opening := _OPENING.search(folded, max(0, name_end - 12), name_end):
            name_end = opening.start(1)
        operator = Operator.AT_LEAST if after.group("least") else Operator.AT_MOST
        return operator, name_end, after.end()
    if before is None:
        from_word = _FROM.search(folded, max(0, start - 40), start)
        if from_word is not None and not _MADE.search(
            folded, max(0, from_word.start() - 20), from_word.start()
        ):
            return Operator.AT_LEAST, from_word.start(), end
        return Operator.EQUAL, start, end
    if before.group("least"):
        return Operator.AT_LEAST, name_end, end
    if before.group("most"):
        return Operator.AT_MOST, name_end, end
    return Operator.ABOUT, name_end, end


def _clause_start(folded: str, position: int, before: list[Quantity]) -> int:
    floor = max(0, position - 160, before[-1].end if before else 0)
    ends = [match.end() for match in _CLAUSE_END.finditer(folded, floor, position)]
    return max([floor, *ends])


def _is_current(clause: str) -> bool:
    now = list(_CURRENT.finditer(clause))
    return bool(now) and _WANTED.search(clause, now[-1].end()) is None


def _name(
    text: str, folded: str, end: int, quantity_end: int, before: list[Quantity], unit: Unit
) -> str:
    start = _clause_start(folded, end, before)
    words = list(_WORD.finditer(text, start, end))
    while words and _is_filler(words[-1].group()):
        words.pop()
    left, words = words[:-_NAME_WORDS], words[-_NAME_WORDS:]
    if left and is_light(f"{left[-1].group()} {words[0].group()}"):
        words.pop(0)  # half of a word that names no measure: "quy | trình bảo quản vải tươi"
    while words and _is_filler(words[0].group()) and not _is_cost(words):
        words.pop(0)
    if words:
        return text[words[0].start() : words[-1].end()].lower()
    if unit.label in _COUNTED:
        return unit.label
    for earlier in reversed(before):
        # What was named a page before names nothing here.
        if end - earlier.end > _FAR or re.search(r"[.!?]\s", text[earlier.end : end]):
            break
        if earlier.name and earlier.dimension == dimension_name(unit.dimension):
            return earlier.name
    return _name_after(text, quantity_end)


def _is_filler(word: str) -> bool:
    lowered = word.lower()
    return lowered in _FILLERS or (lowered.isascii() and lowered in _BARE_FILLERS)


def _is_cost(words: list[re.Match[str]]) -> bool:
    """ "Chi phí", which is no "chỉ" without its mark."""
    return [fold_in_place(word.group()) for word in words[:2]] == ["chi", "phi"]


_COUNTED = frozenset({"người", "hộ", "con", "cây", "sản phẩm", "chai", "hộp", "túi", "viên", "mẫu"})


def _name_after(text: str, end: int) -> str:
    """English often names the measure after it: "50 bar pressure"."""
    words = []
    for word in _following_words(text, end):
        if _is_filler(word):
            break
        words.append(word.lower())
        if len(words) == 2:
            break
    return " ".join(words)


def _following_words(text: str, end: int) -> Iterator[str]:
    while (match := re.compile(r"\s([^\W\d_]+)").match(text, end)) is not None:
        yield match.group(1)
        end = match.end()
