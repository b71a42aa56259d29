from django.urls import URLPattern, path

from marketplace.mandates import views

app_name = "mandates"

urlpatterns: list[URLPattern] = [
    path("uy-quyen/", views.given, name="given"),
    path("uy-quyen/tim/", views.find_firm, name="find_firm"),
    path("uy-quyen/xin/<slug:public_id>/", views.ask, name="ask"),
    path("uy-quyen/<slug:public_id>/", views.mandate, name="mandate"),
]
