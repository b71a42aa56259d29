"""Exchange staff enter the admin with two factors, or not at all."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

GUARDED = ("/admin/", "/en/admin/")


class StaffSecondFactorMiddleware:
    """Sends staff who have no second factor yet to where they set one up.

    Who has one was already asked for it at login: allauth puts it before the session, and Wagtail's
    and Django's own login pages lead to allauth's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith(GUARDED)
            and request.user.is_authenticated
            and (request.user.is_staff or request.user.has_perm("wagtailadmin.access_admin"))
            and not is_mfa_enabled(request.user)
        ):
            messages.warning(
                request, _("Cán bộ sàn cần bật xác thực hai bước trước khi vào trang quản trị.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
