"""Does a candidate rely on what the need excludes, or say that it does not do what is asked?"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import ElementFit, Evidence, Span
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.need import ReadNeed
from marketplace.reading.elements import Element
from marketplace.reading.negation import Exclusion, ExclusionKind
from marketplace.reading.substances import shipped_substances

# Before the phrase in its clause: the candidate does without it, or replaces it.
_REPLACED = re.compile(
    r"(?<!\w)(?:thay|thay thế|thay the|thay cho|không|khong|loại bỏ|loai bo|tránh|tranh|instead|"
    r"replac\w*|avoid\w*|eliminat\w*|without|free of|alternatives? to)(?!\w)",
    re.IGNORECASE,
)
# What comes in the place of the replaced is used: "thay gỗ bằng nhựa" relies on plastic.
_REPLACEMENT = re.compile(r"(?<!\w)(?:bằng|bang|sang|with|by|mà|ma|nhưng|but)(?!\w)", re.IGNORECASE)
# Or it is only measured against it, or makes less of it.
_COMPARED = re.compile(
    r"(?<!\w)(?:so với|so voi|hơn|hon|giảm|giam|hạn chế|han che|khử|khu|truyền thống|truyen thong|"
    r"tiết kiệm|tiet kiem|khác với|khac voi|đối chứng|doi chung|dư lượng|du luong|mẫu|tồn dư|ton du|"
    r"phát hiện|phat hien|kháng|khang|xử lý|xu ly|"
    r"reduc\w*|remov\w*|compared|than|unlike|residu\w*|controls?|commercial|not|detect\w*|resist\w*)(?!\w)",
    re.IGNORECASE,
)
# Less of it is still some of it: "giảm lượng hóa chất sử dụng", "uses less solvent".
_STILL_USED = re.compile(
    r"(?<!\w)(?:lượng|luong|liều|lieu|nồng độ|nong do|dùng|sử dụng|su dung|tiêu hao|tieu hao|tiêu thụ|"
    r"use|usage|consumption|dose|dosage|amount of)(?!\w)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?<!\w)(?:tăng|tang|làm tăng|lam tang|tốn thêm|ton them|nhiều hơn|nhieu hon|cao hơn|cao hon|increas\w*|"
    r"more|higher|rais\w*)(?:\s+(?:lượng|luong|mức|muc|the|mạnh|manh|nhẹ|nhe))?\s*$",
    re.IGNORECASE,
)
# After the phrase in its clause: "số lần dừng máy giảm 63 %", "downtime is cut by half".
_BECAME_LESS = re.compile(
    r"(?<!\w)(?:giảm|giam|ít hơn|it hon|less|fewer|lower|reduced|decreas\w*|drop\w*|fall\w*|fell|"
    r"(?:is|are|was|were) cut)(?!\w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:()\n]")
Code = Literal["exclusion_used", "exclusion_shared", "element_denied", "lessening_opposed"]


@dataclass(frozen=True, slots=True)
class ExclusionFit:
    phrase: str
    relied_on: bool  # False: the candidate excludes it as well
    evidence: Evidence
    code: Code


def check_exclusions(
    excluded: tuple[str, ...],
    candidate: ReadCandidate,
    *,
    wanted: Sequence[Element] = (),
    lessened: Sequence[str] = (),
) -> tuple[ExclusionFit, ...]:
    """Only phrases of which the candidate says something.

    Args:
        excluded: phrases the need forbids.
        candidate: what is offered.
        wanted: elements of the need; one that the candidate names only to say that it lacks or
            leaves it out is denied.
        lessened: what the need wants less of; a candidate that says it makes more of it is opposed.
    """
    fits = [fit for phrase in excluded if (fit := _check(phrase, candidate)) is not None]
    fits += [fit for element in wanted if (fit := _denied(element, candidate)) is not None]
    fits += [fit for phrase in lessened if (fit := _opposed(phrase, candidate)) is not None]
    return tuple(fits)


def only_excluded(need: ReadNeed) -> frozenset[str]:
    """Terms that the need says of nothing but what it excludes: sharing them speaks for nobody."""
    said = Counter(
        term
        for phrase in need.excluded
        for term in tokenize(phrase, need.language, folded=need.folded)
    )
    counts = need.words.counts
    return frozenset(term for term, times in said.items() if counts.get(term, 0) <= times)


@lru_cache(maxsize=4096)
def _forms(phrase: str) -> tuple[str, ...]:
    """The phrase and, where it is a known substance, what else stands for it or is one of it."""
    return (phrase, *shipped_substances().spellings(phrase))


def _check(phrase: str, candidate: ReadCandidate) -> ExclusionFit | None:
    """One sentence that does without the phrase clears the candidate: elsewhere it speaks of it
    only as what was there before."""
    relied: ExclusionFit | None = None
    shared: ExclusionFit | None = None
    itself = {phrase, shipped_substances().kind_of(phrase)}
    for form in _forms(phrase):
        named = phrase if form in itself else f"{phrase} ({form})"
        fit = _told_of(form, named, candidate)
        if fit is None:
            continue
        if form in itself:
            return fit
        if fit.relied_on:
            relied = relied or fit
        else:
            shared = shared or fit
    # To leave out one chemical is not to do without chemicals: what another sentence uses counts.
    return relied or shared


def _told_of(form: str, named: str, candidate: ReadCandidate) -> ExclusionFit | None:
    used: ExclusionFit | None = None
    sequence = tokenize(form, candidate.language, folded=candidate.folded)
    for sentence in candidate.sentences:
        span = sentence.find(sequence)
        told = None if span is None else _verdict(sentence, span, sentence.exclusions)
        if span is None or told is None:
            continue
        code: Code = "exclusion_used" if told else "exclusion_shared"
        fit = ExclusionFit(named, told, sentence.evidence([span]), code)
        if not told:
            return fit
        used = used or fit
    return used


def _verdict(sentence: ReadSentence, span: Span, exclusions: Sequence[Exclusion]) -> bool | None:
    """Relied on, done without, or neither (it is measured against it)."""
    clause = _CLAUSE.split(sentence.text[: span[0]])[-1]
    inside = [item for item in exclusions if item.start <= span[0] < item.end]
    if any(item.forbids for item in inside):
        return False
    if any(item.kind is ExclusionKind.LACKING for item in inside):
        return None
    replaced = [cue.end() for cue in _REPLACED.finditer(clause)]
    if replaced:
        return _REPLACEMENT.search(clause, replaced[-1]) is not None
    if any(item.kind is ExclusionKind.LESS for item in inside) or _COMPARED.search(clause):
        around = sentence.text[max(0, span[0] - 30) : span[1] + 20]
        lessened = re.search(r"(?<!\w)(?:giảm|giam|reduc\w*|less)(?!\w)", clause, re.IGNORECASE)
        return True if lessened and _STILL_USED.search(around) else None
    after = _CLAUSE.split(sentence.text[span[1] :])[0]
    if _BECAME_LESS.search(after) and not _STILL_USED.search(clause + after):
        return None
    return True


def _denied(element: Element, candidate: ReadCandidate) -> ExclusionFit | None:
    """Named by the candidate, and nowhere but to say that it does not do, suit or hold it."""
    if not element.spellings:
        return None
    found: ExclusionFit | None = None
    for form in dict.fromkeys((element.text, *element.spellings)):
        sequence = tokenize(form, candidate.language, folded=candidate.folded)
        if not candidate.terms.issuperset(sequence):
            continue
        for sentence in candidate.sentences:
            span = sentence.find(sequence)
            if span is None:
                continue
            if not denied_at(span, sentence.exclusions):
                return None
            fit = ExclusionFit(element.text, True, sentence.evidence([span]), "element_denied")
            found = found or fit
    return found


def denied_at(span: Span, exclusions: Sequence[Exclusion]) -> bool:
    return any(
        item.start <= span[0] < item.end
        and item.kind in {ExclusionKind.WITHOUT, ExclusionKind.LACKING}
        for item in exclusions
    )


def without_denied(
    elements: Sequence[ElementFit], exclusions: Sequence[ExclusionFit]
) -> tuple[ElementFit, ...]:
    """What the candidate names only to deny it is not met by being named."""
    denied = {fit.phrase: fit.evidence for fit in exclusions if fit.code == "element_denied"}
    return tuple(
        replace(fit, met=False, evidence=denied[fit.text]) if fit.text in denied else fit
        for fit in elements
    )


def _opposed(phrase: str, candidate: ReadCandidate) -> ExclusionFit | None:
    sequence = tokenize(phrase, candidate.language, folded=candidate.folded)
    if not candidate.terms.issuperset(sequence):
        return None
    for sentence in candidate.sentences:
        span = sentence.find(sequence)
        if span is not None and _MORE.search(sentence.text[: span[0]]):
            return ExclusionFit(phrase, True, sentence.evidence([span]), "lessening_opposed")
    return None
