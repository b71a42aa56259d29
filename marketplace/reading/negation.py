"""Reads what a text excludes or replaces: "không dùng than", "thay thế xăng", "without solvents".

A bag of words rewards the opposite of what is asked, so the excluded phrase is kept apart with
its place. Signs that only bound a number ("không quá 4") and words that merely contain the
syllable ("không khí", "hàng không") are not exclusions.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from marketplace.reading.folding import fold_in_place


class ExclusionKind(StrEnum):
    WITHOUT = "without"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Exclusion:
    phrase: str  # what is excluded, as written
    start: int
    end: int
    kind: ExclusionKind
    cue_start: int


# Cues are matched on the text as typed, in lower case, with and without diacritics, so that "thay"
# never takes "thấy" for itself when the writer uses diacritics.
_WITHOUT = (
    "không sử dụng|không phải sử dụng|không cần sử dụng|không dùng đến|không dùng tới|không dùng|"
    "không phải dùng|không cần dùng|không cần đến|không cần tới|không cần|không muốn dùng|"
    "không chứa|không có|không thêm|không pha|không qua|không phun|không đốt|không phải|"
    "tránh dùng|tránh sử dụng|hạn chế dùng|hạn chế sử dụng|loại bỏ việc dùng|khỏi dùng|khỏi cần|"
    "đừng dùng|đừng xài|không xài|khỏi xài"
)
_WITHOUT_EN = (
    "without the use of|without using|without requiring|without needing|without any|without|"
    "free of|free from|does not use|do not use|not using|does not require|do not require|"
    "not requiring|does not need|no need for|avoiding the use of|avoids the use of|avoid using|"
    "avoiding|avoids|no use of|eliminates? the need for|eliminating the need for|"
    "eliminates? the use of|eliminating the use of"
)
_INSTEAD = (
    "thay thế hoàn toàn|thay thế cho|thay thế dần|thay thế|thay cho việc dùng|thay cho|"
    "thay vì dùng|thay vì"
)
_INSTEAD_EN = (
    "as an alternative to|an alternative to|alternatives? to|as a replacement for|"
    "replacements? for|replacing|to replace|replaces|instead of using|instead of|rather than using|"
    "rather than|in place of|substitutes? for"
)


def _bare(written: str) -> str:
    return "|".join(fold_in_place(part) for part in written.split("|"))


def _cues(without: str, instead: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:(?P<without>{without})|(?P<instead>{instead}))(?!\w)")


# A bare "không" excludes only what is a process or a substance in its own right.
_BARE = re.compile(
    r"(?<![\w-])(?:không|khong|no|non)[ -](?P<thing>nung|hóa chất|hoá chất|hoa chat|dung môi|"
    r"dung moi|chất bảo quản|chat bao quan|thuốc trừ sâu|thuoc tru sau|kháng sinh|khang sinh|"
    r"phá hủy|phá huỷ|pha huy|xâm lấn|xam lan|tiếp xúc|tiep xuc|dây|day|đất|gluten|"
    r"chemicals?|solvents?|preservatives?|antibiotics?|destructive|invasive|contact)(?!\w)"
)
_FREE = re.compile(r"(?<!\w)(?P<thing>[a-z]+(?: [a-z]+)?)-free(?!\w)")
# Things a phrase goes on to only as a condition, a purpose or the replacement itself.
_PUNCTUATION = r"[.,;:!?()\[\]\n\"“”]"
_STOP_WORDS = (
    "bằng|mà|nhưng|vì|để|khi|nếu|trong|với|cho|nhằm|vẫn|thì|nên|do|tại|ở|như|đang|hiện|chi phí|quá|"
    "qua|cần|phải|giúp|làm"
)
_STOP_WORDS_EN = (
    "with|by|but|because|to|in|when|if|which|that|for|at|on|while|and still|so|as|during|than|is|"
    "are|can|must|will"
)
_LANGUAGES = (
    (
        _cues(f"{_WITHOUT}|{_bare(_WITHOUT)}", f"{_INSTEAD}|{_bare(_INSTEAD)}"),
        # "do" and "o" without marks are also "đồ", "ô": only the others stop unmarked text.
        re.compile(
            rf"{_PUNCTUATION}|(?<!\w)(?:{_STOP_WORDS}|bang|ma|nhung|vi|de|khi|neu|trong|voi|cho|"
            r"nham|van|thi|nen|tai|nhu|dang|hien|chi phi|qua|can|phai|giup|lam)(?!\w)"
        ),
    ),
    (
        _cues(_WITHOUT_EN, _INSTEAD_EN),
        re.compile(rf"{_PUNCTUATION}|(?<!\w)(?:{_STOP_WORDS_EN})(?!\w)"),
    ),
)
_LIST_WORD = re.compile(r"(?<!\w)(?:và|hay|hoặc|va|hoac|and|or|nor)(?!\w)")
_LEADING = re.compile(
    r"\s*(?:(?:dùng|sử dụng|dung|su dung|các|cac|những|nhung|loại|loai|bất kỳ|bat ky|việc|viec|"
    r"the use of|the|any|a|an|use of|using|conventional|traditional|toxic|existing|current)\s+)*"
)
# After "không có/cần/phải" these make no exclusion of a thing.
_IDLE = re.compile(
    r"\s*(?:khả năng|kha nang|thể|the(?= )|nhiều|nhieu|ai|gì|gi|sự|là|la|chỉ|chi|tiền|hiệu quả|"
    r"hieu qua|người|nguoi|điều kiện|lo|biết|biet|further|question|significant)(?!\w)"
)
_PRONOUNS = frozenset({"it", "them", "this", "that", "one", "nó", "no", "này", "nay", "đó", "gì"})
_MAX_WORDS = 5


def read_exclusions(text: str) -> list[Exclusion]:
    """What the text says it does without or replaces, in the order it stands."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    found: list[Exclusion] = []
    for cues, stop in _LANGUAGES:
        for cue in cues.finditer(lowered):
            kind = ExclusionKind.WITHOUT if cue.group("without") else ExclusionKind.INSTEAD
            if kind is ExclusionKind.WITHOUT and _IDLE.match(lowered, cue.end()):
                continue
            found.extend(_phrases(text, lowered, cue, kind, stop))
    for pattern in (_BARE, _FREE):
        for cue in pattern.finditer(lowered):
            start, end = cue.span("thing")
            if not any(other.start <= start < other.end for other in found):
                found.append(
                    Exclusion(text[start:end], start, end, ExclusionKind.WITHOUT, cue.start())
                )
    return sorted(found, key=lambda exclusion: exclusion.start)


def _phrases(
    text: str,
    lowered: str,
    cue: re.Match[str],
    kind: ExclusionKind,
    boundary: re.Pattern[str],
) -> list[Exclusion]:
    leading = _LEADING.match(lowered, cue.end())
    start = leading.end() if leading is not None else cue.end()
    stop = boundary.search(lowered, start)
    end = stop.start() if stop is not None else len(text)
    phrases: list[Exclusion] = []
    part_start = start
    for joint in [*_LIST_WORD.finditer(lowered, start, end), None]:
        part_end = joint.start() if joint is not None else end
        phrase = _phrase(text, part_start, part_end, kind, cue.start())
        if phrase is not None:
            phrases.append(phrase)
        if joint is None:
            break
        part_start = joint.end()
        again = _LEADING.match(lowered, part_start, end)
        part_start = again.end() if again is not None else part_start
    return phrases[:3]


def _phrase(
    text: str, start: int, end: int, kind: ExclusionKind, cue_start: int
) -> Exclusion | None:
    words = list(re.finditer(r"[^\W_]+(?:-[^\W_]+)*", text[start:end]))[:_MAX_WORDS]
    if not words or words[0].group().isdigit():
        return None
    if len(words) == 1 and words[0].group().lower() in _PRONOUNS:
        return None
    first, last = start + words[0].start(), start + words[-1].end()
    return Exclusion(text[first:last], first, last, kind, cue_start)
