"""For people: pages in both languages."""

from django.urls import URLPattern, path

from marketplace.api import key_pages, views

app_name = "api_pages"

urlpatterns: list[URLPattern] = [
    path("du-lieu-mo/", views.open_data, name="open_data"),
    path(
        "to-chuc/<slug:public_id>/khoa-api/",
        key_pages.organization_keys,
        name="organization_keys",
    ),
    path("du-lieu-mo/gui-du-lieu/", views.sending, name="sending"),
]
