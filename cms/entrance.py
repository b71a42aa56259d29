"""Ways into the admin: one, through allauth and its second factor."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response

_script_texts = JavaScriptCatalog.as_view(packages=["wagtail.admin", "cms"])


@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """Where Wagtail sends whoever may not enter: strangers sign in, others are told no.

    Somebody who is signed in would be sent to and fro: their login page leads on to the admin.
    """
    if request.user.is_authenticated:
        if request.user.has_perm("wagtailadmin.access_admin"):
            return redirect("wagtailadmin_home")
        raise PermissionDenied
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


@login_not_required
def password_reset(request: HttpRequest) -> HttpResponse:
    return redirect("account_reset_password")


@login_not_required
def script_texts(request: HttpRequest) -> HttpResponse:
    """Texts of Wagtail's scripts, with our Vietnamese over its own."""
    return get_localized_response(_script_texts, request)


def nowhere(request: HttpRequest) -> HttpResponse:
    raise Http404
