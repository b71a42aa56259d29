"""Hits of saved searches become notices: at once, or those of a day or a week in one mail."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.letterheads import letterhead_of
from marketplace.notifications.models import Frequency, Notice, SavedSearch, SavedSearchHit
from marketplace.notifications.rendering import absolute
from marketplace.notifications.saved_searches import stop_token
from marketplace.notifications.services import notify
from search.analysis import highlight
from search.documents import document_id
from search.narrowed import from_data
from search.queries import Hit
from search.registry import hydrate, source

KIND: Final = "saved_search.hits"
#: Collected mails are made at this hour (in Vietnam); those of a week on Mondays.
LEAVES_AT: Final = time(7, 0)
#: After an immediate mail a search collects for this long, or an import would be a flood of mails.
PAUSE: Final = timedelta(minutes=5)
#: Hits of one search that a mail names; of more it says the number.
NAMED: Final = 10
PEOPLE_AT_ONCE: Final = 50
_PASSAGE: Final = 160


def tell_due() -> int:
    """Writes the notices that are due; returns how many people and searches were looked at."""
    now = clock.now()
    looked = 0
    for frequency in (Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY):
        for searches in _due(frequency, now):
            _tell(searches, frequency, slot_start(frequency, now))
            looked += 1
    return looked


def slot_start(frequency: str, now: datetime) -> datetime:
    """Hits found before this moment are to be told by now."""
    local = now.astimezone(clock.VIETNAM)
    if frequency == Frequency.IMMEDIATE:
        return now
    latest = datetime.combine(local.date(), LEAVES_AT, tzinfo=clock.VIETNAM)
    if frequency == Frequency.WEEKLY:
        latest -= timedelta(days=local.weekday())
    period = timedelta(days=7 if frequency == Frequency.WEEKLY else 1)
    return latest if latest <= now else latest - period


def _due(frequency: Frequency, now: datetime) -> Iterable[list[SavedSearch]]:
    """Searches with something to tell, those of one mail together."""
    waiting = SavedSearchHit.objects.filter(
        saved_search=OuterRef("pk"), told_at=None, found_at__lte=slot_start(frequency, now)
    )
    due = SavedSearch.objects.watching().filter(Exists(waiting), frequency=frequency)
    if frequency == Frequency.IMMEDIATE:
        due = due.filter(Q(last_alert_at=None) | Q(last_alert_at__lte=now - PAUSE))
        yield from (
            [search] for search in due.select_related("owner").order_by("pk")[:PEOPLE_AT_ONCE]
        )
        return
    people = due.order_by("owner").values_list("owner", flat=True).distinct()[:PEOPLE_AT_ONCE]
    by_owner: dict[int, list[SavedSearch]] = defaultdict(list)
    mine = (
        due.filter(owner__in=list(people)).select_related("owner").order_by("owner", "name", "pk")
    )
    for search in mine:
        by_owner[search.owner_id].append(search)
    yield from by_owner.values()


@transaction.atomic
def _tell(searches: list[SavedSearch], frequency: str, until: datetime) -> None:
    """One notice of what these searches of one person have found; the hits are told with it."""
    entries, last = [], 0
    for search in searches:
        hits = _claimed(search, until)
        shown = _visible(hits, search)
        # Out of sight meanwhile: should it come back, it is new.
        hidden = [hit.pk for hit in hits if hit.pk not in {kept.pk for kept in shown}]
        SavedSearchHit.objects.filter(pk__in=hidden).delete()
        unlisted = SavedSearch.objects.values_list("unlisted", flat=True).get(pk=search.pk)
        SavedSearch.objects.filter(pk=search.pk).update(
            unlisted=0, **({"last_alert_at": clock.now()} if shown else {})
        )
        if shown:
            last = max(last, *(hit.pk for hit in shown))
            entries.append(
                {
                    "search": search.public_id,
                    "name": search.name,
                    "count": len(shown) + unlisted,
                    "hits": [[hit.kind, hit.key] for hit in shown],
                }
            )
    if not entries:
        return
    alone = entries[0]["search"] if len(entries) == 1 else ""
    notify(
        kind=KIND,
        recipient=searches[0].owner,
        # Each hit is told once, so its number makes the notice the only one of its kind.
        dedupe_key=f"saved:{frequency}:{last}:",
        context=_summary(entries),
        url=reverse("notifications:open_saved_search", args=[alone])
        if alone
        else reverse("notifications:saved_searches"),
    )


def _claimed(search: SavedSearch, until: datetime) -> list[SavedSearchHit]:
    """Its waiting hits, the newest first, told from now on; of two workers one gets each."""
    waiting = search.hits.select_for_update(of=("self",)).filter(told_at=None, found_at__lte=until)
    hits = list(waiting.order_by("-found_at", "-pk"))
    search.hits.filter(pk__in=[hit.pk for hit in hits], told_at=None).update(told_at=clock.now())
    return hits


def _visible(hits: list[SavedSearchHit], search: SavedSearch) -> list[SavedSearchHit]:
    narrowed = from_data(search.narrowed)
    wanted: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        wanted[hit.kind].append(hit.key)
    seen = set()
    for kind, keys in wanted.items():
        registered = source(kind)
        if registered is not None:
            rows = registered.visible(registered.model._default_manager.all(), search.owner)
            found = (
                registered.narrow(rows, narrowed)
                .filter(public_id__in=keys)
                .values_list("public_id", flat=True)
            )
            seen |= {(kind, key) for key in found}
    return [hit for hit in hits if (hit.kind, hit.key) in seen]


def _summary(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "entries": entries,
        "count": sum(entry["count"] for entry in entries),
        "name": entries[0]["name"] if len(entries) == 1 else "",
        "searches": len(entries),
    }


# --- what a notice says when it is read ---------------------------------------------------------


def current(notice: Notice) -> dict[str, Any] | None:
    """What the notice says now: only ids were kept, so nothing withdrawn meanwhile is named.

    None where nothing of it is left.
    """
    searches = SavedSearch.objects.of(notice.recipient).in_bulk(
        [entry["search"] for entry in notice.context["entries"]], field_name="public_id"
    )
    entries = []
    for entry in notice.context["entries"]:
        search = searches.get(entry["search"])
        if search is None:
            continue
        hits = [Hit(document_id(kind, key), kind, key, 0.0, "", "") for kind, key in entry["hits"]]
        found = hydrate(hits, notice.recipient, from_data(search.narrowed))
        count = entry["count"] - (len(hits) - len(found))
        if not found:
            continue
        head = letterhead_of(search.get_absolute_url())
        named = [_named(hit, row, search, notice.recipient) for hit, row in found[:NAMED]]
        entries.append(
            {
                "search": search.public_id,
                "name": entry["name"],
                "count": count,
                "items": named,
                "more": count - len(named),
                "url": absolute(_page(search), notice.recipient, head),
                "stop_url": absolute(
                    reverse("notifications:stop_saved_search", args=[stop_token(search)]),
                    notice.recipient,
                    head,
                ),
            }
        )
    return _summary(entries) if entries else None


def _page(search: SavedSearch) -> str:
    """The search page as it was saved; open to all, so that a mail needs no login."""
    return f"{reverse('search:search')}?{search.address}"


def _named(hit: Hit, row: Any, search: SavedSearch, recipient: Any) -> dict[str, str]:
    registered = source(hit.kind)
    words = search.query().text
    passage = highlight(hit.text, words, limit=_PASSAGE)
    return {
        "title": hit.title,
        "kind": str(registered.label) if registered else "",
        "passage": "".join(text for text, _is_match in passage).strip(),
        "url": absolute(row.get_absolute_url(), recipient, letterhead_of(row.get_absolute_url())),
    }


def register_notices() -> None:
    register_kind(
        NoticeKind(
            KIND,
            _("Kết quả mới của tìm kiếm đã lưu"),
            "saved_search_hits",
            digest=False,
            current=current,
        )
    )
