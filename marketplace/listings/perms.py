"""Yes/no questions for buttons and panels; entry points authorize by fetching."""

from typing import Any

from marketplace.accounts.models import Membership, Organization
from marketplace.listings.models import Listing, Need, StaffPost, StaffPostState, curates


def is_member(user: Any, listing: Listing) -> bool:
    """Belongs to the organisation that posted it, in any role."""
    return bool(
        user.is_authenticated
        and Membership.objects.filter(user=user, organization=listing.organization_id).exists()
    )


def role_of(user: Any, listing: Listing) -> str:
    """The person's role in the organisation that posted it; empty for anybody else."""
    if not user.is_authenticated:
        return ""
    role = Membership.objects.filter(user=user, organization=listing.organization_id)
    return role.values_list("role", flat=True).first() or ""


def manages(user: Any, listing: Listing) -> bool:
    """Manages the organisation that posted it: passes on what its people submit."""
    return role_of(user, listing) in Membership.MANAGING_ROLES


def acts_for(user: Any, listing: Listing) -> bool:
    """Belongs to the broker that posted it, while the firm lets the broker."""
    return bool(
        isinstance(listing, Need)
        and listing.found_by_id
        and user.is_authenticated
        and Need.objects.posted_through(user).filter(pk=listing.pk).exists()
    )


def writes_for_firm(user: Any, listing: Listing) -> bool:
    """Is of the staff and writes it for a firm that has not been asked yet."""
    posts = StaffPost.objects.curated_by(user, "change").of(listing)
    return bool(
        user.is_authenticated
        and user.is_staff
        and posts.filter(state=StaffPostState.WRITING).exists()
    )


def edits_for(user: Any, organization: Organization) -> bool:
    """Whether the person writes and posts for an organisation."""
    editing = Membership.objects.filter(role__in=Membership.EDITING_ROLES)
    return editing.filter(user=user, organization=organization).exists()


def can_edit(user: Any, listing: Listing) -> bool:
    return (
        role_of(user, listing) in Membership.EDITING_ROLES
        or acts_for(user, listing)
        or writes_for_firm(user, listing)
    )


def sees_everything(user: Any, listing: Listing) -> bool:
    """Reads confidential parts and drafts: the owner's people, who writes for them, and staff who
    curate listings."""
    return curates(user, listing) or is_member(user, listing) or acts_for(user, listing)
