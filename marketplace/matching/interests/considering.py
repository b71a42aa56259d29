"""Which interests new and changed texts may fit: each text is looked at once, then the interest is run.

As with needs, a probability does not depend on who else is there: where an interest would not be shown one
of the new texts, nothing of it is done again.
"""

from collections.abc import Callable, Iterable, Sequence

from marketplace.matching.considering import look_of, new_texts
from marketplace.matching.interests.texts import Narrowing, interest_text
from marketplace.matching.models import Interest
from marketplace.matching.scoring import CandidateText
from marketplace.matching.weighing import active_weights
from search.engines import get_engine

#: Whether an interest wants a text, by what narrows it.
Wants = Callable[[Narrowing, CandidateText], bool]


def interests_concerned(
    interests: Sequence[Interest], texts: Iterable[CandidateText], wants: Wants
) -> set[int]:
    """Primary keys of those that would be shown some of the texts.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    if not interests:
        return set()
    engine, weights, found = get_engine(), active_weights(), set()
    with new_texts(texts) as new:
        if not new:
            return set()
        for interest in interests:
            look = look_of(interest_text(interest), engine, weights)
            narrowing = Narrowing(interest)
            if look.finds([one for one in new.near(look) if wants(narrowing, one)]):
                found.add(interest.pk)
    return found
