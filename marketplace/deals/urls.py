from django.urls import URLPattern, path

from marketplace.deals.views import expressions, rooms

app_name = "deals"

urlpatterns: list[URLPattern] = [
    path("ket-noi/", expressions.expressions, name="expressions"),
    path("ket-noi/moi/<slug:kind>/<slug:public_id>/", expressions.express, name="express"),
    path("ket-noi/<slug:public_id>/", expressions.expression, name="expression"),
    path("ket-noi/<slug:public_id>/dong-y/", expressions.accept, name="accept"),
    path("ket-noi/<slug:public_id>/tu-choi/", expressions.decline, name="decline"),
    path("ket-noi/<slug:public_id>/rut/", expressions.withdraw, name="withdraw"),
    path("ket-noi/<slug:public_id>/can-bo/", expressions.curate, name="curate"),
    path("giao-dich/", rooms.deals, name="deals"),
    path("giao-dich/<slug:public_id>/", rooms.deal, name="deal"),
]
