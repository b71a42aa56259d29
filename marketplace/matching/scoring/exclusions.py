"""Does a candidate rely on what the need excludes?"""

import re
from dataclasses import dataclass

from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.data import Evidence
from marketplace.matching.scoring.lexical import tokenize

# Before the phrase in its clause: the candidate does without it, or replaces it.
_REPLACED = re.compile(
    r"(?<!\w)(?:thay|thay thế|thay the|thay cho|không|khong|loại bỏ|loai bo|tránh|tranh|instead|"
    r"replac\w*|avoid\w*|eliminat\w*|without|free of|alternatives? to)(?!\w)",
    re.IGNORECASE,
)
# Or it is only measured against it, or makes less of it.
_COMPARED = re.compile(
    r"(?<!\w)(?:so với|so voi|hơn|hon|giảm|giam|hạn chế|han che|khử|khu|truyền thống|truyen thong|"
    r"tiết kiệm|tiet kiem|khác với|khac voi|đối chứng|doi chung|dư lượng|du luong|mẫu|"
    r"reduc\w*|remov\w*|compared|than|unlike|residu\w*|controls?|commercial|not)(?!\w)",
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
    """One sentence that does without the phrase clears the candidate: elsewhere it speaks of it
    only as what was there before."""
    sequence = tokenize(phrase, candidate.language, folded=candidate.folded)
    relied: ExclusionFit | None = None
    for sentence, exclusions in zip(candidate.sentences, candidate.exclusions, strict=True):
        span = sentence.find(sequence)
        if span is None:
            continue
        clause = _CLAUSE.split(sentence.text[: span[0]])[-1]
        excluded = any(item.start <= span[0] < item.end for item in exclusions)
        if excluded or _REPLACED.search(clause):
            return ExclusionFit(phrase, False, sentence.evidence([span]))
        if relied is None and not _COMPARED.search(clause):
            relied = ExclusionFit(phrase, True, sentence.evidence([span]))
    return relied
