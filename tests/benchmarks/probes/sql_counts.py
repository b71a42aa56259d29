"""How many SQL statements a page takes, with few rows and with many."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.demo.people import PEOPLE
from marketplace.listings.models import LISTING_MODELS, Need
from marketplace.matching.models import Match
from search.engines import get_engine
from search.queries import Query

FEW = 2


def main() -> None:
    connection.force_debug_cursor = True
    pages = _pages()
    counts = {name: {"many": _count(*page)} for name, page in pages.items()}
    with transaction.atomic():
        _leave_few()
        for name, page in pages.items():
            counts[name]["few"] = _count(*page)
        transaction.set_rollback(True)
    for kind, words in {"need": "công nghệ", "result": "nghiên cứu"}.items():
        counts[f"search for {kind}s"] = _of_search(kind, words)
    counts["search for all kinds"] = {"many": _count(_search("công nghệ"), None)}
    counts["need of its owner, matches"] = _of_owner()
    print(json.dumps(counts))


def _pages() -> dict[str, tuple[str, User | None]]:
    pages: dict[str, tuple[str, User | None]] = {"home": ("/", None)}
    for kind in LISTING_MODELS:
        pages[f"list of {kind}"] = (reverse(f"listings:{kind}_list"), None)
    need = Need.objects.public().order_by("pk").first()
    pages["need"] = (need.get_absolute_url(), None)
    return pages


def _leave_few() -> None:
    """Only the first listings stay public; whatever a page lists gets short."""
    for model in LISTING_MODELS.values():
        kept = list(model.objects.public().order_by("pk").values_list("pk", flat=True)[:FEW])
        model.objects.public().exclude(pk__in=kept).update(live=False)


def _search(words: str, kind: str = "") -> str:
    return f"{reverse('search:search')}?q={quote(words)}&loai={kind}"


def _of_search(kind: str, words: str) -> dict[str, int]:
    """A page of hits of one kind, against the words of one title, which find few."""
    full = get_engine().search(Query(words, kinds=(kind,), limit=20)).hits
    short = get_engine().search(Query(f'"{full[0].title}"', kinds=(kind,), limit=20)).hits
    assert len(short) < len(full), (len(short), len(full))
    return {
        "few": _count(_search(f'"{full[0].title}"', kind), _staff()),
        "many": _count(_search(words, kind), _staff()),
    }


def _of_owner() -> dict[str, Any]:
    """The owner's view of the same page with one match and with all of them."""
    need = (
        Need.objects.public()
        .filter(organization__memberships__isnull=False, matches__retired_at=None)
        .annotate(found=Count("matches"))
        .order_by("-found", "pk")
        .first()
    )
    if need is None:
        return {}
    owner = User.objects.filter(memberships__organization=need.organization).first()
    page = (need.get_absolute_url(), owner)
    many = _count(*page)
    with transaction.atomic():
        first = Match.objects.active().filter(need=need).order_by("rank").first()
        Match.objects.filter(need=need).exclude(pk=first.pk).delete()
        few = _count(*page)
        transaction.set_rollback(True)
    return {"few": few, "many": many}


def _staff() -> User:
    return User.objects.get(email=PEOPLE[3].email)


def _count(path: str, reader: User | None) -> int:
    client = Client(SERVER_NAME="127.0.0.1")
    if reader is not None:
        client.force_login(reader)
    ask: Callable[[], Any] = lambda: client.get(path, follow=True)  # noqa: E731
    # The first time fills caches of vocabularies and content types, as a running server has them.
    ask()
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code == 200, (path, answer.status_code)
    return len(captured)
