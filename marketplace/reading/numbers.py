"""Numbers as people write them: "1.200,5", "1 tỷ rưỡi", "1tr2", "sáu bảy trăm ngàn", "two hundred"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.reading.folding import fold_in_place
from marketplace.reading.units import MULTIPLIERS

NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{3})+(?![\d.,]*\d)|(?<![\w.,])\d+(?:[.,]\d+)*")
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_MULTIPLIERS = {fold_in_place(word): value for word, value in MULTIPLIERS.items()}
_MULTIPLIER_AT = re.compile(
    rf"\s*((?:{'|'.join(sorted(_MULTIPLIERS, key=len, reverse=True))})(?![a-z0-9])|(?:tr|ty)(?=[1-9](?!\d)))"
)
# "1 tỷ rưỡi", "1 tỷ 2", "1tr2"; "1 tỷ 200 triệu" is put together from its parts.
_HALF = re.compile(r"\s*ruoi(?![a-z])")
_TENTH = re.compile(
    r"(?P<digit>[1-9])(?![\d.,]*\d|[a-z])|\s(?:(?P<apart>[1-9])|(?P<word>hai|ba|bon|tu|nam|sau|bay|tam|chin))"
    r"(?=\s*(?:$|[.,;)\n]|dong(?![a-z])|mot(?![a-z])|thoi(?![a-z])))(?![.,]\d)"
)
_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
_BARE_DIGITS = {fold_in_place(word): digit for word, digit in _DIGITS.items()}
_TENS = {"mươi": 10, "chục": 10, "trăm": 100}
_ENGLISH = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "eighty": 80, "a hundred": 100, "one hundred": 100, "half a": 0.5,
}  # fmt: skip
_DIGIT = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
# "năm" is also the year: "mỗi năm tấn nào" counts none.
_WORDS = re.compile(
    rf"(?<!\w)(?<!mỗi )(?<!một )(?<!hằng )(?<!hàng )(?<!trong )(?<!\d )(?P<one>{_DIGIT})(?:\s(?P<two>{_DIGIT}))?"
    rf"\s(?P<tens>mươi|chục|trăm)(?:\s(?P<rest>{_DIGIT}|lăm|tư|rưỡi))?(?!\w)"
    r"|(?<!\w)mười(?:\s(?P<teen>một|hai|ba|bốn|lăm|sáu|bảy|tám|chín))?(?!\w)"
    r"|(?<!\w)(?<!mỗi )(?<!một )(?<!hằng )(?<!hàng )(?<!\d )"
    rf"(?P<single>{_DIGIT})(?:[\s-](?P<or>{_DIGIT}))?(?=\s(?:nghìn|ngàn|vạn|triệu|tỷ|tỉ|tấn|tạ)(?!\w))"
    r"|(?<!\w)(?<!mỗi )(?<!một )(?P<few>hai|ba|bốn|sáu|bảy|tám|chín)(?:[\s-](?P<fewer>ba|bốn|năm|sáu|bảy|tám"
    r"|chín))?(?=\s(?:ký|kg|tháng|tuần|ngày|giờ|tiếng|phút|lít|khối|người|công nhân|mét|đồng|phần trăm|độ)(?!\w))"
    rf"|(?<!\w)(?P<english>{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})(?:\s(?P<hundred>hundred))?"
    r"(?=[\s-](?:hundred|thousand|million|billion|tonnes?|tons?|kg|kilograms?|litres?|liters?|hours?|days?|weeks?"
    r"|months?|years?|people|workers|percent|degrees|bar|cubic|metres|meters|kw)(?!\w))"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text; `high` where two words name a span ("sáu bảy trăm")."""

    value: float
    start: int
    end: int
    high: float | None = None


def find_numerals(text: str, folded: str, vietnamese: bool) -> Iterator[Numeral]:
    """Numbers in digits and in words, in the order they stand."""
    found = [
        Numeral(read_number(match.group(), vietnamese), match.start(), match.end())
        for match in NUMBER.finditer(folded)
    ]
    lowered = text.lower()
    if len(lowered) == len(text):
        found.extend(_in_words(match) for match in _WORDS.finditer(lowered))
        found.sort(key=lambda numeral: numeral.start)
    yield from found


def numeral_at(folded: str, position: int, vietnamese: bool) -> Numeral | None:
    match = NUMBER.match(folded, position)
    if match is None:
        return None
    return Numeral(read_number(match.group(), vietnamese), match.start(), match.end())


def _in_words(match: re.Match[str]) -> Numeral:
    part = match.groupdict()
    high = None
    if part["english"]:
        value = _ENGLISH[part["english"]] * (100 if part["hundred"] else 1)
    elif part["tens"]:
        unit = _TENS[part["tens"]]
        rest = part["rest"]
        # Of a hundred the rest is tens ("trăm hai" is 120), of ten it is ones.
        more = unit / 2 if rest == "rưỡi" else _DIGITS.get(rest or "", 0) * unit / 10
        value = _DIGITS[part["one"]] * unit + more
        high = _DIGITS[part["two"]] * unit + more if part["two"] else None
    elif part["single"] or part["few"]:
        value = _DIGITS[part["single"] or part["few"]]
        other = part["or"] or part["fewer"]
        high = _DIGITS[other] if other else None
    else:
        value = 10 + _DIGITS.get(part["teen"] or "", 0)
    if high is not None and high <= value:
        high = None
    return Numeral(float(value), match.start(), match.end(), high)


def read_number(written: str, vietnamese: bool) -> float:
    plain = written.replace(" ", "")
    groups = _GROUPS.fullmatch(plain)
    if groups:
        mark = groups.group(1)
        several = plain.count(mark) > 1
        own = mark == ("." if vietnamese else ",")
        # "1,500 kg" in Vietnamese text is a thousand and a half: nobody writes three decimals so.
        rounded = plain.endswith("00") and not plain.startswith("0")
        if (several or own or (vietnamese and rounded)) and not plain.startswith("0"):
            return float(plain.replace(mark, ""))
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return float(plain)
    whole, decimals = plain[:last], plain[last + 1 :]
    whole = whole.replace(".", "").replace(",", "")
    return float(f"{whole}.{decimals}")


@dataclass(frozen=True, slots=True)
class Multiplied:
    value: float
    scale: float
    is_money: bool  # the word alone means money, as "triệu" does
    end: int


def multiplied(folded: str, numeral: Numeral, vietnamese: bool) -> Multiplied | None:
    """The number with the word that multiplies it and what is said behind that word."""
    word = _MULTIPLIER_AT.match(folded, numeral.end)
    if word is None:
        return None
    scale, is_money = _MULTIPLIERS[word.group(1)]
    vietnamese = vietnamese or word.group(1) in {"tr", "ty", "ti", "trieu"}
    value, end = _with_part(folded, numeral.value * scale, scale, word.end(), vietnamese)
    return Multiplied(value, scale, is_money, end)


def _with_part(
    folded: str, whole: float, scale: float, end: int, vietnamese: bool
) -> tuple[float, int]:
    """With a half, a tenth, or a smaller part that has its own word."""
    if (half := _HALF.match(folded, end)) is not None:
        return whole + scale / 2, half.end()
    if scale < 1e6 or not vietnamese:
        return whole, end
    if folded[end : end + 1] == " " and (part := numeral_at(folded, end + 1, vietnamese)):
        word = _MULTIPLIER_AT.match(folded, part.end)
        if word is not None and (smaller := _MULTIPLIERS[word.group(1)][0]) < scale:
            return whole + part.value * smaller, word.end()
    if (tenth := _TENTH.match(folded, end)) is not None:
        said = tenth["digit"] or tenth["apart"]
        tenths = int(said) if said else _BARE_DIGITS[tenth["word"]]
        return whole + tenths * scale / 10, tenth.end()
    return whole, end
