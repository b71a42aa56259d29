"""Exchange staff enter the admin with two factors, or not at all; so does everybody, where that is set. A site is
read in the languages that it offers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotFound,
    HttpResponseRedirect,
)
from django.utils.translation import gettext as _

from marketplace.accounts.fronts import front_of
from marketplace.accounts.security import ask_for_second_factor

GUARDED = ("/admin/", "/en/admin/")


class OfferedLanguageMiddleware:
    """On a site that offers no English its addresses lead to the Vietnamese page.

    Stands behind the middleware that reads the language from the address.
    """

    PREFIX = "/en/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(self.PREFIX) or "en" in front_of(request).languages:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotFound()
        # Not for ever: what a site offers is a setting. The path begins with one stroke, whatever follows.
        path = request.get_full_path()[len(self.PREFIX) :].lstrip("/\\")
        return HttpResponseRedirect(f"/{path}")


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

    def process_view(self, request: HttpRequest, view: Any, *_given: Any) -> HttpResponse | None:
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
        if settings.SECOND_FACTOR_OF_EVERYBODY and _is_ones_own(request, view):
            return ask_for_second_factor(
                request, _("Sàn này yêu cầu mọi tài khoản xác thực hai bước. Hãy bật rồi đi tiếp.")
            )
        return None


def _is_ones_own(request: HttpRequest, view: Any) -> bool:
    """A page of somebody signed in, but for those on which a factor is set up or given."""
    inside = getattr(view, "login_required", True) or request.path == "/identity/o/authorize"
    at_the_door = request.path.removeprefix("/en").startswith("/tai-khoan/")
    return bool(inside and not at_the_door and request.user.is_authenticated)
