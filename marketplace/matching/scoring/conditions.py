"""Conditions of a need: what must be, not what would be nice. Who fails one is left out and told why.

A condition is broken by what a candidate says, never by its silence: what it does not say is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.data import CandidateText, NeedText, Reason
from marketplace.matching.scoring.exclusions import ExclusionFit
from marketplace.matching.scoring.facts import over_budget
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Operator, read_quantities

_MUST: Final = (
    r"(?:chỉ|chi|bắt buộc|bat buoc|phải|phai|buộc|tối thiểu|toi thieu|ít nhất|it nhat|only|must|"
    r"at least|minimum|required?)"
)
_CEILING: Final = (
    r"(?:không quá|khong qua|không vượt|khong vuot|tối đa|toi da|trần|dưới|duoi|at most|no more than|"
    r"not exceed\w*|maximum|max|under|below|up to)"
)
_PURSE: Final = (
    r"(?:ngân sách|ngan sach|kinh phí|kinh phi|tổng giá|tong gia|vốn đầu tư|von dau tu|"
    r"chi phí đầu tư|chi phi dau tu|budget)"
)
_GAP: Final = r"[^.;\n]{0,40}?"
_DEMANDS: Final = {
    "budget": re.compile(rf"(?<!\w){_PURSE}(?!\w){_GAP}(?<!\w){_CEILING}(?!\w)", re.IGNORECASE),
    "province": re.compile(
        rf"(?<!\w)(?:chỉ|chi|bắt buộc|bat buoc|only|must)(?!\w){_GAP}(?<!\w)(?:trong tỉnh|trong tinh|"
        r"cùng tỉnh|cung tinh|tại địa phương|tai dia phuong|trong địa bàn|trong dia ban|"
        r"trong thành phố|trong thanh pho|same province|local)(?!\w)",
        re.IGNORECASE,
    ),
    "readiness": re.compile(
        rf"(?<!\w){_MUST}(?!\w){_GAP}(?<!\w)(?:TRL|mức độ sẵn sàng|muc do san sang|readiness)",
        re.IGNORECASE,
    ),
}
_LEVEL: Final = re.compile(r"(?<!\w)TRL\s*(?:từ|tu|≥|>=|at least)?\s*([1-9])(?!\d)", re.IGNORECASE)
_STANDARD: Final = re.compile(
    r"(?<!\w)(?:(?:TCVN|QCVN|TCCS|ISO(?:/IEC)?|IEC|ASTM|EN|JIS)\s?\d[\d:.\-/]*\d|HACCP|VietGAP|Global\s?GAP"
    r"|GMP(?:-WHO)?|FDA|Halal)(?!\w)",
    re.IGNORECASE,
)
_HELD: Final = re.compile(
    r"(?<!\w)(?:phải|phai|bắt buộc|bat buoc|yêu cầu|yeu cau|đạt|dat|theo|chứng nhận|chung nhan|must|"
    r"required?|compl\w+|certif\w+|meet)(?!\w)",
    re.IGNORECASE,
)
_NOT_MET: Final = re.compile(
    r"(?<!\w)(?:chưa|chua|không|khong)\s+(?:\w+\s+){0,3}?(?:đạt|dat|có|co|được|duoc|theo|áp dụng|ap dung|"
    r"chứng nhận|chung nhan|đáp ứng|dap ung)(?!\w)|(?<!\w)(?:not|without|yet to)(?!\w)",
    re.IGNORECASE,
)
#: Letters from which a word of one piece is the name of something ("amiăng", "formol").
_TELLING: Final = 6
_SENTENCE: Final = re.compile(r"[^.;\n]*(?:\.\d[^.;\n]*)*")


@dataclass(frozen=True, slots=True)
class Conditions:
    demanded: frozenset[str]
    standards: tuple[str, ...]


def read_conditions(need: NeedText) -> tuple[NeedText, Conditions]:
    """The need with what only its words give (a ceiling, a level), and what it makes a condition."""
    text = f"{need.title}.\n{need.wanted or need.text}"
    demanded = {name for name, pattern in _DEMANDS.items() if pattern.search(text)}
    if "budget" in demanded and need.budget_max is None:
        need = replace(need, budget_max=_ceiling(text))
    if "readiness" in demanded and need.min_trl is None:
        level = _LEVEL.search(text)
        need = replace(need, min_trl=int(level[1]) if level else None)
    return need, Conditions(frozenset(demanded) | need.demanded, _standards(text))


def _ceiling(text: str) -> int | None:
    """The sum beside the word for the purse, in dong."""
    found = _DEMANDS["budget"].search(text)
    if found is None:
        return None
    clause = _SENTENCE.match(text, found.start())
    assert clause is not None
    for figure in read_quantities(clause.group(), "vi"):
        high = figure.high if figure.high is not None else figure.low
        if figure.dimension == "VND" and figure.operator is not Operator.AT_LEAST and high:
            return int(high)
    return None


def _standards(text: str) -> tuple[str, ...]:
    """Standards that the need asks for, as written."""
    found: dict[str, str] = {}
    for sentence in re.split(r"(?<=[.;])\s|\n", text):
        if _HELD.search(sentence):
            for match in _STANDARD.finditer(sentence):
                found.setdefault(_plain(match.group()), match.group())
    return tuple(found.values())


def _plain(code: str) -> str:
    return re.sub(r"\s", "", code).lower()


def broken_condition(
    need: NeedText,
    conditions: Conditions,
    candidate: ReadCandidate,
    exclusions: Sequence[ExclusionFit],
) -> Reason | None:
    """The first condition that the candidate says it does not meet."""
    for fit in exclusions:
        if fit.code == "exclusion_used" and _is_sure(need, candidate, fit):
            return Reason("exclusion_used", {"phrase": fit.phrase}, fit.evidence)
    return _broken_fact(need, conditions, candidate.candidate) or _broken_standard(
        conditions, candidate
    )


def _is_sure(need: NeedText, candidate: ReadCandidate, fit: ExclusionFit) -> bool:
    """Is the excluded thing what the candidate is about, and the need about doing without it?

    One sentence may name it for comparison, a word of one syllable is many things, and a need that
    names it elsewhere too ("thay amiăng trên dây chuyền amiăng cũ") lives with it: such candidates
    fall and say why, but are listed.
    """
    phrase = fold_in_place(fit.phrase)
    if " " not in phrase and len(phrase) < _TELLING:
        return False
    said = fold_in_place(f"{need.title}\n{need.text}").count(phrase)
    if said > 1:
        return False
    naming = [s for s in candidate.sentences if phrase in fold_in_place(s.text)]
    return len(naming) > 1 or any(sentence.title for sentence in naming)


def _broken_fact(need: NeedText, conditions: Conditions, candidate: CandidateText) -> Reason | None:
    demanded = conditions.demanded
    if "budget" in demanded and over_budget(need, candidate):
        return Reason("budget_exceeded")
    if "readiness" in demanded and need.min_trl and candidate.under_way:
        return Reason("under_way_missed", {"required": need.min_trl})
    if "readiness" in demanded and need.min_trl and candidate.trl and candidate.trl < need.min_trl:
        return Reason("readiness_missed", {"trl": candidate.trl, "required": need.min_trl})
    if "province" in demanded and need.province and candidate.province:
        return Reason("province_other") if candidate.province != need.province else None
    return None


def _broken_standard(conditions: Conditions, candidate: ReadCandidate) -> Reason | None:
    for standard in conditions.standards:
        wanted = _plain(standard)
        for sentence in candidate.sentences:
            place = next(
                (m for m in _STANDARD.finditer(sentence.text) if _plain(m.group()) == wanted), None
            )
            if place is not None and _NOT_MET.search(sentence.text[: place.start()]):
                return Reason(
                    "standard_missed",
                    {"standard": standard},
                    sentence.evidence([(place.start(), place.end())]),
                )
    return None
