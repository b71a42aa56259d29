from django.urls import URLPattern, path

from marketplace.sources import views

app_name = "sources"

urlpatterns: list[URLPattern] = [
    path("nguon-du-lieu/", views.source_list, name="source_list"),
    path("nguon-du-lieu/<str:slug>/", views.source, name="source"),
]
