"""Where the site's pages are served: for everybody, below an address of their own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, re_path
from wagtail.urls import serve_pattern

from cms.pages.serving import serve_page

urlpatterns: list[URLPattern] = [
    re_path(serve_pattern, login_not_required(serve_page), name="wagtail_serve"),
]
