"""Splits Vietnamese and English text into sentences that know where they stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.reading.folding import fold_in_place

_ABBREVIATED = """
    tp ts ths th.s pgs gs gs.ts pgs.ts ks cn bs ds bscki bsckii nxb q p tx tt kp so stt ong ba t.p
    t.x tr vd v.d dt sdt mst
    mr mrs ms dr prof st no nos fig figs eq eqs ref refs vol approx e.g i.e eg ie cf vs al inc ltd
    co corp dept u.s u.k d.c jan feb mar apr jun jul aug sep sept oct nov dec
"""
# Ends with a full stop but ends no sentence. Folded, without the final stop.
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
# May both stand inside a sentence and close one: what follows decides.
_OPEN_ABBREVIATIONS = frozenset({"v.v", "vv", "etc", "inc", "ltd", "co", "corp", "u.s", "al"})
_BULLET = re.compile(
    r"[ \t]*(?:[-–—•·▪◦●○■□*+►➢✓]|\(?\d{1,2}[.)]|\(?[a-zđ][.)]|[ivx]{1,4}[.)])[ \t]+", re.IGNORECASE
)
_STOP = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s|$)|\n")
_WORD_BEFORE = re.compile(r"[\w.]+$")
_LONG = 320  # characters; longer ones are also split at semicolons
_COLUMN = 130  # characters; nobody wraps lines as long as that
_HEADING = 60
#: What ends no line that is whole.
_BROKEN_OFF = re.compile(
    r"(?:,|(?<!\w)(?:tại|ở|của|và|với|cho|từ|do|là|theo|trong|tỉnh|huyện|xã|thành phố|ông|bà|công ty|trường|viện|hoặc|"
    r"đến|tới|giữa|gồm|như|các|những|tai|cua|va|voi|cho|tu|theo|trong|tinh|den|"
    r"of|in|at|the|and|or|from|by|with|to|for|on|near|between|a|an|that|which|is|are|was|were))$",
    re.IGNORECASE,
)
#: "Độ ẩm bùn ra: ≤ 82 %" is whole, whatever the next line begins with.
_ROW = re.compile(r"[^\n:.]{2,60}: [^\n]*\d[^\n]{0,24}$")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    start: int
    end: int


def split_sentences(text: str) -> list[Sentence]:
    """Sentences in order; bullet and number marks at their head are left out."""
    return [
        sentence
        for start, end in _spans(text)
        for part_start, part_end in _parts(text, start, end)
        if (sentence := _trimmed(text, part_start, part_end)) is not None
    ]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        if stop.start() < start:
            continue
        if _ends(text, start, stop):
            yield start, stop.end()
            start = stop.end()
    if start < len(text):
        yield start, len(text)


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    if stop.group().startswith("\n"):
        return _line_ends(text, start, stop.start(), stop.end())
    following = text[stop.end() : stop.end() + 40].lstrip()
    if not following:
        return True
    if stop.group() != ".":
        # "… và" goes on, "…" before a capital does not.
        return not (stop.group().startswith("…") and following[0].islower())
    before = _WORD_BEFORE.search(text, max(start, stop.start() - 20), stop.start())
    if before is None:
        return True
    word = fold_in_place(before.group())
    if word in _OPEN_ABBREVIATIONS:
        return following[0].isupper() and word not in {"co", "u.s", "al"}
    if word in _ABBREVIATIONS:
        return False
    # "1. Mục tiêu" at the head of a line, and initials as in "J. Smith".
    head = not text[start : before.start()].strip()
    if head and word.isdigit() and len(word) <= 2:
        return False
    return not (len(word) == 1 and word.isalpha() and before.group().isupper())


def _line_ends(text: str, start: int, line_end: int, next_start: int) -> bool:
    """Does the line break end a sentence, or does it only wrap a paragraph?

    A line that stands beside one longer than any column is a paragraph by itself: a title above its
    abstract, a row of figures below it. In a column, a line goes on when the next one begins in lower
    case, or when it was filled so far that the next word had no place in it.
    """
    following = text[next_start : next_start + 60]
    if not following.strip() or following.startswith(("\n", "\r")) or _BULLET.match(following):
        return True
    written = text[start:line_end].rstrip()
    if not written or written.endswith((":", ";")):
        return True
    line_start = text.rfind("\n", 0, line_end) + 1
    length, width = line_end - line_start, _width(text, line_start, line_end, next_start)
    if width > _COLUMN:
        return True
    if following.lstrip()[0].islower():
        return _ROW.match(text, line_start, line_end) is not None
    # Short lines are headings or table rows, long ones that break off wrapped prose.
    first_word = len(following.split(maxsplit=1)[0])
    is_full = length > _HEADING and length + 1 + first_word > width
    return not (is_full and _BROKEN_OFF.search(written))


def _width(text: str, line_start: int, line_end: int, next_start: int) -> int:
    """Of the longest of this line and its neighbours."""
    next_end = text.find("\n", next_start)
    before = line_start - 1 - (text.rfind("\n", 0, max(0, line_start - 1)) + 1)
    after = (len(text) if next_end < 0 else next_end) - next_start
    return max(line_end - line_start, before, after)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start <= _LONG:
        yield start, end
        return
    position = start
    for semicolon in re.finditer(r";\s", text[start:end]):
        yield position, start + semicolon.end()
        position = start + semicolon.end()
    yield position, end


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    bullet = _BULLET.match(text, start, end)
    if bullet is not None and bullet.end() < end:
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        return None
    return Sentence(text[start:end], start, end)
