"""For people: pages in both languages."""

from django.urls import URLPattern, path

from marketplace.api import views

app_name = "api_pages"

urlpatterns: list[URLPattern] = [
    path("du-lieu-mo/", views.open_data, name="open_data"),
    path("du-lieu-mo/gui-du-lieu/", views.sending, name="sending"),
]
