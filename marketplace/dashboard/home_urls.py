"""The front page, whose name stands outside any app's namespace."""

from django.urls import URLPattern, path

from marketplace.dashboard import views

urlpatterns: list[URLPattern] = [path("", views.front_page, name="home")]
