from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.notifications.models import Notice


def unread_notices(request: HttpRequest) -> dict[str, object]:
    """The number on the bell; counted only where a page shows it."""

    def count() -> int:
        if not request.user.is_authenticated:
            return 0
        return Notice.objects.filter(recipient=request.user, read_at=None, retired_at=None).count()

    return {"unread_notices": SimpleLazyObject(count)}
