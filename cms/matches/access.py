"""Who may see and decide about matches in the admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.rights import has_right, is_own
from marketplace.listings.models import Need
from marketplace.matching.models import Match


def may_decide(user: Any, need: Need | None = None) -> bool:
    """Staff with the right, but not about needs of an organisation of their own."""
    return has_right(user, "change", Match) and (need is None or not is_own(need, user))


class MatchPage(WagtailAdminTemplateMixin):
    """A page of the match desk: for staff who may see matches."""

    header_icon = "link"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_right(request.user, "view", Match):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer
