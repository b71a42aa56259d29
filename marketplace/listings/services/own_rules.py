"""An organisation's own word before the staff's: when it is asked for, and what is written of it."""

from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, User
from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.listings.models import Listing, OwnReviewStep
from marketplace.listings.notices import OWN_APPROVAL_ASKED
from marketplace.listings.services.rows import record
from marketplace.notifications.services import notify, retire_notices

Act = OwnReviewStep.Act


def managers_of(listing: Listing) -> list[User]:
    managing = Membership.objects.filter(
        organization=listing.organization_id, role__in=Membership.MANAGING_ROLES
    )
    people = User.objects.filter(is_active=True, pk__in=managing.values("user"))
    return list(people.order_by("pk"))


def waits_for_own_people(listing: Listing, *, by: User) -> bool:
    """Whether what this person submits goes to a manager of the organisation first."""
    if not listing.organization.approves_own_listings:
        return False
    return by.pk not in {one.pk for one in managers_of(listing)}


def ask_own_people(listing: Listing, *, by: User, title: str) -> None:
    """The draft, under its lock, waits for a manager of its organisation; each of them is told once.

    Raises:
        InvalidTransition: it waits for them already.
    """
    if listing.own_asked_at is not None:
        raise InvalidTransition(_("Bản này đang chờ người quản lý của tổ chức duyệt."))
    now = clock.now()
    type(listing).objects.filter(pk=listing.pk).update(own_asked_at=now)
    step = write_own_step(listing, Act.ASKED, by=by)
    for person in managers_of(listing):
        notify(
            kind=OWN_APPROVAL_ASKED,
            recipient=person,
            dedupe_key=f"{_asked_of(listing)}{step.pk}",
            context={"title": title, "kind": listing.KIND, "by": str(by)},
            url=listing.owner_url,
        )


def end_own_question(listing: Listing) -> None:
    """Answered, or no longer asked: what called the managers leaves their inbox."""
    type(listing).objects.filter(pk=listing.pk).update(own_asked_at=None)
    retire_notices(_asked_of(listing))


def write_own_step(listing: Listing, act: str, *, by: User, note: str = "") -> OwnReviewStep:
    record(f"own_review.{act}", listing, by, revision=listing.latest_revision_id)
    return OwnReviewStep.objects.create(
        kind=listing.KIND,
        key=listing.public_id,
        act=act,
        by=by,
        note=note.strip()[:500],
        at=clock.now(),
        revision_id=listing.latest_revision_id,
    )


def _asked_of(listing: Listing) -> str:
    return f"{OWN_APPROVAL_ASKED}:{listing.KIND}:{listing.public_id}:"
