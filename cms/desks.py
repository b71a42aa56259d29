"""What every desk of the admin has in common: who may see it and act at it, where it stands, its entry."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.rights import has_right

#: Pages above one: address and label, from the outermost.
Trail = list[tuple[str, Any]]


class DeskMixin(WagtailAdminTemplateMixin):
    """A page for staff with a right on `of`: `seen_with` to open it, `acted_with` to change anything."""

    of: type[Model]
    seen_with = "view"
    acted_with = "change"

    def may(self, user: Any, right: str) -> bool:
        return has_right(user, right, self.of)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        right = self.acted_with if request.method == "POST" else self.seen_with
        if not self.may(request.user, right):
            raise PermissionDenied
        self.prepare()
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def prepare(self) -> None:
        """What a page fetches before it answers, for those who may see it."""

    def trail(self) -> Trail:
        return []

    @property
    def here(self) -> Any:
        """What the page is called at the end of the trail."""
        return self.page_title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": url, "label": label} for url, label in self.trail()]
        return [*super().get_breadcrumbs_items(), *above, {"url": "", "label": self.here}]


class DeskView(DeskMixin, TemplateView):
    """A desk that is one page."""


class DeskMenuItem(MenuItem):
    """The entry of a desk, for those who may see it."""

    def __init__(self, label: Any, url_name: str, *, may_see: Callable[[Any], bool], **kwargs: Any):
        super().__init__(label, reverse(url_name), **kwargs)
        self.may_see = may_see

    def is_shown(self, request: Any) -> bool:
        return self.may_see(request.user)


def menu_item(view: type[DeskView], label: Any, url_name: str, *, order: int) -> DeskMenuItem:
    """The entry of a desk that is shown to whoever may open it, with the icon of its page."""
    return DeskMenuItem(
        label,
        url_name,
        may_see=lambda user: view().may(user, view.seen_with),
        name=url_name.replace("_", "-"),
        icon_name=view.header_icon,
        order=order,
    )
