"""Does a candidate rely on what the need excludes?"""

import re
from dataclasses import dataclass

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import Evidence, Span
from marketplace.matching.scoring.lexical import tokenize

# Before the phrase in its clause these say that it is reduced, compared with or replaced.
_SET_AGAINST = re.compile(
    r"(?<!\w)(?:so với|so voi|thay|giảm|giam|hạn chế|han che|loại bỏ|loai bo|khử|khu|xử lý|xu ly|"
    r"tránh|tranh|truyền thống|truyen thong|tiết kiệm|tiet kiem|khác với|khac voi|không|khong|"
    r"instead|replac\w*|reduc\w*|remov\w*|avoid\w*|compared|than|unlike|eliminat\w*|without|"
    r"free of|not)(?!\w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:()\n]")


@dataclass(frozen=True, slots=True)
class ExclusionFit:
    phrase: str
    relied_on: bool  # False: the candidate excludes it as well
    evidence: Evidence


def check_exclusions(
    excluded: tuple[str, ...], candidate: ReadCandidate
) -> tuple[ExclusionFit, ...]:
    """Only phrases of which the candidate says something."""
    return tuple(fit for phrase in excluded if (fit := _check(phrase, candidate)) is not None)


def _check(phrase: str, candidate: ReadCandidate) -> ExclusionFit | None:
    sequence = tokenize(phrase, candidate.language, folded=candidate.folded)
    shared: ExclusionFit | None = None
    for sentence, exclusions in zip(candidate.sentences, candidate.exclusions, strict=True):
        span = sentence.find(sequence)
        if span is None:
            continue
        if any(item.start <= span[0] < item.end for item in exclusions):
            shared = shared or ExclusionFit(phrase, False, sentence.evidence([span]))
        elif not _set_against(sentence, span):
            return ExclusionFit(phrase, True, sentence.evidence([span]))
    return shared


def _set_against(sentence: ReadSentence, span: Span) -> bool:
    before = sentence.text[: span[0]]
    clause = _CLAUSE.split(before)[-1]
    return _SET_AGAINST.search(clause) is not None
