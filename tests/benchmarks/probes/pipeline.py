"""Approval to public, findable, matched and told: watched from outside, and the stages by themselves."""

import http.client
import json
import random
import time
from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse

from marketplace.listings.models import Need
from marketplace.matching.models import Match
from marketplace.matching.tasks import run as matching_tick
from marketplace.notifications.models import Delivery
from search.tasks import sync as search_tick
from tests.benchmarks.probes import posting

LIMIT = 30.0
PAUSE = 0.03


def main(mode: str, *arguments: str) -> None:
    if mode == "watch":
        port, seed, count = arguments
        print(json.dumps(_watch(int(port), seed, int(count))))
    else:
        seed, count = arguments
        print(json.dumps(_stages(seed, int(count))))


def _watch(port: int, seed: str, count: int) -> list[dict[str, float]]:
    """Seconds from the approval's start to each sign that a reader or a mailbox would see."""
    pauses = random.Random(seed)
    measured = []
    for record in posting.sample(seed, count):
        need = _ready_for_approval(record)
        # Anywhere within the period of the clock, so that its phase is part of the figure.
        time.sleep(1 + pauses.random())
        measured.append(_watched(port, need))
    return measured


def _ready_for_approval(record: dict[str, object]) -> Need:
    need = posting.write(record)
    posting.submit(need)
    posting.approve_first(need)
    return need


def _watched(port: int, need: Need) -> dict[str, float]:
    before = Delivery.notices.through.objects.order_by("-pk").values_list("pk", flat=True).first()
    started = time.perf_counter()
    posting.approve_last(need)
    seconds = {"approved": time.perf_counter() - started}
    need.refresh_from_db()
    path = need.get_absolute_url()
    find = f"{reverse('search:search')}?q={quote(need.title)}"
    signs: dict[str, Callable[[], bool]] = {
        "public": lambda: _get(port, path)[0] == 200,
        "findable": lambda: need.public_id in _get(port, find)[1],
        "matched": lambda: Match.objects.active().filter(need=need).exists(),
        "told": lambda: _queued(need, before or 0),
    }
    while signs and time.perf_counter() - started < LIMIT:
        for name, seen in list(signs.items()):
            if seen():
                seconds[name] = time.perf_counter() - started
                del signs[name]
        time.sleep(PAUSE)
    return seconds | dict.fromkeys(signs, LIMIT)


def _queued(need: Need, before: int) -> bool:
    """The enterprise's notice of its matches stands in a mail that will leave."""
    return Delivery.notices.through.objects.filter(
        pk__gt=before,
        notice__recipient__email=posting.POSTER.email,
        notice__kind__startswith="match",
        notice__dedupe_key__contains=need.public_id,
    ).exists()


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _stages(seed: str, count: int) -> list[dict[str, float]]:
    """Our own work: the approval, the two ticks, each timed alone with no worker beside it."""
    measured = []
    for number, record in enumerate([None, *posting.sample(seed, count)]):
        # The first one warms connections, index readers and caches, as a running worker has them.
        need = _ready_for_approval(record or posting.sample(f"{seed}:warm", 1)[0])
        seconds, busy = {}, time.process_time()
        for name, work in (
            ("approval", lambda need=need: posting.approve_last(need)),
            ("index", search_tick),
            ("match and notices", matching_tick),
        ):
            started = time.perf_counter()
            work()
            seconds[name] = time.perf_counter() - started
        if not Match.objects.active().filter(need=need).exists():
            raise AssertionError(f"no match for {need.title}")
        seconds |= {"together": sum(seconds.values()), "processor": time.process_time() - busy}
        if number:
            measured.append(seconds)
    return measured
