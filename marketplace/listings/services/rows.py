"""What the services share: the row under its lock, and the entry in the log."""

from typing import Any

from marketplace.accounts.models import Membership, User
from marketplace.core import audit
from marketplace.listings.models import Listing, Need, StaffPost
from marketplace.mandates.models import Mandate, Scope


def locked(listing: Listing) -> Listing:
    return type(listing).objects.select_for_update(of=("self",)).get(pk=listing.pk)


def reread(listing: Listing) -> Listing:
    return type(listing).objects.select_related("organization").get(pk=listing.pk)


def record(action: str, listing: Listing, by: Any, **data: Any) -> None:
    audit.record(f"listing.{action}", f"{listing.KIND}:{listing.public_id}", by=by, **data)


def posters(listing: Listing, submitter_id: int | None) -> list[User]:
    """Who hears of a decision: the contact and who saved the revision, while they belong there or
    act for it."""
    sides = [listing.organization_id]
    if isinstance(listing, Need) and listing.found_by_id:
        consent = Mandate.objects.allowing(Scope.POST).filter(
            broker=listing.found_by_id, firm=listing.organization_id
        )
        sides += consent.values_list("broker", flat=True)
    members = User.objects.filter(is_active=True, memberships__organization__in=sides)
    wanted = [pk for pk in (listing.contact_id, submitter_id) if pk]
    people = list(members.filter(pk__in=wanted).distinct().order_by("pk"))
    if people:
        return people
    managers = Membership.objects.filter(
        organization=listing.organization_id, role__in=Membership.MANAGING_ROLES
    )
    people = list(members.filter(pk__in=managers.values("user")).distinct().order_by("pk"))
    # A firm without an account hears of it through who posts for it.
    return people or list(
        User.objects.filter(is_active=True, pk__in=StaffPost.objects.of(listing).values("by"))
    )
