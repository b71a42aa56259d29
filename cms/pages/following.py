"""Ticks of the pages: the index's rows follow them, and what is scheduled is published in time.

Both find their work by state, in batches, and may be killed anywhere: what was not committed is still
to do, and what was is not found again.
"""

from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from wagtail.models import Revision

from cms.pages.footer import forget_footer
from cms.pages.former import note_former
from cms.pages.models import PAGE_TYPES, PageEntry, all_pages, open_pages
from marketplace.core import clock
from search.models import leave_tombstones

KIND: Final = "page"
BATCH: Final = 500


def follow_pages(limit: int = BATCH) -> int:
    """Takes up new pages, notices moved, renamed and unpublished ones, and lets deleted ones go."""
    done = _take_up(limit) + _bring_up(limit) + _let_go(limit)
    if done:
        forget_footer()
    return done


def _take_up(limit: int) -> int:
    new = list(
        all_pages().filter(entry=None).annotate(is_open=_is_open("pk")).order_by("pk")[:limit]
    )
    PageEntry.objects.bulk_create(
        [
            PageEntry(page=page, is_live=page.is_open, title=page.title, url_path=page.url_path)
            for page in new
        ],
        ignore_conflicts=True,
    )
    return len(new)


def _is_open(page: str) -> Exists:
    """Whether the page of a row can be read by everybody: it is live, and nothing restricts it."""
    return Exists(open_pages().filter(pk=OuterRef(page)))


def _bring_up(limit: int) -> int:
    """What changed since it was read here differs again at the next look."""
    behind = (
        PageEntry.objects.annotate(is_open=_is_open("page_id"))
        .exclude(is_live=F("is_open"), title=F("page__title"), url_path=F("page__url_path"))
        .order_by("pk")
        .values_list("pk", "page_id", "url_path", "is_open", "page__title", "page__url_path")[
            :limit
        ]
    )
    rows = list(behind)
    for pk, page, known, is_live, title, url_path in rows:
        with transaction.atomic():
            if known != url_path:
                note_former(page, known)
            PageEntry.objects.filter(pk=pk).update_content(
                is_live=is_live, title=title, url_path=url_path
            )
    return len(rows)


def _let_go(limit: int) -> int:
    page = all_pages().filter(pk=OuterRef("page_id"))
    orphans = PageEntry.objects.filter(~Exists(page)).order_by("pk")
    rows = list(orphans.values_list("pk", "public_id")[:limit])
    if rows:
        with transaction.atomic():
            leave_tombstones(KIND, [public_id for _pk, public_id in rows])
            PageEntry.objects.filter(pk__in=[pk for pk, _public_id in rows]).delete()
    return len(rows)


def publish_due(limit: int = BATCH) -> int:
    """Takes down what has expired and publishes what was approved for a moment that has come."""
    now = clock.now()
    expired = list(all_pages().filter(live=True, expire_at__lt=now).order_by("pk")[:limit])
    for page in expired:
        with transaction.atomic():
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    due = list(
        Revision.objects.filter(
            content_type__in=ContentType.objects.get_for_models(*PAGE_TYPES).values(),
            approved_go_live_at__lt=now,
        ).order_by("approved_go_live_at", "pk")[:limit]
    )
    for revision in due:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    return len(expired) + len(due)
