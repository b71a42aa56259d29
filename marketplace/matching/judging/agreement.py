"""How far two judges agree beyond chance: Cohen's kappa, by NLTK."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.matching.models import Grade

_WIDEST = max(Grade.values) - min(Grade.values)


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    Attributes:
        items: how many both graded.
        exact: the share with the same grade.
        kappa: Cohen's; None where all grades are one and chance alone would agree as well.
        weighted: Cohen's with linear weights, for which 2 and 3 are closer than 0 and 3.
    """

    items: int
    exact: float
    kappa: float | None
    weighted: float | None


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement | None:
    """Of both judges' grades, a pair an item; None where there is none."""
    if not pairs:
        return None
    exact = sum(one == other for one, other in pairs) / len(pairs)
    if len({grade for pair in pairs for grade in pair}) == 1:
        return Agreement(len(pairs), exact, None, None)
    # The library's package reads much of itself at import, for one page that staff open now and then.
    from nltk.metrics.agreement import AnnotationTask  # noqa: PLC0415

    rows = [
        (judge, str(place), grade)
        for place, pair in enumerate(pairs)
        for judge, grade in zip(("one", "other"), pair, strict=True)
    ]
    plain = AnnotationTask(data=rows)
    linear = AnnotationTask(data=rows, distance=lambda one, other: abs(one - other) / _WIDEST)
    return Agreement(
        items=len(pairs),
        exact=exact,
        kappa=round(plain.kappa_pairwise("one", "other"), 4),
        weighted=round(linear.weighted_kappa_pairwise("one", "other"), 4),
    )
