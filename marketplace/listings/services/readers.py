"""How often people open a page; robots are left out."""

from django.db import transaction
from django.db.models import F

from marketplace.core import clock
from marketplace.listings.models import DailyViews

_ROBOTS = (
    "bot", "crawl", "spider", "slurp", "archiver", "facebookexternalhit", "preview", "monitor",
    "headless", "python-requests", "curl", "wget", "httpx", "aiohttp", "go-http-client", "java/",
    "scrapy", "lighthouse", "pingdom", "uptime", "feed", "validator",
)  # fmt: skip


def is_robot(user_agent: str) -> bool:
    """Whether a browser says by itself that no person reads. Silence is a robot's too."""
    name = user_agent.lower()
    return not name or any(mark in name for mark in _ROBOTS)


def record_view(kind: str, key: str, *, user_agent: str) -> bool:
    """Counts one opening of a page by a person; robots are left out."""
    if is_robot(user_agent):
        return False
    day = {"kind": kind, "key": key, "day": clock.today()}
    with transaction.atomic():
        DailyViews.objects.bulk_create([DailyViews(**day)], ignore_conflicts=True)
        DailyViews.objects.filter(**day).update(count=F("count") + 1)
    return True
