"""Who may read a page that is not for everybody: members of the groups that staff chose for it, nobody else.

Wagtail's own restrictions hold the choice; a page below a restricted one is restricted too.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import Page

from marketplace.accounts.models import User


def refuse_others(page: Page, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
    """To whoever may not read it, a restricted page does not exist; not even its address is confirmed."""
    # Wagtail asks again of the page that it serves.
    page.restrictions_read = page.get_view_restrictions()
    if not may_read(request.user, page):
        raise Http404


def may_read(user: Any, page: Page) -> bool:
    restrictions = list(page.get_view_restrictions())
    if not restrictions:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    groups = set(user.groups.values_list("pk", flat=True))
    return user.is_superuser or all(
        groups & set(one.groups.values_list("pk", flat=True)) for one in restrictions
    )


def is_restricted(page: Page) -> bool:
    return bool(page.get_view_restrictions().exists())


def readers_of(page: Page) -> QuerySet[User]:
    """The people of a restricted page; nobody where no group was chosen."""
    found = User.objects.filter(is_active=True)
    for restriction in page.get_view_restrictions():
        found = found.filter(groups__in=restriction.groups.all())
    return found.distinct().order_by("pk")
