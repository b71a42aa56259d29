"""What waits for review is compared with what there is, so that staff see copies before they open it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from wagtail.models import WorkflowState

from marketplace.core import clock
from marketplace.listings.examining.copies import find_copies
from marketplace.listings.models import LISTING_MODELS, CopiesFound, Listing
from marketplace.listings.services.drafts import draft_of
from search.engines.base import SearchUnavailable


def waiting_for_review(model: type[Listing]) -> QuerySet[Any]:
    """Rows of a kind that are with the staff. The workflow keeps keys as text, so they are cast."""
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    keys = states.annotate(key=Cast("object_id", BigIntegerField())).values("key")
    return model.objects.filter(pk__in=keys)


def with_copies(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Those of the rows whose newest draft was found to be like another listing."""
    found = CopiesFound.objects.filter(
        kind=kind, key=OuterRef("public_id"), revision_id=OuterRef("latest_revision"), count__gt=0
    )
    return rows.filter(Exists(found))


def note_copies(limit: int = 20) -> int:
    """Compares what waits and was not compared as it is now; nothing while the engine is away."""
    done = 0
    for kind, model in LISTING_MODELS.items():
        for pk in list(
            _uncompared(model).order_by("pk").values_list("pk", flat=True)[: limit - done]
        ):
            row = model.objects.get(pk=pk)
            try:
                count = len(find_copies(draft_of(row)))
            except SearchUnavailable:
                return done
            _write(kind, row, count)
            done += 1
    return done


def _uncompared(model: type[Listing]) -> QuerySet[Any]:
    known = CopiesFound.objects.filter(kind=model.KIND, key=OuterRef("public_id"))
    rows = waiting_for_review(model).annotate(
        compared=Coalesce(Subquery(known.values("revision_id")), 0)
    )
    return rows.exclude(compared=F("latest_revision")).exclude(latest_revision=None)


@transaction.atomic
def _write(kind: str, row: Listing, count: int) -> None:
    CopiesFound.objects.update_or_create(
        kind=kind,
        key=row.public_id,
        defaults={"revision_id": row.latest_revision_id or 0, "count": count, "at": clock.now()},
    )
