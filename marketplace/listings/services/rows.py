"""What the services share: the row under its lock, and the entry in the log."""

from typing import Any

from marketplace.accounts.models import Membership, User
from marketplace.core import audit
from marketplace.listings.models import Listing


def locked(listing: Listing) -> Listing:
    return type(listing).objects.select_for_update(of=("self",)).get(pk=listing.pk)


def reread(listing: Listing) -> Listing:
    return type(listing).objects.select_related("organization").get(pk=listing.pk)


def record(action: str, listing: Listing, by: Any, **data: Any) -> None:
    audit.record(f"listing.{action}", f"{listing.KIND}:{listing.public_id}", by=by, **data)


def posters(listing: Listing, submitter_id: int | None) -> list[User]:
    """Who hears of a decision: the contact and who saved the revision, while they belong there."""
    members = User.objects.filter(is_active=True, memberships__organization=listing.organization_id)
    wanted = [pk for pk in (listing.contact_id, submitter_id) if pk]
    people = list(members.filter(pk__in=wanted).distinct().order_by("pk"))
    return people or list(
        members.filter(memberships__role__in=Membership.MANAGING_ROLES).distinct().order_by("pk")
    )
