from django.urls import URLPattern, path

from search import views

app_name = "search"

urlpatterns: list[URLPattern] = [
    path("tim-kiem/", views.search, name="search"),
]
