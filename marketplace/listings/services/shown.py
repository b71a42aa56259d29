"""What is live: shown longer, confirmed, withdrawn, expired."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.notices import EXPIRED, EXPIRES_SOON_NOTICE
from marketplace.listings.services.rows import locked, posters, record, reread
from marketplace.notifications.services import notify, retire_notices

LONGEST_VALIDITY = timedelta(days=366)
#: This long before the last day its owner is asked whether the listing is to stay.
EXPIRES_SOON = timedelta(days=14)


@transaction.atomic
def withdraw(listing: Listing, *, by: User, reason: str = "") -> Listing:
    """Takes a listing, or a draft, out of sight at once and out of review."""
    row = locked(listing)
    if row.withdrawn_at is not None:
        raise InvalidTransition(_("Tin này đã rút."))
    if (workflow_state := row.current_workflow_state) is not None:
        workflow_state.cancel(user=by)
    if row.live:
        # Who did it is in our own log: Wagtail would ask whether the owner may use its admin.
        row.unpublish()
    row.withdrawn_at, row.withdrawal_reason = clock.now(), reason[:300]
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    retire_notices(f"review:{row.KIND}:{row.public_id}:")
    record("withdrawn", row, by, reason=bool(reason))
    kick("search.sync")
    kick("matching.run")
    return row


@transaction.atomic
def restore_draft(listing: Listing, *, by: User) -> Listing:
    """Makes a withdrawn listing a draft again; it is shown only after a new review."""
    row = locked(listing)
    if row.withdrawn_at is None:
        raise InvalidTransition(_("Tin này không còn ở trạng thái đã rút."))
    row.withdrawn_at, row.withdrawal_reason = None, ""
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record("restored", row, by)
    return row


@transaction.atomic
def confirm_still_valid(listing: Listing, *, by: User) -> Listing:
    """The owner says that the listing still holds; readers see the day."""
    row = locked(listing)
    if not row.is_public:
        raise InvalidTransition(_("Tin này không còn hiển thị."))
    row.last_confirmed_at = clock.now()
    type(row).objects.filter(pk=row.pk).update(last_confirmed_at=row.last_confirmed_at)
    record("confirmed", row, by)
    return row


@transaction.atomic
def extend_validity(listing: Listing, *, until: date, by: User) -> Listing:
    """Shows a live listing longer. Days are the owner's own: no new review is needed.

    The day is written into the revisions that may be published or edited next too, or an older one
    would bring the former day back.
    """
    row = locked(listing)
    if not row.is_public:
        raise InvalidTransition(_("Tin này không còn hiển thị. Sửa bản nháp và gửi duyệt lại."))
    today = clock.today()
    if not today < until <= today + LONGEST_VALIDITY:
        raise DomainError(_("Chọn một ngày sau hôm nay, tối đa một năm."))
    type(row).objects.filter(pk=row.pk).update_content(
        valid_until=until, last_confirmed_at=clock.now()
    )
    kept = {pk for pk in (row.latest_revision_id, row.live_revision_id) if pk}
    for revision in row.revisions.filter(pk__in=kept):
        revision.content["valid_until"] = until.isoformat()
        revision.save(update_fields=["content"])
    record("extended", row, by, until=until.isoformat())
    kick("search.sync")
    return reread(row)


def expire_batch(limit: int = 100) -> int:
    """Takes down what is past its validity; each row in a transaction of its own."""
    done = 0
    for model in LISTING_MODELS.values():
        due = model.objects.due_to_expire().order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _expire(model, pk)
    return done


@transaction.atomic
def _expire(model: type[Listing], pk: int) -> int:
    row = model.objects.due_to_expire().select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # extended or withdrawn since it was found
        return 0
    row.unpublish(set_expired=True)
    record("expired", row, "listings.expire")
    _tell_of_the_last_day(row, EXPIRED, "expired")
    kick("search.sync")
    return 1


def remind_batch(limit: int = 100) -> int:
    """Asks the owners of what expires soon; once for a day, again where that day has moved."""
    done = 0
    for model in LISTING_MODELS.values():
        due = model.objects.due_to_remind(EXPIRES_SOON).order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _remind(model, pk)
    return done


@transaction.atomic
def _remind(model: type[Listing], pk: int) -> int:
    due = model.objects.due_to_remind(EXPIRES_SOON)
    row = due.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # extended or withdrawn since it was found
        return 0
    model.objects.filter(pk=pk).update(reminded_of=row.valid_until)
    _tell_of_the_last_day(row, EXPIRES_SOON_NOTICE, "expires")
    return 1


def _tell_of_the_last_day(row: Listing, kind: str, key: str) -> None:
    for person in posters(row, None):
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=f"{key}:{row.KIND}:{row.public_id}:{row.valid_until}",
            context={
                "kind": row.KIND,
                "title": str(row),
                "number": row.display_number,
                "day": f"{row.valid_until:%d/%m/%Y}",
            },
            url=row.owner_url,
        )
