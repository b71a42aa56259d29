"""Seconds in which new records are run against all saved searches, by the product's own stage."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from django.http import QueryDict

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.notifications.alerts import match_new
from marketplace.notifications.models import Frequency, Notice, SavedSearch, SavedSearchHit
from marketplace.notifications.saved_searches import MOST_SEARCHES
from marketplace.notifications.telling import tell_due
from marketplace.research.models import Result
from search.addresses import address_of, fingerprint_of, query_of
from search.documents import Document
from search.registry import source
from search.reverse import answering, scratch_index
from search.sync import sync_all
from tests.benchmarks.probes import combined

#: Records that the naive way is tried on; the rest of them would cost the same each.
TRIED_ALONE = 3


def main(reference: str, documents: str, queries: str, seed: str) -> None:
    chance = random.Random(seed)
    sync_all()
    _save_searches(Path(reference), int(queries), chance)
    learning = _seconds(_drain)
    _bring_in(Path(reference), int(documents))
    sync_all()
    searches = list(SavedSearch.objects.order_by("pk"))
    registered = source("result")
    assert registered is not None
    rows = list(registered.rows().order_by("pk"))
    busy = time.process_time()
    matching = _seconds(_drain)
    worked = time.process_time() - busy
    telling = _seconds(tell_due)
    print(
        json.dumps(
            {
                "learning": learning,
                "matching": matching,
                "worked": worked,
                "telling": telling,
                "searches": len(searches),
                "records": len(rows),
                "hits": SavedSearchHit.objects.count(),
                "alerted": SavedSearch.objects.filter(hits__isnull=False).distinct().count(),
                "notices": Notice.objects.count(),
                "left": Result.objects.stale("alerted_version").count(),
                "alone": _alone([registered.build(row) for row in rows[:TRIED_ALONE]], searches)
                / TRIED_ALONE,
            }
        )
    )


def _save_searches(reference: Path, count: int, chance: random.Random) -> None:
    """As people save them: some words, some of them with filters, some filters alone."""
    words = combined.short_queries(reference, count)
    people = User.objects.bulk_create(
        [
            User(email=f"bench{n}@example.vn", full_name=f"Bench {n}", password="!")
            for n in range(-(-count // MOST_SEARCHES))
        ]
    )
    now, rows, taken = clock.now(), [], set()
    for number, typed in enumerate(words):
        params = QueryDict(mutable=True)
        if number % 20:
            params["q"] = " ".join(typed.split()[: chance.choice((1, 2, 2, 3, 3, 3))])
        if number % 4 == 0:
            params["loai"] = "result"
        if number % 10 == 0:
            params["linh-vuc"] = chance.choice(combined.FIELDS)
            params["san-sang"] = chance.choice(("1-5", "6-7", "8-9"))
        owner = people[number // MOST_SEARCHES]
        query = query_of(params)
        if (owner.pk, fingerprint_of(query)) in taken:
            params["q"] = f"{params.get('q', '')} {number}"
            query = query_of(params)
        taken.add((owner.pk, fingerprint_of(query)))
        rows.append(
            SavedSearch(
                owner=owner,
                name=query.text[:100] or str(number),
                address=address_of(params),
                fingerprint=fingerprint_of(query),
                language="vi",
                frequency=Frequency.IMMEDIATE,
                created_at=now,
                visited_at=now,
                known_until=now,
            )
        )
    SavedSearch.objects.bulk_create(rows, batch_size=500)


def _bring_in(reference: Path, count: int) -> None:
    rows = [
        Result(
            source="bench",
            source_id=document.key,
            content_hash=document.key,
            title=document.title,
            abstract=document.text,
            language=document.language,
            year=document.numbers["year"],
            trl=document.numbers["trl"],
            field_trail=document.facets["field"][0],
        )
        for document in combined.documents(reference, count)
    ]
    Result.objects.bulk_create(rows, batch_size=500)


def _drain() -> None:
    while match_new():
        pass


def _alone(documents: list[Document], searches: list[SavedSearch]) -> float:
    """The naive way: each record by itself against every search, as a percolator would be asked."""
    queries = [search.query() for search in searches]

    def run() -> None:
        for document in documents:
            with scratch_index([document]) as engine:
                for query in queries:
                    answering(query, engine=engine)

    return _seconds(run)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
