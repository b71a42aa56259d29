"""Who may see and decide about matches in the admin."""

from typing import Any

from cms.desks import DeskMixin
from cms.rights import has_right, is_own
from marketplace.listings.models import Need
from marketplace.matching.models import Match


def may_decide(user: Any, need: Need | None = None) -> bool:
    """Staff with the right, but not about needs of an organisation of their own."""
    return has_right(user, "change", Match) and (need is None or not is_own(need, user))


class MatchPage(DeskMixin):
    """A page of the match desk: for staff who may see matches. What may be done on it, each act asks."""

    of = Match
    acted_with = "view"
    header_icon = "link"
