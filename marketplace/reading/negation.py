"""Reads what a text excludes, replaces, lessens or does not reach: "không dùng than", "thay thế xăng",
"giảm hóa chất", "chưa thử trên nước mặn", "without solvents".

A bag of words rewards the opposite of what is asked, so each such phrase is kept apart with its
place. Signs that only bound a number ("không quá 4"), words that merely contain the syllable ("không
khí", "hàng không") and turns that affirm ("không chỉ", "không thể thiếu", "cannot do without") exclude
nothing; lessening a thing does not forbid it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from marketplace.reading.folding import fold_in_place
from marketplace.reading.substances import shipped_substances


class ExclusionKind(StrEnum):
    WITHOUT = "without"
    INSTEAD = "instead"
    #: Asked to be less, or said to have become less: not forbidden.
    LESS = "less"
    #: What the text says it does not reach, serve or suit, or does not yet.
    LACKING = "lacking"


@dataclass(frozen=True, slots=True)
class Exclusion:
    phrase: str  # what is excluded, as written
    start: int
    end: int
    kind: ExclusionKind
    cue_start: int

    @property
    def forbids(self) -> bool:
        return self.kind in {ExclusionKind.WITHOUT, ExclusionKind.INSTEAD}


# Cues are matched on the text as typed, in lower case, with and without diacritics, so that "thay"
# never takes "thấy" for itself when the writer uses diacritics.
_NOT = r"(?:không|khong|ko|hông|hổng|hong|chẳng|chang|k)"
_BETWEEN = (
    r"(?:\s+(?:hề|he|còn|con|được phép|duoc phep|được|duoc|nên|nen|muốn|muon|phải|phai|cần phải|can phai"
    r"|chấp nhận|chap nhan|cho phép|cho phep|thể|the|bao giờ|bao gio|hoàn toàn|hoan toan|cần|can))*"
)
_USE = (
    r"(?:sử dụng|su dung|dùng đến|dùng tới|dung den|dung toi|dùng|dung(?! m[oô]i| d[iị]ch| l[uư][oợ]ng)"
    r"|xài|xai|chứa|chua|thêm|them|pha(?! trộn| tron)|phun|xịt|xit|đốt|dot|xông|xong|ngâm|ngam|tẩm|tam|ướp"
    r"|uop|bón|bon|bổ sung|bo sung|cho thêm|cho them|trộn|tron|tốn|ton(?= nuoc| dien| dau| xang)|bỏ(?= chất| hóa| phụ| hàn| thuốc)|bo(?= chat| hoa chat| phu gia| han the)|nhờ|nho đến|phụ thuộc vào|phu thuoc vao"
    r"|phụ thuộc|phu thuoc|lệ thuộc|le thuoc)"
)
#: That it has come about: "tránh được", "giảm được".
_DONE = r"(?:\s+(?:được|duoc))?"
_WITHOUT = (
    rf"{_NOT}{_BETWEEN}\s+{_USE}"
    # "không tẩy bằng clo"
    rf"|{_NOT}\s+(?!phải|phai|chỉ|chi )[^\W\d_]+(?:\s[^\W\d_]+)?\s+(?:bằng|bang)"
    rf"|{_NOT}\s+(?:cần đến|cần tới|can den|can toi|cần|can|có|co|qua|phải|phai)"
    rf"|(?:tránh|tranh|hạn chế|han che|khỏi|khoi|đừng|dung(?= dung| xai| su dung| xong| dot)|cấm|cam(?= dung|"
    rf" su dung)|chớ|cho khoi){_DONE}\s+(?:(?:phải|phai|việc|viec)\s+)*{_USE}"
    r"|(?:khỏi cần|khoi can|nói không với|noi khong voi|bỏ hẳn|bo han|bỏ hoàn toàn|bo hoan toan)"
    r"|(?:ngừng|ngưng|dừng|ngung|bỏ hẳn|bo han|từ bỏ|tu bo|chấm dứt|cham dut|loại bỏ|loai bo|loại bỏ hoàn"
    r" toàn|loai bo hoan toan|bỏ|bo)(?: hẳn| han| hoàn toàn| hoan toan)?(?:\s+(?:việc|viec|công đoạn|cong"
    rf" doan|khâu|khau|bước|buoc))*\s+{_USE}"
    rf"|(?:loại bỏ|loai bo|bỏ|bo|tránh|tranh){_DONE}(?: hẳn| han| hoàn toàn| hoan toan)?\s+(?:công đoạn|cong"
    r" doan|khâu|khau|bước|buoc)"
)
_WITHOUT_EN = (
    "without the use of|without using|without requiring|without needing|without any|without|"
    "free of|free from|does not use|do not use|not using|does not require|do not require|"
    "not requiring|does not need|no need for|avoiding the use of|avoids the use of|avoid the use of|"
    "avoid using|avoiding|avoids|no use of|eliminates? the need for|eliminating the need for|"
    "eliminates? the use of|eliminating the use of|(?:must|should|may|can|shall|will) ?not (?:use|contain|"
    "rely on|require|need)|cannot (?:use|contain)|never (?:use|uses|using|contain|contains)|"
    "does not contain|do not contain|does not rely on|do not want(?: to use)?|don't want(?: to use)?|"
    "(?:don't|doesn't|won't|can't|mustn't) (?:use|need|require|contain)|"
    "stop(?:ping)? (?:using|burning)|phas(?:e|es|ing) out(?: the use of)?|"
    "get(?:ting)? rid of|ban on|prohibits? the use of"
)
_INSTEAD = (
    "thay thế hoàn toàn|thay thế cho|thay thế dần|thay thế|thay cho việc dùng|thay cho|"
    "thay vì phải dùng|thay vì dùng|thay vì"
)
_INSTEAD_EN = (
    "as an alternative to|an alternative to|alternatives? to|as a replacement for|"
    "replacements? for|replacing|to replace|replaces|instead of using|instead of|rather than using|"
    "rather than|in place of|substitutes? for|switch(?:ing)? (?:away )?from|mov(?:e|ing) away from"
)
_LESS = (
    "giảm bớt|giảm thiểu|giảm|bớt|hạn chế|tiết kiệm|cắt giảm|giam bot|giam thieu|giam|han che|tiet kiem|"
    "cat giam"
)
_LESS_EN = (
    r"reduc(?:e|es|ed|ing)|lower(?:s|ing)|cut(?:s|ting)? (?:down on )?|minimi[sz](?:e|es|ing)|"
    r"less|fewer|saves?|saving"
)
_LACKING = (
    rf"(?:{_NOT}|chưa|chua)\s+(?:phù hợp với|phù hợp cho|phù hợp|thích hợp với|thích hợp cho|phu hop voi|phu"
    r" hop cho|phu hop|thich hop voi|thich hop cho|áp dụng được cho|áp dụng được với|áp dụng cho|áp dụng|ap"
    r" dung duoc cho|ap dung cho|dùng được cho|dùng được với|dung duoc cho|dung duoc voi|xử lý được|xu ly"
    r" duoc|xử lý|khử được|khu duoc|loại được|loai duoc|chịu được|chiu duoc|phát hiện được|phat hien duoc|"
    r"phân biệt được|phan biet duoc|tách được|tach duoc|làm được với|lam duoc voi|hỗ trợ|ho tro|đo được|do"
    r" duoc|giải quyết được|giai quyet duoc)"
    r"|(?:chưa|chua)\s+(?:được\s+|duoc\s+)?(?:thử nghiệm trên|thử nghiệm với|thử trên|thử với|thử|kiểm"
    r" chứng trên|thu nghiem tren|thu tren|thu voi|kiem chung tren|dùng|sử dụng|su dung|có|làm chủ được|lam"
    r" chu duoc|đánh giá trên|danh gia tren|khảo sát|khao sat)"
)
_LACKING_EN = (
    r"(?:is|are|was|were) (?:not|un)(?: |)(?:suitable|suited|applicable|intended|designed|appropriate)"
    r" (?:for|to)|not (?:suitable|suited|applicable|intended|designed) (?:for|to)|"
    r"(?:does|do|did) not (?:work|function|apply) (?:with|on|for|to|in)|"
    r"(?:cannot|can not|could not|unable to|fails? to|does not|do not) "
    r"(?:handle|treat|remove|detect|process|tolerate|withstand|support)|"
    r"not (?:yet )?(?:been )?(?:tested|validated|tried|evaluated) (?:on|with|for|in)"
)
# Before a cue these turn it into its contrary: "không thể không dùng", "cannot do without".
_TURNED = re.compile(
    rf"(?:(?<!\w){_NOT}\s+(?:thể|the|phải là|phai la|phải|phai)|(?<!\w)(?:không phải vì|khong phai vi)|"
    r"(?<!\w)(?:cannot|can not|can't|could not|couldn't|never|not)(?: do| be| live| work| operate)?)\s*$"
)


def _bare(written: str) -> str:
    return "|".join(dict.fromkeys(fold_in_place(part) for part in written.split("|")))


def _cues(without: str, instead: str, less: str, lacking: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?:(?P<lacking>{lacking})|(?P<without>{without})|(?P<instead>(?:{instead}){_DONE})"
        rf"|(?P<less>(?:{less}){_DONE}))(?!\w)"
    )


_PUNCTUATION = r"[.,;:!?()\[\]\n\"“”]"
# Things a phrase goes on to only as a condition, a purpose or the replacement itself.
_STOP_WORDS = (
    "bằng|mà|nhưng|vì|để|khi|nếu|trong|với|cho|nhằm|vẫn|thì|nên|do|tại|ở|như|đang|hiện|chi phí|quá|"
    "qua|cần|phải|giúp|làm|so|còn|sang|xuống|khỏi|lên|dưới|trên|được|thành|trước|của|không|nha|nhé|ạ|nữa|đâu|luôn"
)
_STOP_BARE = (
    "bang|ma|nhung|vi|de|khi|neu|trong|voi|cho|nham|van|thi|nen|tai|nhu|dang|hien|chi phi|qua|can|phai|"
    "giup|lam|xuong|khoi|duoi|tren|duoc|truoc|cua|nha|nhe|nua|luon"
)
_STOP_WORDS_EN = (
    "with|by|but|because|to|in|when|if|which|that|for|at|on|while|and still|so|as|during|than|is|"
    "are|can|must|will|from|of|use|using|we|has|have"
)
_LANGUAGES = (
    (
        _cues(_WITHOUT, f"{_INSTEAD}|{_bare(_INSTEAD)}", _LESS, _LACKING),
        # "do" and "o" without marks are also "đồ", "ô": only the others stop unmarked text.
        re.compile(rf"{_PUNCTUATION}|(?<!\w)(?:{_STOP_WORDS}|{_STOP_BARE})(?!\w)|\s\d"),
    ),
    (
        _cues(_WITHOUT_EN, _INSTEAD_EN, _LESS_EN, _LACKING_EN),
        re.compile(rf"{_PUNCTUATION}|(?<!\w)(?:{_STOP_WORDS_EN})(?!\w)|\s\d"),
    ),
)
# Where none of these stands nothing is read: most sentences of most results.
_ANY = re.compile(
    r"(?<!\w)(?:không|khong|ko|k|hông|hổng|hong|chẳng|chang|chưa|chua|tránh|tranh|hạn|han|khỏi|khoi|đừng|dung"
    r"|cấm|cam|chớ|noi|nói|ngừng|ngưng|dừng|ngung|bỏ|bo|loại|loai|từ|tu|chấm|cham|thay|chuyển|chuyen|giảm|giam"
    r"|bớt|bot|tiết|tiet|cắt|cat|dưới|duoi|thấp|thap|not|no|non|zero|never|without|free|instead|rather|get"
    r"|ban|less|fewer|below|saves?|saving|cuts?|cutting|fails?|unable|stop|stopping|in place)(?!\w)"
    r"|(?<!\w)(?:avoid|replac|substitut|alternative|switch|mov(?:e|ing) away|reduc|lower|minimi|cannot|eliminat"
    r"|phas(?:e|ing) out|prohibit|unsuit)|n't(?!\w)|-free(?!\w)"
)
# "thay lò than bằng bơm nhiệt", "chuyển từ than sang điện", "replace coal with wood". Of "thay" alone
# much else is said ("thay dao", "thay đổi"): only with what comes in its place is it a replacement.
_SWAPS = (
    re.compile(
        r"(?<!\w)(?:thay(?! thế| the| vì| vi| cho| đổi| doi)(?:\s+được|\s+duoc)?|chuyển từ|chuyen tu|chuyển đổi từ|"
        r"chuyen doi tu)\s+"
        r"(?P<thing>[^.,;:!?()\n]{2,50}?)\s+(?:bằng|bang|sang)(?!\w)"
    ),
    re.compile(
        r"(?<!\w)(?:từ|tu|bằng|bang)\s[^.,;:!?()\n]{2,40}?\sthay\s(?!thế|the|vì|vi|cho|đổi|doi)"
        r"(?P<thing>[^.,;:!?()\n]{2,30}?)(?=[.,;\n]|$)"
    ),
    re.compile(
        r"(?<!\w)(?:replace|replaced|substitute|substituting)\s+(?P<thing>[^.,;:!?()\n]{2,50}?)\s+(?:with|by)(?!\w)"
    ),
)
# A bare "không" or "tránh" excludes only what is a substance or a process in its own right.
_BARE = re.compile(
    rf"(?<![\w-])(?:{_NOT}|(?:tránh|tranh){_DONE}(?:\s+(?:cả|ca|hẳn|han|phải|phai|việc|viec))*|(?<!loại )(?<!loai )(?:bỏ|bo)\s+(?:được"
    r"|duoc)(?:\s+(?:cả|ca|hẳn|han))?|no|non|zero|avoid|loại trừ|loai tru)[ -]"
)
_FREE = re.compile(r"(?<!\w)(?P<thing>[a-z]+(?: [a-z]+)?)-free(?!\w)")
_LEVEL = re.compile(
    r"(?P<thing>[^\W\d_]+(?: [^\W\d_]+){0,4})\s+(?:dưới|duoi|thấp hơn|thap hon)\s+(?:mức|muc|ngưỡng|nguong)"
    r"(?!\w)|(?P<thing_en>[a-z]+(?: [a-z]+){0,2}) below (?:the )?(?:limit|threshold|level)"
)
_LEVELS = re.compile(r"\s(?:dưới|duoi|thấp hơn|thap hon|below)\s")
_JOINT = re.compile(
    r"(?:\s*,\s*|\s+(?=và |hay |hoặc |va |hoac |or |and |nor ))(?:(?:và|hay|hoặc|va|hoac|or|and|nor)\s+)?"
)
_LIST_WORD = re.compile(r"(?<!\w)(?:và|hay|hoặc|va|hoac|lẫn|cũng như|and|or|nor)(?!\w)")
_FIGURE = re.compile(r"\s*\d")
#: Behind the last of a list.
_ENDS_ITEM = re.compile(rf"\s*(?:{_PUNCTUATION}|$|(?:và|hay|hoặc|va|hoac|or|and|nor)(?!\w))")
_LEADING = re.compile(
    r"\s*(?:(?:dùng|sử dụng|dung(?! m[oô]i| d[iị]ch| l[uư][oợ]ng)|su dung|đốt|dot|xông|xong|các|cac|những|nhung|loại"
    r"|loai(?! bo)|bất kỳ|bat ky|bất cứ|bat cu|việc|viec|thêm|them|cả|lượng|luong|"
    r"the use of|the|any|a|an|use of|using|conventional|traditional|toxic|existing|current)(?!\w)\s*)*"
)
# After "không có/cần/phải" these make no exclusion of a thing.
_IDLE = re.compile(
    r"\s*(?:khả năng|kha nang|thể|the(?= )|nhiều|nhieu|ai|gì|gi|sự|là|la|chỉ|chi|tiền|kém|thời gian|công|quá|hiệu quả|"
    r"hieu qua|người|nguoi|điều kiện|lo|biết|biet|nghĩa|nghia|lý do|ly do|vấn đề|van de|"
    r"thiếu|thieu|only|further|question|significant|doubt|delay)(?!\w)"
)
# What a poster has not got is no condition of the thing: "không có đất làm bể lớn".
_OWNS = ("có", "co")
_MEANS = re.compile(
    r"\s*(?:đất|chỗ|mặt bằng|diện tích|vốn|kinh phí|thợ|nhân công|kỹ sư|dat(?= )|dien tich|kinh phi|"
    r"nhan cong|ky su)(?!\w)"
)
_PRONOUNS = frozenset(
    {"it", "them", "this", "that", "one", "nó", "no", "này", "nay", "đó", "gì", "được", "chúng"}
)
_MAX_WORDS = 5
_MOST_PHRASES = 5  # of one cue
_REACH = 160  # characters


def read_exclusions(text: str) -> list[Exclusion]:
    """What the text says it does without or replaces, in the order it stands."""
    return [found for found in read_negations(text) if found.forbids]


def read_negations(text: str) -> list[Exclusion]:
    """Exclusions, and what is lessened or not reached, each with its kind, in the order they stand."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    if _ANY.search(lowered) is None:
        return []
    found: list[Exclusion] = []
    for cues, stop in _LANGUAGES:
        for cue in cues.finditer(lowered):
            kind = ExclusionKind(cue.lastgroup or "")
            if kind is ExclusionKind.WITHOUT and (
                _IDLE.match(lowered, cue.end())
                or (cue.group().endswith(_OWNS) and _MEANS.match(lowered, cue.end()))
            ):
                continue
            if _TURNED.search(lowered, max(0, cue.start() - 30), cue.start()):
                continue
            found.extend(_phrases(text, lowered, cue, kind, stop))
    taken = bytearray(len(text))
    for one in found:
        taken[one.start : one.end] = (1 if one.kind is ExclusionKind.LESS else 2,) * (
            one.end - one.start
        )
    for (start, end), kind, cue_start in _named(lowered):
        # What is only lessened may still be named as forbidden, not the other way round.
        if max(taken[start:end], default=0) < (1 if kind is ExclusionKind.LESS else 2):
            found.append(Exclusion(text[start:end], start, end, kind, cue_start))
    return sorted(found, key=lambda exclusion: (exclusion.start, exclusion.end))


def _named(lowered: str) -> Iterator[tuple[tuple[int, int], ExclusionKind, int]]:
    """Turns that hold the thing inside them, or hold it only where it is a known substance."""
    for pattern in _SWAPS:
        for swap in pattern.finditer(lowered):
            start = _LEADING.match(lowered, swap.start("thing"), swap.end("thing"))
            begin = start.end() if start is not None else swap.start("thing")
            if begin < swap.end("thing"):
                yield (begin, swap.end("thing")), ExclusionKind.INSTEAD, swap.start()
    # What may begin with any word is tried at each: asked only where the word stands that it turns on.
    for free in _FREE.finditer(lowered) if "-free" in lowered else ():
        yield free.span("thing"), ExclusionKind.WITHOUT, free.start()
    substances = shipped_substances()
    for bare in _BARE.finditer(lowered):
        length = substances.length_at(lowered, bare.end())
        if length and not _TURNED.search(lowered, max(0, bare.start() - 30), bare.start()):
            for span in _listed(lowered, bare.end(), bare.end() + length):
                yield span, ExclusionKind.WITHOUT, bare.start()
    for free in re.finditer(r" free(?!\w)(?! of| from)", lowered):
        if length := substances.length_before(lowered, free.start()):
            yield (free.start() - length, free.start()), ExclusionKind.WITHOUT, free.start()
    for level in _LEVEL.finditer(lowered) if _LEVELS.search(lowered) else ():
        group = "thing" if level.group("thing") else "thing_en"
        yield level.span(group), ExclusionKind.LESS, level.end(group)


def _listed(lowered: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A known substance and those that follow it: "không hàn the, formol"."""
    yield start, end
    while (joint := _JOINT.match(lowered, end)) is not None:
        length = shipped_substances().length_at(lowered, joint.end())
        if not length or not _ENDS_ITEM.match(lowered, joint.end() + length):
            return
        start, end = joint.end(), joint.end() + length
        yield start, end


def _phrases(
    text: str,
    lowered: str,
    cue: re.Match[str],
    kind: ExclusionKind,
    boundary: re.Pattern[str],
) -> list[Exclusion]:
    # Nothing is looked for far behind a cue: a page of "giảm giảm giảm" must cost a page's time.
    leading = _LEADING.match(lowered, cue.end(), cue.end() + _REACH)
    start = leading.end() if leading is not None else cue.end()
    limit = min(len(text), start + _REACH)
    stop = boundary.search(lowered, start, limit)
    end = stop.start() if stop is not None else limit
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
    if kind is ExclusionKind.WITHOUT:
        phrases += [
            found
            for begin, finish in _further(lowered, end, limit, boundary)
            if (found := _phrase(text, begin, finish, kind, cue.start())) is not None
        ]
    return phrases[:_MOST_PHRASES]


def _further(
    lowered: str, end: int, limit: int, boundary: re.Pattern[str]
) -> list[tuple[int, int]]:
    """What a list goes on with behind a comma: "không dùng formol, hàn the hay chất huỳnh quang".

    Known substances belong to it, and what "and" or "or" joins to one; else a new clause begins there.
    """
    found: list[tuple[int, int]] = []
    substances = shipped_substances()
    while end < limit and lowered[end] == ",":
        leading = _LEADING.match(lowered, end + 1, limit)
        start = leading.end() if leading is not None else end + 1
        stop = boundary.search(lowered, start, limit)
        end = stop.start() if stop is not None else limit
        joints = list(_LIST_WORD.finditer(lowered, start, end))
        first = lowered[start : joints[0].start() if joints else end].rstrip()
        if not first or substances.length_at(lowered, start) != len(first):
            break
        if _FIGURE.match(lowered, end):
            break  # "không dùng than, điện 3 pha"
        begins = [start, *(joint.end() for joint in joints)]
        found += zip(begins, [*(joint.start() for joint in joints), end], strict=True)
        if joints:
            break
    return found


def _phrase(
    text: str, start: int, end: int, kind: ExclusionKind, cue_start: int
) -> Exclusion | None:
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, end):
        words.append(word)
        if len(words) == _MAX_WORDS:
            break
    if not words or words[0].group().isdigit():
        return None
    if len(words) == 1 and words[0].group().lower() in _PRONOUNS:
        return None
    first, last = words[0].start(), words[-1].end()
    return Exclusion(text[first:last], first, last, kind, cue_start)


_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
