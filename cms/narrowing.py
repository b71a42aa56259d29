"""The admin for staff whose rights hold in some provinces alone.

Wagtail asks whether a person may change listings, never which. So the question is asked here, before any
view: every address of one listing asks for that row, and lists over all rows that know no provinces are
closed to who may not see all.
"""

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from cms.rights import has_right
from marketplace.listings.models import LISTING_MODELS, Listing, curation_scope

_ROOMS: Final[dict[str, type[Listing]]] = {
    f"wagtailsnippets_{model._meta.label_lower.replace('.', '_')}": model
    for model in LISTING_MODELS.values()
}
#: Reports and choosers of Wagtail's own, which show every row of a kind.
_OVER_ALL: Final = frozenset(
    {
        "wagtailadmin_reports",
        *(name.replace("wagtailsnippets", "wagtailsnippetchoosers") for name in _ROOMS),
    }
)


def is_narrowed(user: Any) -> bool:
    """Whether the person reads some listings as staff do, and not all."""
    return any(
        has_right(user, "view", model) and curation_scope(user, model).is_narrowed
        for model in LISTING_MODELS.values()
    )


class NarrowedStaffMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        namespace = request.resolver_match.namespace
        if namespace in _OVER_ALL and is_narrowed(request.user):
            raise PermissionDenied
        model = _ROOMS.get(namespace)
        if model is None or "pk" not in kwargs:
            return
        right = "change" if request.method == "POST" else "view"
        if not has_right(request.user, right, model):
            return  # the view refuses, in its own way
        if not model.objects.curated_by(request.user, right).filter(pk=kwargs["pk"]).exists():
            raise Http404
