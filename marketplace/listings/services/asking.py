"""Owners are asked whether what they posted still holds; without an answer it is hidden by itself."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.ticks import kick
from marketplace.listings.liveness import (
    due_to_ask,
    due_to_suspend,
    liveness_terms,
    step_of,
)
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.notices import STILL_HOLDS, SUSPENDED
from marketplace.listings.services.rows import locked, posters, record
from marketplace.listings.services.shown import confirm_still_valid, extend_validity
from marketplace.notifications.services import notify


@transaction.atomic
def renew(listing: Listing, *, by: User) -> Listing:
    """The owner's word that a listing still holds; one that would end soon is shown longer too."""
    row, terms, today = locked(listing), liveness_terms(), clock.today()
    soon = today + timedelta(days=terms.ends_soon_days)
    if row.can_be_renewed and row.valid_until is not None and row.valid_until <= soon:
        return extend_validity(row, until=today + timedelta(days=terms.renew_days), by=by)
    return confirm_still_valid(row, by=by)


@transaction.atomic
def renew_many(listings: Iterable[Listing], *, by: User) -> int:
    """Several at once, all or none.

    Raises:
        DomainError: none is chosen.
        InvalidTransition: one of them is gone.
    """
    rows = sorted(listings, key=lambda one: (one.KIND, one.pk))
    if not rows:
        raise DomainError(_("Chọn ít nhất một tin."))
    for row in rows:
        renew(row, by=by)
    return len(rows)


def ask_batch(limit: int = 100) -> int:
    """Asks the owners of what was confirmed long ago; each step of the terms once."""
    done = 0
    for model in LISTING_MODELS.values():
        due = due_to_ask(model).order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _ask(model, pk)
    return done


@transaction.atomic
def _ask(model: type[Listing], pk: int) -> int:
    row = due_to_ask(model).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # answered or withdrawn since it was found
        return 0
    step = step_of(row)
    model.objects.filter(pk=pk).update(asked_step=step, asked_at=row.asked_at or clock.now())
    _tell(row, STILL_HOLDS, f"{row.known_at:%Y%m%d%H%M%S}:{step}")
    return 1


def suspend_batch(limit: int = 100) -> int:
    """Hides what nobody answered for; each row in a transaction of its own."""
    done = 0
    for model in LISTING_MODELS.values():
        due = due_to_suspend(model).order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _suspend(model, pk)
    return done


@transaction.atomic
def _suspend(model: type[Listing], pk: int) -> int:
    row = due_to_suspend(model).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return 0
    # The condition again: without row locks two that found it would both tell.
    shown = model.objects.filter(pk=pk, suspended_at=None)
    if not shown.update_content(suspended_at=clock.now()):
        return 0
    record("suspended", row, "listings.suspend")
    _tell(row, SUSPENDED, f"{row.known_at:%Y%m%d%H%M%S}")
    kick("search.sync")
    kick("matching.run")
    return 1


def _tell(row: Listing, kind: str, key: str) -> None:
    """`row` with its confirmation."""
    terms = liveness_terms()
    hidden_on = max(
        row.known_at + timedelta(days=terms.confirm_within_days),
        (row.asked_at or clock.now()) + timedelta(days=terms.answer_days),
    )
    for person in posters(row, None):
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=f"{STILL_HOLDS}:{row.KIND}:{row.public_id}:{key}:{kind}",
            context={
                "kind": row.KIND,
                "key": row.public_id,
                "title": str(row),
                "number": row.display_number,
                "confirmed": f"{row.known_at.astimezone(clock.VIETNAM):%d/%m/%Y}",
                "day": f"{hidden_on.astimezone(clock.VIETNAM):%d/%m/%Y}",
            },
            url=row.owner_url,
        )
