"""What the notices of other people hold of a need, moved with it when it is merged."""

from marketplace.listings.models import Need
from marketplace.notifications.models import SavedSearchHit


def move_hits(duplicate: int, survivor: int) -> list[int]:
    """Who watches a search that found the duplicate knows the survivor too, and is not told of it as new."""
    gone, kept = _keys(duplicate, survivor)
    hits = SavedSearchHit.objects.filter(kind=Need.KIND)
    knows = hits.filter(key=kept).values("saved_search")
    rows = list(hits.filter(key=gone).exclude(saved_search__in=knows).values_list("pk", flat=True))
    SavedSearchHit.objects.filter(pk__in=rows).update(key=kept)
    return rows


def take_back_hits(moved: list[int], duplicate: int, survivor: int) -> None:
    gone, kept = _keys(duplicate, survivor)
    SavedSearchHit.objects.filter(pk__in=moved, key=kept).update(key=gone)


def _keys(*pks: int) -> list[str]:
    found = dict(Need.objects.filter(pk__in=pks).values_list("pk", "public_id"))
    return [found[pk] for pk in pks]
