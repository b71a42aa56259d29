"""What a figure is named: its measure, in which circumstance, of what; and whether two names mean the same.

Figures are compared only where their names say that they are the same thing. The unit proves nothing: a
machine that dries at 50 °C says nothing of whether it runs in a room of 4 °C.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from marketplace.matching.scoring.measures import (
    BY_DIMENSION,
    blank,
    families_of_name,
    without_measures,
)
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Quantity
from search.analysis import PAIR, exact_terms, fold_terms
from search.ranking.reading import said_otherwise


class Agreement(IntEnum):
    """How far two names agree, in the order in which one figure is preferred to another."""

    NONE = 0
    #: One of them names a circumstance or a thing that the other leaves open.
    OPEN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        measures: what is measured ("nhiệt độ", "năng suất"), as families of `measures`.
        is_said: the name says so; else its unit does.
        circumstances: while what, or at which end: drying, storage, inlet, …
        things: words that remain, of what is measured, as they stand.
        text: as written.
    """

    measures: frozenset[str]
    is_said: bool
    circumstances: frozenset[str]
    things: tuple[str, ...]
    text: str

    @property
    def key(self) -> tuple[frozenset[str], frozenset[str]]:
        """What parts it from others of the same measure."""
        return self.circumstances, frozenset(self.things)


# Vietnamese and English. The longest that fits is taken first ("nung chảy" is no "nung").
_CIRCUMSTANCES: Final[tuple[tuple[str, str, str], ...]] = (
    ("melting", "nung chảy|nóng chảy", r"melting|melt"),
    ("freezing", "cấp đông|đông lạnh|đông đá|trữ đông", r"freez\w*|frozen"),
    ("storage", "bảo quản|lưu trữ|lưu kho|tồn trữ|trong kho|kho", r"storage|stor(?:e|ed|ing)|shelf|kept|keeping"),
    ("work", "làm việc|vận hành|hoạt động|chạy", r"operat\w*|working|works?|running|runs?|in service"),
    ("surroundings", "môi trường|ngoài trời|xung quanh|không khí", r"ambient|environment(?:al)?|outdoor|surrounding"),
    ("inlet", "đầu vào|nguyên liệu|ban đầu|trước xử lý|trước khi|vào(?= *$)", r"inlet|inflow|input|initial|raw|incoming"),
    ("outlet", "đầu ra|sau xử lý|thành phẩm|sau khi|ra(?= *$)", r"outlet|effluent|final|finished|outgoing"),
    ("drying", "sấy|phơi", r"dry\w*|dried"),
    ("cooking", "nấu|hấp(?! phụ)|luộc", r"cook\w*|steaming|boiling"),
    ("frying", "chiên", r"frying|fried"),
    ("roasting", "rang", r"roast\w*"),
    ("baking", "nướng", r"bak(?:e|ed|ing)"),
    ("sterilizing", "thanh trùng|tiệt trùng|khử trùng", r"pasteuri\w*|sterili\w*|disinfect\w*"),
    ("firing", "nung|thiêu kết", r"calcin\w*|firing|fired|sinter\w*"),
    ("cooling", "làm lạnh|làm mát|giải nhiệt", r"cooling|chill\w*"),
    ("heating", "gia nhiệt|đun nóng|làm nóng", r"heating"),
    ("fermenting", "lên men", r"ferment\w*"),
    ("incubating", "ủ|ấp", r"incubat\w*|compost\w*|hatching"),
    ("extracting", "chiết xuất|chiết tách|trích ly|chiết", r"extract\w*"),
    ("evaporating", "cô đặc|bay hơi|bốc hơi", r"evaporat\w*"),
    ("distilling", "chưng cất", r"distil\w*"),
    ("curing", "đóng rắn|lưu hóa|lưu hoá|bảo dưỡng", r"curing|vulcani\w*"),
    ("washing", "rửa", r"washing|rinsing"),
    ("grinding", "nghiền|xay", r"grinding|milling"),
    ("mixing", "phối trộn|trộn|khuấy", r"mixing|stirring"),
    ("pressing", "ép", r"pressing"),
    ("shelling", "bóc vỏ|tách vỏ|lột vỏ", r"shelling|peeling|dehusk\w*|hulling"),
    ("separating", "phân ly", r"separating|separation"),
    ("sorting", "phân loại", r"sorting|grading"),
    ("cutting", "cắt", r"cutting|slicing"),
    ("spraying", "phun", r"spraying"),
    ("packing", "đóng gói|bao gói", r"packing|packaging"),
    ("charging", "nạp|sạc", r"charging"),
    ("filtering", "lọc", r"filtration|filtering"),
    ("growing", "nuôi|trồng", r"growing|rearing|culture"),
)  # fmt: skip
#: Without their marks these are first of all other words ("khô", "trong", "cát", "áp").
_NEVER_BARE: Final = frozenset(
    {"kho", "ủ", "ấp", "cắt", "trồng", "ép", "rang", "hấp(?! phụ)", "sạc"}
)


def _circumstances(*, bare: bool) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            rf"(?P<{name}>(?<!\w)(?:{_bare(words) if bare else words}|{english})(?!\w))"
            for name, words, english in _CIRCUMSTANCES
        )
    )


def _bare(words: str) -> str:
    kept = [fold_in_place(word) for word in words.split("|") if word not in _NEVER_BARE]
    return "|".join(kept) or "(?!)"


_CIRCUMSTANCE: Final = _circumstances(bare=False)
_BARE_CIRCUMSTANCE: Final = _circumstances(bare=True)
#: A figure of these is never one of the thing itself, so a name that leaves it open is another.
_APART: Final = frozenset({"inlet", "surroundings", "storage"})
# What carries a measure, and kinds of things that are sought: they tell no figure from another.
_EMPTY: Final = re.compile(
    r"(?<![a-z])(?:lon nhat|nho nhat|cao nhat|thap nhat|lien tuc|continuous(?:ly)?|ty le|ti le|he so|ham luong|nong do|chi so|gia tri|muc do|tong so|tong cong|trung binh|rieng"
    r"|thiet bi|he thong|day chuyen|quy trinh|cong nghe|giai phap|mo hinh|san pham|nha may|phan xuong|chung toi"
    r"|cong ty|co so|mot me|mot ngay|mot gio|toi thieu|toi da|yeu cau|so|tong|muc|do|luong|may|xuong|tram|lo"
    r"|moi|cac|nhung|hon|rat|tu|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|truoc|tren|duoi|tai|theo|thu|de|bi|ra|vao|o|va|cho|co|bang|trong|ngay|gio|nam|thang|lan|me|con|dat|la|cua|den|duoc|voi|khi"
    r"|rate|ratio|content|concentration|level|total|average|mean|value|degree|index|number|of|per|the|a|an|at|in"
    r"|machines?|equipment|systems?|devices?|process|units?|products?|plants?|lines?|for|with|and|its?|our|max"
    r"|min|maximum|minimum|overall|rated|nominal|whole|each|daily|hourly|day|hour|year)(?![a-z])"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_MOST: Final = 0.6
_REMEMBERED: Final = 8_192
#: What a test says after a time names that time: "kết quả dưới 1 giờ", "results within an hour".
_OUTCOME: Final = re.compile(
    r"(?<![a-z])(?:(?:doc|tra|nhan|thu) )?ket qua(?: (?:xet nghiem|kiem tra|thu nghiem|phan tich))?(?![a-z])"
    r"|(?<![a-z])(?:test )?results?(?![a-z])"
)
_TIME: Final = "s"


def name_of(quantity: Quantity) -> Name:
    return _taken_apart(quantity.name, quantity.dimension)


@lru_cache(maxsize=_REMEMBERED)
def _taken_apart(text: str, dimension: str) -> Name:
    written, folded = text.lower(), fold_in_place(text)
    said = families_of_name(folded)
    implied = _implied(dimension)
    measured = without_measures(folded)
    if dimension == _TIME and _OUTCOME.search(folded):
        said, measured = said | {"duration"}, _OUTCOME.sub(blank, measured)
    # Nothing moves: what is left is read as it was written, so that "dâu" is not "dầu".
    rest = _kept(written, measured)
    pattern = _BARE_CIRCUMSTANCE if text.isascii() else _CIRCUMSTANCE
    circumstances = frozenset(one.lastgroup for one in pattern.finditer(rest) if one.lastgroup)
    rest = pattern.sub(blank, rest)
    left = _kept(rest, _EMPTY.sub(blank, fold_in_place(rest)))
    return Name(
        measures=said or (frozenset({implied}) if implied else frozenset()),
        is_said=bool(said),
        circumstances=circumstances,
        things=tuple(dict.fromkeys(word for word in _WORD.findall(left) if len(word) > 1)),
        text=text,
    )


def _implied(dimension: str) -> str | None:
    if dimension.startswith(_MONEY):
        return "cost"
    return "duration" if dimension == _TIME else BY_DIMENSION.get(dimension)


def _kept(written: str, folded: str) -> str:
    """As written, without what is blank in the folded form."""
    return "".join(
        one if other.isalpha() else " " for one, other in zip(written, folded, strict=True)
    )


def agreement(left: Quantity, right: Quantity) -> Agreement:
    """Do two figures of one dimension say by their names that they measure the same?"""
    one, other = name_of(left), name_of(right)
    if one.measures and other.measures and not one.measures & other.measures:
        return Agreement.NONE
    if left.dimension == _FLOW and _is_of_air(one) is not _is_of_air(other):
        return Agreement.NONE
    if (one.measures ^ other.measures) & _OF_ITS_OWN:
        return Agreement.NONE
    circumstances = _agree(one.circumstances, other.circumstances)
    things = _things_agree(one, other)
    if Agreement.NONE in (circumstances, things):
        return Agreement.NONE
    if (one.circumstances ^ other.circumstances) & _APART and circumstances is Agreement.OPEN:
        return Agreement.NONE
    found = min(circumstances, things)
    measured = one.measures & other.measures
    if measured & _UNIT_SAYS_ALL:
        return found
    if circumstances is things is Agreement.OPEN and bool(one.things) != bool(one.circumstances):
        # One tells while what, the other of what: nothing in common but the measure.
        return Agreement.NONE
    if measured and one.is_said and other.is_said:
        return found
    # A unit says what is measured, but not that it is the same temperature: the names have to.
    if measured and one.circumstances & other.circumstances:
        return found
    return found if _share(one, other, nearly_all=True) else Agreement.NONE


_FLOW: Final = "m^3·s^-1"
#: What a fan moves is no flow of water, and a plant for water says nothing of air.
_AIR: Final = re.compile(
    r"(?<!\w)(?:khí|gió|quạt|quat|luu luong (?:khi|gio)|air|gas(?:es)?|fans?|blowers?|exhaust|ventilat\w*)(?!\w)"
)
#: Measures that are the reverse of another which nobody names: dry matter of 30 % is moisture of 70 %.
_OF_ITS_OWN: Final = frozenset({"moisture"})
_MONEY: Final = ("VND", "USD", "EUR")
#: Measures of which a thing has one, so that their unit names them: a machine's capacity, its noise.
_UNIT_SAYS_ALL: Final = frozenset({"capacity", "people", "colour", "turbidity", "noise", "acidity"})


def _is_of_air(name: Name) -> bool:
    return _AIR.search(name.text.lower()) is not None


def _agree(left: frozenset[str], right: frozenset[str]) -> Agreement:
    if left | right == {"outlet"}:  # what comes out is what is meant where nothing else is said
        return Agreement.SAME
    if bool(left) != bool(right):
        return Agreement.OPEN
    return Agreement.SAME if left & right or not left else Agreement.NONE


def _things_agree(one: Name, other: Name) -> Agreement:
    if bool(one.things) != bool(other.things):
        return Agreement.OPEN
    return Agreement.SAME if not one.things or _share(one, other) else Agreement.NONE


def _share(one: Name, other: Name, *, nearly_all: bool = False) -> bool:
    """Half of the words of the shorter one stand in the longer, as they are or in the other language;
    with `nearly_all` more of them, and half of the longer one's or the one that it begins or ends with."""
    if not one.things or not other.things:
        return False
    shorter, longer = sorted((one, other), key=lambda name: len(name.things))
    common = _common(shorter, longer)
    least = len(shorter.things) / 2
    if nearly_all:
        ends = {longer.things[0], longer.things[-1]}
        if common == len(shorter.things) and ends & {*shorter.things}:
            return True
        least = max(_MOST * len(shorter.things), len(longer.things) / 2)
    # What they have in common as it stands is found at once, in the other language by the vocabulary.
    return (
        common >= least
        or _translated(shorter, longer) >= least
        or _translated(longer, shorter) >= least
    )


def _common(one: Name, other: Name) -> int:
    if one.text.isascii() or other.text.isascii():
        return len(set(map(fold_in_place, one.things)) & set(map(fold_in_place, other.things)))
    return len({*one.things} & {*other.things})


def _translated(said: Name, other: Name) -> int:
    """How many words of a name the other one says too, by the bilingual vocabulary."""
    terms = exact_terms(said.text, "vi" if not said.text.isascii() else None)
    stems = _stems(other.text) | {*other.things}
    met = {*said.things} & {*other.things}
    for one in said_otherwise(terms, ""):
        if any(stems.issuperset(unit.split(PAIR)) for unit in one.units):
            met |= {*said.things} & {*one.terms, *_stemmed(said, one.terms)}
    return len(met)


@lru_cache(maxsize=_REMEMBERED)
def _stems(text: str) -> frozenset[str]:
    return frozenset(fold_terms(exact_terms(text, "en")))


def _stemmed(said: Name, terms: frozenset[str]) -> set[str]:
    """Words of the name whose stems these are."""
    stems = frozenset(fold_terms(terms))
    return {word for word in said.things if not stems.isdisjoint(_stems(word))}
