"""Asking the exchange's staff to call about a form. Entry points authorize."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.models import CallRequest, Listing
from marketplace.listings.services.rows import record


@transaction.atomic
def ask_for_call(
    listing: Listing, *, by: User, phone: str, when: str, note: str = "", step: str = ""
) -> CallRequest:
    """A case opens with it (`cases.keep`). Asked again while it waits, number and hour are those told last.

    Raises:
        DomainError: there is no number, or it is none.
    """
    if sum(sign.isdigit() for sign in phone) < 8:
        raise DomainError(_("Ghi số điện thoại để cán bộ gọi lại."))
    told = {
        "phone": phone.strip()[:30],
        "when": when if when in CallRequest.When.values else CallRequest.When.ANY,
        "note": note.strip()[:300],
        "step": step[:40],
        "organization": listing.organization,
    }
    rows = CallRequest.objects.of(listing).filter(by=by)
    waiting = rows.running().select_for_update(of=("self",)).first()
    if waiting is not None:
        for name, value in told.items():
            setattr(waiting, name, value)
        waiting.save()
        return waiting
    # One of long ago gives way: it is over, and one at a time may stand.
    rows.filter(cancelled_at=None).update(cancelled_at=clock.now())
    made = CallRequest.objects.create(
        kind=listing.KIND, key=listing.public_id, by=by, asked_at=clock.now(), **told
    )
    record("call_asked", listing, by, step=step[:40])
    kick("cases.keep")
    return made


@transaction.atomic
def cancel_call(listing: Listing, *, by: User) -> None:
    """
    Raises:
        InvalidTransition: none of theirs waits.
    """
    rows = CallRequest.objects.of(listing).filter(by=by).running()
    if not rows.update(cancelled_at=clock.now()):
        raise InvalidTransition(_("Không còn lần nhờ gọi lại nào đang chờ."))
    record("call_cancelled", listing, by)
    kick("cases.keep")
