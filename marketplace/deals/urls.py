from django.urls import URLPattern, path

from marketplace.deals import views

app_name = "deals"

urlpatterns: list[URLPattern] = [
    path("ket-noi/", views.expressions, name="expressions"),
    path("ket-noi/moi/<slug:kind>/<slug:public_id>/", views.express, name="express"),
    path("ket-noi/<slug:public_id>/", views.expression, name="expression"),
    path("ket-noi/<slug:public_id>/dong-y/", views.accept, name="accept"),
    path("ket-noi/<slug:public_id>/tu-choi/", views.decline, name="decline"),
    path("ket-noi/<slug:public_id>/rut/", views.withdraw, name="withdraw"),
    path("ket-noi/<slug:public_id>/can-bo/", views.curate, name="curate"),
]
