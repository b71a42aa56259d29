"""When one record could be either of two that are not one.

A copy without its sum, its year and its text fits the first grant of a title as well as the second. As
long as only one of them is known it is taken for that; as soon as both are, a person is asked.
"""

from collections.abc import Callable, Mapping
from typing import Final

from marketplace.reading.records.scoring import (
    REVIEW,
    RIVAL_MARGIN,
    Decision,
    Verdict,
    log_odds,
)

Pair = tuple[int, int]
#: Cautions that tell two apart as they stand on both sides; what one side lacks may have been cut off.
_TELL_APART: Final = frozenset({"words_exchanged", "numbers_differ"})


def contested(
    verdicts: Mapping[Pair, Verdict], *, are_apart: Callable[[int, int], bool]
) -> dict[Pair, int]:
    """Pairs that would be merged, and for each the record that has nearly as good a claim.

    `are_apart` says whether two records are held to be two; it is asked about claimants alone.
    """
    claims: dict[int, list[tuple[int, Verdict]]] = {}
    for (left, right), verdict in verdicts.items():
        if not verdict.vetoes and verdict.probability >= REVIEW:
            claims.setdefault(left, []).append((right, verdict))
            claims.setdefault(right, []).append((left, verdict))
    found: dict[Pair, int] = {}
    for pair, verdict in verdicts.items():
        if verdict.decision is not Decision.MERGE:
            continue
        for record, taken in (pair, pair[::-1]):
            for claimant, other in claims.get(record, ()):
                if (
                    claimant != taken
                    and is_rival(other.probability, verdict.probability)
                    and are_apart(taken, claimant)
                ):
                    found.setdefault(pair, claimant)
    return found


def is_rival(claim: float, taken: float) -> bool:
    return log_odds(claim) >= log_odds(taken) - RIVAL_MARGIN


def is_apart(verdict: Verdict) -> bool:
    """Whether two claimants are two."""
    if verdict.vetoes or verdict.probability < REVIEW:
        return True
    return any(sign.code in _TELL_APART for sign in verdict.cautions)
