"""More like this: what reads most like one object, for the foot of its page."""

import hashlib
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Model

from search.engines import SearchUnavailable, get_engine
from search.narrowed import Narrowed
from search.queries import Hit, TextQuery
from search.registry import Source, hydrate, sources

_KEPT_SECONDS: Final = 60
_READ: Final = 16
_LONGEST_TEXT: Final = 3_000
#: What scores less than this share of the object's own score has only common words with it.
_LIKE_ENOUGH: Final = 0.12


def similar_to(
    row: Any, *, user: Any = None, limit: int = 4, narrowed: Narrowed = ()
) -> list[tuple[Hit, Model]]:
    """The public objects most like it, the likest first; none while the index is being restored.

    Which they are is remembered for a minute; what each says, and whether it may be seen, is not.
    """
    registered = next((one for one in sources() if type(row) is one.model), None)
    if registered is None:
        return []
    within = "|".join(f"{one.facet}={','.join(one.values)}" for one in narrowed)
    # As short as any cache takes, whatever a site is called.
    site = hashlib.sha256(within.encode()).hexdigest()[:16] if within else ""
    key = f"similar:{registered.kind}:{row.public_id}:{site}"
    hits: list[Hit] | None = cache.get(key)
    if hits is None:
        try:
            hits = _likest(registered, row, narrowed)
        except SearchUnavailable:
            return []
        cache.set(key, hits, _KEPT_SECONDS)
    # A few more than are shown: some may have been withdrawn meanwhile.
    return hydrate(hits[: limit * 2], user, narrowed)[:limit]


def _likest(registered: Source, row: Any, narrowed: Narrowed) -> list[Hit]:
    document = registered.document(row)
    if document is None:
        return []
    query = TextQuery(
        text=f"{document.title}\n{document.text}"[:_LONGEST_TEXT],
        kinds=registered.similar or (registered.kind,),
        narrowed=narrowed,
        limit=_READ,
        boosts=((document.title, 1.0),),
    )
    hits = get_engine().candidates(query)
    itself = next((hit.score for hit in hits if hit.id == document.id), 0.0)
    best = max((hit.score for hit in hits), default=0.0)
    least = _LIKE_ENOUGH * (itself or best)
    return [
        Hit(hit.id, hit.kind, hit.key, hit.score, hit.title, "")
        for hit in hits
        if hit.id != document.id and hit.score >= least
    ]
