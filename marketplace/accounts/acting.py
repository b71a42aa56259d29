"""The organisation a person acts for now; who belongs to several chooses, and the choice is kept."""

from django.http import HttpRequest

from marketplace.accounts.models import Membership, Organization, User

_SESSION_KEY = "acting_organization"
_CACHED = "_acting_organization"


def acting_organization(request: HttpRequest) -> Organization | None:
    """The chosen organisation, or else the one the person has most to say in; None without any.

    Asked of the database each time: a membership that has ended counts no more.
    """
    if not isinstance(request.user, User):
        return None
    if not hasattr(request, _CACHED):
        setattr(request, _CACHED, _find(request, request.user))
    found: Organization | None = getattr(request, _CACHED)
    return found


def _find(request: HttpRequest, user: User) -> Organization | None:
    memberships = list(
        Membership.objects.filter(user=user)
        .select_related("organization")
        .order_by("joined_at", "pk")
    )
    chosen = request.session.get(_SESSION_KEY)
    ranks = list(Membership.Role.values)
    memberships.sort(key=lambda m: (m.organization.public_id != chosen, ranks.index(m.role)))
    return memberships[0].organization if memberships else None


def act_for(request: HttpRequest, organization: Organization) -> None:
    """Remembers the choice; the caller has made sure that the person belongs to it."""
    request.session[_SESSION_KEY] = organization.public_id
    setattr(request, _CACHED, organization)
