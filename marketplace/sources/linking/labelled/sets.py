"""A set of records of many sources, each with the thing it describes."""

from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

from marketplace.sources.linking.labelled.damage import damaged
from marketplace.sources.linking.labelled.members import Half, Labelled, Member
from marketplace.sources.linking.labelled.siblings import siblings


def labelled_set(
    records: Sequence[dict[str, Any]], *, half: Half, seed: int, copies: int = 2
) -> Labelled:
    """From half of the records: each of them, copies of it as other sources have it, and siblings
    that are other things, some of them with a copy of their own."""
    own = [deepcopy(one) for one in records[(0 if half == "development" else 1) :: 2]]
    random = Random(seed)  # noqa: S311 - a repeatable set, no secret
    members: list[Member] = []
    for number, record in enumerate(own):
        entity = f"{half}-{number}"
        others = own[:number] + own[number + 1 :]
        members.append(Member(entity, "original", "a", record))
        for copy in range(copies):
            members.append(Member(entity, "copy", f"b{copy}", damaged(record, random)))
        for place, (kind, sibling) in enumerate(siblings(record, others, random)):
            name = f"{entity}/{kind}-{place}"
            members.append(Member(name, kind, "c", sibling))
            if random.random() < 0.5:
                members.append(Member(name, kind, "d", damaged(sibling, random)))
    return Labelled(half, seed, tuple(members))
