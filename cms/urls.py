"""The Wagtail admin, with its own ways in and out closed: they would pass by the second factor."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from cms import entrance
from cms.account import StaffAccountView

urlpatterns: list[URLPattern | URLResolver] = [
    # A page of Wagtail that does nothing but fail.
    path("failwhale/", entrance.nowhere),
    path("login/", entrance.login),
    re_path(r"^password_reset/", entrance.password_reset),
    path("jsi18n/", entrance.script_texts),
    path("account/", require_admin_access(StaffAccountView.as_view())),
    path("", include(wagtailadmin_urls)),
]
