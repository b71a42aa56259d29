"""The admin for staff whose rights hold in some provinces alone.

Wagtail asks whether a person may change listings, never which. So the question is asked here, before any
view: every address of one listing or case asks for that row, and lists over all rows that know no provinces
are closed to who may not see all.
"""

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from cms.rights import has_right
from marketplace.cases.models import Case
from marketplace.listings.models import LISTING_MODELS, Listing, StaffPost, curation_scope

_LISTINGS: Final[dict[str, type[Listing]]] = {
    f"wagtailsnippets_{model._meta.label_lower.replace('.', '_')}": model
    for model in LISTING_MODELS.values()
}
_ROOMS: Final[dict[str, Any]] = _LISTINGS | {"cases": Case, "staff_posts": StaffPost}
#: In a room, but its `pk` is another row's: it asks for the cases by itself.
_OF_OTHER_ROWS: Final = frozenset({"cases:undo"})
#: Tells who else has a row open, whatever kind it is.
_SESSIONS: Final = "wagtailadmin_editing_sessions:ping"
#: Reports and choosers of Wagtail's own, which show every row of a kind.
_OVER_ALL: Final = frozenset(
    {
        "wagtailadmin_reports",
        *(name.replace("wagtailsnippets", "wagtailsnippetchoosers") for name in _LISTINGS),
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
        match = request.resolver_match
        if match.namespace in _OVER_ALL and is_narrowed(request.user):
            raise PermissionDenied
        model, pk = _row_of(match.view_name, match.namespace, kwargs)
        if model is None:
            return
        right = "change" if request.method == "POST" else "view"
        if not has_right(request.user, right, model):
            return  # the view refuses, in its own way
        if not model.objects.curated_by(request.user, right).filter(pk=pk).exists():
            raise Http404


def _row_of(view_name: str, namespace: str, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The kind of row that an address is about, and its key."""
    if view_name == _SESSIONS:
        label, pk = f"{kwargs['app_label']}.{kwargs['model_name']}".lower(), kwargs["object_id"]
        model = next((room for room in _ROOMS.values() if room._meta.label_lower == label), None)
        return (model, pk) if pk.isdecimal() else (None, None)
    if view_name in _OF_OTHER_ROWS or "pk" not in kwargs:
        return None, None
    return _ROOMS.get(namespace), kwargs["pk"]
