"""Exchange staff enter the admin with two factors, or not at all."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from marketplace.accounts.security import ask_for_second_factor

GUARDED = ("/admin/", "/en/admin/")


class StaffSecondFactorMiddleware:
    """Sends staff who have no second factor yet to where they set one up, and those whose session
    never gave it to where they give it.

    At login allauth puts it before the session, and Wagtail's and Django's own login pages lead to
    allauth's; a session from before the factor was switched on is what is left to be asked here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        # After the check for forgeries, which has its turn here too: a form that is kept until the
        # factor was given is not looked at again.
        if (
            request.path.startswith(GUARDED)
            and request.user.is_authenticated
            and (request.user.is_staff or request.user.has_perm("wagtailadmin.access_admin"))
        ):
            return ask_for_second_factor(
                request, _("Cán bộ sàn cần bật xác thực hai bước trước khi vào trang quản trị.")
            )
        return None
