"""Pools: of a need what the engine and matching put first, and a sample of what they do not.

A ranking that is judged only on what it found itself is always right. The tail says what it missed.
"""

import random
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core.errors import DomainError
from marketplace.listings.models import Need
from marketplace.matching.finding import find_matches
from marketplace.matching.judging.privacy import without_contacts
from marketplace.matching.models import JudgingItem, JudgingPool
from marketplace.matching.scoring import CandidateText, NeedText
from marketplace.matching.texts import available_kinds, complete, need_text
from marketplace.matching.weighing import active_weights
from search.engines import get_engine
from search.queries import TextQuery

#: Of each that proposes.
FIRST: Final = 10
TAIL: Final = 6
#: What the engine finds further down is its tail.
DEPTH: Final = 200


def make_pool(need: Need, *, by: User, seed: int) -> JudgingPool:
    """The need's candidates for judging; the pool that stands where its text was pooled before.

    Args:
        need: a public one.
        by: who asked for it.
        seed: of the sample of the tail.

    Raises:
        DomainError: the need is not public, or nothing has a word of it.
        SearchUnavailable: the index is missing or broken.
    """
    if not need.is_public:
        raise DomainError(_("Nhu cầu này không đang đăng."))
    made = JudgingPool.objects.filter(need=need, need_version=need.content_version).first()
    if made is not None:
        return made
    text = need_text(need)
    # The index is asked before the transaction.
    found = pooled(text, seed=seed)
    if not found:
        raise DomainError(_("Không tìm thấy ứng viên nào cho nhu cầu này."))
    with transaction.atomic():
        pool, is_new = JudgingPool.objects.get_or_create(
            need=need,
            need_version=need.content_version,
            defaults={
                "title": without_contacts(text.title),
                "text": without_contacts(text.text),
                "weights_version": active_weights().version,
                "seed": seed,
                "made_by": by,
            },
        )
        if is_new:
            JudgingItem.objects.bulk_create(
                JudgingItem(
                    pool=pool,
                    kind=candidate.kind,
                    key=candidate.key,
                    title=without_contacts(candidate.title),
                    text=without_contacts(candidate.text),
                    language=candidate.language or "vi",
                    sources=sources,
                )
                for candidate, sources in found
            )
    return pool


def pooled(need: NeedText, *, seed: int) -> list[tuple[CandidateText, list[str]]]:
    """Public candidates with who proposed each."""
    whole = f"{need.title}\n{need.text}"
    hits = get_engine().candidates(TextQuery(whole, kinds=available_kinds(need.kinds), limit=DEPTH))
    ranked = [hit.id for hit in hits]
    matched = [
        scored.candidate.id for scored in find_matches(need, limit=FIRST, complete=complete).scored
    ]
    proposed: dict[str, list[str]] = {}
    for name, keys in (("engine", ranked[:FIRST]), ("match", matched)):
        for key in keys:
            proposed.setdefault(key, []).append(name)
    rest = [key for key in ranked if key not in proposed]
    # A sample for judging, not a secret.
    for key in random.Random(seed).sample(rest, min(TAIL, len(rest))):  # noqa: S311
        proposed[key] = ["tail"]
    wanted = [
        CandidateText(kind=kind, key=key, title="", text="")
        for kind, _colon, key in (one.partition(":") for one in proposed)
    ]
    return [(candidate, proposed[candidate.id]) for candidate in complete(wanted)]
