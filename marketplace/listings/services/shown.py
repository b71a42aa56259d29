"""What is live: shown longer, confirmed, withdrawn, expired."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.liveness import liveness_terms
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.notices import EXPIRED, EXPIRES_SOON_NOTICE, STILL_HOLDS
from marketplace.listings.services.own_rules import end_own_question
from marketplace.listings.services.rows import locked, posters, record, reread
from marketplace.notifications.services import notify, retire_notices

LONGEST_VALIDITY = timedelta(days=366)
#: What a listing is after its owner's word: nothing is asked of it, and nothing hides it.
ANSWERED: Final = {"asked_step": 0, "asked_at": None, "suspended_at": None}


@transaction.atomic
def withdraw(listing: Listing, *, by: User, reason: str = "", code: str = "") -> Listing:
    """Takes a listing, or a draft, out of sight at once and out of review.

    Args:
        listing: the row.
        by: who does it.
        reason: words for its own people and staff.
        code: of the vocabulary "withdrawal-reasons"; whoever opens its address reads it.
    """
    row = locked(listing)
    if row.withdrawn_at is not None:
        raise InvalidTransition(_("Tin này đã rút."))
    if (workflow_state := row.current_workflow_state) is not None:
        workflow_state.cancel(user=by)
    if row.live:
        # Who did it is in our own log: Wagtail would ask whether the owner may use its admin.
        row.unpublish()
    row.withdrawn_at, row.withdrawal_reason = clock.now(), reason[:300]
    row.withdrawal_code = code
    row.save(update_fields=["withdrawn_at", "withdrawal_reason", "withdrawal_code"])
    retire_notices(f"review:{row.KIND}:{row.public_id}:")
    retire_questions(row)
    if row.own_asked_at is not None:
        end_own_question(row)
    record("withdrawn", row, by, reason=bool(reason), code=code)
    kick("search.sync")
    kick("matching.run")
    return row


@transaction.atomic
def restore_draft(listing: Listing, *, by: User) -> Listing:
    """Makes a withdrawn listing a draft again; it is shown only after a new review."""
    row = locked(listing)
    if row.withdrawn_at is None:
        raise InvalidTransition(_("Tin này không còn ở trạng thái đã rút."))
    row.withdrawn_at, row.withdrawal_reason, row.withdrawal_code = None, "", ""
    row.save(update_fields=["withdrawn_at", "withdrawal_reason", "withdrawal_code"])
    record("restored", row, by)
    return row


@transaction.atomic
def confirm_still_valid(listing: Listing, *, by: User) -> Listing:
    """The owner says that the listing still holds; readers see the day. What was hidden for want of an
    answer is shown again at once."""
    row = locked(listing)
    if not row.can_be_renewed:
        raise InvalidTransition(_("Tin này không còn hiển thị."))
    answer_questions(row)
    record("confirmed", row, by)
    return reread(row)


def answer_questions(row: Listing) -> None:
    """Its owner's word, or the decision that publishes it: nothing more is asked."""
    rows, now = type(row).objects.filter(pk=row.pk), clock.now()
    if row.suspended_at is None:
        # Nothing that readers find it by has changed: the index and matching are left alone.
        rows.update(last_confirmed_at=now, asked_step=0, asked_at=None)
    else:
        rows.update_content(last_confirmed_at=now, **ANSWERED)
        kick("search.sync")
        kick("matching.run")
    retire_questions(row)


def retire_questions(row: Listing) -> None:
    """What asked whether it still holds is answered: it leaves the inbox, and no mail goes out."""
    retire_notices(f"{STILL_HOLDS}:{row.KIND}:{row.public_id}:")


@transaction.atomic
def extend_validity(listing: Listing, *, until: date, by: User) -> Listing:
    """Shows a live listing longer. Days are the owner's own: no new review is needed.

    The day is written into the revisions that may be published or edited next too, or an older one
    would bring the former day back.
    """
    row = locked(listing)
    if not row.can_be_renewed:
        raise InvalidTransition(_("Tin này không còn hiển thị. Sửa bản nháp và gửi duyệt lại."))
    today = clock.today()
    if not today < until <= today + LONGEST_VALIDITY:
        raise DomainError(_("Chọn một ngày sau hôm nay, tối đa một năm."))
    type(row).objects.filter(pk=row.pk).update_content(
        valid_until=until, last_confirmed_at=clock.now(), **ANSWERED
    )
    retire_questions(row)
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
    model.objects.filter(pk=pk).update(**ANSWERED)
    retire_questions(row)
    record("expired", row, "listings.expire")
    _tell_of_the_last_day(row, EXPIRED, "expired")
    kick("search.sync")
    return 1


def _ends_soon() -> timedelta:
    return timedelta(days=liveness_terms().ends_soon_days)


def remind_batch(limit: int = 100) -> int:
    """Asks the owners of what expires soon; once for a day, again where that day has moved."""
    done, before = 0, _ends_soon()
    for model in LISTING_MODELS.values():
        due = model.objects.due_to_remind(before).order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _remind(model, pk)
    return done


@transaction.atomic
def _remind(model: type[Listing], pk: int) -> int:
    due = model.objects.due_to_remind(_ends_soon())
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
                "key": row.public_id,
                "title": str(row),
                "number": row.display_number,
                "day": f"{row.valid_until:%d/%m/%Y}",
            },
            url=row.owner_url,
        )
