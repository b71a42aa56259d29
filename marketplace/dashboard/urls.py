from django.urls import URLPattern, path

from marketplace.dashboard import views
from marketplace.listings import addresses  # noqa: F401 - registers the parts of addresses

app_name = "dashboard"

urlpatterns: list[URLPattern] = [
    path("bang-dieu-khien/", views.home, name="home"),
    path("moi-gioi/", views.broker_desk, name="broker_desk"),
    path(
        "bang-dieu-khien/<listing_kind:kind>/<listing_id:public_id>/", views.listing, name="listing"
    ),
]
